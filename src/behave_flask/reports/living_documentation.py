"""What is promised, and what of it holds: the owner's page of a run, one self-contained file.

The page is made from the feature files themselves, all of them, and from what became of each example. What
the run did not look at is shown as not checked, so a run of a part cannot make the page greener than it is.
Beside the page stands a small file with the states as last seen, for the next run to say what has changed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from sys import intern
from typing import Any, NamedTuple

from behave.model import Examples, Feature, Rule, Scenario
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from behave_flask.core import text
from behave_flask.model import feature_files
from behave_flask.model.feature_files import UnreadableFeature
from behave_flask.model.results import anchor_of
from behave_flask.model.verdicts import (
    BROKEN,
    HOLDS,
    NOT_RUN,
    UNCHECKED,
    Fault,
    Place,
    Verdict,
    examples,
)
from behave_flask.reports.feature_docs import (
    Area,
    Before,
    Changes,
    Documentation,
    Example,
    FeatureDoc,
    RuleDoc,
    ScenarioDoc,
    Table,
)
from behave_flask.reports.last_checked import Memory, Seen
from behave_flask.reports.permission_table import Grid
from behave_flask.reports.previous_run import OWNERS_PAGE

PAGE, MEMORY = OWNERS_PAGE, "promises.json"
Found = Callable[[Path], Mapping[str, Verdict]]
Make = Callable[[Place], Example]
_NOT_CHECKED = Verdict(UNCHECKED, NOT_RUN)


@dataclass(frozen=True)
class About:
    """The run: when it ended (with a time zone), its stage in words, its seed, or those of its parts.

    :param failed: whether behave calls the run failed, for whatever reason.
    :param hook_failures: what went wrong around all features.
    :param whole: whether it was to play everything and came to its end: later runs are compared with it.
    """

    at: datetime
    stage: str
    seed: int | str
    failed: bool
    hook_failures: Sequence[Fault] = ()
    whole: bool = False


class Written(NamedTuple):
    """The page's file, and a line for each feature file that nobody can read."""

    file: Path
    unreadable: list[str]


def write(
    reports: Path,
    features: Path,
    found: Found,
    about: About,
    *,
    hook_failures: Mapping[Path, Sequence[Fault]] | None = None,
    grid: Grid | None = None,
) -> Written:
    """Write the page and the states into a folder.

    :param features: the folder of all features, whether they were part of the run or not.
    :param found: returns what became of each example of a feature, by its id, as far as the run knows it.
    :param hook_failures: what went wrong around the examples of a feature, by its resolved path.
    :param grid: the permission matrix of the run.
    """
    memory = Memory.read(reports / MEMORY)
    documentation = read(features, found, hook_failures or {}, memory)
    page = _template().stream(
        documentation=documentation,
        about=about,
        grid=grid,
        flaky=documentation.flaky,
        changes=_compared(documentation, memory),
        unexplained=about.failed
        and not (documentation.counts[BROKEN] or documentation.hook_failures or about.hook_failures),
        HOLDS=HOLDS,
        BROKEN=BROKEN,
        UNCHECKED=UNCHECKED,
    )
    reports.mkdir(parents=True, exist_ok=True)
    file = reports / PAGE
    draft = file.with_suffix(".new")  # half a page would leave out what is broken
    page.enable_buffering(1000)  # pieces are small
    page.dump(str(draft), encoding="utf-8", errors="backslashreplace")
    draft.replace(file)
    _remember(documentation, memory, about).write(reports / MEMORY)
    return Written(file, [fault.got for fault in documentation.unreadable])


def read(
    features: Path, found: Found, hook_failures: Mapping[Path, Sequence[Fault]], memory: Memory
) -> Documentation:
    """Return all that the features of a folder promise, with what became of it."""
    feature_docs, unreadable = list[tuple[str, FeatureDoc]](), list[Fault]()
    for file, feature in feature_files.parse_all(feature_files.find(features)):
        path = file.relative_to(features)
        if isinstance(feature, UnreadableFeature):
            title = f"The feature {path.as_posix()} cannot be read"
            unreadable.append(Fault(title, "", str(feature), ""))
        elif feature:
            title = " / ".join(path.parts[:-1]).replace("_", " ").capitalize() or "Everywhere"
            whole = file.resolve()
            example = partial(_example, found=found(whole), memory=memory)
            feature_doc = _feature_doc(feature, path.as_posix(), example, hook_failures.get(whole, ()))
            feature_docs.append((title, feature_doc))
    areas = [
        Area(title, [feature_doc for _, feature_doc in group])
        for title, group in groupby(sorted(feature_docs, key=lambda each: each[0]), key=lambda each: each[0])
    ]
    return Documentation(areas, unreadable)


def _feature_doc(feature: Feature, file: str, make: Make, hook_failures: Sequence[Fault]) -> FeatureDoc:
    held = list(examples(feature))
    promises = [
        _rule_doc(feature.name, rule, [place for place in held if place.rule is rule], make)
        for rule in (None, *feature.rules)
        if rule or any(place.rule is None for place in held)
    ]
    return FeatureDoc(feature.name, feature.description, file, _before(feature), promises, hook_failures)


def _before(container: Feature | Rule) -> Before | None:
    """Return the Background of a feature or a rule; to behave a rule has one, without steps, in any case."""
    background = container.background
    if not background or not (background.steps or background.description):
        return None
    return Before(background.name, " ".join(background.description), list(background.steps))


def _rule_doc(feature: str, rule: Rule | None, held: list[Place], make: Make) -> RuleDoc:
    scenarios = [
        _case(scenario, list(group), make) for scenario, group in groupby(held, lambda each: each.scenario)
    ]
    if rule is None:
        return RuleDoc(anchor_of(feature, ""), "", "", None, scenarios)
    return RuleDoc(
        anchor_of(feature, rule.name), rule.name, " ".join(rule.description), _before(rule), scenarios
    )


def _case(scenario: Scenario, held: list[Place], make: Make) -> ScenarioDoc:
    story = " ".join(scenario.description)
    if held[0].row is None:
        return ScenarioDoc(scenario.name, story, scenario.steps, make(held[0]), [])
    tables = [
        _table(examples, [make(place) for place in group])
        for examples, group in groupby(held, lambda each: each.examples)
    ]
    return ScenarioDoc(scenario.name, story, scenario.steps, None, tables)


def _table(examples: Examples | None, rows: list[Example]) -> Table:
    assert examples is not None
    return Table(examples.name, list(examples.table.headings), rows)


def _example(place: Place, found: Mapping[str, Verdict], memory: Memory) -> Example:
    headings, cells = (place.row.headings, place.row.cells) if place.row else ((), ())
    verdict = found.get(place.id, _NOT_CHECKED)
    seen = memory.examples.get(place.id) if verdict.state == UNCHECKED else None
    return Example(place.id, place.scenario.name, headings, tuple(map(intern, cells)), verdict, seen)


def _compared(documentation: Documentation, memory: Memory) -> Changes:
    """Return what is otherwise than in the last whole run; nothing where there was none."""
    changes = Changes(memory.since)
    if not memory.since:
        return changes
    unmet = {name: seen for name, seen in memory.examples.items() if seen.whole}
    for title, example in documentation.titled:
        seen, now = unmet.pop(example.id, None), example.verdict.state
        if seen is None:
            changes.new.append((title, example))
        elif {now, seen.whole} == {HOLDS, BROKEN}:
            (changes.broke if now == BROKEN else changes.fixed).append((title, example))
    changes.gone.extend(seen.title for seen in unmet.values())
    return changes


def _remember(documentation: Documentation, memory: Memory, about: About) -> Memory:
    """Return what the next run has to know: what was not checked now keeps the state it was last seen in."""
    at = _moment(about.at)
    since = f"{at}, on the stage {about.stage}" if about.whole else memory.since
    examples = {} if about.whole else dict(memory.examples)
    for title, example in documentation.titled:
        before = memory.examples.get(example.id, Seen(""))
        now = example.verdict.state
        seen = (before.state, before.at) if now == UNCHECKED else (now, at)
        whole = now if about.whole else before.whole
        examples[example.id] = Seen(f"{title}: {example.title}", whole, *seen)
    return Memory(since, examples)


def _moment(at: datetime) -> str:
    return f"{at:%d %B %Y, %H:%M}"


def _visible(value: Any) -> Any:
    """Keep out of the page what no page can hold, whatever a feature or a run has in its texts."""
    return text.visible(value) if type(value) is str else value


def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("behave_flask.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    environment.filters["moment"] = _moment
    return environment.get_template("promises.html")
