"""A feature as the rules see it: behave's model, its lines, and the scenarios that are to be judged."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from behave.model import Background, Examples, Feature, Rule, Scenario, ScenarioOutline, Table

PLACEHOLDER = re.compile(r"<([^<>]+)>")


class Finding(NamedTuple):
    """One broken rule and the line that breaks it."""

    line: int
    message: str


@dataclass(frozen=True)
class Source:
    """A feature that is to be judged.

    :ivar lines: of its file, as behave counts them.
    :ivar scenarios: all of the feature; of an outline its rows.
    :ivar chosen: those of them that are to run; others may be unfinished.
    """

    feature: Feature
    lines: Sequence[str]
    scenarios: Sequence[Scenario]
    chosen: Sequence[Scenario]

    @cached_property
    def nodes(self) -> list[Any]:
        """What `nodes_of` the feature gives."""
        return list(nodes_of(self.feature))

    @cached_property
    def written(self) -> list[Scenario]:
        """What is chosen, as it is written: an outline in the place of its rows."""
        return list({id(origin): origin for origin in map(origin_of, self.chosen)}.values())

    @property
    def outlines(self) -> Iterator[ScenarioOutline]:
        """The outlines of which a row is chosen."""
        return (each for each in self.written if isinstance(each, ScenarioOutline))

    @property
    def backgrounds(self) -> Iterator[Background]:
        """The Backgrounds of the feature and its rules."""
        return (each for each in self.nodes if isinstance(each, Background))

    def about_chosen(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the findings that are at the line of a chosen scenario."""
        lines = {scenario.line for scenario in self.chosen}
        return (finding for finding in findings if finding.line in lines)


def nodes_of(container: Feature | Rule) -> Iterator[Any]:
    """Yield all that has a title, but for Examples: feature, rules, backgrounds, scenarios, outlines."""
    yield container
    if container.background:
        yield container.background
    for item in container.run_items:
        yield from nodes_of(item) if isinstance(item, Rule) else [item]


def origin_of(scenario: Scenario) -> Scenario:
    """Return the outline of a row, or the scenario itself."""
    return scenario.parent if isinstance(scenario.parent, ScenarioOutline) else scenario


def examples_of(node: Any) -> Sequence[Examples]:
    """Return the Examples of an outline; none of anything else."""
    return node.examples if isinstance(node, ScenarioOutline) else ()


def steps_of(node: Any) -> Sequence[Any]:
    """Return the steps that stand under a title."""
    return getattr(node, "steps", ())


def tables_of(nodes: Iterable[Any]) -> Iterator[Table]:
    """Yield all tables, of Examples and of steps."""
    for node in nodes:
        yield from (each.table for each in examples_of(node) if each.table)
        yield from (step.table for step in steps_of(node) if step.table)


def rows_of(table: Table) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield line and cells of each row, the heading first."""
    yield table.line, table.headings
    yield from ((row.line, row.cells) for row in table.rows)


def texts_of(outline: ScenarioOutline) -> list[str]:
    """Return all texts in which behave puts the cells of a row, those of its Background among them."""
    texts = [outline.name, *map(str, outline.tags)]
    for step in (*outline.background_steps, *outline.steps):
        texts += [step.name, step.text or ""]
        if step.table is not None:
            texts += [cell for _, cells in rows_of(step.table) for cell in cells]
    return texts


def description_of(node: Any, lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield each line of free text under a title with its number; behave keeps only the texts."""
    line = node.line
    for text in filter(None, map(str.strip, node.description)):
        while line < len(lines) and lines[line].strip() != text:
            line += 1
        line += 1
        yield line, text
