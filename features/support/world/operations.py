"""Everything that can be asked of the shop: what it is called, how it is sent, and what its success does.

The only place that names paths and verbs. The permission matrix reads it too: a valid request for each
operation, and all that a success may change.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from behave_flask import Exchange, Operation, Outcome, Person, World
from behave_flask.core.operations import no_arguments
from behave_flask.core.outcomes import SEE_OTHER, PageOutcome
from features.support.inputs import pictures
from features.support.world import factories
from features.support.world.people import cookie_of

PASSWORD = "secure123"
SIGN_IN = "/sign-in"  # the page to which visitors are sent

Arguments = dict[str, Any]
Valid = Callable[[World, str], Arguments]


@dataclass(frozen=True)
class PageOperation(Operation):
    """One request of a browser, for a page or by its form."""

    def outcome(self, exchange: Exchange) -> Outcome:
        """Return what the page means."""
        return PageOutcome(exchange, self.success, SIGN_IN)

    def headers(self, person: Person) -> Mapping[str, str]:
        """Return the cookie by which somebody's browser shows who it is."""
        cookie = cookie_of(person)
        return {"Cookie": cookie} if cookie else person.headers


def _of(thing: str, **more: Any) -> Callable[[World, str], Arguments]:
    return lambda world, _who: {"id": world.thing(thing), **more}


def _saying(**json: Any) -> Callable[[World, str], Arguments]:
    return lambda _world, _who: {"json": json}


def _credentials(world: World, who: str) -> Arguments:
    """One's own; an anonymous visitor turns out to be a member."""
    user = world.person(who).user or world.person("a member").user
    return {"json": {"email": user.email, "password": factories.PASSWORD}}


def _an_avatar(_world: World, _who: str) -> Arguments:
    return {"form": {"avatar": pictures.file("PNG")}}


def _removable_avatar(world: World, who: str) -> Arguments:
    world.act(who, "upload an avatar", **_an_avatar(world, who))
    return {}


def _avatar_of_member(world: World, _who: str) -> Arguments:
    world.do("a member", "upload an avatar", **_an_avatar(world, "a member"))
    return {"id": world.thing("member")}


def _form(fields: Callable[[World, str], Arguments] = no_arguments) -> Valid:
    """A form as somebody's browser sends it: with the token that it got with a page, and its cookie."""

    def fill_in(world: World, who: str) -> Arguments:
        page = world.act(who, "see the form to sign in").response
        found = re.search(rb'name="csrf_token"[^>]* value="([^"]+)"', page.body)
        if found is None:
            raise AssertionError("The form to sign in holds no token against forged forms.")
        cookies = [cookie_of(world.person(who)), page.headers.get("set-cookie", "").partition(";")[0]]
        return {
            "form": {**fields(world, who), "csrf_token": found[1].decode()},
            "headers": {"Cookie": "; ".join(filter(None, cookies))},
        }

    return fill_in


def _own_credentials(world: World, who: str) -> Arguments:
    credentials: Arguments = _credentials(world, who)["json"]
    return credentials


def _picture_of_oneself(world: World, who: str) -> Arguments:
    world.act(who, "upload an avatar", **_an_avatar(world, who))
    return {}


def _removable_picture(world: World, who: str) -> Arguments:
    _picture_of_oneself(world, who)
    return _form()(world, who)


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
        _changes("users", "tasks", "outbox_messages"),
        _saying(**NEW_USER, password=PASSWORD),
    ),
    Operation("list users", "GET /api/users"),
    Operation(
        "create a user",
        "POST /api/users",
        201,
        _changes("users", "tasks", "outbox_messages"),
        _saying(**NEW_USER),
    ),
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
        _changes("orders", "products", "tasks", "outbox_messages", "outside calls"),
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
    Operation(
        "mark an order as sent",
        "POST /api/orders/{id}/send",
        200,
        _changes("orders", "tasks", "outbox_messages"),
        _of("order"),
    ),
    # billing
    Operation(
        "refund an order",
        "POST /api/orders/{id}/refund",
        200,
        _changes("refunds", "tasks", "outbox_messages", "outside calls"),
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


def _page(action: str, request: str, *, changes: str = "", valid: Valid = no_arguments) -> Operation:
    """A page, or what its form does, which then leads to another page (303)."""
    success = SEE_OTHER if request.startswith("POST") else 200
    return PageOperation(action, request, success, _changes(*filter(None, changes.split(", "))), valid)


_PAGES = [
    _page("see the shop", "GET /"),
    _page("see the form to register", "GET /sign-up"),
    _page(
        "register on a page",
        "POST /sign-up",
        changes="users, tasks, outbox_messages, access_tokens",
        valid=_form(lambda _world, _who: {**NEW_USER, "password": PASSWORD}),
    ),
    _page("see the form to sign in", "GET /sign-in"),
    _page("sign in on a page", "POST /sign-in", changes="access_tokens", valid=_form(_own_credentials)),
    _page("sign out on a page", "POST /sign-out", changes="access_tokens", valid=_form()),
    _page("see one's own dashboard", "GET /dashboard"),
    _page("choose one's own city", "POST /dashboard/city", valid=_form(lambda *_: {"city": "Berlin"})),
    _page("see one's own picture", "GET /dashboard/picture", valid=_picture_of_oneself),
    _page(
        "upload a picture on a page",
        "POST /dashboard/picture",
        changes="users, files",
        valid=_form(lambda *_: {"avatar": pictures.file("PNG")}),
    ),
    _page(
        "remove one's own picture",
        "POST /dashboard/picture/removal",
        changes="users, files",
        valid=_removable_picture,
    ),
    _page(
        "order on a page",
        "POST /orders",
        changes="orders, products, tasks, outbox_messages, outside calls",
        valid=_form(lambda world, _who: {"product_id": str(world.thing("product")), "quantity": "2"}),
    ),
    _page("see all users and orders", "GET /admin"),
    _page(
        "mark an order as sent on a page",
        "POST /admin/orders/{id}/sent",
        changes="orders, tasks, outbox_messages",
        valid=lambda world, who: {**_form()(world, who), "id": world.thing("order")},
    ),
    _page("see how the pages look", "GET /static/{filename}", valid=lambda *_: {"filename": "shop.css"}),
]
# The same requests with another success: they need no row of their own in the permission matrix.
_ALSO = [Operation("place an order again", "POST /api/orders")]
OPERATIONS = {operation.action: operation for operation in _ALL + _PAGES + _ALSO}
