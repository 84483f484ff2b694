"""The permission matrix against the service's own list of routes: complete, or red with the rows to paste.

A cell is a kind of person and a route (a rule and a method, never an endpoint's name alone). Every cell has
one row in some table of the features, or an exemption that gives its reason, or it is missing.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from behave.model import Feature, Scenario
from behave.model import Row as TableRow

from behave_flask.core import paths
from behave_flask.core.outcomes import MEANINGS
from behave_flask.core.routes import AmbiguousRequest, Route, resolve, routes_of
from behave_flask.model import feature_files
from behave_flask.model.results import ExampleId

__all__ = ["Comparison", "Exemption", "Legend", "Route", "Row", "routes_of", "rows_in", "table"]
HEADINGS = ("who", "verdict", "action", "request")


@dataclass(frozen=True)
class Legend:
    """How a service's matrix is shown.

    Example::

        Legend({"nobody": "a visitor"}, {"may": ("allowed", "may"), "may not": ("forbidden", "may not")})

    :param columns: the title of the column for each kind of person, in order; several may share one.
    :param verdicts: for each verdict of the tables, what it means and the few words that stand in a cell.
    """

    columns: Mapping[str, str]
    verdicts: Mapping[str, tuple[str, str]]

    @classmethod
    def of(cls, *people: str) -> "Legend":
        """Return the legend with the words of `behave_flask.steps.matrix`, and a column for each person.

        For example, `Legend.of("a visitor", "a member")`.

        :param people: the kinds of people, in the order of the columns.
        """
        with_a_verb = {word for word, _ in VERDICTS.values()}
        told = {told_verdict(word): (word, word) for word in MEANINGS if word not in with_a_verb}
        return cls({who: who for who in people}, {**VERDICTS, **told})


VERDICTS = {
    "may": ("allowed", "may"),
    "may not": ("forbidden", "may not"),
    "must sign in to": ("must sign in", "must sign in"),
    "finds nothing when trying to": ("does not exist", "finds nothing"),
    "is sent elsewhere when trying to": ("sent elsewhere", "sent elsewhere"),
}


def told_verdict(word: str) -> str:
    """Return the verdict for an outcome that has no verb of its own.

    For example, `told_verdict("invalid")` is 'is told “invalid” when trying to'.

    :param word: the outcome.
    """
    return f"is told “{word}” when trying to"


@dataclass(frozen=True)
class Row:
    """A row of the matrix, where it stands (`file.feature:line`), and which example it is, if written.

    It may be what was observed, and nobody has approved yet.
    """

    who: str
    verdict: str
    action: str
    request: str
    place: str = ""
    example: ExampleId | None = None
    is_approved: bool = True

    @property
    def title(self) -> str:
        """The title of its feature."""
        return self.example.feature if self.example else ""

    def flaws(self) -> Iterator[str]:
        """Yield what is wrong with its cells, whatever the service is."""
        for name in HEADINGS:
            if not getattr(self, name):
                yield f"“{name}” is empty"
        if self.request:
            try:
                Route.parse(self.request)
            except ValueError as error:
                yield str(error)


@dataclass(frozen=True)
class Exemption:
    """Cells that need no row: of one method or one request, for one person or everybody, for a reason."""

    request: str
    who: str
    reason: str

    @property
    def every(self) -> str:
        """The method of "HEAD of everything"; empty for one request."""
        method, every, _ = self.request.partition(" of everything")
        return method if every else ""

    def covers(self, who: str, route: Route) -> bool:
        """Return whether this cell is exempt, where no two rules fit the request."""
        same = route.method == self.every if self.every else Route.parse(self.request).fits(route)
        return same and self.who in ("everybody", who)


def rows_in(folder: Path) -> list[Row]:
    """Return the rows of every table with the matrix's headings in the features of a folder.

    :param folder: that of the features, without those in folders below.
    """
    return read(folder)[0]


def read(folder: Path) -> tuple[list[Row], list[str]]:
    """Return the same, and where in the folder a table or a row cannot be one of the matrix, and why.

    :param folder: as for `rows_in`.
    """
    rows, flaws = list[Row](), list[str]()
    files = (file for file in feature_files.find(folder) if file.parent == folder)
    for file, feature in feature_files.parse_all(files):
        if not isinstance(feature, Feature):
            continue
        for outline, examples in feature_files.tables_of(feature):
            table = examples and examples.table
            if not table:
                continue
            missing = [name for name in HEADINGS if name not in table.headings]
            if not missing:
                is_approved = feature_files.is_approved(outline, examples)
                rows += [_row(outline, row, f"{file.name}:{row.line}", is_approved) for row in table.rows]
            elif len(missing) == 1:
                reason = f"the table has no column “{missing[0]}”, and the others of the matrix"
                flaws.append(f"{paths.shown(file)}:{table.line}: {reason}")
    where = paths.shown(folder)
    return rows, [*flaws, *(f"{where}/{row.place}: {flaw}" for row in rows for flaw in row.flaws())]


def _row(outline: Scenario, cells: TableRow, place: str, is_approved: bool) -> Row:
    who, verdict, action, request = (cells[name] for name in HEADINGS)
    return Row(who, verdict, action, request, place, ExampleId.of(outline, cells), is_approved)


@dataclass
class Comparison:
    """The rows, the exemptions and the service's routes, side by side.

    `needs` says which kinds of person a route needs a row for.
    """

    routes: Collection[Route]
    rows: Collection[Row]
    exemptions: Collection[Exemption]
    needs: Callable[[Route], Iterable[str]]

    @cached_property
    def cells(self) -> list[tuple[str, Route]]:
        """Every kind of person with every route that needs a row for it, exempt or not."""
        return [(who, route) for route in self.routes for who in self.needs(route)]

    @cached_property
    def exempt(self) -> list[tuple[str, Route]]:
        """The cells that need no row."""
        return [cell for cell in self.cells if any(self._covers(each, *cell) for each in self.exemptions)]

    @cached_property
    def missing(self) -> list[tuple[str, Route]]:
        """The cells that have neither a row nor an exemption."""
        done = {*self._written, *self.exempt}
        return [cell for cell in self.cells if cell not in done]

    @property
    def faults(self) -> list[str]:
        """What is wrong beside missing rows.

        Rows without a route, or that may mean several, rows written twice, exemptions that exempt nothing.
        """
        unknown = [
            f"{row.place}: {self._unknown[row.request]}" for row in self.rows if row.request in self._unknown
        ]
        times = Counter(self._written)
        twice = [
            f"{row.place}: {row.who} and {row.request} stand in {times[cell]} rows"
            for row in self.rows
            if (cell := self._cell(row)) and times[cell] > 1
        ]
        return [*unknown, *twice, *(fault for each in self.exemptions for fault in self._faults_of(each))]

    def _faults_of(self, exemption: Exemption) -> Iterator[str]:
        error = self._unknown.get(exemption.request)
        if isinstance(error, AmbiguousRequest):
            yield f"the exemption of {error}"
        elif not any(self._covers(exemption, *cell) for cell in self.cells):
            yield f"the exemption of {exemption.request} for {exemption.who} exempts nothing"
        if not exemption.reason.strip():
            yield f"the exemption of {exemption.request} gives no reason"

    def _covers(self, exemption: Exemption, who: str, route: Route) -> bool:
        same = exemption.every or self._known.get(exemption.request) == route
        return bool(same) and exemption.covers(who, route)

    @cached_property
    def _written(self) -> list[tuple[str, Route]]:
        return [cell for row in self.rows if (cell := self._cell(row))]

    def _cell(self, row: Row) -> tuple[str, Route] | None:
        route = self._known.get(row.request)
        return (row.who, route) if route else None

    @property
    def _known(self) -> dict[str, Route]:
        return self._resolved[0]

    @property
    def _unknown(self) -> dict[str, LookupError]:
        return self._resolved[1]

    @cached_property
    def _resolved(self) -> tuple[dict[str, Route], dict[str, LookupError]]:
        single = [exemption.request for exemption in self.exemptions if not exemption.every]
        return resolve([*(row.request for row in self.rows), *single], self.routes)

    @property
    def counts(self) -> str:
        """How much was seen."""
        return (
            f"{len(self.routes)} routes, {len(self.cells)} cells, {len(self.rows)} rows,"
            f" {len(self.exempt)} cells exempt by {len(self.exemptions)} exemptions"
        )


def table(rows: Iterable[tuple[str, str, str, str]], indent: str = " " * 8) -> str:
    """Return rows as an Examples table, ready to paste.

    :param rows: who, verdict, action and request of each.
    :param indent: what each line begins with.
    """
    lines = [HEADINGS, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return "\n".join(
        f"{indent}| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    )
