"""What somebody does and sees on the pages, as the steps speak of it."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from behave_flask import File, Operation, Outcome, Person
from features.support.pages import page_objects
from features.support.shop import models
from features.support.world.operations import OPERATIONS
from features.support.world.people import COOKIE
from features.support.world.world import World

P = TypeVar("P", bound=page_objects.PageObject)
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
SESSION = "session"  # Flask's own cookie
SERIOUS = {"serious", "critical"}
NO_FORMS = {
    "a list": b"[]",
    "a number": b"1",
    "a text": b'"ada"',
    "a list of lists": b"[[1, 2]]",
    "a set of fields": b'{"email": "ada@example.com", "password": "a long enough secret"}',
    "half a set": b'{"email": ',
}
BROWSERS: dict[str, dict[str, Any]] = {
    "on a desk": {"viewport": page_objects.DESK},
    "on a phone": {"viewport": page_objects.PHONE, "has_touch": True, "is_mobile": True},
    "without scripts": {"viewport": page_objects.DESK, "java_script_enabled": False},
    "without scripts on a phone": {"viewport": page_objects.PHONE, "java_script_enabled": False},
    "in the dark": {"viewport": page_objects.DESK, "color_scheme": "dark"},
}


def use(world: World, browser: str) -> None:
    """Let everybody who visits from now on use one of BROWSERS."""
    if world.visits is None:
        raise AssertionError("Pages need a browser: tag the scenario @browser.")
    world.visits.options = BROWSERS[browser]


def open_page(world: World, who: str, page: type[page_objects.PageObject]) -> None:
    """Let somebody open a page. Raises AssertionError if they come to another one."""
    try_to_open(world, who, page).must_succeed()
    _there(world, who, page)


def try_to_open(world: World, who: str, page: type[page_objects.PageObject]) -> Outcome:
    """Let somebody try to open a page; whoever has to sign in comes to another one."""
    visit = world.visit(who)
    page(visit).open()
    return world.arrive(visit)


def open_place(world: World, who: str, place: str) -> None:
    """Let somebody try an address of the shop."""
    visit = world.visit(who)
    visit.open(place)
    world.arrive(visit)


def register(world: World, who: str) -> None:
    """Let somebody open an account, who is then known to the scenario."""
    visit = world.visit(who)
    page = page_objects.Register(visit)
    page.open()
    email = f"{who.lower()}@example.com"
    page.send(who, email, world.password)
    world.arrive(visit).must_succeed()
    with world.stage.data() as session:
        user = session.query(models.User).filter_by(email=email).one()
    world.people[who] = Person(who, user=user)


def sign_in(world: World, who: str) -> None:
    """Let somebody fill in the form that they were led to."""
    visit = world.visit(who)
    page_objects.SignIn(visit).send(world.email_of(who), world.password)
    world.arrive(visit).must_succeed()


def sign_out(world: World, who: str) -> None:
    """Let somebody sign out."""
    visit = world.visit(who)
    page = page_objects.AnyPage(visit)
    page.press(page.sign_out)
    world.arrive(visit).must_succeed()


def order(world: World, who: str, quantity: int, product: str) -> None:
    """Let somebody order on the shop's page."""
    page = page_objects.Shop(world.visit(who))
    page.open()
    page.place_order(product, str(quantity))
    world.arrive(page.visit).must_succeed()


def order_twice(world: World, who: str, quantity: int, product: str) -> None:
    """Let the browser of somebody send the very same form twice, as by a second click."""
    operation = OPERATIONS["order on a page"]
    world.things["product"] = world.thing(product)
    sent = operation.valid(world, who)
    sent["form"] |= {"quantity": str(quantity), "idempotency_key": "the-same-form"}
    for _ in range(2):
        world.act(who, operation, **sent).must_succeed()


def look_for(world: World, who: str, text: str) -> None:
    """Let somebody look for something on the shop's page."""
    page = page_objects.Shop(world.visit(who))
    page.open()
    page.search_for(text)
    world.arrive(page.visit).must_succeed()


def ask_for_weather(world: World, who: str, city: str) -> None:
    """Let somebody name their city on the dashboard."""
    page = page_objects.Dashboard(world.visit(who))
    page.open()
    page.ask_for_weather(city)
    world.arrive(page.visit).must_succeed()


def send_picture(world: World, who: str, file: File) -> None:
    """Let somebody upload a picture on the dashboard."""
    page = page_objects.Dashboard(world.visit(who))
    page.open()
    page.send_picture(file)
    world.arrive(page.visit).must_succeed()


def choose_picture(world: World, who: str, file: File) -> None:
    """Let somebody choose a picture, and not send it yet."""
    page = page_objects.Dashboard(world.visit(who))
    page.open()
    page.choose(file)


def remove_picture(world: World, who: str) -> None:
    """Let somebody take their picture away."""
    page = page_objects.Dashboard(world.visit(who))
    page.open()
    page.press(page.remove)
    world.arrive(page.visit).must_succeed()


def mark_as_sent(world: World, who: str, order: str) -> None:
    """Let an admin say on their page that an order is sent."""
    page = page_objects.Admin(world.visit(who))
    page.open()
    page.press(page.sent, number=str(world.thing(order)))
    world.arrive(page.visit).must_succeed()


def mark_as_sent_too_late(world: World, who: str, order: str) -> None:
    """Let an admin send the form for an order from a page that they opened before it changed."""
    operation = OPERATIONS["mark an order as sent on a page"]
    world.things["order"] = world.thing(order)
    world.attempt(who, operation, **operation.valid(world, who))


def is_on(world: World, who: str, page: type[page_objects.PageObject]) -> None:
    """Check that somebody is on a page, by its heading."""
    _there(world, who, page)


def sees_message(world: World, who: str, text: str) -> None:
    """Check what the page says of what was just done."""
    found = page_objects.AnyPage(world.visit_of(who)).notices()
    if text not in found:
        raise AssertionError(f"The page says {found or 'nothing'}, not “{text}”.")


def sees_orders(world: World, who: str, expected: list[list[str]]) -> None:
    """Check the orders on somebody's dashboard, newest first."""
    page_objects.Dashboard(world.visit(who)).open()
    _same("orders", _there(world, who, page_objects.Dashboard).order_rows(), expected)


def sees_posts(world: World, who: str, expected: list[str]) -> None:
    """Check the titles of the posts on somebody's dashboard."""
    page_objects.Dashboard(world.visit(who)).open()
    _same("posts", _there(world, who, page_objects.Dashboard).post_titles(), expected)


def sees_products(world: World, who: str, expected: list[str]) -> None:
    """Check what is shown in the shop."""
    _same("products", _there(world, who, page_objects.Shop).products(), expected)


def sees_books(world: World, who: str, of: str, expected: list[list[str]]) -> None:
    """Check, on the admin's page, the first columns of a table."""
    rows = [row[: len(expected[0])] for row in _there(world, who, page_objects.Admin).rows(of)]
    missing = [row for row in ([_name(world, cell) for cell in row] for row in expected) if row not in rows]
    if missing:
        raise AssertionError(f"Not among the {of}: {missing}. Shown are: {rows}.")


def sees_weather(world: World, who: str, expected: str) -> None:
    """Check what the dashboard says of the weather."""
    _same("weather", " ".join(_there(world, who, page_objects.Dashboard).weather_text().split()), expected)


def sees_picture(world: World, who: str, *, there: bool) -> None:
    """Check whether somebody's picture is shown, and has really been loaded."""
    page, name = _there(world, who, page_objects.Dashboard), _name(world, who)
    if page.has(page.portrait, name=name) != there:
        raise AssertionError(f"The picture of {who} is {'not ' if there else ''}shown.")
    if there and not page.find(page.portrait, name=name).evaluate("image => image.naturalWidth > 0"):
        raise AssertionError(f"The picture of {who} is broken.")


def sees_preview(world: World, who: str) -> None:
    """Check that the chosen picture is shown before it is sent, and that nothing was sent."""
    page = _there(world, who, page_objects.Dashboard)
    page.page.get_by_role("img", name=page.preview.name).wait_for()
    blank = page.find(page.preview).evaluate(
        "canvas => canvas.getContext('2d').getImageData(0, 0, 96, 96).data.every(part => part === 0)"
    )
    if blank:
        raise AssertionError("The preview is blank.")
    if world.stage.state()["files"]:
        raise AssertionError("The picture was sent already.")


def is_accessible(world: World, who: str) -> None:
    """Check the page by axe-core: no serious or critical finding."""
    page = world.visit_of(who).page
    page.evaluate(_axe())
    found = page.evaluate("async () => (await axe.run(document)).violations")
    serious = [violation for violation in found if violation["impact"] in SERIOUS]
    if serious:
        findings = [f"  - {v['help']}: {v['nodes'][0]['html']} ({v['helpUrl']})" for v in serious]
        raise AssertionError("\n".join(["Not everybody can use this page:", *findings]))


def fits(world: World, who: str) -> None:
    """Check that nothing on the page is wider than the screen."""
    page = world.visit_of(who).page
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, screen.width]")
    if wide > screen:
        raise AssertionError(f"The page is {wide} pixels wide, on a screen of {screen}.")


def send_no_form(world: World, who: str, what: str) -> None:
    """Let somebody send the form to sign in as JSON, as one of NO_FORMS."""
    world.attempt(who, "sign in on a page", body=NO_FORMS[what], content_type="application/json")


def forge(world: World, who: str, action: str) -> None:
    """Let another site send a form in somebody's name: with their cookie, and without the form's token."""
    operation = OPERATIONS[action]
    sent = {name: value for name, value in operation.valid(world, who).items() if name != "headers"}
    sent["form"].pop("csrf_token")
    world.attempt(who, operation, **{**sent, "form": sent["form"] or {"nothing": ""}})


def sign_in_towards(world: World, who: str, place: str, *, secure: bool = False) -> None:
    """Let somebody sign in on the page, whose address says where to go on to.

    :param secure: whether by TLS.
    """
    operation = _over("https" if secure else "http", OPERATIONS["sign in on a page"])
    world.do(who, operation, query={"next": place}, **operation.valid(world, who))


def sign_out_over(world: World, who: str, line: str) -> None:
    """Let somebody sign out over http or https."""
    operation = _over(line, OPERATIONS["sign out on a page"])
    world.do(who, operation, **operation.valid(world, who))


def _over(line: str, operation: Operation) -> Operation:
    """Return the operation as it is asked for over http, which is how all are, or https."""
    secure = f"{operation.method} https://localhost{operation.path}"
    return replace(operation, request=secure) if line == "https" else operation


def goes_on_to(world: World, place: str) -> None:
    """Check where the answer leads."""
    _same("way on", world.outcome.response.headers.get("location"), place)


def handed_safely(world: World, hours: int, *, secure: bool = False) -> None:
    """Check all that the browser is told of the token that it is to keep, and of the session before it.

    :param hours: how long it keeps the token.
    :param secure: whether it may send them by TLS alone.
    """
    common = {"HttpOnly", "SameSite=Lax", "Path=/", *(["Secure"] if secure else [])}
    expected = {COOKIE: common | {f"Max-Age={hours * 3600}"}, SESSION: common | {"Max-Age=0"}}
    _same("handed", _handed(world), expected)


def taken_away(world: World, line: str) -> None:
    """Check that the browser is told to forget the token as it was told to keep it, over http or https."""
    secure = {"Secure"} if line == "https" else set[str]()
    forgotten = {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=0"} | secure
    _same("taken away", _handed(world)[COOKIE], forgotten)


def comes_back_safely(world: World, days: int) -> None:
    """Check that the browser is told to come by TLS alone, for so many days."""
    found = world.outcome.response.headers.get("strict-transport-security")
    _same("header", found, f"max-age={days * 86400}; includeSubDomains")


def _handed(world: World) -> dict[str, set[str]]:
    """Return what the browser is to keep, by name, and what it is told of each, but for the hour it ends."""
    found = {}
    for line in world.outcome.response.headers.get("set-cookie", "").splitlines():
        cookie, *attributes = line.split("; ")
        found[cookie.partition("=")[0]] = {each for each in attributes if not each.startswith("Expires=")}
    return found


def _there(world: World, who: str, page: type[P]) -> P:
    """Return the page that somebody is on. Raises AssertionError if it is another one, by its heading."""
    there = page(world.visit_of(who))
    there.find(there.heading, name=_name(world, who))
    return there


def _name(world: World, who: str) -> str:
    """Return the name of somebody's account, if it is somebody's."""
    user = world.people[who].user if who in world.people else None
    return user.name if user else who


def _same(what: str, found: Any, expected: Any) -> None:
    if found != expected:
        raise AssertionError(f"Seen as {what}: {found}\nExpected: {expected}")


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")
