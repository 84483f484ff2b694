"""The tables of who may do what against the service's own list of what it answers to."""

from collections.abc import Callable, Collection, Iterable
from functools import partial
from pathlib import Path

from behave.model import Table

from behave_flask.core.routes import Route, resolve
from behave_flask.core.stage import Stage
from behave_flask.core.step_tables import rows_of
from behave_flask.permissions.matrix import Comparison, Exemption, Row, rows_in
from behave_flask.permissions.observing import pasteable, rows_to_paste
from behave_flask.reports.permission_table import Legend
from features.support.checks import permissions
from features.support.inputs.words import VERDICTS
from features.support.world.people import ANONYMOUS
from features.support.world.world import World

FOLDER = Path(__file__).parents[2] / "access"
OWNER = "the owner"
MATRIX = (
    FOLDER,
    Legend(
        columns={
            "an anonymous visitor": "an anonymous visitor",
            "a user": "a user",
            "a member": OWNER,
            "the author": OWNER,
            "the customer": OWNER,
            "an admin": "an admin",
            "a suspended admin": "a suspended admin",
        },
        verdicts={
            "may": ("allowed", "may"),
            "may not": ("forbidden", "may not"),
            "must sign in to": ("must sign in", "must sign in"),
            "finds nothing when trying to": ("does not exist", "finds nothing"),
        },
    ),
)
EVERYTHING = "everything"
ASKS_TO_SIGN_IN = "everything that asks to sign in"
UNDER = "everything under "


def exemptions(told: Table) -> list[Exemption]:
    """Read the table of what needs no row."""
    return [Exemption(**row) for row in rows_of(told, "request", "who", "reason")]


class Needs:
    """Which kinds of person a route needs a row for, as a table of the feature says."""

    def __init__(self, told: Table, rows: Iterable[Row], routes: Collection[Route]) -> None:
        """Read the table; `rows` tell which of the routes ask to sign in.

        Raises ValueError for words or headings that mean nothing here.
        """
        self._needs = [(row["who"], row["request"]) for row in rows_of(told, "who", "request")]
        guarded = (row.request for row in rows if row.who == ANONYMOUS.name and row.verdict != "may")
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
            Route.parse(f"{route.method} {what.removeprefix(UNDER)}").pattern if what != EVERYTHING else ""
        )
        return f"{route.pattern}/".startswith(f"{start}/" if start else "")


def compare(world: World, needed: Table, needing_none: Table, also: Collection[Row] = ()) -> Comparison:
    """Hold the tables of the folder, and rows besides, against the service."""
    rows, routes = [*rows_in(FOLDER), *also], world.stage.routes()
    return Comparison(routes, rows, exemptions(needing_none), Needs(needed, rows, routes))


def judge(
    world: World, comparison: Comparison, compare_with: Callable[[Collection[Row]], Comparison]
) -> None:
    """Check that nothing is missing or wrong.

    Raises AssertionError with the rows to paste: each says what the service does now, to be approved.

    :param compare_with: compares anew, with rows besides.
    """
    told = [*comparison.faults]
    if comparison.missing:
        rows = rows_to_paste(world.stage, compare_with, partial(_observe, world.stage))
        told.append(
            "No row says who may do this. What the service does now is below: paste the rows that are right"
            f" into a table in {FOLDER.name}/, and mend the service where they are not."
            f"\n{pasteable(rows, FOLDER, comparison.rows)}"
        )
    if told:
        raise AssertionError("\n".join([f"{comparison.counts}.", *told]))


def _observe(stage: Stage, who: str, route: Route) -> tuple[str, str, str]:
    """Ask the furnished shop, and return what it did, as a verdict, what that is called, and the request."""
    world = World(stage)
    permissions.furnish(world)
    request = permissions.request_for(world, route)
    try:
        operation = permissions.operation_for(world, request)
    except KeyError as error:
        return f"({error.args[0]})", "do something", request
    try:
        outcome = permissions.attempt(world, who, operation.action, request)
    except KeyError as error:
        return f"({error.args[0]})", operation.action, request
    words = {word: verdict for verdict, word in VERDICTS.items()}
    return words.get(outcome.word, f"({outcome.word}?)"), operation.action, request
