"""What the owner's page shows, as it is read from the features: areas, features, promises, examples.

Each part knows how many of its examples hold, and whether it does as a whole.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from behave.model import Status, Step

from behave_flask.model.results import HOLDS, UNCHECKED, ExampleId, Failure, Result
from behave_flask.model.results import IS_BROKEN as BROKEN
from behave_flask.reports.last_checked import Seen

NOT_RUN = "not in this run"


@dataclass(frozen=True, slots=True)
class Example:
    """One example as the page shows it: a scenario, or a row with its cells.

    :param id: its anchor on the page.
    :param result: what became of it; None if the run was not to play it.
    :param earlier: how earlier runs saw it.
    :param is_approved: whether somebody has said that it is right, or it is only what was observed.
    """

    id: str
    example: ExampleId
    result: Result | None = None
    earlier: Seen | None = None
    is_approved: bool = True

    @property
    def title(self) -> str:
        """The title with this row's cells."""
        return self.example.filled

    @property
    def state(self) -> str:
        """Whether it holds."""
        return self.result.promise if self.result else UNCHECKED

    @property
    def is_flaky(self) -> bool:
        """Whether it holds, and failed at an earlier try."""
        return self.result is not None and self.result.is_flaky

    @property
    def failures(self) -> Sequence[Failure]:
        """What went wrong."""
        return self.result.failures if self.result else ()

    @property
    def why(self) -> str:
        """Why it was not checked, or is flaky."""
        if self.result is None:
            return NOT_RUN
        if self.state == UNCHECKED and self.result.behave_status == Status.skipped.name:
            return f"skipped: {self.result.reason}"
        return self.result.reason if self.state != BROKEN else ""

    @property
    def seen(self) -> Seen | None:
        """How earlier runs saw it, if this one did not check it."""
        return self.earlier if self.state == UNCHECKED else None

    @property
    def last_state(self) -> str:
        """What became of it in this run, or in the last one that checked it."""
        return (self.seen and self.seen.state) or self.state


class Counted:
    """Something with examples in it."""

    @property
    def examples(self) -> Iterator[Example]:
        """Yield all examples in it."""
        raise NotImplementedError

    @cached_property
    def counts(self) -> Counter[str]:
        """How many of its examples are in each state."""
        return Counter(example.state for example in self.examples)

    @cached_property
    def flaky(self) -> int:
        """How many of its examples hold, and failed at an earlier try."""
        return sum(example.is_flaky for example in self.examples)

    @cached_property
    def unapproved(self) -> int:
        """How many of its examples are what was observed, and nobody has approved yet."""
        return sum(not example.is_approved for example in self.examples)

    @cached_property
    def last_counts(self) -> Counter[str]:
        """How many of its examples are in each state, each as it was last checked."""
        return Counter(example.last_state for example in self.examples)

    @property
    def earlier(self) -> Counter[str]:
        """How many of its examples earlier runs alone have seen, by the state they saw."""
        return self.last_counts - self.counts

    @property
    def state(self) -> str:
        """Broken if anything in it is; holds only if all of it was checked and holds."""
        return _come_to(self.counts)

    @property
    def last_state(self) -> str:
        """The same, of what this run did not check as it was last checked."""
        return _come_to(self.last_counts)


def _come_to(counts: Counter[str]) -> str:
    if counts[BROKEN]:
        return BROKEN
    return UNCHECKED if counts[UNCHECKED] or not counts[HOLDS] else HOLDS


@dataclass
class Table(Counted):
    """A table of an outline, as in the feature."""

    caption: str
    headings: list[str]
    rows: list[Example]

    @property
    def examples(self) -> Iterator[Example]:
        """Yield the rows."""
        yield from self.rows


@dataclass(frozen=True)
class Before:
    """What is done before each example of a feature or a rule: its Background."""

    title: str
    story: str
    steps: list[Step]


@dataclass
class ScenarioDoc(Counted):
    """A scenario with its steps: one example, or an outline's tables of them."""

    title: str
    story: str
    steps: list[Step]
    example: Example | None
    tables: list[Table]

    @property
    def examples(self) -> Iterator[Example]:
        """Yield the one example, or those of the tables."""
        if self.example:
            yield self.example
        for table in self.tables:
            yield from table.rows


@dataclass
class RuleDoc(Counted):
    """A rule and its scenarios. What stands outside any rule has no title."""

    id: str
    title: str
    story: str
    before: Before | None
    scenarios: list[ScenarioDoc]

    @property
    def examples(self) -> Iterator[Example]:
        """Yield the examples of all scenarios."""
        for scenario in self.scenarios:
            yield from scenario.examples


@dataclass
class FeatureDoc(Counted):
    """A feature: its promises, where it stands, and what went wrong around them."""

    title: str
    story: list[str]
    file: str
    before: Before | None
    rules: list[RuleDoc]
    hook_failures: Sequence[Failure] = ()

    @property
    def examples(self) -> Iterator[Example]:
        """Yield the examples of all promises."""
        for rule in self.rules:
            yield from rule.examples

    @property
    def state(self) -> str:
        """Broken, too, if something went wrong around its promises."""
        return BROKEN if self.hook_failures else super().state

    @property
    def id(self) -> str:
        """A name for links that lead here."""
        return "f-" + self.file.removesuffix(".feature").replace("/", "-").replace(" ", "-")


@dataclass
class Area(Counted):
    """A folder of features."""

    title: str
    features: list[FeatureDoc]

    @property
    def examples(self) -> Iterator[Example]:
        """Yield the examples of all features."""
        for feature in self.features:
            yield from feature.examples

    @property
    def rules(self) -> list[RuleDoc]:
        """All promises of the area."""
        return [rule for feature in self.features for rule in feature.rules]

    @property
    def state(self) -> str:
        """Broken, too, if something went wrong in one of its features."""
        return BROKEN if any(feature.hook_failures for feature in self.features) else super().state


@dataclass(frozen=True)
class Changes:
    """What is otherwise than when it was last checked: examples with their features; titles that are gone."""

    since: str = ""
    broke: list[tuple[str, Example]] = field(default_factory=list)
    fixed: list[tuple[str, Example]] = field(default_factory=list)
    new: list[tuple[str, Example]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.broke or self.fixed or self.new or self.gone)


@dataclass
class Documentation(Counted):
    """Everything that is promised."""

    areas: list[Area]
    unreadable: list[Failure]
    around: Sequence[Failure] = ()  # what went wrong around all features

    @property
    def examples(self) -> Iterator[Example]:
        """Yield every example there is."""
        for area in self.areas:
            yield from area.examples

    @property
    def titled(self) -> Iterator[tuple[str, Example]]:
        """Yield every example with the feature that it stands in."""
        for area in self.areas:
            for feature in area.features:
                yield from ((feature.title, example) for example in feature.examples)

    @property
    def rules(self) -> Counter[str]:
        """How many promises are in each state."""
        return Counter(rule.state for area in self.areas for rule in area.rules)

    @property
    def last_rules(self) -> Counter[str]:
        """How many promises are in each state, as each of their examples was last checked."""
        return Counter(rule.last_state for area in self.areas for rule in area.rules)

    @property
    def hook_failures(self) -> int:
        """How many things went wrong beside the examples."""
        found = sum(len(feature.hook_failures) for area in self.areas for feature in area.features)
        return found + len(self.unreadable)
