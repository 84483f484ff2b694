"""The pages as a customer sees them: each knows what is on it, by role and label, and nothing else does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from behave_flask import File
from behave_flask.browser.driver import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Locator

FIELD = "field"  # known by its label; the other roles are those of ARIA
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Element:
    """Something on a page. The name may have parts in braces, filled in when it is looked for."""

    role: str
    name: str


class PageObject:
    """One page, in somebody's browser."""

    called: ClassVar[str]
    path: ClassVar[str]
    heading: ClassVar[Element]

    def __init__(self, visit: Visit) -> None:
        self.visit, self.page = visit, visit.page

    def open(self) -> None:
        """Go there."""
        self.visit.open(self.path)

    def find(self, element: Element, **parts: str) -> Locator:
        """Return the one thing on the page that this is. Raises AssertionError that names page and thing."""
        name = element.name.format(**parts)
        found = self._all(element.role, name)
        if (count := found.count()) != 1:
            raise AssertionError(
                f"On {self.called} ({self.page.url.removeprefix(self.visit.address)}) there "
                f"{'is no' if not count else f'are {count} times a'} {element.role} “{name}”. "
                f"Its {element.role}s are: {', '.join(self._names(element.role)) or 'none'}."
            )
        return found

    def has(self, element: Element, **parts: str) -> bool:
        """Tell whether the page has this."""
        return self._all(element.role, element.name.format(**parts)).count() > 0

    def fill(self, element: Element, text: str, **parts: str) -> None:
        """Enter a text into a field."""
        self.find(element, **parts).fill(text)

    def press(self, element: Element, **parts: str) -> None:
        """Press a button or follow a link, and wait for what comes of it."""
        target = self.find(element, **parts)
        with self.visit.acting():
            target.click()

    def _all(self, role: str, name: str) -> Locator:
        if role == FIELD:
            return self.page.get_by_label(name, exact=True)
        return self.page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type] # one of ARIA's

    def _names(self, role: str) -> list[str]:
        every = self.page.locator("label") if role == FIELD else self.page.get_by_role(role)  # type: ignore[arg-type]
        names: Sequence[str] = every.evaluate_all(
            "all => all.map(one => one.ariaLabel || one.alt || one.innerText || one.id)"
        )
        return [f"“{' '.join(name.split())}”" for name in names]


class AnyPage(PageObject):
    """What every page has."""

    called = "the page"
    path = "/"
    sign_out = Element("button", "Sign out")

    def notices(self) -> list[str]:
        """Return what the page says of what was just done."""
        return self.page.get_by_role("status").all_inner_texts()


class Shop(PageObject):
    """What is for sale."""

    called = "the shop's page"
    path = "/"
    heading = Element("heading", "What is in the shop")
    look_for = Element(FIELD, "Look for")
    search = Element("button", "Search")
    product = Element("article", "{product}")
    pieces = Element(FIELD, "Pieces of {product}")
    order = Element("button", "Order {product}")

    def place_order(self, product: str, quantity: str) -> None:
        """Order something."""
        self.fill(self.pieces, quantity, product=product)
        self.press(self.order, product=product)

    def search_for(self, text: str) -> None:
        """Look for something."""
        self.fill(self.look_for, text)
        self.press(self.search)

    def products(self) -> list[str]:
        """Return what is shown, in order."""
        return self.page.get_by_role("article").get_by_role("heading").all_inner_texts()


class Register(PageObject):
    """Opening an account."""

    called = "the page to register"
    path = "/sign-up"
    heading = Element("heading", "Register")
    name = Element(FIELD, "Name")
    email = Element(FIELD, "E-mail")
    password = Element(FIELD, "Password")
    register = Element("button", "Register")

    def send(self, name: str, email: str, password: str) -> None:
        """Fill the form in, and send it."""
        self.fill(self.name, name)
        self.fill(self.email, email)
        self.fill(self.password, password)
        self.press(self.register)


class SignIn(PageObject):
    """Signing in."""

    called = "the page to sign in"
    path = "/sign-in"
    heading = Element("heading", "Sign in")
    email = Element(FIELD, "E-mail")
    password = Element(FIELD, "Password")
    sign_in = Element("button", "Sign in")

    def send(self, email: str, password: str) -> None:
        """Fill the form in, and send it."""
        self.fill(self.email, email)
        self.fill(self.password, password)
        self.press(self.sign_in)


class Dashboard(PageObject):
    """What is one's own."""

    called = "the dashboard"
    path = "/dashboard"
    heading = Element("heading", "Hello, {name}")
    orders = Element("region", "My orders")
    posts = Element("list", "My posts")
    city = Element(FIELD, "City")
    show_weather = Element("button", "Show the weather")
    weather = Element("region", "Weather in my city")
    picture = Element(FIELD, "Picture")
    upload = Element("button", "Upload the picture")
    remove = Element("button", "Remove the picture")
    portrait = Element("img", "{name}")
    preview = Element("img", "What the new picture will look like")

    def choose(self, file: File) -> None:
        """Choose a picture, and do not send it yet."""
        chosen = {"name": file.name, "mimeType": file.type, "buffer": file.content}
        self.find(self.picture).set_input_files(chosen)  # type: ignore[arg-type] # a FilePayload

    def send_picture(self, file: File) -> None:
        """Choose a picture and send it."""
        self.choose(file)
        self.press(self.upload)

    def ask_for_weather(self, city: str) -> None:
        """Name one's city."""
        self.fill(self.city, city)
        self.press(self.show_weather)

    def weather_text(self) -> str:
        """Return what is said of the weather."""
        return self.find(self.weather).get_by_role("paragraph").first.inner_text()

    def order_rows(self) -> list[list[str]]:
        """Return the orders, cell by cell; none without a table."""
        return _rows(self.find(self.orders))

    def post_titles(self) -> list[str]:
        """Return the titles of the posts."""
        return self.find(self.posts).get_by_role("heading").all_inner_texts()


class Admin(PageObject):
    """Everybody's, for an admin."""

    called = "the admin's page"
    path = "/admin"
    heading = Element("heading", "Users and orders")
    book = Element("region", "{of}")
    sent = Element("button", "Mark as sent: order {number}")

    def rows(self, of: str) -> list[list[str]]:
        """Return the "Users" or the "Orders", cell by cell."""
        return _rows(self.find(self.book, of=of))


PAGES: dict[str, type[PageObject]] = {
    page.called: page for page in (Shop, Register, SignIn, Dashboard, Admin)
}


def _rows(table: Locator) -> list[list[str]]:
    """Return the cells of the rows below the headings."""
    rows = table.get_by_role("row").all()[1:]
    return [row.get_by_role("rowheader").or_(row.get_by_role("cell")).all_inner_texts() for row in rows]
