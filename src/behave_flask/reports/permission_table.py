"""The permission matrix of a run as a picture: people across, operations down, one self-contained page.

What a cell promises is written in words; colour says it a second time. A promise that did not hold stands
out, one that the run did not look at is pale.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from behave_flask.core import clock, paths
from behave_flask.core.errors import UsageError, nearest
from behave_flask.model.results import HOLDS, UNCHECKED, ExampleId, Result
from behave_flask.model.results import IS_BROKEN as BROKEN
from behave_flask.permissions import matrix
from behave_flask.permissions.matrix import Legend, Row

__all__ = ["BROKEN", "HOLDS", "UNCHECKED", "Cell", "Grid", "Legend", "caption", "draw", "write"]

Line = tuple[str, str, dict[str, "Cell"]]  # an action, its request, its cells by column


@dataclass(frozen=True)
class Cell:
    """What one kind of person is promised about one operation, and whether it held."""

    who: str
    means: str
    words: str
    state: str
    is_approved: bool = True


@dataclass(frozen=True)
class Grid:
    """The matrix of a run, ready to be shown: its columns, and its lines under the title of their feature."""

    legend: Legend
    columns: list[str]
    groups: list[tuple[str, list[Line]]]

    @property
    def cells(self) -> Iterator[Cell]:
        """All cells, line by line."""
        return (cell for _, lines in self.groups for *_, cells in lines for cell in cells.values())

    @property
    def counts(self) -> Counter[str]:
        """How many cells are in each state."""
        return Counter(cell.state for cell in self.cells)

    @property
    def unapproved(self) -> int:
        """How many cells are what was observed, and nobody has approved yet."""
        return sum(not cell.is_approved for cell in self.cells)

    @property
    def key(self) -> list[tuple[str, str]]:
        """What the verdicts mean that occur, and their words, in the order of the legend."""
        used = {cell.words for cell in self.cells}
        return [(means, words) for means, words in self.legend.verdicts.values() if words in used]


def draw(rows: Iterable[Row], results: Mapping[ExampleId, Result], legend: Legend) -> Grid:
    """Put rows and what became of them together.

    :param results: of the examples that were to run; a row without is unchecked.
    :raises KeyError: for a person or a verdict that the legend does not know.
    """
    groups = [
        (title, _lines(list(group), results, legend)) for title, group in groupby(rows, lambda row: row.title)
    ]
    return Grid(legend, list(dict.fromkeys(legend.columns.values())), groups)


def rows_of(folder: Path, legend: Legend) -> list[Row]:
    """Return the rows of the matrix.

    :param folder: the features that hold it.
    :raises UsageError: that names each row with a person or a verdict that the legend does not know, and what
        else is no row or table of a matrix, with file and line.
    """
    rows, flaws = matrix.read(folder)
    for row in rows:
        for name, word, known in (
            ("person", row.who, legend.columns),
            ("verdict", row.verdict, legend.verdicts),
        ):
            if word and word not in known:
                reason = (
                    f"the matrix knows no {name} “{word}”; it knows {', '.join(known)}.{nearest(word, known)}"
                )
                flaws.append(f"{paths.shown(folder)}/{row.place}: {reason}")
    if flaws:
        raise UsageError("\n".join(["The permission matrix cannot be read, so nothing has run.", *flaws]))
    return rows


def write(file: Path, grid: Grid, caption: str) -> None:
    """Write the page that shows the matrix alone.

    :param caption: when and on which stage it ran.
    """
    environment = Environment(
        loader=PackageLoader("behave_flask.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    page = environment.get_template("grid.html").render(grid=grid, caption=caption)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page, encoding="utf-8")


def caption(stage: str) -> str:
    """Return when and on which stage a run that ends now was made."""
    return f"{clock.now():%d %B %Y, %H:%M}, on the stage {stage}"


def _lines(rows: list[Row], results: Mapping[ExampleId, Result], legend: Legend) -> list[Line]:
    """Return a line for each operation: its action, its request, its cells by column."""
    lines: dict[tuple[str, str], dict[str, Cell]] = {}
    for row in rows:
        means, words = legend.verdicts[row.verdict]
        result = row.example and results.get(row.example)
        cell = Cell(row.who, means, words, result.promise if result else UNCHECKED, row.is_approved)
        lines.setdefault((row.action, row.request), {})[legend.columns[row.who]] = cell
    return [(action, request, cells) for (action, request), cells in lines.items()]
