"""What a service does now, asked for each route by each kind of person, each in a scenario of its own."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import NamedTuple, cast

from behave_flask.core import paths
from behave_flask.core.errors import CannotKeep, UsageError
from behave_flask.core.operations import Operation
from behave_flask.core.routes import Route, request_of
from behave_flask.core.stage import BESIDE_ROWS, KeepsData, Stage, State, changed
from behave_flask.core.world import World
from behave_flask.permissions.matrix import Row
from behave_flask.permissions.permission_matrix import PermissionMatrix, require_answered_by
from behave_flask.scaffold.exploring import Explorer

VERBS = {"GET": "see", "POST": "post to", "PUT": "put", "PATCH": "change", "DELETE": "delete"}
_OF_ITSELF = ("HEAD", "OPTIONS")
SEEN, DONE, CHANGED = 1, 2, 3  # what a success is worth: a page may be the form again


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
    unseen: set[str] = field(default_factory=set)  # the requests of operations of which no success was seen
    verdicts: dict[Row, str] = field(default_factory=dict)  # of rows that are written, now; empty if unknown


class Observer:
    """Asks a service."""

    def __init__(self, stage: Stage, matrix: PermissionMatrix) -> None:
        """Accept a stage that has started, and the matrix with its world and its people."""
        self._stage, self._matrix = stage, matrix
        self._explorer = Explorer(stage, self._scenario)
        self.can_keep = isinstance(stage, KeepsData)  # whether what is furnished is, for all that follow
        self._kept: World | None = None
        self._did: dict[str, str] = {}  # by request, whose success it is known by
        self._operations: dict[str, Operation] = {}  # by request, as they were observed

    def observe(
        self,
        unseen: Collection[str] = (),
        at: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> Observed:
        """Ask for all that has no row yet.

        :param unseen: the requests of operations of which no success was seen up to now.
        :param at: is told how many routes are done, of how many.
        """
        found = self._observed(unseen, at)
        if self._kept and not all(self._is_so(row) for row in found.rows):
            self.can_keep, self._kept = False, None
            cast(KeepsData, self._stage).forget()
            return self._observed(unseen, at)
        return found

    def _observed(self, unseen: Collection[str], at: Callable[[int, int], None]) -> Observed:
        found = Observed(unseen=set(unseen))
        missing = list(self._missing())
        if missing:
            for who in self._matrix.legend.columns:
                self._explorer.read_as(who)
        for done, (request, route, cells) in enumerate(missing):
            at(done, len(missing))
            self._observe(request, route, cells, found)
        return found

    def _is_so(self, row: Row) -> bool:
        """Return whether a row comes to the same again, which the service's memory may hinder."""
        if self._did.get(row.request) == row.who and self._matrix.verdicts[row.verdict] != "allowed":
            return False
        return self._play(row.who, self._operations[row.request]) == (row.verdict, "")

    def _missing(self) -> Iterator[tuple[str, Route, list[str]]]:
        """Yield each route that lacks rows, with its request and the people who have none."""
        written = {(row.who, row.request) for row in self._matrix.rows}
        for route in self._asked():
            request = request_of(route, self._stage.routes())
            cells = [who for who in self._matrix.legend.columns if (who, request) not in written]
            if cells:
                yield request, route, cells

    def _asked(self) -> Iterator[Route]:
        return (route for route in self._stage.routes() if route.method not in _OF_ITSELF)

    def _observe(self, request: str, route: Route, cells: list[str], found: Observed) -> None:
        operation = self._known(request)
        if operation is None or request in found.unseen:
            operation = self._new(request, route, found)
            for row in self._matrix.rows:
                if row.request == request:
                    found.verdicts[row], reason = self._play(row.who, operation)
                    if reason:
                        found.verdicts[row] = ""
                        found.unknown.append(Unknown(row.who, request, reason))
        self._operations[request] = operation
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

    def _new(self, request: str, route: Route, found: Observed) -> Operation:
        """Note what a request is, by what its best success is and changes."""
        worth, operation = self._best(request, route)
        found.operations.append(operation)
        found.unseen.discard(request)
        if not worth:
            found.unseen.add(request)
        return operation

    def _best(self, request: str, route: Route) -> tuple[int, Operation]:
        action = f"{VERBS.get(route.method, route.method.lower())} {request.partition(' ')[2]}"
        operations = [Operation(action, request, valid=valid) for valid in self._explorer.valid(route)]
        best, found, may = 0, operations[0], list(self._matrix.legend.columns)
        for operation in operations:
            for who in list(may):
                worth, tried = self._tried(who, operation)
                if worth is None:
                    may.remove(who)
                elif worth > best:
                    best, found = worth, tried
                    self._did[request] = who
                if best >= (SEEN if route.method == "GET" else CHANGED):
                    return best, found
        return best, found

    def _tried(self, who: str, operation: Operation) -> tuple[int | None, Operation]:
        """Return what the success of somebody is worth to know it by, and the operation as that shows it.

        :returns: 0 for a refusal, None for one that no other request would change.
        """
        with self._scenario() as world:
            before = len(world.exchanges)
            with suppress(Exception):  # it is played again, and told then
                world.person(who)
                world.attempt(who, operation, **operation.valid(world, who))
            if len(world.exchanges) == before:
                return 0, operation
            status, changes = world.outcome.response.status, world.changes()
            if world.outcome.word == "must sign in" and not changes:
                return None, operation
            if status >= 400:
                return 0, operation
            worth = CHANGED if changes else DONE if status != 200 else SEEN
            return worth, replace(operation, success=status, changes=frozenset(changes))

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
            reasons = [_reason(error)]
        reasons += self._stage.end_scenario()
        return verdict, "; ".join(reasons[:2])

    def _furnished(self) -> World:
        """Return the suite's own world, furnished once if that can be. Raises UsageError if it cannot."""
        if self._kept and getattr(self._stage, "is_kept", False):
            return deepcopy(self._kept, {id(self._stage): self._stage})
        try:
            before = self._stage.state()
            world = self._matrix.furnished(self._stage)
        except Exception as error:
            raise UsageError(
                f"The world of the matrix cannot be furnished: {type(error).__name__}: {error}"
                f" ({paths.place_of(error)})"
            ) from error
        if self.can_keep:
            self._keep(world, before)
        return world

    def _keep(self, world: World, before: State) -> None:
        """Let the next scenarios begin with this world, as they do under the tag @furnish_once."""
        try:
            if self._stage.unverified() or changed(before, self._stage.state()) & set(BESIDE_ROWS):
                raise CannotKeep("It has done what each scenario has to see for itself.")
            self._kept = deepcopy(world, {id(self._stage): self._stage})
            cast(KeepsData, self._stage).keep()
        except Exception:  # noqa: BLE001 (whatever it is, each scenario furnishes for itself then)
            self.can_keep = False

    @contextmanager
    def _scenario(self) -> Iterator[World]:
        self._stage.begin_scenario()
        try:
            yield self._furnished()
        finally:
            self._stage.end_scenario()


def _reason(error: Exception) -> str:
    """Return what was raised in a line: what a check says, or an error of the service's with its place."""
    line = (str(error).strip().splitlines() or [""])[0]
    if isinstance(error, AssertionError) and line:
        return line
    return f"{type(error).__name__}: {line} ({paths.place_of(error)})"
