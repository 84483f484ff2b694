"""Everybody stays who they are, whoever acted before."""

from dataclasses import dataclass

from behave.model import Table

from behave_flask.core.step_tables import rows_of
from features.support.world.people import ANONYMOUS
from features.support.world.world import World

NOBODY = "nobody"


@dataclass(frozen=True)
class Turns:
    """Who asked, who they are to be taken for, and who they were taken for."""

    taken_for: list[tuple[str, str, str]]


def act_in_turn(world: World, turns: Table) -> list[tuple[str, str, str]]:
    """Let people ask in turn for their own profile; return who asked, to be taken for whom, and was."""
    rows = rows_of(turns, "who", "is taken for")
    return [(row["who"], row["is taken for"], _taken_for(world, row["who"])) for row in rows]


def all_themselves(taken_for: list[tuple[str, str, str]]) -> None:
    """Check that each was taken for the right one. Raises AssertionError that names each who was not."""
    wrong = [
        f"  - {who} was taken for {found}, not for {expected}"
        for who, expected, found in taken_for
        if found != expected
    ]
    if wrong:
        raise AssertionError("\n".join(["Somebody was taken for somebody else:", *wrong]))


def _taken_for(world: World, who: str) -> str:
    outcome = world.act(who, "see one's own profile")
    if who == ANONYMOUS.name and outcome.word == "must sign in":
        return NOBODY
    outcome.must_succeed()
    known = {person.id: person.name for person in world.people.values() if person.id}
    return known[outcome.body["id"]]
