"""What else a Then could say: each of its words exchanged for another that the suite uses at that place.

A changed sentence is one that the same step definition takes, with one argument that is different and the
others as they were. The cells of a Then's table are exchanged in the same way. Everything else of a scenario
stays as it is, the columns of its outline too.
"""

import copy
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from behave.matchers import MatchWithError
from behave.model import Scenario, Step

_FIELD = re.compile(r"{(\w*)(?::([^{}]*))?}")  # of a step definition: a parameter and its type
_NUMBER = re.compile(r"\d+")
_ESCAPED = re.compile(r"\\(.)")

Place = tuple[object, ...]
Story = tuple[
    object, ...
]  # what has happened before a Then: the Givens and Whens, with all that hangs on them


@dataclass(frozen=True)
class Change:
    """A Then of a scenario that says something else.

    :param scenario: as it is written, or a row of an outline.
    :param number: the place of the Then among all steps of the scenario, those of its background too.
    :param what: what is changed: a parameter's name, or the heading of a column.
    :param after: the sentence in its place, with the cell if one of its table is changed.
    :param apply: changes a copy of the step.
    """

    scenario: Scenario
    number: int
    what: str
    before: str
    after: str
    apply: Callable[[Step], None]

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is known by, wherever it stands: feature, scenario and changed sentence."""
        return self.scenario.feature.name, " ".join(self.scenario.name.split()), self.after

    @property
    def step(self) -> Step:
        """The Then as it is written."""
        return list(self.scenario.all_steps)[self.number]

    def made(self) -> Step:
        """Return the Then that says something else."""
        step: Step = copy.copy(self.step)
        self.apply(step)
        return step


@dataclass(frozen=True)
class _Matched:
    """A step, the definition that takes it, and what it says for each parameter."""

    step: Step
    definition: Any
    arguments: Sequence[Any]


class Vocabulary:
    """What the steps of a suite say, by step definition and parameter."""

    def __init__(self, registry: Any, scenarios: Iterable[Scenario]) -> None:
        """Read all steps of a suite.

        :param registry: behave's, with all step definitions.
        :param scenarios: of the whole suite, also where a part of it is looked at: it has the same changes.
        """
        self._registry = registry
        self._known: dict[tuple[str, str], _Matched | None] = {}
        self._values: dict[Place, dict[str, None]] = defaultdict(dict)  # as sets that keep their order
        self._promised: set[tuple[Story, str]] = set()
        for scenario in scenarios:
            steps = list(scenario.all_steps)
            self._promised.update((story, step.name) for story, step in _thens(steps))
            for step in steps:
                self._learn(step)

    def changes(self, scenario: Scenario, each: int = 1) -> Iterator[Change]:
        """Yield the changes of each Then of a scenario, but for what the suite itself promises of it.

        :param each: how many for one parameter or cell, at most.
        """
        steps = list(scenario.all_steps)
        stories = {id(step): story for story, step in _thens(steps)}
        near = {argument.original for step in steps for argument in self._arguments(step)}
        here = {step.name for step in steps if step.step_type == "then"}
        for number, step in enumerate(steps):
            if step.step_type != "then" or (matched := self._match(step)) is None:
                continue
            for place, argument in enumerate(matched.arguments):
                others = (
                    sentence
                    for sentence in self._sentences(matched, place, near)
                    if sentence not in here and (stories[id(step)], sentence) not in self._promised
                )
                for sentence in islice(others, each):
                    what = argument.name or f"parameter {place + 1}"
                    yield Change(scenario, number, what, step.name, sentence, _named(sentence))
            yield from self._cells(scenario, number, matched, each)

    def unchangeable(self, scenario: Scenario) -> Iterator[tuple[str, str]]:
        """Yield each parameter of a Then for which no other value is known: definition and parameter."""
        for step in scenario.all_steps:
            if step.step_type != "then" or (matched := self._match(step)) is None:
                continue
            for place, argument in enumerate(matched.arguments):
                if next(self._sentences(matched, place, set()), None) is None:
                    yield str(matched.definition.pattern), argument.name or f"parameter {place + 1}"

    def _learn(self, step: Step) -> None:
        matched = self._match(step)
        if matched is None:
            return
        for place, argument in enumerate(matched.arguments):
            if argument.original is not None:
                self._values[id(matched.definition), place][argument.original] = None
                self._values[_kind(matched, place)][argument.original] = None
        if step.table is not None:
            for row in step.table.rows:
                for heading, cell in zip(step.table.headings, row.cells, strict=True):
                    self._values[id(matched.definition), "column", heading][cell] = None

    def _arguments(self, step: Step) -> Sequence[Any]:
        matched = self._match(step)
        return matched.arguments if matched else ()

    def _match(self, step: Step) -> _Matched | None:
        """Return what a step says; None for one that no definition takes."""
        key = step.step_type, step.name
        if key not in self._known:
            definition = self._registry.find_step_definition(step)
            match: Any = definition.match(step.name) if definition else None
            known = match is not None and not isinstance(match, MatchWithError)
            self._known[key] = _Matched(step, definition, match.arguments) if known else None
        return self._known[key]

    def _sentences(self, matched: _Matched, place: int, near: set[str]) -> Iterator[str]:
        """Yield the sentences with another value for one parameter, the most deceptive first.

        These are values that the scenario itself uses elsewhere (`near`); then those that the suite has at
        this place, and without any, other words of the type, and values of parameters that are called alike.
        """
        argument = matched.arguments[place]
        if argument.original is None:  # an optional part that is not there
            return
        own = _after(argument.original, self._values[id(matched.definition), place])
        others = chain(
            sorted(own, key=lambda value: value not in near),
            _words(matched.definition, _type(matched, place)),
            _after(argument.original, self._values[_kind(matched, place)]),
            [_NUMBER.sub(lambda number: str(int(number[0]) + 1), argument.original, count=1)],
        )
        for value in dict.fromkeys(others):
            text = matched.step.name
            sentence = text[: argument.start] + value + text[argument.end :]
            if self._differs(matched, place, sentence):
                yield sentence

    def _differs(self, matched: _Matched, place: int, sentence: str) -> bool:
        """Return whether a sentence is taken by the same definition, and says something else there alone."""
        step = copy.copy(matched.step)
        step.name = sentence
        other = self._match(step)
        if other is None or other.definition is not matched.definition:
            return False
        pairs = list(zip(matched.arguments, other.arguments, strict=True))
        alike = [ours.original == theirs.original for ours, theirs in pairs]
        ours, theirs = pairs[place]
        return alike.count(False) == 1 and not alike[place] and ours.value != theirs.value

    def _cells(self, scenario: Scenario, number: int, matched: _Matched, each: int) -> Iterator[Change]:
        """Yield the changes of the cells of a Then's table."""
        table = list(scenario.all_steps)[number].table
        for line, row in enumerate(table.rows if table is not None else ()):
            for column, (heading, cell) in enumerate(zip(table.headings, row.cells, strict=True)):
                values = self._values[id(matched.definition), "column", heading]
                for value in islice(_after(cell, values), each):
                    where = f"row {line + 1}, {heading}"
                    yield Change(
                        scenario,
                        number,
                        heading,
                        f"{matched.step.name} ({where}: {cell})",
                        f"{matched.step.name} ({where}: {value})",
                        _filled(line, column, value),
                    )


def _thens(steps: Iterable[Step]) -> Iterator[tuple[Story, Step]]:
    """Yield each Then with the story before it."""
    story: Story = ()
    for step in steps:
        if step.step_type == "then":
            yield story, step
        else:
            cells = [row.cells for row in step.table.rows] if step.table is not None else []
            story = (*story, (step.name, step.text, str(cells)))


def _named(sentence: str) -> Callable[[Step], None]:
    def apply(step: Step) -> None:
        step.name = sentence

    return apply


def _filled(line: int, column: int, value: str) -> Callable[[Step], None]:
    def apply(step: Step) -> None:
        step.table.rows[line].cells[column] = value

    return apply


def _type(matched: _Matched, place: int) -> str:
    """Return the type of a parameter, as far as the definition is written with braces."""
    fields = _FIELD.findall(str(matched.definition.pattern))
    return fields[place][1] if len(fields) == len(matched.arguments) else ""


def _kind(matched: _Matched, place: int) -> Place:
    """Return what parameters have in common that are called alike."""
    return "called", matched.arguments[place].name or "", _type(matched, place)


def _after(value: str, values: Iterable[str]) -> list[str]:
    """Return the other values, beginning with the one that comes after a value."""
    known = list(values)
    place = known.index(value) if value in known else -1
    return [*known[place + 1 :], *known[: max(place, 0)]]


def _words(definition: Any, kind: str) -> Iterator[str]:
    """Yield the words that a registered type knows, if its pattern is a list of words."""
    registered = getattr(definition, "TYPE_REGISTRY", None)
    found = registered.get(kind) if isinstance(registered, dict) else None
    for word in str(getattr(found, "pattern", "")).strip("()").split("|"):
        yield _ESCAPED.sub(r"\1", word)
