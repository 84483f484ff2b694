"""The permission matrix against the service's own list of routes: complete, or red with the rows to paste.

A cell is a kind of person and a route (a rule and a method, never an endpoint's name alone). Every cell has
one row in some table of the features, or an exemption that gives its reason, or it is missing.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from behave.model import Feature, Rule, ScenarioOutline, Table
from behave.model import Row as TableRow
from flask import Flask
from werkzeug.routing import Rule as URLRule

from features.harness import feature_files, paths

HEADINGS = ("who", "verdict", "action", "request")
_PARAMETER = re.compile(r"<(?:[^<>]*:)?(\w+)>")  # a converter and its arguments, then the name
_NAME = re.compile(r"\{\w*\}")


@dataclass(frozen=True, order=True)
class Route:
    """One thing that the service answers to: a method, and a path with names in braces for what varies."""

    path: str
    method: str

    @classmethod
    def parse(cls, request: str) -> "Route":
        """Read "DELETE /api/users/{id}". Raises ValueError for anything else."""
        method, _, path = request.partition(" ")
        if not (method.isupper() and path.startswith("/")):
            raise ValueError(
                f"{request!r} is no request: write a method and a path, as in DELETE /things/{{id}}."
            )
        return cls(path, method)

    @classmethod
    def of(cls, rule: URLRule, method: str) -> "Route":
        """Take a rule of the service's own list, and one of its methods."""
        return cls(_PARAMETER.sub(r"{\1}", rule.rule), method)

    @property
    def key(self) -> tuple[str, str]:
        """What makes two routes the same: names in braces do not matter."""
        return self.method, _NAME.sub("{}", self.path)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Row:
    """A row of the matrix, the title of its feature, and where it stands (`file.feature:line`)."""

    who: str
    verdict: str
    action: str
    request: str
    title: str
    place: str

    def flaws(self) -> Iterator[str]:
        """Give what is wrong with its cells, whatever the service is."""
        for name in HEADINGS:
            if not getattr(self, name):
                yield f"“{name}” is empty"
        if self.request:
            try:
                Route.parse(self.request)
            except ValueError as error:
                yield str(error)

    @property
    def cell(self) -> tuple[str, tuple[str, str]]:
        """The person and the route."""
        return self.who, Route.parse(self.request).key


@dataclass(frozen=True)
class Exemption:
    """Cells that need no row: of one method or one request, for one person or everybody, for a reason."""

    request: str
    who: str
    reason: str

    def covers(self, who: str, route: Route) -> bool:
        """Tell whether this cell is exempt. "HEAD of everything" is every route of that method."""
        method, every, _ = self.request.partition(" of everything")
        same = route.method == method if every else Route.parse(self.request).key == route.key
        return same and self.who in ("everybody", who)


def routes_of(app: Flask) -> list[Route]:
    """Return every route of the service: each rule with each of its methods, HEAD and OPTIONS too.

    Raises AssertionError if there is none, or if a view has no route: then the list could not be trusted.
    """
    rules = list(app.url_map.iter_rules())
    if unseen := set(app.view_functions) - {rule.endpoint for rule in rules}:
        raise AssertionError(f"These views have no route, so nobody can say who may ask them: {unseen}.")
    found = {Route.of(rule, method) for rule in rules for method in rule.methods or ()}
    if not found:
        raise AssertionError("The service has no routes at all: the list of routes was not taken from it.")
    return sorted(found)


def rows_in(folder: Path) -> list[Row]:
    """Return the rows of every table with the matrix's headings in the features of a folder."""
    return read(folder)[0]


def read(folder: Path) -> tuple[list[Row], list[str]]:
    """Return the same, and where in the folder a table or a row cannot be one of the matrix, and why."""
    rows, flaws = list[Row](), list[str]()
    files = (file for file in feature_files.find(folder) if file.parent == folder)
    for file, feature in feature_files.parse_all(files):
        if not isinstance(feature, Feature):
            continue
        for table in _tables(feature):
            missing = [name for name in HEADINGS if name not in table.headings]
            if not missing:
                rows += [_row(row, feature.name, f"{file.name}:{row.line}") for row in table.rows]
            elif len(missing) == 1:
                told = f"the table has no column “{missing[0]}”, and the others of the matrix"
                flaws.append(f"{paths.shown(file)}:{table.line}: {told}")
    where = paths.shown(folder)
    return rows, [*flaws, *(f"{where}/{row.place}: {flaw}" for row in rows for flaw in row.flaws())]


def _tables(feature: Feature) -> Iterator[Table]:
    for outline in _outlines(feature):
        yield from (examples.table for examples in outline.examples if examples.table)


def _outlines(container: Feature | Rule) -> Iterator[ScenarioOutline]:
    """Give the outlines as they are written; behave's own walk would make a scenario of each row."""
    for item in container.run_items:
        if isinstance(item, Rule):
            yield from _outlines(item)
        elif isinstance(item, ScenarioOutline):
            yield item


def _row(cells: TableRow, title: str, place: str) -> Row:
    return Row(cells["who"], cells["verdict"], cells["action"], cells["request"], title, place)


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
        return [cell for cell in self.cells if any(exemption.covers(*cell) for exemption in self.exemptions)]

    @cached_property
    def missing(self) -> list[tuple[str, Route]]:
        """The cells that have neither a row nor an exemption."""
        written = {row.cell for row in self.rows}
        exempt = set(self.exempt)
        return [cell for cell in self.cells if (cell[0], cell[1].key) not in written and cell not in exempt]

    @property
    def faults(self) -> list[str]:
        """What is wrong beside missing rows: rows without a route, rows written twice, idle exemptions."""
        known = {route.key for route in self.routes}
        times = Counter(row.cell for row in self.rows)
        gone = [
            f"{row.place}: there is no {row.request} any more"
            for row in self.rows
            if row.cell[1] not in known
        ]
        twice = [
            f"{row.place}: {row.who} and {row.request} stand in {times[row.cell]} rows"
            for row in self.rows
            if times[row.cell] > 1
        ]
        idle = [
            f"the exemption of {exemption.request} for {exemption.who} exempts nothing"
            for exemption in self.exemptions
            if not any(exemption.covers(*cell) for cell in self.cells)
        ]
        unreasoned = [
            f"the exemption of {exemption.request} gives no reason"
            for exemption in self.exemptions
            if not exemption.reason.strip()
        ]
        return gone + twice + idle + unreasoned

    @property
    def counts(self) -> str:
        """How much was seen."""
        return (
            f"{len(self.routes)} routes, {len(self.cells)} cells, {len(self.rows)} rows,"
            f" {len(self.exempt)} cells exempt by {len(self.exemptions)} exemptions"
        )


def table(rows: Iterable[tuple[str, str, str, str]]) -> str:
    """Lay rows out as an Examples table, ready to paste."""
    lines = [HEADINGS, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return "\n".join(
        "        | " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    )
