"""The rows that a permission matrix lacks, as the service answers now, for whoever approves them to paste."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from behave_flask.core.routes import Route
from behave_flask.core.stage import KeepsData, Stage
from behave_flask.permissions.matrix import Comparison, Row, table


@contextmanager
def scenario_of_its_own(stage: Stage) -> Iterator[None]:
    """Give the block a clean service, and the scenario around it another one afterwards.

    What the scenario around it had made is gone, also what a Background has left for all, and what the block
    left unverified does not count.
    """
    stage.end_scenario()
    if isinstance(stage, KeepsData):
        stage.forget()
    stage.begin_scenario()
    try:
        yield
    finally:
        stage.end_scenario()
        stage.begin_scenario()


def rows_to_paste(
    stage: Stage,
    compare: Callable[[Collection[Row]], Comparison],
    observe: Callable[[str, Route], tuple[str, str, str]],
) -> list[Row]:
    """Observe every cell that has no row, each in a scenario of its own, and return the rows in their order.

    :param compare: holds the tables, with these rows besides, against the service. It is called again with
        what was observed, as that may show that more people need a row.
    :param observe: lets somebody ask for a route in a clean service, and returns the verdict, the action and
        the request; `request_of` gives one that is not ambiguous.
    """
    observed: dict[tuple[str, Route], Row] = {}
    comparison = compare([])
    while missing := [cell for cell in comparison.missing if cell not in observed]:
        for who, route in missing:
            with scenario_of_its_own(stage):
                observed[who, route] = Row(who, *observe(who, route))
        comparison = compare(list(observed.values()))
    return [observed[cell] for cell in comparison.cells if cell in observed]


def pasteable(rows: Collection[Row], folder: Path, written: Collection[Row]) -> str:
    """Lay rows out as a table, indented as most of those that are `written` in the features of a folder."""
    indents = Counter(_indent(folder, row.place) for row in written)
    indent = indents.most_common(1)[0][0] if indents else " " * 8
    return table(((row.who, row.verdict, row.action, row.request) for row in rows), indent)


def _indent(folder: Path, place: str) -> str:
    file, _, number = place.rpartition(":")
    line = (folder / file).read_text(encoding="utf-8-sig").splitlines()[int(number) - 1]
    return line[: len(line) - len(line.lstrip())]
