"""What a run set out to do and what came of it: the one record of which all reports are made.

behave's own reports do not agree where hooks fail. An error before a feature leaves its scenarios untested,
which JUnit shows as neither failed nor skipped; one after a feature is in no scenario at all.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from behave.configuration import Configuration
from behave.model import Feature, Scenario, Status

from behave_flask.core import paths, text
from behave_flask.model import pending_steps
from behave_flask.model.failures import HookFailure
from behave_flask.model.feature_files import UnreadableFeature
from behave_flask.model.results import (
    BROKEN,
    HOLDS,
    IS_BROKEN,
    UNCHECKED,
    ExampleId,
    Failure,
    Result,
    failure_of_hook,
)

THE_RUN = "the run"

Line = tuple[str, str, str]  # where a scenario stands, its title, its state
_WORST_FIRST = (IS_BROKEN, UNCHECKED, HOLDS)


@dataclass(eq=False)
class Fault:
    """An error in a hook or a cleanup around scenarios.

    :param where: the name of the hook, with its tag if it has one; or `cleanup` and the name of the function.
    :param statement: the feature or rule around which it happened; None for the run.
    :param error: what was raised; None if that was in another process.
    :param has_scenarios: whether scenarios never ran because of it, and say so; else it needs its own line.
    """

    where: str
    statement: Any
    error: BaseException | None = None
    has_scenarios: bool = False

    @cached_property
    def failure(self) -> Failure:
        """What went wrong, in words."""
        assert self.error is not None
        return failure_of_hook(HookFailure(self.where, self.error, self.error.__traceback__), self.statement)

    @property
    def title(self) -> str:
        """What a report calls it."""
        of = f" of {self.statement.keyword} “{self.statement.name}”" if self.statement else ""
        hook = self.where if isinstance(self.error, UnreadableFeature) else self.where.partition(" ")[0]
        return f"({hook}{of})"

    @property
    def feature(self) -> Feature | None:
        """The feature in which it happened."""
        return getattr(self.statement, "feature", self.statement)


class RunRecord:
    """The scenarios that a run is to play with what became of them, and the errors around them."""

    def __init__(self, features: Iterable[Feature], config: Configuration) -> None:
        """Accept the features as they are before the run; what is selected now has to have a result."""
        self.folder = paths.absolute(config.base_dir or ".")
        self.planned: list[Scenario] = [
            scenario
            for feature in features
            for scenario in feature.walk_scenarios()
            if scenario.should_run(config)
        ]
        self.faults: list[Fault] = []
        self.surroundings: dict[str, str] = {}  # where the run took place, by what it is called
        self._planned = set(map(id, self.planned))
        self._results: dict[int, Result] = {}  # by the scenario's identity
        self._places: dict[int, str] = {}  # by the feature's identity

    def includes(self, scenario: Scenario) -> bool:
        """Return whether the run was to play this scenario."""
        return id(scenario) in self._planned

    def end(self, scenario: Scenario, seconds: float) -> None:
        """Make the result of a scenario that has ended, and keep it in place of that of an earlier try."""
        if self.includes(scenario):
            earlier = self._results.get(id(scenario))
            self.keep(scenario, Result.of(scenario, seconds + (earlier.duration if earlier else 0.0)))

    def keep(self, scenario: Scenario, result: Result) -> None:
        """Keep the result of a scenario, as the process made it that ran it."""
        self._results[id(scenario)] = result

    def result(self, scenario: Scenario) -> Result:
        """Return the result of a scenario; of one that did not run, that it did not."""
        return self._results.get(id(scenario)) or Result.of(scenario)

    @property
    def places(self) -> list[str]:
        """Where each scenario stands that is to run."""
        return [str(each.location) for each in self.planned]

    @property
    def results(self) -> list[Result]:
        """What became of each scenario that was to run."""
        return list(map(self.result, self.planned))

    def note_once(self, fault: Fault, failure: Failure) -> None:
        """Write an error down unless the same hook has failed there, in another piece of the feature.

        :param failure: the same in words, of the process in which it happened.
        """
        if not any(each.where == fault.where and each.statement is fault.statement for each in self.faults):
            fault.failure = failure
            self.faults.append(fault)

    def note(self, where: str, statement: Any, error: BaseException) -> None:
        """Write down an error of a hook or cleanup around a feature, a rule or (None) the run.

        The scenarios that never run because of it are errors themselves, and carry it.
        """
        fault = Fault(where, statement, error)
        self.faults.append(fault)
        within = statement.walk_scenarios() if statement else self.planned
        for scenario in within if where.startswith("before_") else ():
            if self.includes(scenario) and self.result(scenario).never_ran:
                fault.has_scenarios = True
                self._prevent(scenario, fault, error)

    def _prevent(self, scenario: Scenario, fault: Fault, error: BaseException) -> None:
        message = text.clean(f"Never ran: {fault.where} failed: {text.describe(error)}")
        scenario.exception, scenario.exc_traceback = error, error.__traceback__
        scenario.error_message = message
        scenario.set_status(Status.hook_error)
        failure = failure_of_hook(HookFailure(fault.where, error, error.__traceback__), fault.statement)
        failure = replace(failure, message=message, text=message)
        self.keep(scenario, replace(Result.of(scenario), failures=(failure,)))

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

    @property
    def lone_faults(self) -> list[Fault]:
        """The errors that no scenario carries, so that each needs a line of its own."""
        return [fault for fault in self.faults if not fault.has_scenarios]

    @property
    def hook_failures(self) -> list[tuple[str | None, Failure]]:
        """What went wrong around scenarios, each with the feature's file; None of the run itself."""
        return [
            (fault.feature.filename if fault.feature else None, fault.failure)
            for fault in self.faults
            if not isinstance(fault.error, UnreadableFeature)
        ]

    def lines(self) -> Iterator[Line]:
        """Yield what every report has to say."""
        for scenario in self.planned:
            result = self.result(scenario)
            yield self.place(scenario.feature), result.title, result.state
        for fault in self.lone_faults:
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

    def to_repeat(self) -> list[str]:
        """Return the places of what failed, what never ran, and all around which a hook or cleanup failed.

        Of files that could not be read, too.
        """
        unreadable = [fault.error for fault in self.faults if isinstance(fault.error, UnreadableFeature)]
        around = [fault.feature for fault in self.lone_faults if fault.error not in unreadable]
        scenarios = [
            result.place
            for scenario, result in zip(self.planned, self.results, strict=True)
            if result.never_ran
            or result.is_bad
            or any(feature is None or feature is scenario.feature for feature in around)
        ]
        return [*(str(each.location) for each in unreadable), *scenarios]

    def closing_lines(self) -> Iterator[str]:
        """Say, at the end of a run, what neither its exit code nor behave's summary does."""
        for each in self.results:
            called = f"{each.place} “{each.title}”"
            if each.failed_as_expected:
                (known,) = each.failures
                failed = known.rest.splitlines() or ["Its check says nothing."]
                yield from (f"Failed as expected: {called}", f"  {known.got}", f"  {failed[0]}")
            if each.reason.startswith(pending_steps.SAYS):
                yield f"Not checked: {called}: {each.reason}"
            if each.tries:
                kind = "Flaky" if each.is_flaky else "Retried, still failing"
                yield f"{kind}: {called}, {len(each.tries) + 1} tries"
                yield from (f"  {line}" for tried in each.tries for line in tried.splitlines())


def by_id(results: Iterable[Result]) -> Mapping[ExampleId, Result]:
    """Return results by their examples; of two that say the same, the one that does not hold."""
    found: dict[ExampleId, Result] = {}
    for each in results:
        found[each.id] = min(found.get(each.id, each), each, key=lambda one: _WORST_FIRST.index(one.promise))
    return found


def _states(lines: Iterable[Line]) -> defaultdict[tuple[str, str], Counter[str]]:
    found: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for where, what, message in lines:
        found[where, what][message] += 1
    return found


def _listed(states: Counter[str]) -> str:
    return " and ".join(sorted(states.elements())) or "nothing"
