"""What is promised, and what of it holds: the owner's page of a run, one self-contained file.

The page is made from the feature files themselves, all of them, and from what became of each example. What
the run did not look at is shown as not checked, so a run of a part cannot make the page greener than it is.
Beside the page stands a small file with the states as last seen, for the next run to say what has changed.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from behave.model import Examples, Feature, Row, Rule, Scenario
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from behave_flask.core import paths, text
from behave_flask.model import feature_files
from behave_flask.model.feature_files import UnreadableFeature
from behave_flask.model.results import HOLDS, UNCHECKED, ExampleId, Failure, Result, anchor_of, rule_of
from behave_flask.model.results import IS_BROKEN as BROKEN
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
Results = Mapping[ExampleId, Result]
Make = Callable[["Place"], Example]


class Place(NamedTuple):
    """One example in a feature that is not played; a plain scenario has no `examples` and no `row`."""

    id: str
    example: ExampleId
    rule: Rule | None
    scenario: Scenario
    examples: Examples | None = None
    row: Row | None = None
    is_approved: bool = True


@dataclass(frozen=True)
class About:
    """The run: when it ended (with a time zone), its stage in words, its seed, or those of its parts.

    :param failed: whether behave calls the run failed, for whatever reason.
    :param whole: whether it was to play everything and came to its end: later runs are compared with it.
    """

    at: datetime
    stage: str
    seed: int | str
    failed: bool
    whole: bool = False


class Written(NamedTuple):
    """The page's file, and a line for each feature file that nobody can read."""

    file: Path
    unreadable: list[str]


def write(
    reports: Path,
    features: Path,
    results: Results,
    about: About,
    *,
    hook_failures: Iterable[tuple[str | None, Failure]] = (),
    grid: Grid | None = None,
) -> Written:
    """Write the page and the states into a folder.

    :param features: the folder of all features, whether they were part of the run or not.
    :param results: what became of each example that the run was to play.
    :param hook_failures: what went wrong around examples, with the feature's file; None around them all.
    :param grid: the permission matrix of the run.
    """
    memory = Memory.read(reports / MEMORY)
    around = defaultdict[Path | None, list[Failure]](list)
    for file_of_feature, failure in hook_failures:
        around[paths.absolute(file_of_feature).resolve() if file_of_feature else None].append(failure)
    documentation = read(features, results, around, memory)
    page = _template().stream(
        documentation=documentation,
        about=about,
        grid=grid,
        flaky=documentation.flaky,
        changes=_compared(documentation, memory),
        unexplained=about.failed
        and not (documentation.counts[BROKEN] or documentation.hook_failures or documentation.around),
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
    return Written(file, [each.got for each in documentation.unreadable])


def read(
    features: Path, results: Results, around: Mapping[Path | None, Sequence[Failure]], memory: Memory
) -> Documentation:
    """Return all that the features of a folder promise, with what became of it."""
    feature_docs, unreadable = list[tuple[str, FeatureDoc]](), list[Failure]()
    for file, feature in feature_files.parse_all(feature_files.find(features)):
        path = file.relative_to(features)
        if isinstance(feature, UnreadableFeature):
            title = f"The feature {path.as_posix()} cannot be read"
            unreadable.append(Failure.of_text(title, str(feature)))
        elif feature:
            title = " / ".join(path.parts[:-1]).replace("_", " ").capitalize() or "Everywhere"
            example = partial(_example, results=results, memory=memory)
            beside = around.get(file.resolve(), ())
            feature_doc = _feature_doc(feature, path.as_posix(), example, beside)
            feature_docs.append((title, feature_doc))
    areas = [
        Area(title, [feature_doc for _, feature_doc in group])
        for title, group in groupby(sorted(feature_docs, key=lambda each: each[0]), key=lambda each: each[0])
    ]
    return Documentation(areas, unreadable, around.get(None, ()))


def _feature_doc(feature: Feature, file: str, make: Make, hook_failures: Sequence[Failure]) -> FeatureDoc:
    held = list(_places(feature))
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


def _example(place: Place, results: Results, memory: Memory) -> Example:
    result, earlier = results.get(place.example), memory.examples.get(place.id)
    return Example(place.id, place.example, result, earlier, place.is_approved)


def _places(feature: Feature) -> Iterator[Place]:
    """Yield every example of a feature in its order; by that order those that say the same differ."""
    seen: Counter[str] = Counter()
    for scenario, examples in feature_files.tables_of(feature):
        is_approved = feature_files.is_approved(scenario, examples)
        rows = [None] if examples is None else examples.table.rows if examples.table else []
        for row in rows:
            example = ExampleId.of(scenario, row)
            name = example.anchor
            seen[name] += 1
            anchor = f"{name}-{seen[name]}" if seen[name] > 1 else name
            yield Place(anchor, example, rule_of(scenario), scenario, examples, row, is_approved)


def _compared(documentation: Documentation, memory: Memory) -> Changes:
    """Return what is otherwise than in the last whole run; nothing where there was none."""
    changes = Changes(memory.since)
    if not memory.since:
        return changes
    unmet = {name: seen for name, seen in memory.examples.items() if seen.whole}
    for title, example in documentation.titled:
        seen, now = unmet.pop(example.id, None), example.state
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
        now = example.state
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
