"""Rules against scenarios that cannot fail: the linter knows them, and a run that breaks one is refused.

A rule is a function that finds what breaks it in the feature of a file.
"""

from collections.abc import Callable, Hashable, Iterator

from behave.model import Scenario, ScenarioOutline

from behave_flask.core.stage import FURNISH_ONCE
from behave_flask.lint.misspelt_keywords import Description
from behave_flask.lint.source import (
    PLACEHOLDER,
    Finding,
    Source,
    description_of,
    examples_of,
    origin_of,
    rows_of,
    tables_of,
    texts_of,
)
from behave_flask.model import expected_failures


def misspelt_keywords(source: Source) -> Iterator[Finding]:
    """Find free text that was meant as a keyword: Gherkin reads it as description and runs nothing."""
    for node in source.nodes:
        lines = list(description_of(node, source.lines))
        for line, text, keyword in Description(node.type, source.feature.language, lines).misspelled():
            yield Finding(line, f"“{text}” is read as description; was “{keyword}” meant?")


def missing_scenarios(source: Source) -> Iterator[Finding]:
    """Find a feature that runs nothing."""
    if not any(isinstance(node, Scenario) for node in source.nodes):
        yield Finding(source.feature.line, "the feature has no scenario")


def missing_rows(source: Source) -> Iterator[Finding]:
    """Find outlines and Examples that run nothing."""
    for node in source.nodes:
        empty = [each for each in examples_of(node) if not (each.table and each.table.rows)]
        if isinstance(node, ScenarioOutline) and len(empty) == len(node.examples):
            yield Finding(node.line, "the outline has no row of Examples, so it runs nothing")
        else:
            yield from (Finding(each.line, "the Examples have no row, so they run nothing") for each in empty)


def missing_then(source: Source) -> Iterator[Finding]:
    """Find scenarios that run nothing, or look at nothing."""
    for scenario in source.written:
        if not scenario.steps:
            yield Finding(scenario.line, "the scenario has no step, so it runs nothing")
        elif "then" not in {step.step_type for step in scenario.steps}:
            yield Finding(scenario.line, "the scenario has no Then, so it checks nothing")


def duplicate_titles(source: Source) -> Iterator[Finding]:
    """Find scenarios with a title that an earlier one has, so that reports take one for the other."""
    first: dict[str, int] = {}
    found = []
    for scenario in source.scenarios:
        title = " ".join(scenario.name.split())
        if title and title in first:
            is_row = origin_of(scenario) is not scenario
            cure = ": name more columns in the outline's title" if is_row else ""
            found.append(Finding(scenario.line, f"the title “{title}” is taken by line {first[title]}{cure}"))
        first.setdefault(title, scenario.line)
    yield from source.about_chosen(found)


def duplicate_rows(source: Source) -> Iterator[Finding]:
    """Find rows that an earlier one of the same outline is equal to."""
    found = []
    for outline in source.outlines:
        first: dict[Hashable, int] = {}
        for table in filter(None, (each.table for each in outline.examples)):
            for row in table.rows:
                key = frozenset(zip(table.headings, row.cells, strict=True))
                if key in first:
                    found.append(Finding(row.line, f"the row stands already at line {first[key]}"))
                first.setdefault(key, row.line)
    yield from source.about_chosen(found)


def unused_columns(source: Source) -> Iterator[Finding]:
    """Find columns of Examples that no title, step or tag names, so that their cells change nothing."""
    for outline in source.outlines:
        texts = texts_of(outline)
        for examples in outline.examples:
            if examples.table:
                named = _names([*texts, *map(str, examples.tags)])
                for name in sorted(set(examples.table.headings) - named):
                    yield Finding(examples.table.line, f"no step or title uses the column “{name}”")


def _names(texts: list[str]) -> set[str]:
    return {name for text in texts for name in PLACEHOLDER.findall(text)}


def unclosed_rows(source: Source) -> Iterator[Finding]:
    """Find rows of tables without their last bar: behave takes the last letter of a cell for it."""
    for table in tables_of([*source.backgrounds, *source.written]):
        for line, _ in rows_of(table):
            if not source.lines[line - 1].rstrip().endswith("|"):
                yield Finding(line, "the row does not end with “|”, so that its last cell is not read")


def nothing_to_furnish(source: Source) -> Iterator[Finding]:
    """Find what is tagged to be furnished once, and has no Background."""
    for scenario in source.scenarios:
        if FURNISH_ONCE in scenario.effective_tags and not scenario.background_steps:
            yield Finding(scenario.line, f"it is tagged @{FURNISH_ONCE} and has no Background that could be")
            return


def unexplained_failures(source: Source) -> Iterator[Finding]:
    """Find scenarios that are expected to fail, without a reason, an issue, or the tag that says so."""
    for scenario in source.chosen:
        tagged = expected_failures.TAG in scenario.effective_tags
        if tagged and not (expected_failures.reason(scenario) and expected_failures.issue(scenario)):
            yield Finding(
                scenario.line,
                f"@{expected_failures.TAG} needs a reason and an issue: {expected_failures.HOW}",
            )
        elif not tagged and expected_failures.is_idle(scenario):
            yield Finding(scenario.line, f"is expected to fail, and has no tag @{expected_failures.TAG}")
        if wrong := _wrong_day(scenario, tagged=tagged):
            yield Finding(scenario.line, wrong)


def _wrong_day(scenario: Scenario, *, tagged: bool) -> str:
    """Say what is wrong with the day until which a scenario may fail; nothing if nothing is."""
    day = f"@{expected_failures.UNTIL}2027-01-31"
    try:
        last = expected_failures.until(scenario)
    except ValueError as error:
        return f"{day} names a day so: {error}"
    return f"{day} and the like say nothing without @{expected_failures.TAG}" if last and not tagged else ""


RULES: tuple[Callable[[Source], Iterator[Finding]], ...] = (
    misspelt_keywords,
    missing_scenarios,
    missing_rows,
    missing_then,
    duplicate_titles,
    duplicate_rows,
    unused_columns,
    unclosed_rows,
    unexplained_failures,
    nothing_to_furnish,
)


def findings(source: Source) -> set[Finding]:
    """Return all that breaks one of these rules."""
    return {finding for rule in RULES for finding in rule(source)}
