"""One sentence of the business, tried on every operation of the permission matrix that it speaks of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from behave_flask.core import text
from behave_flask.core.http import Exchange
from behave_flask.core.operations import Operation
from behave_flask.core.outcomes import Outcome
from behave_flask.core.routes import Route
from behave_flask.core.world import World
from behave_flask.permissions.matrix import Exemption, Row
from behave_flask.permissions.permission_matrix import PermissionMatrix

NO_SUCH_ID = 2_000_000_000


@dataclass(frozen=True)
class Swept:
    """What the operations of a sweep came to, in order, and the field that was added to them, if any was."""

    outcomes: list[Outcome]
    field: str = ""

    def must_be(self, word: str) -> None:
        """Check every outcome.

        :raises AssertionError: that names each request that came to something else.
        """
        if not self.outcomes:
            raise AssertionError("Nothing was tried at all.")
        wrong = [outcome.exchange for outcome in self.outcomes if outcome.word != word]
        _none(wrong, f"{len(wrong)} of {len(self.outcomes)} answers are not {word!r}")
        for outcome in self.outcomes:
            outcome.must_be(word)

    def must_blame_the_field(self) -> None:
        """Check that every answer names the added field as what is wrong."""
        silent = [outcome.exchange for outcome in self.outcomes if self.field not in outcome.errors]
        _none(silent, f"{len(silent)} answers do not name {self.field!r}")


@dataclass(frozen=True)
class SweptPairs:
    """What the operations of a sweep came to, each tried in two ways."""

    pairs: list[tuple[Outcome, Outcome]]

    def must_be_refused(self) -> None:
        """Check that nothing was done that was tried."""
        done = [outcome.exchange for pair in self.pairs for outcome in pair if outcome.word == "allowed"]
        _none(done, f"{len(done)} are not refused")

    def must_be_alike(self, *, body: bool = True) -> None:
        """Check that the two answers of each pair cannot be told apart.

        :param body: whether the bodies count too.
        """
        differ = [other.exchange for one, other in self.pairs if _seen(one, body) != _seen(other, body)]
        _none(differ, f"{len(differ)} answers differ")


@dataclass(frozen=True)
class Sweep:
    """Everything in the tables of a matrix, to be tried in a scenario's world."""

    matrix: PermissionMatrix
    world: World

    def as_somebody(self, who: str) -> Swept:
        """Make somebody try everything that an anonymous visitor has to sign in for."""
        anonymous = self.matrix.anonymous
        operations = self._operations(
            lambda row: row.who == anonymous and self.matrix.verdicts[row.verdict] == "must sign in"
        )
        prepared = self._prepared(who, operations)
        self.world.note_state()
        return Swept(self._send(who, operations, prepared))

    def heads(self, who: str) -> SweptPairs:
        """Make somebody ask for everything that can be read, and then for its head alone."""
        operations = [each for each in self._operations() if each.method == "GET"]
        heads = [replace(operation, request=f"HEAD {operation.path}") for operation in operations]
        prepared = self._prepared(who, operations)
        wholes = self._send(who, operations, prepared)
        self.world.note_state()
        return SweptPairs(list(zip(wholes, self._send(who, heads, prepared), strict=True)))

    def refusals(self, who: str, exemptions: Iterable[Exemption]) -> SweptPairs:
        """Make somebody try what is refused to them, about what exists and about what does not."""
        exempt = list(exemptions)
        operations = [
            each
            for each in self._operations(
                lambda row: row.who == who and self.matrix.verdicts[row.verdict] != "allowed"
            )
            if "{" in each.path and not any(one.covers(who, Route.parse(each.request)) for one in exempt)
        ]
        prepared = self._prepared(who, operations)
        missing = [{**arguments, "id": NO_SUCH_ID} for arguments in prepared]
        existing = self._send(who, operations, prepared)
        return SweptPairs(list(zip(existing, self._send(who, operations, missing), strict=True)))

    def add_field(self, who: str, field: str, value: object, offered: Iterable[str]) -> Swept:
        """Make somebody add a field to everything that is written.

        :param offered: the requests that have such a field, which are passed over.
        :raises AssertionError: as soon as something changes.
        """
        known = set(offered)
        self.world.person(who)
        outcomes = []
        for operation in self._operations():
            arguments = operation.valid(self.world, who)
            self.world.note_state()
            if operation.request not in known and (more := _with_field(arguments, field, value)):
                outcomes.append(self.world.act(who, operation, **more))
                if changes := self.world.changes():
                    raise AssertionError(f"Changed: {', '.join(sorted(changes))}.\n{outcomes[-1].exchange}")
        return Swept(outcomes, field)

    def _operations(self, chosen: Callable[[Row], bool] = lambda _: True) -> list[Operation]:
        requests = dict.fromkeys(row.request for row in self.matrix.rows if chosen(row))
        found = [self.matrix.operation_of(self.world, request) for request in requests]
        if not found:
            raise AssertionError("The tables have no such row: nothing would be checked.")
        return found

    def _prepared(self, who: str, operations: list[Operation]) -> list[dict[str, Any]]:
        return [operation.valid(self.world, who) for operation in operations]

    def _send(self, who: str, operations: list[Operation], prepared: list[dict[str, Any]]) -> list[Outcome]:
        return [
            self.world.act(who, operation, **arguments)
            for operation, arguments in zip(operations, prepared, strict=True)
        ]


def _seen(outcome: Outcome, body: bool) -> tuple[Any, ...]:
    response = outcome.response
    if not body:
        return response.status, response.type
    # A page's form has a token in it that says when it was made: another one each second.
    told = text.masked(response.text) if response.type == "text/html" else response.body
    return response.status, response.type, told


def _none(wrong: list[Exchange], what: str) -> None:
    if wrong:
        requests = "\n".join(f"  - {e.request.method} {e.request.path}: {e.response.status}" for e in wrong)
        raise AssertionError(f"{what}:\n{requests}\nThe first of them:\n{wrong[0]}")


def _with_field(arguments: dict[str, Any], field: str, value: object) -> dict[str, Any] | None:
    """Return the arguments with one more field, or None where nothing is sent that could hold it."""
    for kind in ("json", "form"):
        if kind in arguments:
            return {**arguments, kind: {**arguments[kind], field: value if kind == "json" else str(value)}}
    return None
