"""The permission matrix: a furnished shop, one valid request a row, and what each verdict means."""

from difflib import get_close_matches
from urllib.parse import parse_qsl, urlsplit

from behave_flask.core.http import Request
from behave_flask.core.outcomes import Outcome
from behave_flask.core.routes import AmbiguousRequest, NoSuchRoute, Route, find, request_of, resolve
from features.support.world import factories, providers
from features.support.world.operations import BY_REQUEST, Operation
from features.support.world.people import ANONYMOUS
from features.support.world.world import World

SHOWING_WHO = {"Authorization", "Cookie"}


def furnish(world: World) -> None:
    """Give the shop one of everything that a request can be about, and a world outside that answers."""
    providers.payments_in_order(world.stage.outside)
    providers.fair_weather(world.stage.outside, presupposed=True)
    with world.making():
        member = world.person("a member")
        post = factories.PostFactory(author=world.person("the author").user)
        product = factories.ProductFactory()
        order = factories.OrderFactory(product=product, user=world.person("the customer").user)
    world.things |= {
        "member": member.user.id,
        "post": post.id,
        "product": product.id,
        "order": order.id,
    }


def attempt(world: World, who: str, action: str, request: str) -> Outcome:
    """Let somebody make the valid request of an operation, and note the state before it.

    Raises ValueError if the action is not what the operation does, KeyError where no valid request is known.
    """
    operation = operation_for(world, request, action)
    if operation.action != action:
        raise ValueError(f"{request} is to {operation.action!r}, not to {action!r}.")
    world.person(who)
    return world.attempt(who, operation, **operation.valid(world, who))


def operation_for(world: World, request: str, action: str = "") -> Operation:
    """Return the operation of a request; one that `operations.py` does not know needs neither thing nor body.

    It is then as the service describes it. Raises KeyError if it does need some, or if there is no such
    request.
    """
    if request in BY_REQUEST:
        return BY_REQUEST[request]
    _require_route(world, request)
    if "{" in request:
        raise KeyError(f"Say in operations.py what a valid {request} is.")
    told = world.act(ANONYMOUS.name, "read the description of the interface").must_succeed().body
    method, _, path = request.partition(" ")
    described = told["paths"].get(path, {}).get(method.lower(), {"responses": {}})
    summary = described.get("summary", "")
    if not summary[:1].isalpha():  # none, or that of a function without a name
        summary = f"use {path}"
    success = min((int(status) for status in described["responses"] if status.startswith("2")), default=200)
    return Operation(action or summary[0].lower() + summary[1:], request, success)


def request_for(world: World, route: Route) -> str:
    """Return the request of a route, as `operations.py` has it if it does."""
    routes = world.stage.routes()
    known = {found: request for request, found in resolve(BY_REQUEST, routes)[0].items()}
    return known.get(route) or request_of(route, routes)


def _require_route(world: World, request: str) -> None:
    routes = world.stage.routes()
    try:
        find(request, routes)
    except AmbiguousRequest as error:
        raise KeyError(f"{error}.") from None
    except NoSuchRoute:
        near = get_close_matches(request, [*BY_REQUEST, *map(str, routes)], cutoff=0.4)
        raise KeyError(f"The service has no {request}. Nearest are: {', '.join(near) or 'none'}.") from None


def judge(world: World, who: str, word: str, action: str) -> None:
    """Check what this person was told who tried this, and that exactly that has changed which may change.

    An allowed operation changes all that it declares, a refused one nothing at all.
    """
    world.outcome_of(who).must_be(word)
    if world.operation is None or world.operation.action != action:
        done = world.operation.action if world.operation else "visit a page"
        raise AssertionError(f"{who} tried to {done}, not to {action}.")
    expected = world.operation.changes if word == "allowed" else frozenset()
    found = world.changes()
    if found != expected:
        raise AssertionError(
            f"{word}, and {_names(expected)} should have changed, but {_names(found)} did."
            f"\n{world.outcome.exchange}"
        )
    world.stage.tasks.verify_all()
    follow(world)


def follow(world: World) -> None:
    """Go where the answer says that something is to be found (Location: RFC 9110, 10.2.2), if it does.

    Raises AssertionError if there is nothing.
    """
    exchange = world.outcome.exchange
    if place := exchange.response.headers.get("location"):
        shown = {
            name: exchange.request.headers[name] for name in SHOWING_WHO & exchange.request.headers.keys()
        }
        parts = urlsplit(place)
        found = world.stage.send(Request("GET", parts.path, shown, dict(parse_qsl(parts.query))))
        if found.status in (404, 405):
            raise AssertionError(f"Location: {place} leads nowhere ({found.status}).\n{exchange}")


def _names(names: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
