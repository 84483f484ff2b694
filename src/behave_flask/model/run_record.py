"""What a run set out to do and what came of it: the one record that its reports are held against.

behave's own reports do not agree where hooks fail. An error before a feature leaves its scenarios untested,
which JUnit shows as neither failed nor skipped; one after a feature is in no scenario at all.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from behave.configuration import Configuration
from behave.model import Feature, Scenario, Status

from behave_flask.core import paths, text
from behave_flask.model.feature_files import UnreadableFeature
from behave_flask.model.results import BROKEN, FAILED, state_of, title_of

THE_RUN = "the run"

Line = tuple[str, str, str]  # where a scenario stands, its title, its verdict


@dataclass(frozen=True)
class Fault:
    """An error in a hook or a cleanup that is no scenario's own, so that it needs a line of its own.

    :param where: the name of the hook, or "cleanup".
    :param statement: the feature or rule around which it happened; None for the run.
    """

    where: str
    statement: Any
    error: BaseException

    @property
    def title(self) -> str:
        """What a report calls it."""
        of = f" of {self.statement.keyword} “{self.statement.name}”" if self.statement else ""
        return f"({self.where}{of})"

    @property
    def feature(self) -> Feature | None:
        """The feature in which it happened."""
        return getattr(self.statement, "feature", self.statement)


class RunRecord:
    """The scenarios that a run is to play, and the errors that belong to none of them."""

    def __init__(self, features: Iterable[Feature], config: Configuration) -> None:
        """Accept the features as they are before the run; what is selected now has to be accounted for."""
        self.folder = paths.absolute(config.base_dir or ".")
        self.planned: list[Scenario] = [
            scenario
            for feature in features
            for scenario in feature.walk_scenarios()
            if scenario.should_run(config)
        ]
        self.faults: list[Fault] = []
        self.surroundings: dict[str, str] = {}  # where the run took place, by what it is called
        for scenario in self.planned:
            scenario.accounted_for = self
        self._places: dict[int, str] = {}  # by the feature's identity

    def includes(self, scenario: Scenario) -> bool:
        """Return whether the run was to play this scenario."""
        return getattr(scenario, "accounted_for", None) is self

    def note_once(self, where: str, statement: Any, error: BaseException) -> None:
        """Write an error down unless the same hook has failed there, in another piece of the feature."""
        if not any(fault.where == where and fault.statement is statement for fault in self.faults):
            self.note(where, statement, error)

    def note(self, where: str, statement: Any, error: BaseException) -> None:
        """Write down an error of a hook or cleanup around a feature, a rule or (None) the run.

        The scenarios that never run because of it are errors themselves, and carry it.
        """
        within = statement.walk_scenarios() if statement else self.planned
        never_ran = [
            scenario
            for scenario in within
            if where.startswith("before_") and self.includes(scenario) and scenario.status == Status.untested
        ]
        for scenario in never_ran:
            scenario.exception, scenario.exc_traceback = error, error.__traceback__
            scenario.error_message = f"Never ran: {where} failed: {type(error).__name__}: {error}"
            scenario.set_status(Status.hook_error)
        if not never_ran:
            self.faults.append(Fault(where, statement, error))

    def place(self, feature: Feature | None) -> str:
        """Return a feature's file under the features' folder, with dots, and its name."""
        if feature is None:
            return THE_RUN
        if id(feature) not in self._places:  # asked for with each of its scenarios
            name = feature.name or Path(feature.filename).stem
            self._places[id(feature)] = text.visible(f"{self.path(feature)}.{name}")
        return self._places[id(feature)]

    def path(self, feature: Feature) -> str:
        """Return a feature's file under the features' folder, with dots between folders.

        A dot that is part of a name is written `%2E`, so that `a/b.feature` is not `a.b.feature`.
        """
        path = Path(os.path.relpath(paths.absolute(feature.filename), self.folder)).with_suffix("")
        return ".".join(part.replace(".", "%2E") for part in path.parts)

    def lines(self) -> Iterator[Line]:
        """Yield what every report has to say."""
        for scenario in self.planned:
            yield self.place(scenario.feature), title_of(scenario), state_of(scenario)
        for fault in self.faults:
            yield self.place(fault.feature), fault.title, BROKEN

    def differences(self, report: str, found: Iterable[Line]) -> list[str]:
        """Return how a report's lines differ from this record, a sentence for each scenario."""
        surplus = Counter(self.lines())
        surplus.subtract(found)
        wrong = {line: times for line, times in surplus.items() if times}
        differ = {line[:2] for line in wrong}
        ours = _states(line for line in self.lines() if line[:2] in differ)
        theirs = deepcopy(ours)
        for (where, what, verdict), times in wrong.items():
            theirs[where, what][verdict] -= times
        return [
            f"{where}, “{what}”: behave says {_listed(ours[where, what])}, {report} says"
            f" {_listed(theirs[where, what])}"
            for where, what in sorted(differ)
        ]

    def failed(self) -> list[Scenario]:
        """Return the scenarios that failed or are broken."""
        return [each for each in self.planned if state_of(each) in (FAILED, BROKEN)]

    def to_repeat(self) -> list[Scenario | UnreadableFeature]:
        """Return what failed and what never ran, and every scenario around which a hook or cleanup failed.

        Files that could not be read, too.
        """
        unreadable = [fault.error for fault in self.faults if isinstance(fault.error, UnreadableFeature)]
        around = [fault.feature for fault in self.faults if not isinstance(fault.error, UnreadableFeature)]
        scenarios = [
            scenario
            for scenario in self.planned
            if scenario.status == Status.untested
            or state_of(scenario) in (FAILED, BROKEN)
            or any(feature is None or feature is scenario.feature for feature in around)
        ]
        return [*unreadable, *scenarios]


def _states(lines: Iterable[Line]) -> defaultdict[tuple[str, str], Counter[str]]:
    found: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for where, what, message in lines:
        found[where, what][message] += 1
    return found


def _listed(states: Counter[str]) -> str:
    return " and ".join(sorted(states.elements())) or "nothing"
