"""One sentence of the business, tried on every operation that it speaks of, as the tables say."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from behave.model import Table

from behave_flask.core.http import Exchange
from behave_flask.core.outcomes import Outcome
from behave_flask.core.routes import Route
from behave_flask.core.step_tables import rows_of
from behave_flask.permissions.matrix import Row, rows_in
from features.support.checks import answers, invalid_tokens, permissions
from features.support.checks.completeness import FOLDER, exemptions
from features.support.inputs.words import VERDICTS
from features.support.world.operations import Operation
from features.support.world.people import ANONYMOUS
from features.support.world.world import World

NO_SUCH_ID = 2_000_000_000


def readable(world: World) -> list[Operation]:
    """Return every operation that reads, from the tables."""
    return [operation for operation in _of(world, rows_in(FOLDER)) if operation.method == "GET"]


def asking_to_sign_in(world: World) -> list[Operation]:
    """Return every operation that asks an anonymous visitor to sign in, from the tables."""
    refusals = (row for row in rows_in(FOLDER) if row.who == ANONYMOUS.name)
    return _of(world, (row for row in refusals if VERDICTS[row.verdict] == "must sign in"))


def refused_to(world: World, who: str) -> list[Operation]:
    """Return every operation about one thing that is refused to somebody, from the tables."""
    refusals = (row for row in rows_in(FOLDER) if row.who == who and VERDICTS[row.verdict] != "allowed")
    return [operation for operation in _of(world, refusals) if "{" in operation.path]


def _of(world: World, rows: Iterable[Row]) -> list[Operation]:
    requests = dict.fromkeys(row.request for row in rows)
    found = [permissions.operation_for(world, request) for request in requests]
    if not found:
        raise AssertionError("The tables have no such row: nothing would be checked.")
    return found


def come_with(world: World, kind: str) -> list[Outcome]:
    """Let somebody with a token that does not count try everything that asks to sign in."""
    world.people[kind] = invalid_tokens.somebody(world, kind)
    operations = asking_to_sign_in(world)
    prepared = [operation.valid(world, kind) for operation in operations]
    world.remember()
    return _send(world, kind, operations, prepared)


def heads(world: World, who: str) -> list[tuple[Outcome, Outcome]]:
    """Let somebody ask for everything that can be read, and then for its head alone."""
    operations = readable(world)
    head = [replace(operation, request=f"HEAD {operation.path}") for operation in operations]
    prepared = [operation.valid(world, who) for operation in operations]
    wholes = [world.act(who, o, **arguments) for o, arguments in zip(operations, prepared, strict=True)]
    world.remember()
    return list(zip(wholes, _send(world, who, head, prepared), strict=True))


def refusals(world: World, who: str, telling: Table) -> list[tuple[Outcome, Outcome]]:
    """Let somebody try what is refused to them, about what exists and about what does not."""
    exempt = exemptions(telling)
    operations = [
        operation
        for operation in refused_to(world, who)
        if not any(exemption.covers(who, Route.parse(operation.request)) for exemption in exempt)
    ]
    prepared = [operation.valid(world, who) for operation in operations]
    nowhere = [{**arguments, "id": NO_SUCH_ID} for arguments in prepared]
    existing = _send(world, who, operations, prepared)
    return list(zip(existing, _send(world, who, operations, nowhere), strict=True))


def slip_in(world: World, who: str, field: str, text: str, offered: Table) -> list[Outcome]:
    """Let somebody add a field to everything that is written where it is not offered.

    Raises AssertionError as soon as something changes.
    """
    known = {row["request"] for row in rows_of(offered, "field", "request") if row["field"] == field}
    world.person(who)
    outcomes = []
    for operation in _of(world, rows_in(FOLDER)):
        arguments = operation.valid(world, who)
        world.remember()
        if operation.request not in known and (more := _with(arguments, field, _value(text))):
            outcomes.append(world.act(who, operation, **more))
            answers.nothing_has_changed(world)
    return outcomes


def all_must_be(word: str, outcomes: Iterable[Outcome]) -> None:
    """Check every outcome. Raises AssertionError that names each request that came to something else."""
    outcomes = list(outcomes)
    if not outcomes:
        raise AssertionError("Nothing was tried at all.")
    wrong = [outcome.exchange for outcome in outcomes if outcome.word != word]
    _none(wrong, f"{len(wrong)} of {len(outcomes)} answers are not {word!r}")
    for outcome in outcomes:
        outcome.must_be(word)


def all_blame(field: str, outcomes: Iterable[Outcome]) -> None:
    """Check that every answer names the field as what is wrong."""
    silent = [outcome.exchange for outcome in outcomes if field not in outcome.errors]
    _none(silent, f"{len(silent)} answers do not name {field!r}")


def all_refused(pairs: Iterable[tuple[Outcome, Outcome]]) -> None:
    """Check that nothing was done that was tried."""
    done = [outcome.exchange for pair in pairs for outcome in pair if outcome.word == "allowed"]
    _none(done, f"{len(done)} are not refused")


def all_alike(pairs: Iterable[tuple[Outcome, Outcome]], *, body: bool = True) -> None:
    """Check that each two answers cannot be told apart, or only by the body where it is left out."""
    differ = [other.exchange for one, other in pairs if _told(one, body) != _told(other, body)]
    _none(differ, f"{len(differ)} answers differ")


def _told(outcome: Outcome, body: bool) -> tuple[Any, ...]:
    response = outcome.response
    return (response.status, response.type, response.body if body else None)


def _none(wrong: list[Exchange], what: str) -> None:
    if wrong:
        requests = "\n".join(f"  - {e.request.method} {e.request.path}: {e.response.status}" for e in wrong)
        raise AssertionError(f"{what}:\n{requests}\nThe first of them:\n{wrong[0]}")


def _value(text: str) -> object:
    """Read a number or a truth value as such, and everything else as text."""
    return {"true": True, "false": False}.get(text, int(text) if text.isdigit() else text)


def _with(arguments: dict[str, Any], field: str, value: object) -> dict[str, Any] | None:
    """Return the arguments with one more field, or None where nothing is sent that could hold it."""
    for kind in ("json", "form"):
        if kind in arguments:
            return {**arguments, kind: {**arguments[kind], field: value if kind == "json" else str(value)}}
    return None


def _send(
    world: World, who: str, operations: list[Operation], prepared: list[dict[str, Any]]
) -> list[Outcome]:
    return [world.act(who, o, **arguments) for o, arguments in zip(operations, prepared, strict=True)]
