"""The permission matrix of a suite: its rows, how they are played and judged, and whether any is missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from behave_flask.core.http import Request
from behave_flask.core.operations import Operation
from behave_flask.core.outcomes import Outcome
from behave_flask.core.routes import AmbiguousRequest, NoSuchRoute, Route, find, request_of, resolve
from behave_flask.core.stage import Stage
from behave_flask.core.world import World
from behave_flask.permissions.matrix import Comparison, Exemption, Legend, Row, rows_in
from behave_flask.permissions.observing import pasteable, rows_to_paste

EVERYTHING = "everything"
ASKS_TO_SIGN_IN = "everything that asks to sign in"
UNDER = "everything under "
SHOWING_WHO = {"Authorization", "Cookie"}  # request headers


@dataclass(frozen=True)
class PermissionMatrix:
    """Who may do what, as the tables in a folder of features say.

    For example::

        MATRIX = PermissionMatrix.of(LibraryWorld, Path("features/access"))
        MATRIX.attempt(world, "a visitor", "list books", "GET /books")
        MATRIX.judge(world, "a visitor", "may", "list books")

    :param folder: the features that hold the tables.
    :param legend: the kinds of people, and what the verdicts mean.
    :param furnished: makes a world in which every row can be played, on a stage whose scenario has begun.
    :param anonymous: the kind of person who has not signed in.
    """

    folder: Path
    legend: Legend
    furnished: Callable[[Stage], World]
    anonymous: str

    @classmethod
    def of(cls, world: type[World], folder: Path) -> PermissionMatrix:
        """Return the matrix of all personas of a world, of whom the first one has not signed in.

        :param world: which furnishes itself.
        :param folder: the features that hold the tables.
        """
        people = world.persona_names()
        return cls(folder, Legend.of(*people), world.furnished, anonymous=people[0])

    @property
    def rows(self) -> list[Row]:
        """The rows of all tables."""
        return rows_in(self.folder)

    @property
    def verdicts(self) -> dict[str, str]:
        """The outcome that each verdict means, as `{"may not": "forbidden"}`."""
        return {verdict: word for verdict, (word, _) in self.legend.verdicts.items()}

    def operation_of(self, world: World, request: str, action: str = "") -> Operation:
        """Return the operation of a request.

        :param world: that of the scenario.
        :param request: such as ``GET /posts/{id}``.
        :param action: what the row calls it, for a request that the suite has no operation for.
        :raises KeyError: if there is no such request, or if nobody has said what is valid in it.
        """
        if operation := world.operation_of(request):
            return operation
        _require_route(world, request)
        return world.describe(request, action)

    def attempt(self, world: World, who: str, action: str, request: str) -> Outcome:
        """Send the valid request of an operation as somebody, and note the state before it.

        :param world: that of the scenario.
        :param who: the kind of person.
        :param action: what the row calls it.
        :param request: such as ``GET /posts/{id}``.
        :returns: the outcome, whatever it is.
        :raises ValueError: if the action is not what the operation does.
        :raises KeyError: where no valid request is known, or the suite's operations lack this one.
        :raises AssertionError: if another route answers, so that the row would show nothing of its own.
        """
        operation = self.operation_of(world, request, action)
        if _is_a_guess(world, request):
            raise KeyError(_asked_for(world, operation))
        if operation.action != action:
            raise ValueError(f"{request} is to {operation.action!r}, not to {action!r}.")
        return self._send(world, who, operation)

    def _send(self, world: World, who: str, operation: Operation) -> Outcome:
        """Send the valid request of an operation, one that the suite has, or a guess at one that it lacks."""
        request = operation.request
        world.person(who)
        outcome = world.attempt(who, operation, **operation.valid(world, who))
        require_answered_by(world, request, outcome.exchange.request)
        return outcome

    def judge(self, world: World, who: str, verdict: str, action: str) -> None:
        """Check what somebody's attempt came to, and that exactly that has changed which may change.

        An allowed operation changes all that it declares, a refused one nothing at all.

        :param world: that of the scenario.
        :param who: the kind of person.
        :param verdict: one of the legend's.
        :param action: what the row calls it.
        :raises AssertionError: if it is not so.
        """
        word = self.verdicts[verdict]
        world.outcome_of(who).must_be(word)
        if world.operation is None or world.operation.action != action:
            done = world.operation.action if world.operation else "visit a page"
            raise AssertionError(f"{who} tried to {done}, not to {action}.")
        expected = world.operation.changes if word == "allowed" else frozenset()
        found = world.changes()
        if found != expected:
            raise AssertionError(
                f"{word}, and {_names(expected)} should have changed, but {_names(found)} did."
                f"\n{world.outcome.exchange}"
            )
        world.stage.tasks.verify_all()
        world.stage.mailbox.verify_all()
        follow_location(world)

    def completeness(
        self, stage: Stage, needed: Iterable[Mapping[str, str]], exempt: Iterable[Mapping[str, str]]
    ) -> Completeness:
        """Return the comparison of the tables with all that the service answers to.

        :param stage: where the service is.
        :param needed: who needs a row for what, as `{"who": "a user", "request": "everything"}`; or
            "everything that asks to sign in", or "everything under /api".
        :param exempt: what needs none, as
            `{"request": "HEAD of everything", "who": "everybody", "reason": "is answered as GET is"}`.
        """
        return Completeness(self, stage, list(needed), [Exemption(**each) for each in exempt])


@dataclass(frozen=True)
class Completeness:
    """The tables of a matrix beside all that a service answers to; see `PermissionMatrix.completeness`."""

    matrix: PermissionMatrix
    stage: Stage
    needed: Collection[Mapping[str, str]]
    exemptions: Collection[Exemption]

    @cached_property
    def comparison(self) -> Comparison:
        """The comparison of what is written with what there is."""
        return self._compare([])

    def check(self) -> None:
        """Check that nothing is missing, written twice or out of date.

        :raises AssertionError: with the rows to paste: each says what the service does now, to be approved.
        """
        flaws = [*self.comparison.faults]
        folder = self.matrix.folder
        if self.comparison.missing:
            rows = rows_to_paste(self.stage, self._compare, self._observe)
            flaws.append(
                "No row says who may do this. What the service does now is below: paste the rows that are"
                f" right into a table in {folder.name}/, and mend the service where they are not."
                f"\n{pasteable(rows, folder, self.comparison.rows)}"
            )
        if flaws:
            raise AssertionError("\n".join([f"{self.comparison.counts}.", *flaws]))

    def _compare(self, also: Collection[Row]) -> Comparison:
        rows, routes = [*self.matrix.rows, *also], self.stage.routes()
        needs = _Needs(self.needed, self.matrix, rows, routes)
        return Comparison(routes, rows, self.exemptions, needs)

    def _observe(self, who: str, route: Route) -> tuple[str, str, str]:
        """Ask a furnished service; return the verdict on what it did, its name, and the request."""
        world = self.matrix.furnished(self.stage)
        request = _request_for(world, route)
        action = "do something"
        try:
            operation = self.matrix.operation_of(world, request)
            action = operation.action
            outcome = self.matrix._send(world, who, operation)
        except KeyError as error:
            return f"({error.args[0]})", action, request
        words = {word: verdict for verdict, word in self.matrix.verdicts.items()}
        return words.get(outcome.word, f"({outcome.word}?)"), action, request


class _Needs:
    """Which kinds of person a route needs a row for."""

    def __init__(
        self,
        needed: Iterable[Mapping[str, str]],
        matrix: PermissionMatrix,
        rows: Iterable[Row],
        routes: Collection[Route],
    ) -> None:
        """Read what is needed; `rows` tell which of the routes ask to sign in.

        Raises ValueError for words that mean nothing here.
        """
        self._needs = [(each["who"], each["request"]) for each in needed]
        refused = (row for row in rows if matrix.verdicts.get(row.verdict) != "allowed")
        guarded = (row.request for row in refused if row.who == matrix.anonymous)
        self._guarded = set(resolve(guarded, routes)[0].values())
        for _, what in self._needs:
            if what not in (EVERYTHING, ASKS_TO_SIGN_IN) and not what.startswith(UNDER):
                known = f"{EVERYTHING!r}, {ASKS_TO_SIGN_IN!r}, or {UNDER!r} and the beginning of a path"
                raise ValueError(f"A row cannot be needed for {what!r}; it can be for {known}.")

    def __call__(self, route: Route) -> list[str]:
        """Return the kinds of person for a route."""
        return [who for who, what in self._needs if self._applies(what, route)]

    def _applies(self, what: str, route: Route) -> bool:
        if what == ASKS_TO_SIGN_IN:
            return route in self._guarded
        start = (
            "" if what == EVERYTHING else Route.parse(f"{route.method} {what.removeprefix(UNDER)}").pattern
        )
        return f"{route.pattern}/".startswith(f"{start}/" if start else "")


def follow_location(world: World) -> None:
    """Go where the answer says that something is to be found (Location: RFC 9110, 10.2.2), if it does.

    :raises AssertionError: if there is nothing.
    """
    exchange = world.outcome.exchange
    if place := exchange.response.headers.get("location"):
        sent = exchange.request.headers
        headers = {name: sent[name] for name in SHOWING_WHO & sent.keys()}
        parts = urlsplit(place)
        found = world.stage.send(Request("GET", parts.path, headers, dict(parse_qsl(parts.query))))
        if found.status in (404, 405):
            raise AssertionError(f"Location: {place} leads nowhere ({found.status}).\n{exchange}")


def _is_a_guess(world: World, request: str) -> bool:
    """Return whether a suite that has operations has none for a request, nor says by itself what is valid."""
    is_own = type(world).describe is not World.describe
    return not is_own and bool(world.known_operations()) and world.operation_of(request) is None


def _asked_for(world: World, operation: Operation) -> str:
    """Say which line the operations of a suite lack."""
    name = type(world).__qualname__
    line = f"Operation({operation.action!r}, {operation.request!r}, {operation.success}),"
    return (
        f"No operation says what {operation.request} is: its name, its success, and all that may change."
        f" Add it to the operations of {name} ({type(world).__module__}), such as {line}"
    )


def _request_for(world: World, route: Route) -> str:
    """Return the request of a route, as the suite's operations have it if they do."""
    routes = world.stage.routes()
    requests = (each.request for each in world.known_operations().values())
    known = {found: request for request, found in resolve(requests, routes)[0].items()}
    return known.get(route) or request_of(route, routes)


def _require_route(world: World, request: str) -> None:
    routes = world.stage.routes()
    try:
        find(request, routes)
    except AmbiguousRequest as error:
        raise KeyError(f"{error}.") from None
    except NoSuchRoute:
        known = [*(each.request for each in world.known_operations().values()), *map(str, routes)]
        near = get_close_matches(request, known, cutoff=0.4)
        raise KeyError(f"The service has no {request}. Nearest are: {', '.join(near) or 'none'}.") from None


def require_answered_by(world: World, request: str, sent: Request) -> None:
    """Raise AssertionError if another route than the row's answers what was sent.

    :param world: that of the scenario.
    :param request: as the row has it.
    :param sent: what was sent for it.
    """
    answers, asked = world.stage.route_of(sent), Route.parse(request)
    if answers is None or (asked.fits(answers) and asked.names == answers.names):
        return  # at once: to list all routes takes ten times as long
    try:
        meant = find(request, world.stage.routes())
    except LookupError:  # which the comparison with the service's routes reports
        return
    if answers.key != meant.key:
        raise AssertionError(
            f"{sent.method} {sent.path} is answered by {answers.in_full}, and not by {request}:"
            f" fill in what only {request} takes."
        )


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
