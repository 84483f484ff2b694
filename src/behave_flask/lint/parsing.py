"""Features as gherkin-official reads them: the parts that the linter looks at, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from behave_flask.core.extras import requires_extra
from behave_flask.lint.checks import Finding, steps_in_description
from behave_flask.lint.misspelt_keywords import ENGLISH

if TYPE_CHECKING:
    from gherkin.parser_types import Examples, Feature, Scenario, Step, TableRow


def parse(text: str, language: str | None) -> tuple[Feature | None, list[Finding]]:
    """Return the feature of a text, or what is the matter with it.

    :param language: of a feature that does not name its own.
    """
    with requires_extra("lint"):
        from gherkin.errors import CompositeParserException
        from gherkin.parser import Parser
        from gherkin.token_matcher import TokenMatcher

    try:
        feature = Parser().parse(text, TokenMatcher(language or ENGLISH)).get("feature")
    except CompositeParserException as error:
        return None, [_parse_error(each) for each in error.errors]
    return feature, [] if feature else [Finding(1, "holds no Feature")]


def _parse_error(error: Any) -> Finding:
    message = re.sub(r"^\(\d+:\d+\): ", "", str(error))
    return Finding(error.location["line"], f"cannot be parsed: {message}")


def scenarios_of(feature: Feature) -> Iterator[tuple[Scenario, list[Step]]]:
    """Each scenario with the background steps that run before it."""
    yield from _scenarios_in(feature["children"], [])


def _scenarios_in(children: Iterable[Any], inherited: list[Step]) -> Iterator[tuple[Scenario, list[Step]]]:
    background = list(inherited)
    for child in children:
        if "background" in child:
            background += child["background"]["steps"]
        elif "rule" in child:
            yield from _scenarios_in(child["rule"]["children"], background)
        else:
            yield child["scenario"], background


def nodes_of(feature: Feature) -> Iterator[tuple[str, Any]]:
    """Everything that has a title, with its kind: feature, rule, background, scenario, examples."""
    yield "feature", feature
    yield from _nodes_in(feature["children"])


def _nodes_in(children: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    for child in children:
        ((kind, node),) = child.items()
        yield kind, node
        if kind == "rule":
            yield from _nodes_in(node["children"])
        for table in node.get("examples", ()):
            yield "examples", table


def tables_of(feature: Feature) -> Iterator[list[TableRow]]:
    """Give all tables, of Examples and of steps, each with its heading first."""
    for kind, node in nodes_of(feature):
        if kind == "examples" and node.get("tableHeader"):
            yield [node["tableHeader"], *node["tableBody"]]
        for step in node.get("steps", ()):
            if "dataTable" in step:
                yield step["dataTable"]["rows"]


def cells_of(row: TableRow) -> list[str]:
    """Return the texts of a row."""
    return [cell["value"] for cell in row["cells"]]


def rows_of(table: Examples) -> Iterator[tuple[int, dict[str, str]]]:
    """Give the rows of Examples with their lines, as text by heading."""
    header = table.get("tableHeader")
    for row in table["tableBody"] if header else ():
        yield row["location"]["line"], dict(zip(cells_of(header), cells_of(row), strict=True))


def description_of(node: Any, lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines of free text under a title."""
    return steps_in_description(node["location"]["line"], node["description"].split("\n"), lines)
