"""The forms on the pages, as a browser gets them: what they ask for, and what is in them."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl

from behave_flask import File, Operation, Outcome
from features.support.world import factories
from features.support.world.operations import OPERATIONS, PageOperation
from features.support.world.world import World

# What the features call a form, and the operation that sends it.
FORMS = {
    "register": "register on a page",
    "sign in": "sign in on a page",
    "order": "order on a page",
    "choose a city": "choose one's own city",
    "show a picture": "upload a picture on a page",
}
# Where things are on a page: after this, before that, and how each begins.
THINGS = {
    "products": ('<ul class="goods"', "</ul>", "<article"),
    "posts": ('<h2 id="posts"', "</section>", "<h3>"),
    "orders": ('<h2 id="orders"', "</section>", '<th scope="row">'),
    "orders of everybody": ('<span id="orders"', "</section>", '<th scope="row">'),
    "users": ('<span id="users"', "</section>", '<th scope="row">'),
}
NO_TYPE = "text"  # what a browser takes an input for that names none
_INPUT = dict[str, str]


@dataclass
class Form:
    """A form of a page.

    :ivar inputs: the attributes of its visible fields, by their names.
    :ivar labels: what is written beside each, by its id.
    """

    inputs: dict[str, _INPUT] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SentForm:
    """What somebody's browser sent."""

    operation: Operation
    fields: dict[str, Any]


class _Reader(HTMLParser):
    """Reads the form with an action, and the text of each element that has an id."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.form: Form | None = None
        self.texts: dict[str, str] = {}
        self._action, self._inside = action, False
        self._label = self._id = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = named.get("action", "").partition("?")[0] == self._action
            self.form = self.form or (Form() if self._inside else None)
        if tag == "input" and named.get("type") != "hidden" and self._inside and self.form:
            self.form.inputs[named["name"]] = named
        self._label = named["for"] if tag == "label" else self._label
        self._id = named.get("id", "") if tag == "p" else self._id

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"
        self._label = "" if tag == "label" else self._label
        self._id = "" if tag == "p" else self._id

    def handle_data(self, data: str) -> None:
        if self._label and self.form:
            self.form.labels[self._label] = self.form.labels.get(self._label, "") + data
        if self._id:
            self.texts[self._id] = data.strip()


def send(world: World, who: str, form: str, name: str, entered: Any, *, ours: bool = True) -> None:
    """Let somebody send a form of FORMS with one field as it was entered, and the others well filled in.

    :param ours: whether it has the token against forged forms.
    """
    operation = OPERATIONS[FORMS[form]]
    sent = operation.valid(world, who)
    if not ours:
        sent["form"].pop("csrf_token")
    sent["form"] |= {name: entered if isinstance(entered, File) else str(entered)}
    world.note(SentForm(operation, sent["form"]))
    world.attempt(who, operation, **sent)


def fill_shop(world: World, number: int, who: str) -> None:
    """Let there be so many products, members, and posts and orders of somebody."""
    with world.making():
        user = world.person(who).user
        products = factories.ProductFactory.create_batch(number)
        factories.PostFactory.create_batch(number, author=user)
        for product in products:
            factories.OrderFactory(user=user, product=product)
        factories.UserFactory.create_batch(number)


def follow(world: World, who: str, place: str) -> Outcome:
    """Let somebody's browser ask, or try to, for an address of the shop, which nobody looks at."""
    path, _, query = place.partition("?")
    operation = PageOperation("follow an address", f"GET {path}")
    return world.attempt(who, operation, query=dict(parse_qsl(query)))


def has(world: World, number: int, what: str) -> None:
    """Check how many of THINGS are on a page that has a place for them."""
    begins, ends, each = THINGS[what]
    page = world.outcome.response.body.decode()
    _, place, rest = page.partition(begins)
    if not place:
        raise AssertionError(f"The page has no place for {what}.")
    part = rest.partition(ends)[0]
    if part.count(each) != number:
        raise AssertionError(f"On the page are {part.count(each)} {what}, not {number}.")


def is_our_fault(world: World, who: str) -> None:
    """Check that somebody's page tells of a fault of the shop's, and does not ask who looks at it."""
    outcome = world.outcome_of(who)
    found = outcome.response.status, outcome.reason, b"Sign out" in outcome.response.body
    if found != (500, "Something went wrong on our side.", False):
        raise AssertionError(f"{who} was told {found}.\n{outcome.exchange}")


def says(world: World, text: str) -> None:
    """Check that the page says something, whatever it is part of."""
    found = " ".join(re.sub(r"<[^>]*>", " ", world.outcome.response.body.decode()).split())
    if text not in found:
        raise AssertionError(f"The page does not say {text!r}. It says: {found}")


def asks_for(world: World, form: str, expected: list[dict[str, str]]) -> None:
    """Check the fields of a form: what is written beside them, their kind, and what a browser may do."""
    found, texts = _read(world, OPERATIONS[FORMS[form]])
    fields = [
        {
            "label": found.labels.get(each["id"], ""),
            "kind": each.get("type", NO_TYPE),
            "filled in as": each.get("autocomplete", ""),
            "takes": each.get("accept", ""),
            "hint": texts.get(each.get("aria-describedby", ""), ""),
        }
        for each in found.inputs.values()
    ]
    if fields != expected:
        raise AssertionError(f"The form to {form} asks for {fields}.")


def is_there_again(world: World, lost: str) -> None:
    """Check that the form came back as it was sent, and says at each field what is wrong with it.

    :param lost: the name of a field that has to be filled in again; "everything", if all have; or nothing.
    """
    sent = world.noted(SentForm)
    found, texts = _read(world, sent.operation)
    for name, each in found.inputs.items():
        empty = {"quantity": "1"}.get(name, "") if lost in (name, "everything") else sent.fields[name]
        if each.get("value", "") != empty:
            raise AssertionError(f"The field {name} holds {each.get('value', '')!r}, not {empty!r}.")
        _says_what_is_wrong(world.outcome.errors.get(name, []), name, each, texts)


def _says_what_is_wrong(wrong: list[str], name: str, each: _INPUT, texts: dict[str, str]) -> None:
    marked = each.get("aria-invalid") == "true"
    if marked != bool(wrong):
        raise AssertionError(f"The field {name} is {'' if marked else 'not '}marked as wrong: {wrong}.")
    hints = [texts.get(place, "") for place in each.get("aria-describedby", "").split()]
    if wrong and "aria-describedby" in each and " ".join(wrong) not in hints:
        raise AssertionError(f"Beside the field {name} is {hints}, not {wrong}.")


def _read(world: World, operation: Operation) -> tuple[Form, dict[str, str]]:
    """Return the form on the page that came last, and the texts of its paragraphs by id."""
    reader = _Reader(operation.path)
    reader.feed(world.outcome.response.body.decode())
    if reader.form is None:
        raise AssertionError(f"There is no form to {operation.action}.\n{world.outcome.exchange}")
    return reader.form, reader.texts
