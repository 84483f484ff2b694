"""What is promised, and what of it holds: the owner's page of a run, one self-contained file.

The page is made from the feature files themselves, all of them, and from what became of each example. What
the run did not look at is shown as not checked, so a run of a part cannot make the page greener than it is.
Beside the page stands a small file with the states as last seen, for the next run to say what has changed.
"""

import gc
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from sys import intern
from typing import Any, NamedTuple

from behave.model import Examples, Feature, Rule, Scenario
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from features.harness import feature_files
from features.harness.documentation import Area, Book, Case, Changes, Chapter, Example, Promise, Table
from features.harness.feature_files import UnreadableFeature
from features.harness.grid import Grid
from features.harness.previous_run import OWNERS_PAGE
from features.harness.verdicts import (
    BROKEN,
    HOLDS,
    NOT_RUN,
    UNCHECKED,
    Fault,
    Place,
    Verdict,
    name_of,
    places,
)

FORMAT = 1  # of the file with the states
PAGE, MEMORY = OWNERS_PAGE, "promises.json"
Found = Callable[[Path], Mapping[str, Verdict]]
_NOT_CHECKED = Verdict(UNCHECKED, NOT_RUN)


@dataclass(frozen=True)
class About:
    """The run: when it ended (with a time zone), its stage in words, its seed, or those of its parts.

    :param failed: whether behave calls the run failed, for whatever reason.
    :param troubles: what went wrong around all features.
    """

    at: datetime
    stage: str
    seed: int | str
    failed: bool
    troubles: Sequence[Fault] = ()


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
    troubles: Mapping[Path, Sequence[Fault]] | None = None,
    grid: Grid | None = None,
) -> Written:
    """Write the page and the states into a folder.

    :param features: the folder of all features, whether they were part of the run or not.
    :param found: returns what became of each example of a feature, by its id, as far as the run knows it.
    :param troubles: what went wrong around the examples of a feature, by its resolved path.
    :param grid: the permission matrix of the run.
    """
    memory = reports / MEMORY
    book = read(features, found, troubles or {})
    changes, seen = _compared(book, memory)
    page = _template().stream(
        book=book,
        about=about,
        grid=grid,
        changes=changes,
        unexplained=about.failed and not (book.counts[BROKEN] or book.troubles or about.troubles),
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
    _remember(book, seen, about, memory)
    return Written(file, [fault.got for fault in book.unreadable])


def read(features: Path, found: Found, troubles: Mapping[Path, Sequence[Fault]]) -> Book:
    """Return all that the features of a folder promise, with what became of it."""
    chapters, unreadable = list[tuple[str, Chapter]](), list[Fault]()
    for file, feature in feature_files.parse_all(feature_files.find(features)):
        path = file.relative_to(features)
        if isinstance(feature, UnreadableFeature):
            title = f"The feature {path.as_posix()} cannot be read"
            unreadable.append(Fault(title, "", str(feature), ""))
        elif feature:
            title = " / ".join(path.parts[:-1]).replace("_", " ").capitalize() or "Everywhere"
            whole = file.resolve()
            chapter = _chapter(feature, path.as_posix(), found(whole), troubles.get(whole, ()))
            chapters.append((title, chapter))
        del feature
        gc.collect(0)  # a feature and its scenarios hold each other, and there may be many
    areas = [
        Area(title, [chapter for _, chapter in group])
        for title, group in groupby(sorted(chapters, key=lambda each: each[0]), key=lambda each: each[0])
    ]
    return Book(areas, unreadable)


def _chapter(feature: Feature, file: str, found: Mapping[str, Verdict], troubles: Sequence[Fault]) -> Chapter:
    held = list(places(feature))
    promises = [
        _promise(feature.name, rule, [place for place in held if place.rule is rule], found)
        for rule in (None, *feature.rules)
        if rule or any(place.rule is None for place in held)
    ]
    before = list(feature.background.steps) if feature.background else []
    return Chapter(feature.name, feature.description, file, before, promises, troubles)


def _promise(chapter: str, rule: Rule | None, held: list[Place], found: Mapping[str, Verdict]) -> Promise:
    cases = [
        _case(scenario, list(group), found) for scenario, group in groupby(held, lambda each: each.scenario)
    ]
    title, story = (rule.name, rule.description) if rule else ("", [])
    return Promise(name_of(chapter, title), title, " ".join(story), cases)


def _case(scenario: Scenario, held: list[Place], found: Mapping[str, Verdict]) -> Case:
    if held[0].row is None:
        return Case(scenario.name, scenario.steps, _example(held[0], found), [])
    tables = [
        _table(examples, [_example(place, found) for place in group])
        for examples, group in groupby(held, lambda each: each.examples)
    ]
    return Case(scenario.name, scenario.steps, None, tables)


def _table(examples: Examples | None, rows: list[Example]) -> Table:
    assert examples is not None
    return Table(examples.name, list(examples.table.headings), rows)


def _example(place: Place, found: Mapping[str, Verdict]) -> Example:
    headings, cells = (place.row.headings, place.row.cells) if place.row else ((), ())
    verdict = found.get(place.id, _NOT_CHECKED)
    return Example(place.id, place.scenario.name, headings, tuple(map(intern, cells)), verdict)


def _compared(book: Book, memory: Path) -> tuple[Changes, dict[str, str]]:
    """Return what has changed since the last run, and how what was not checked now was last seen, by id.

    Nothing of both where no run was before, or none that can be read.
    """
    seen = dict[str, str]()
    unmet = {example.id: (chapter, example) for chapter, example in book.told}
    try:
        left = _left(memory)
        head = next(left)
        if head["format"] != FORMAT:
            return Changes(), {}
        changes = Changes(f"{head['at']}, on the stage {head['stage']}")
        for name, (was, told) in left:
            if name not in unmet:
                changes.gone.append(told)
                continue
            chapter, example = unmet.pop(name)
            now = example.verdict.state
            if now == UNCHECKED:
                seen[name] = intern(was)
            elif now != was and was in (HOLDS, BROKEN):
                (changes.broke if now == BROKEN else changes.mended).append((chapter, example))
    except (OSError, ValueError, KeyError, TypeError):
        return Changes(), {}
    changes.new.extend(unmet.values())
    return changes, seen


def _left(memory: Path) -> Iterator[Any]:
    """Give the head of what the last run left, then its examples, a line each: id, with state and title."""
    with memory.open(encoding="ascii") as file:  # one after the other: there may be many
        yield json.loads(file.readline() + "}}")
        for line in file:
            yield from json.loads("{" + line.rstrip(",}\n") + "}").items()


def _remember(book: Book, seen: Mapping[str, str], about: About, memory: Path) -> None:
    """Write the states to remember. What was not checked now keeps the state it was last seen in."""
    head = {"format": FORMAT, "at": _moment(about.at), "stage": about.stage, "examples": {}}
    draft = memory.with_suffix(".new")
    with draft.open("w", encoding="ascii") as file:  # one after the other: there may be many
        file.write(json.dumps(head).removesuffix("}}"))
        for number, (chapter, example) in enumerate(book.told):
            state = seen.get(example.id, example.verdict.state)
            told = [state, f"{chapter}: {example.title}"]
            file.write(f"{',' if number else ''}\n{json.dumps(example.id)}: {json.dumps(told)}")
        file.write("}}")
    draft.replace(memory)


def _moment(at: datetime) -> str:
    return f"{at:%d %B %Y, %H:%M}"


def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("features.harness"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = _moment
    return environment.get_template("promises.html")
