"""Signing in and out, and for how long it lasts."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select

from behave_flask import Outcome
from features.support.inputs.field_values import ABSENT
from features.support.shop import inspection, models
from features.support.world import factories
from features.support.world.people import ANONYMOUS
from features.support.world.world import World


@dataclass(frozen=True)
class PasswordChecks:
    """The price of the hash beside each password that was checked."""

    prices: list[str]


def sign_in(world: World, who: str, **changes: Any) -> Outcome:
    """Let somebody who is not signed in try it with their own e-mail and password, or with others.

    The token of a success becomes this person's.
    """
    person = world.people[who] = replace(world.person(who), token=None)
    given = {"email": world.email_of(who), "password": world.password} | changes
    sent = {name: content for name, content in given.items() if content is not ABSENT}
    outcome = world.attempt(who, "sign in", json=sent)
    if outcome.word == "allowed":
        world.people[who] = replace(person, token=outcome.body["token"])
    return outcome


def sign_in_watched(world: World, who: str, email: str) -> None:
    """Let somebody try to sign in with a wrong password, and note which passwords the shop has checked."""
    with inspection.password_checks() as checks:
        sign_in(world, who, email=email, password="a wrong password")
    world.note(PasswordChecks(checks))


def cost_one_check(world: World) -> None:
    """Check that one password was checked, at the price that the passwords of this shop have."""
    price = factories.password_hash(world.password).split("$")[3]
    found = world.noted(PasswordChecks).prices
    if found != [price]:
        raise AssertionError(f"Checked were passwords at the price of {found}, not one {price}.")


def sign_in_on(world: World, name: str, device: str) -> None:
    """Let somebody sign in on another device too, which is then known as "NAME on DEVICE"."""
    here = f"{name} on {device}"
    world.people[here] = replace(world.person(name), name=here)
    sign_in(world, here).must_succeed()


def have_signed_in(world: World, name: str, times: int) -> None:
    """Let somebody sign in more than once, the last token being theirs."""
    for _ in range(times):
        sign_in(world, name).must_succeed()


def fail(world: World, name: str, times: int) -> None:
    """Let a wrong password be entered for somebody's e-mail, by whoever it is."""
    for _ in range(times):
        outcome = sign_in(world, ANONYMOUS.name, email=world.email_of(name), password="wrong password")
        outcome.must_be("must sign in")


def fail_for_many(world: World, times: int) -> None:
    """Let somebody try one e-mail after the other from the same place."""
    for number in range(times):
        fail(world, f"guess{number}@example.com", 1)


def fail_to_prove(world: World, name: str, times: int) -> None:
    """Let somebody try to change their password with a wrong current one."""
    sent = {"password": "a new password", "current_password": "a wrong password"}
    for _ in range(times):
        world.act(name, "change one's own profile", json=sent).must_be("invalid")


def sign_out(world: World, who: str) -> Outcome:
    """Let somebody sign out, or try to. They keep the token, which should be worth nothing now."""
    return world.attempt(who, "sign out")


def is_signed_in(world: World, name: str) -> None:
    """Check that somebody can act, and as themselves."""
    outcome = world.act(name, "see one's own profile").must_succeed()
    if outcome.body["id"] != world.person(name).id:
        raise AssertionError(f"{name} was taken for somebody else.\n{outcome.exchange}")


def cannot_act(world: World, name: str, word: str) -> None:
    """Check that somebody who had a token cannot act by it, and why."""
    if world.person(name).token is None:
        raise AssertionError(f"{name} never was signed in, so this would prove nothing.")
    world.act(name, "see one's own profile").must_be(word)


def known(world: World, name: str, expected: int) -> None:
    """Check how many sign-ins of somebody the shop still has on record."""
    mine = models.AccessToken.user_id == world.account(name)
    with world.stage.data() as session:
        found = session.scalar(select(func.count()).select_from(models.AccessToken).where(mine))
    if found != expected:
        raise AssertionError(f"Of {name} {found} sign-ins are on record, not {expected}.")


def answers_are_the_same(world: World) -> None:
    """Check that the last two answers cannot be told apart."""
    one, other = (exchange.response for exchange in world.exchanges[-2:])
    if (one.status, one.headers, one.body) != (other.status, other.headers, other.body):
        raise AssertionError("\n".join(["Two answers that can be told apart:", *map(str, (one, other))]))
