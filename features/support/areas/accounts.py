"""Accounts: who has one, what it holds, and what others see of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import select

from behave_flask import Outcome, Person
from features.support.areas import mail
from features.support.inputs.field_values import with_field
from features.support.shop import models
from features.support.world import factories
from features.support.world.people import ANONYMOUS
from features.support.world.world import World

NEW = {"name": "Nina", "email": "nina@example.com"}
# What is no set of fields, each with the type that its sender claims.
BODIES = {
    "a form": (b"name=Nina&email=nina%40example.com", "application/x-www-form-urlencoded"),
    "a plain text": (b"my name is Nina", "text/plain"),
    "a text of no stated type": (b'{"name": "Nina"}', None),
    "a broken text": (b'{"name": "Nina', "application/json"),
    "nothing at all": (b"", "application/json"),
    "a number that is none": (b'{"name": NaN}', "application/json"),
    "garbled letters": (b'{"name": "Nina \xff\xfe"}', "application/json"),
    "an empty set of fields": (b"{}", "application/json"),
    "a list": (b'["Nina", "nina@example.com"]', "application/json"),
    "a bare name": (b'"Nina"', "application/json"),
    "an empty value": (b"null", "application/json"),
    "lists in lists without end": (b"[" * 30_000, "application/json"),
}


@dataclass(frozen=True)
class OldHash:
    """How the password of somebody is kept, at another price than the shop pays now."""

    name: str
    text: str


def register(world: World, who: str) -> Outcome:
    """Let somebody register as Nina, who is then known to the scenario."""
    return register_with(world, who, "name", NEW["name"])


def register_with(world: World, who: str, field: str, entered: Any) -> Outcome:
    """Let somebody register as Nina, or try to, with one field as it was entered."""
    given = NEW | {"password": world.password}
    return _introduce(world, world.attempt(who, "register", json=with_field(given, field, entered)))


def joined(world: World, email: str = NEW["email"]) -> None:
    """Let Nina register, and the shop welcome her."""
    register_with(world, ANONYMOUS.name, "email", email).must_succeed()
    _welcomed(world)


def many_joined(world: World, number: int) -> None:
    """Let so many people register from the same place, and the shop welcome them."""
    for each in range(number):
        person = {"name": f"Person {each}", "email": f"person{each}@example.com", "password": world.password}
        world.act(ANONYMOUS.name, "register", json=person).must_succeed()
    world.stage.tasks.run_due()
    world.stage.mailbox.verify_all()


def opened(world: World, who: str) -> None:
    """Let somebody open an account for Nina, and the shop welcome her."""
    open_for(world, who).must_succeed()
    _welcomed(world)


def open_for(world: World, who: str) -> Outcome:
    """Let somebody open an account for Nina, without a password."""
    return open_with(world, who, "name", NEW["name"])


def open_with(world: World, who: str, field: str, entered: Any) -> Outcome:
    """Let somebody open an account for Nina, or try to, with one field as it was entered."""
    return _introduce(world, world.attempt(who, "create a user", json=with_field(NEW, field, entered)))


def make_members(world: World, number: int) -> None:
    """Make members without names of their own."""
    with world.making():
        factories.UserFactory.create_batch(number)


def make_order_and_post(world: World, name: str) -> None:
    """Let somebody have ordered something and written something."""
    user = world.person(name).user
    with world.making():
        order, post = factories.OrderFactory(user=user), factories.PostFactory(author=user)
    world.things |= {"the order": order.id, "the post": post.id}


def change(world: World, who: str, whose: str, field: str, entered: Any) -> Outcome:
    """Let somebody change one field of an account, or try to."""
    sent = with_field({}, field, entered)
    return world.attempt(who, "change a user", id=world.account(whose), json=sent)


def delete(world: World, who: str, whose: str) -> Outcome:
    """Let somebody delete an account, or try to."""
    return world.attempt(who, "delete a user", id=world.account(whose))


def take_measure(world: World, who: str, measure: str, whose: str) -> Outcome:
    """Let somebody "delete", "suspend" or "demote" somebody, or try to. Raises KeyError for other words."""
    return MEASURES[measure](world, who, whose)


def holds(world: World, name: str, field: str, expected: Any) -> None:
    """Check a field of an account as it is stored."""
    found = getattr(_stored(world, name), field)
    if found != expected:
        raise AssertionError(f"The {field} of {name} is {found!r}, not {expected!r}.")


def only_one(world: World, email: str) -> None:
    """Check that an address has one account, whatever its case."""
    with world.stage.data() as session:
        found = [user.email for user in session.scalars(select(models.User))]
    if [each.lower() for each in found].count(email.lower()) != 1:
        raise AssertionError(f"Not one has {email} of these accounts: {', '.join(found) or 'none'}.")


def gone(world: World, name: str) -> None:
    """Check that the account that somebody had is no longer there."""
    with world.stage.data() as session:
        if session.get(models.User, world.account(name)) is not None:
            raise AssertionError(f"{name} still has an account.")


def kept_for_the_books(world: World, who: str, name: str) -> None:
    """Check that somebody finds the order in the list of orders, with the customer's name and address."""
    outcome = world.act(who, "list orders").must_succeed()
    found = [(order["id"], order["customer"]) for order in outcome.body["data"]]
    expected = (world.thing("the order"), {"id": None, "name": name, "email": world.email_of(name)})
    if expected not in found:
        raise AssertionError(f"{expected} is not among the orders: {found}.")


def post_without_author(world: World, who: str) -> None:
    """Check that somebody can still read the post, and that it names no author."""
    outcome = world.act(who, "read a post", id=world.thing("the post")).must_succeed()
    if outcome.body["author"] is not None:
        raise AssertionError(f"The post still names its author.\n{outcome.exchange}")


def keep_in_an_old_way(world: World, name: str) -> None:
    """Let the password of somebody be kept as a hash of another price than the service pays now."""
    old = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(world.password)
    world.note(OldHash(name, old))
    with world.stage.data() as session:
        session.get_one(models.User, world.account(name)).password_hash = old


def kept_in_a_new_way(world: World, name: str) -> None:
    """Check that the password is kept as another hash than it was, and not as it is."""
    old = world.noted(OldHash)
    if old.name != name:
        raise AssertionError(f"No step has said that the password of {name} was kept in an old way.")
    if _stored(world, name).password_hash in (old.text, world.password):
        raise AssertionError(f"The password of {name} is kept as before.")


def look_at(world: World, who: str, whose: str) -> Outcome:
    """Let somebody look at an account, or try to."""
    return world.attempt(who, "see a user", id=world.account(whose))


def look_at_list(world: World, who: str, **query: Any) -> Outcome:
    """Let somebody look, or try to, at the list of users, or at what `page` and `per_page` say of it."""
    return world.attempt(who, "list users", query={name: str(number) for name, number in query.items()})


def sees(world: World, who: str, whose: str, field: str, expected: bool) -> None:
    """Check whether somebody's last answer shows them a field of a person, and shows it as it is."""
    user, entry = _stored(world, whose), _entry(world, who, whose)
    shown = [name for name in entry if field in name]  # a password would be hidden in a password_hash too
    if bool(shown) != expected:
        raise AssertionError(f"{field} is {'not ' if expected else ''}shown.\n{world.outcome.exchange}")
    if expected and _as_stored(entry[field]) != getattr(user, field):
        raise AssertionError(f"{field} is not shown as it is stored.\n{world.outcome.exchange}")


def members(world: World) -> list[str]:
    """Return everybody of the scenario who has an account, and is signed in."""
    with world.stage.data() as session:
        return [
            name
            for name, person in world.people.items()
            if person.token and session.get(models.User, person.id)
        ]


def in_order_of_joining(world: World) -> None:
    """Check that in the list those who joined first come first."""
    ids = [entry["id"] for entry in world.outcome.body["data"]]
    if ids != sorted(set(ids)):
        raise AssertionError(f"The order is not that of joining: {ids}.")


MEASURES: dict[str, Callable[[World, str, str], Outcome]] = {
    "delete": delete,
    "suspend": partial(change, field="is_active", entered=False),
    "demote": partial(change, field="role", entered="user"),
}


def _introduce(world: World, outcome: Outcome) -> Outcome:
    if outcome.word == "allowed":
        with world.stage.data() as session:
            user = session.get(models.User, outcome.body["id"])
        world.people["Nina"] = Person("Nina", user=user)
    return outcome


def _welcomed(world: World) -> None:
    world.stage.tasks.run_due()
    mail.received(world, "Nina", "Welcome!")


def _stored(world: World, name: str) -> Any:
    with world.stage.data() as session:
        user = session.get(models.User, world.account(name))
    if user is None:
        raise AssertionError(f"{name} has no account any more.")
    return user


def _as_stored(value: Any) -> Any:
    is_time = isinstance(value, str) and value[:4].isdigit()
    return datetime.fromisoformat(value) if is_time else value


def _entry(world: World, who: str, whose: str) -> dict[str, Any]:
    """The account of a person in somebody's last answer, which shows one or a list."""
    body = world.outcome_of(who).must_succeed().body
    number = world.account(whose)
    found: list[dict[str, Any]] = [entry for entry in body.get("data", [body]) if entry["id"] == number]
    if len(found) != 1:
        raise AssertionError(f"{whose} is shown {len(found)} times.\n{world.outcome.exchange}")
    return found[0]
