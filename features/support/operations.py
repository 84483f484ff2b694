"""Everything that can be asked of the shop: what it is called, how it is sent, and what its success does.

The only place that names paths and verbs. The permission matrix reads it too: a valid request for each
operation, and all that a success may change.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from features.support import pictures

PASSWORD = "secure123"

if TYPE_CHECKING:
    from features.support.world import World

Arguments = dict[str, Any]


def _nothing_to_say(_world: "World", _who: str) -> Arguments:
    return {}


@dataclass(frozen=True)
class Operation:
    """One request of the service.

    :param action: what somebody does, as features call it.
    :param success: the exact status of its success.
    :param changes: the names in `Stage.state` of all that a success changes; nothing else may change.
    :param valid: gives the arguments of `World.act` for a request with nothing wrong, made by somebody in
        "a shop with a member, a product, an order and a post"; it first does what has to be done before.
    """

    action: str
    request: str
    success: int = 200
    changes: frozenset[str] = field(default=frozenset())
    valid: Callable[["World", str], Arguments] = _nothing_to_say

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.request.partition(" ")[0]

    @property
    def path(self) -> str:
        """The path, with names in braces for what varies."""
        return self.request.partition(" ")[2]


def _of(thing: str, **more: Any) -> Callable[["World", str], Arguments]:
    return lambda world, _who: {"id": world.thing(thing), **more}


def _saying(**json: Any) -> Callable[["World", str], Arguments]:
    return lambda _world, _who: {"json": json}


def _credentials(world: "World", who: str) -> Arguments:
    """One's own; an anonymous visitor turns out to be a member."""
    email = world.person(who).email or world.person("a member").email
    return {"json": {"email": email, "password": world.password}}


def _an_avatar(_world: "World", _who: str) -> Arguments:
    return {"form": {"avatar": pictures.file("PNG")}}


def _removable_avatar(world: "World", who: str) -> Arguments:
    world.act(who, "upload an avatar", **_an_avatar(world, who))
    return {}


def _avatar_of_member(world: "World", _who: str) -> Arguments:
    world.act("a member", "upload an avatar", **_an_avatar(world, "a member"))
    return {"id": world.thing("member")}


def _changes(*names: str) -> frozenset[str]:
    return frozenset(names)


NEW_USER = {"name": "Nina New", "email": "nina@example.com"}
PRODUCT = {"name": "Tea pot", "description": "Holds a litre.", "price_cents": 2400, "stock": 3}
POST = {"title": "Bread on Sunday", "body": "The oven is warm from seven."}

_ALL = [
    # accounts
    Operation(
        "register",
        "POST /register",
        201,
        _changes("users", "tasks"),
        _saying(**NEW_USER, password=PASSWORD),
    ),
    Operation("list users", "GET /api/users"),
    Operation("create a user", "POST /api/users", 201, _changes("users", "tasks"), _saying(**NEW_USER)),
    Operation("see a user", "GET /api/users/{id}", valid=_of("member")),
    Operation(
        "change a user",
        "PATCH /api/users/{id}",
        200,
        _changes("users"),
        _of("member", json={"name": "Renamed by somebody"}),
    ),
    Operation(
        "delete a user", "DELETE /api/users/{id}", 204, _changes("users", "access_tokens"), _of("member")
    ),
    Operation(
        "sign in",
        "POST /api/tokens",
        201,
        _changes("access_tokens"),
        _credentials,
    ),
    Operation("sign out", "DELETE /api/tokens/current", 204, _changes("access_tokens")),
    # profile
    Operation("see one's own profile", "GET /api/profile"),
    Operation(
        "change one's own profile", "PATCH /api/profile", 200, _changes("users"), _saying(name="New Name")
    ),
    Operation(
        "upload an avatar",
        "POST /api/profile/avatar",
        200,
        _changes("users", "files"),
        _an_avatar,
    ),
    Operation(
        "remove one's own avatar",
        "DELETE /api/profile/avatar",
        204,
        _changes("users", "files"),
        _removable_avatar,
    ),
    Operation("see an avatar", "GET /api/users/{id}/avatar", valid=_avatar_of_member),
    # publishing
    Operation("list posts", "GET /api/posts"),
    Operation("publish a post", "POST /api/posts", 201, _changes("posts"), _saying(**POST)),
    Operation("read a post", "GET /api/posts/{id}", valid=_of("post")),
    Operation(
        "change a post",
        "PATCH /api/posts/{id}",
        200,
        _changes("posts"),
        _of("post", json={"title": "Changed by somebody"}),
    ),
    Operation("delete a post", "DELETE /api/posts/{id}", 204, _changes("posts"), _of("post")),
    Operation("list the posts of a user", "GET /api/users/{id}/posts", valid=_of("member")),
    # shopping
    Operation("list products", "GET /api/products"),
    Operation("see a product", "GET /api/products/{id}", valid=_of("product")),
    Operation("add a product", "POST /api/products", 201, _changes("products"), _saying(**PRODUCT)),
    Operation(
        "change a product",
        "PATCH /api/products/{id}",
        200,
        _changes("products"),
        _of("product", json={"price_cents": 999}),
    ),
    Operation(
        "delete a product", "DELETE /api/products/{id}", 204, _changes("products", "orders"), _of("product")
    ),
    Operation(
        "place an order",
        "POST /api/orders",
        201,
        _changes("orders", "products", "tasks", "outside calls"),
        lambda world, _who: {"json": {"product_id": world.thing("product"), "quantity": 2}},
    ),
    Operation("list orders", "GET /api/orders"),
    Operation("see an order", "GET /api/orders/{id}", valid=_of("order")),
    Operation(
        "cancel an order",
        "POST /api/orders/{id}/cancel",
        200,
        _changes("orders", "products", "refunds", "outside calls"),
        _of("order"),
    ),
    # billing
    Operation(
        "refund an order",
        "POST /api/orders/{id}/refund",
        200,
        _changes("refunds", "tasks", "outside calls"),
        _of("order", json={"amount_cents": 100}),
    ),
    # forecasting
    Operation(
        "see the weather",
        "GET /api/weather",
        200,
        _changes("outside calls"),
        lambda _world, _who: {"query": {"city": "Berlin"}},
    ),
    # operating
    Operation("ask whether the shop is well", "GET /healthz"),
    Operation("read the description of the interface", "GET /openapi.json"),
    Operation("read the documentation", "GET /docs"),
]
# The same requests with another success: they need no row of their own in the permission matrix.
_ALSO = [Operation("place an order again", "POST /api/orders")]
OPERATIONS = {operation.action: operation for operation in _ALL + _ALSO}
BY_REQUEST = {operation.request: operation for operation in _ALL}
