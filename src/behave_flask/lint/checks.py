"""Features that would be green without proving anything, and what a run has left out.

The rules are written over lines and texts, so that the linter, which reads features with another parser,
shares them.
"""

import os
import re
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from behave.model import Feature, Rule, Scenario, ScenarioOutline, Status
from behave.model_type import FileLocation

from behave_flask.core.errors import UsageError
from behave_flask.lint import attempts
from behave_flask.lint.misspelt_keywords import Description
from behave_flask.model import expected_failures

PLACEHOLDER = re.compile(r"<([^<>]+)>")


class Finding(NamedTuple):
    """One broken rule and the line that breaks it."""

    line: int
    message: str


def refuse(
    features: Sequence[Feature], chosen: Sequence[Scenario], asked: Iterable[FileLocation], in_ci: bool
) -> None:
    """Raise UsageError that names, with file and line, all that would be green without proving anything.

    :param chosen: the scenarios that are to run; others of their features may be unfinished.
    :param asked: the files that are to be read.
    :param in_ci: nothing may be unfinished.
    """
    found = [f"{_shown(place.filename)}:1: holds no Feature" for place in _empty(features, asked)]
    chosen_of: dict[str, list[Scenario]] = {feature.filename: [] for feature in features}
    for each in chosen:
        chosen_of[each.filename].append(each)
    for feature in features:
        own = chosen_of[feature.filename]
        lines = Path(feature.filename).read_text(encoding="utf-8").split("\n")
        findings = {*_of(feature, own, lines), *(unfinished(own) if in_ci else ())}
        findings |= {Finding(*each) for each in attempts.unjudged(own)}
        found += [
            f"{_shown(feature.filename)}:{finding.line}: {finding.message}" for finding in sorted(findings)
        ]
    if found:
        raise UsageError("\n".join(["Refused to run: these scenarios cannot fail.", *found]))


def in_ci() -> bool:
    """Tell whether this is a run of CI, by the variable that its services set: `CI=true`."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def unfinished(scenarios: Iterable[Scenario]) -> Iterator[Finding]:
    """Find scenarios that somebody is still at work on."""
    for scenario in scenarios:
        if "wip" in scenario.effective_tags:
            yield Finding(scenario.line, "is unfinished (@wip), which CI does not accept")


def skip_unsupported(scenario: Scenario, reason: str) -> None:
    """Skip a scenario that cannot be played where this run plays, which is no fault of the run."""
    scenario.skip(reason)
    scenario.left_out = True


def nothing_played(chosen: Sequence[Scenario]) -> list[str]:
    """Say so if all that were to run were left out."""
    if not chosen or not all(getattr(each, "left_out", False) for each in chosen):
        return []
    reasons = sorted({str(each.skip_reason) for each in chosen})
    return [f"Nothing was played, so green would prove nothing: {'; '.join(reasons)}."]


def report_skipped(chosen: Iterable[Scenario]) -> list[str]:
    """Name the scenarios that were to run and were skipped, with the reason that was given.

    But for those that cannot be played where the run plays: the run tells of them by itself.
    """
    return [
        f"{each.location} was skipped, which CI does not accept: {each.skip_reason or 'no reason was given.'}"
        for each in chosen
        if each.status == Status.skipped and not getattr(each, "left_out", False)
    ]


def unused(definitions: Mapping[str, Sequence[Any]], features: Iterable[Feature]) -> list[str]:
    """Name the step definitions that no step of the features uses.

    :param definitions: behave's matchers by kind: given, when, then, step.
    """
    waiting = {id(matcher): matcher for matchers in definitions.values() for matcher in matchers}
    steps = ((step.step_type, step.name) for each in _varied(features) for step in each.all_steps)
    known: set[tuple[str, str]] = set()
    for kind, text in steps:
        if not waiting:
            break
        if (kind, text) not in known:
            known.add((kind, text))
            candidates = (*definitions[kind], *definitions["step"])
            waiting.pop(id(next((each for each in candidates if each.match(text)), None)), None)
    left = sorted(waiting.values(), key=lambda each: (each.location.filename, each.location.line))
    return [f"{each.location}: no feature uses the step “{each.pattern}”." for each in left]


def _varied(features: Iterable[Feature]) -> Iterator[Scenario]:
    """Give all scenarios, a single row of each outline first: the others mostly have the same steps."""
    begun, others = set(), []
    for scenario in (each for feature in features for each in feature.walk_scenarios()):
        origin = id(_origin(scenario))
        if origin in begun:
            others.append(scenario)
        else:
            begun.add(origin)
            yield scenario
    yield from others


# ---- rules on lines and texts


def steps_in_description(line: int, texts: Iterable[str], lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Give each line of free text under a title with its number; parsers keep only the texts.

    :param line: the number of the title's line.
    :param lines: the whole file.
    """
    for text in filter(None, map(str.strip, texts)):
        while line < len(lines) and lines[line].strip() != text:
            line += 1
        line += 1
        yield line, text


def misspelt_keywords_in(kind: str, language: str, told: Iterable[tuple[int, str]]) -> Iterator[Finding]:
    """Find free text that was meant as a keyword: Gherkin reads it as description and runs nothing.

    :param kind: what it stands under: "feature", "rule", or another.
    :param language: the feature's, as behave calls it.
    """
    for line, text, keyword in Description(kind, language, list(told)).misspelled():
        yield Finding(line, f"“{text}” is read as description; was “{keyword}” meant?")


def duplicate_titles(titles: Iterable[tuple[int, str, bool]]) -> Iterator[Finding]:
    """Find titles, as reports show them, that an earlier one has: (line, title, is it a row?)."""
    first: dict[str, int] = {}
    for line, title, is_row in titles:
        if title and title in first:
            remedy = ": name more columns in the outline's title" if is_row else ""
            yield Finding(line, f"the title “{title}” is taken by line {first[title]}{remedy}")
        first.setdefault(title, line)


def duplicate_rows(rows: Iterable[tuple[int, Mapping[str, str]]]) -> Iterator[Finding]:
    """Find rows of one outline's Examples that an earlier one is equal to."""
    first: dict[Hashable, int] = {}
    for line, row in rows:
        key = frozenset(row.items())
        if key in first:
            yield Finding(line, f"the row stands already at line {first[key]}")
        first.setdefault(key, line)


def unused_columns(line: int, columns: Iterable[str], texts: Iterable[str]) -> Iterator[Finding]:
    """Find columns of Examples that no title or step names, so that their cells change nothing."""
    used = {name for text in texts for name in PLACEHOLDER.findall(text)}
    for name in sorted(set(columns) - used):
        yield Finding(line, f"no step or title uses the column “{name}”")


def missing_then(line: int, steps: Collection[Any], has_then: bool) -> Iterator[Finding]:
    """Find a scenario that runs nothing, or looks at nothing."""
    if not steps:
        yield Finding(line, "the scenario has no step, so it runs nothing")
    elif not has_then:
        yield Finding(line, "the scenario has no Then, so it checks nothing")


# ---- behave's model


def _empty(features: Iterable[Feature], asked: Iterable[FileLocation]) -> list[FileLocation]:
    loaded = {Path(feature.filename).resolve() for feature in features}
    return [place for place in asked if Path(place.filename).resolve() not in loaded]


def _shown(filename: str) -> str:
    return os.path.relpath(filename)


def _of(feature: Feature, chosen: Sequence[Scenario], lines: Sequence[str]) -> Iterator[Finding]:
    nodes = list(_nodes(feature))
    for node in nodes:
        told = steps_in_description(node.line, node.description, lines)
        yield from misspelt_keywords_in(node.type, feature.language, told)
        if isinstance(node, ScenarioOutline) and not node.scenarios:
            yield Finding(node.line, "the outline has no row of Examples, so it runs nothing")
    yield from _about(chosen, duplicate_titles(map(_titled, feature.walk_scenarios())))
    for outline in nodes:
        if isinstance(outline, ScenarioOutline) and any(each.parent is outline for each in chosen):
            yield from _about(chosen, duplicate_rows(_rows(outline)))
            yield from _headings(outline)
    for written in {id(origin): origin for origin in map(_origin, chosen)}.values():
        kinds = {step.step_type for step in written.steps}
        yield from missing_then(written.line, written.steps, "then" in kinds)
    yield from _unexplained(chosen)
    if not feature.walk_scenarios():
        yield Finding(feature.line, "the feature has no scenario")


def _unexplained(scenarios: Iterable[Scenario]) -> Iterator[Finding]:
    for scenario in scenarios:
        tagged = expected_failures.TAG in scenario.effective_tags
        if tagged and not (expected_failures.reason(scenario) and expected_failures.issue(scenario)):
            yield Finding(
                scenario.line,
                f"@{expected_failures.TAG} needs a reason and an issue: {expected_failures.HOW}",
            )
        elif not tagged and expected_failures.is_idle(scenario):
            yield Finding(scenario.line, f"is expected to fail, and has no tag @{expected_failures.TAG}")


def _about(chosen: Iterable[Scenario], findings: Iterable[Finding]) -> Iterator[Finding]:
    lines = {scenario.line for scenario in chosen}
    return (finding for finding in findings if finding.line in lines)


def _nodes(container: Feature | Rule) -> Iterator[Any]:
    yield container
    if container.background:
        yield container.background
    for item in container.run_items:
        yield from _nodes(item) if isinstance(item, Rule) else [item]


def _titled(scenario: Scenario) -> tuple[int, str, bool]:
    return scenario.line, " ".join(scenario.name.split()), _origin(scenario) is not scenario


def _origin(scenario: Scenario) -> Scenario:
    """Return the outline of a row, or the scenario itself."""
    return scenario.parent if isinstance(scenario.parent, ScenarioOutline) else scenario


def _rows(outline: ScenarioOutline) -> Iterator[tuple[int, Mapping[str, str]]]:
    for examples in outline.examples:
        yield from ((row.line, row.as_dict()) for row in (examples.table.rows if examples.table else ()))


def _headings(outline: ScenarioOutline) -> Iterator[Finding]:
    texts = [outline.name, *map(str, outline.tags)]
    for step in (*outline.background_steps, *outline.steps):
        texts += [step.name, step.text or ""]
        if step.table is not None:
            texts += [*step.table.headings, *(cell for row in step.table.rows for cell in row.cells)]
    for examples in outline.examples:
        if examples.table:
            yield from unused_columns(
                examples.table.line, examples.table.headings, [*texts, *map(str, examples.tags)]
            )
