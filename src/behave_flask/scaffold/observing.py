"""What a service does now, asked for each route by each kind of person, each in a scenario of its own."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from behave_flask.core import paths
from behave_flask.core.errors import UsageError
from behave_flask.core.operations import Operation
from behave_flask.core.routes import Route, request_of
from behave_flask.core.stage import Stage
from behave_flask.core.world import World
from behave_flask.permissions.matrix import Row
from behave_flask.permissions.permission_matrix import PermissionMatrix, require_answered_by

VERBS = {"GET": "see", "POST": "post to", "PUT": "put", "PATCH": "change", "DELETE": "delete"}
_VALUES = {"int": 1, "float": 1.0, "uuid": "00000000-0000-0000-0000-000000000001"}  # by converter
_OF_ITSELF = ("HEAD", "OPTIONS")


class Unknown(NamedTuple):
    """A cell of which it could not be found out what is right, and why."""

    who: str
    request: str
    reason: str

    def __str__(self) -> str:
        return f"{self.who}, {self.request}: {self.reason}"


@dataclass
class Observed:
    """What was found out, and what was not."""

    rows: list[Row] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)


class Observer:
    """Asks a service."""

    def __init__(self, stage: Stage, matrix: PermissionMatrix) -> None:
        """Accept a stage that has started, and the matrix with its world and its people."""
        self._stage, self._matrix = stage, matrix

    def observe(self) -> Observed:
        """Ask for all that has no row yet."""
        found = Observed()
        written = {(row.who, row.request) for row in self._matrix.rows}
        for route in self._asked():
            request = request_of(route, self._stage.routes())
            cells = [who for who in self._matrix.legend.columns if (who, request) not in written]
            if cells:
                self._observe(request, route, cells, found)
        return found

    def _asked(self) -> Iterator[Route]:
        return (route for route in self._stage.routes() if route.method not in _OF_ITSELF)

    def _observe(self, request: str, route: Route, cells: list[str], found: Observed) -> None:
        operation = self._known(request)
        if operation is None:
            operation = self._new(request, route, cells)
            found.operations.append(operation)
        for who in cells:
            verdict, reason = self._play(who, operation)
            if reason:
                found.unknown.append(Unknown(who, request, reason))
            else:
                found.rows.append(Row(who, verdict, operation.action, request))

    def _known(self, request: str) -> Operation | None:
        """Return the operation that the suite has for a request."""
        with self._scenario() as world:
            return world.operation_of(request)

    def _new(self, request: str, route: Route, cells: list[str]) -> Operation:
        """Return what a request is, by what its first success is and changes."""
        ids = ids_of(route)
        action = f"{VERBS.get(route.method, route.method.lower())} {request.partition(' ')[2]}"
        operation = Operation(action, request, valid=lambda *_: dict(ids))
        for who in cells:
            with self._scenario() as world:
                world.person(who)
                with suppress(Exception):  # it is played again, and told then
                    world.attempt(who, operation, **ids)
                if not world.exchanges:
                    continue
                outcome = world.outcome
                if outcome.response.status < 400 and outcome.word != "must sign in":
                    status = outcome.response.status
                    return replace(operation, success=status, changes=frozenset(world.changes()))
        return operation

    def _play(self, who: str, operation: Operation) -> tuple[str, str]:
        """Play a row as its scenario will; return the verdict, and why it would be red, if it would."""
        self._stage.begin_scenario()
        verdict, reasons = "", list[str]()
        try:
            world = self._furnished()
            world.person(who)
            outcome = world.attempt(who, operation, **operation.valid(world, who))
            require_answered_by(world, operation.request, outcome.exchange.request)
            verdicts = {meant: verdict for verdict, meant in self._matrix.verdicts.items()}
            if (verdict := verdicts.get(outcome.word, "")) == "":
                reasons = [f"no verdict stands for {outcome.word}"]
            else:
                self._matrix.judge(world, who, verdict, operation.action)
        except UsageError:
            raise
        except Exception as error:  # noqa: BLE001 (a service may raise anything)
            reasons = [(str(error).strip().splitlines() or [type(error).__name__])[0]]
        reasons += self._stage.end_scenario()
        return verdict, "; ".join(reasons[:2])

    def _furnished(self) -> World:
        """Return the suite's own world. Raises UsageError with what it raises."""
        try:
            return self._matrix.furnished(self._stage)
        except Exception as error:
            raise UsageError(
                f"The world of the matrix cannot be furnished: {type(error).__name__}: {error}"
                f" ({paths.place_of(error)})"
            ) from error

    @contextmanager
    def _scenario(self) -> Iterator[World]:
        self._stage.begin_scenario()
        try:
            yield self._furnished()
        finally:
            self._stage.end_scenario()


def ids_of(route: Route) -> dict[str, object]:
    """Return something that each name in the path may be."""
    converters = (*route.converters, *[""] * len(route.names))
    return {name: _VALUES.get(re.split(r"\W", each)[0], "x") for name, each in zip(route.names, converters)}  # noqa: B905
