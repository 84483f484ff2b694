"""Features put together from what workers send of their pieces, and reported as if they had run here.

What comes is put into behave's own model; its formatters and reporters see one feature after the other.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from behave.capture import Captured
from behave.model import Feature, Rule, Scenario, ScenarioOutline, Status

from behave_flask.model import failures, wire
from behave_flask.model.results import Failure, Result
from behave_flask.model.run_record import Fault
from behave_flask.parallel.forking import Forkable

_BROKEN = (Status.hook_error, Status.cleanup_error)


@dataclass
class Progress:
    """What is known of a feature so far."""

    feature: Feature
    scenarios: list[Scenario]
    pieces: int = 0
    events: dict[int, Sequence[wire.Event]] = field(default_factory=dict)
    output: dict[int, str] = field(default_factory=dict)
    around: list[str] = field(default_factory=list)
    collected: list[Any] = field(default_factory=list)
    failed: bool = False
    finished: bool = False

    @property
    def parts(self) -> list[Feature | Rule]:
        """The feature and its rules, as they are numbered in what workers send."""
        return [self.feature, *self.feature.rules]


class Assembly:
    """All features of a run, and the formatters that are shown them when they are whole."""

    def __init__(self, runner: Any, features: Sequence[Feature]) -> None:
        self._runner, self._formatters = runner, runner.formatters
        self.suite = Forkable()
        self.features = [Progress(feature, feature.walk_scenarios()) for feature in features]

    def skip(self, feature: Feature) -> bool:
        """Make behave itself pass over a feature that is not selected: no hook is run."""
        whole, self._runner.formatters = self._runner.formatters, self._formatters
        try:
            return bool(type(feature).run(feature, self._runner))
        finally:
            self._runner.formatters = whole

    def add_scenario(
        self, number: int, index: int, result: Result, payload: Any, events: Any, output: str
    ) -> bool:
        """Keep what became of a scenario of a feature, both by their numbers; return whether it failed."""
        progress = self.features[number]
        scenario = progress.scenarios[index]
        wire.apply_scenario(scenario, payload)
        self._runner.record.keep(scenario, result)
        if output:
            progress.output[index] = output
        if events is not None:
            progress.events[index] = events
            self._show_arrived(scenario)
        progress.failed |= result.is_bad
        return result.is_bad

    def add_piece(
        self,
        number: int,
        output: str,
        failed: bool,
        payloads: list[wire.Payload],
        faults: list[tuple[str, int, bool, Failure]],
        hook_failures: int,
        collected: Any,
    ) -> None:
        """Put what happened around the scenarios of a piece into the model."""
        progress = self.features[number]
        for item, payload in zip(progress.parts, payloads, strict=True):
            _join(item, payload)
        for where, part, has_scenarios, failure in faults:
            fault = Fault(where, progress.parts[part], has_scenarios=has_scenarios)
            self._runner.record.note_once(fault, failure)
        if output and output not in progress.around:
            progress.around.append(output)
        progress.collected.append(collected)
        progress.failed |= failed
        self._runner.hook_failures += hook_failures
        self.end_piece(number)

    def break_scenario(self, number: int, index: int, why: str) -> None:
        """Report a scenario as broken of which nothing else is known."""
        progress = self.features[number]
        scenario = progress.scenarios[index]
        scenario.set_status(Status.error)
        scenario.error_message = why
        scenario.exception = RuntimeError(why)
        failures.add(scenario, "worker", scenario.exception)
        scenario.captured.add_captured(Captured(stderr=why, name="worker", failed=True))
        progress.events[index] = [("step", place) for place, _ in enumerate(scenario.all_steps)]
        progress.failed = True
        self._runner.record.end(scenario, 0.0)
        self._show_arrived(scenario)

    def break_feature(self, number: int, why: str) -> None:
        """Report a feature as broken whose scenarios are all reported."""
        progress = self.features[number]
        feature, error = progress.feature, RuntimeError(why)
        feature.hook_failed = True
        feature.error_message = "\n".join(filter(None, [feature.error_message, why]))
        feature.set_status(Status.hook_error)
        fault = Fault("worker", feature, error)
        self._runner.record.note_once(fault, fault.failure)
        progress.failed = True

    def end_piece(self, number: int) -> None:
        """Report a feature if this was its last piece."""
        self.features[number].pieces -= 1
        if not self.features[number].pieces:
            self.finish(number)

    def finish_begun(self) -> None:
        """Report what has come of each feature that is not whole, and will not be."""
        for number, progress in enumerate(self.features):
            if progress.events and not progress.finished:
                self.finish(number)

    def finish(self, number: int) -> None:
        """Report a feature of which all has come that will come."""
        progress = self.features[number]
        feature = progress.feature
        progress.finished = True
        self.suite.merge(feature, progress.collected)
        self._runner.undefined_steps.extend(
            step
            for scenario in progress.scenarios
            for step in scenario.all_steps
            if step.status is Status.undefined
        )
        self._begin("feature", feature)
        numbers = {id(scenario): index for index, scenario in enumerate(progress.scenarios)}
        for item in feature.run_items:
            self._report(item, progress, numbers)
        write("".join(progress.around))
        if self._judge(feature):
            progress.failed = True
        for formatter in self._formatters:
            formatter.eof()
        progress.events, progress.output = {}, {}

    def _show_arrived(self, scenario: Scenario) -> None:
        for formatter in self._formatters:
            if arrived := getattr(formatter, "arrived", None):
                arrived(scenario)

    def _begin(self, name: str, item: Feature | Rule) -> None:
        for formatter in self._formatters:
            if name == "feature":
                formatter.uri(item.filename)
            if call := getattr(formatter, name, None):
                call(item)
            if item.background:
                formatter.background(item.background)

    def _report(self, item: Any, progress: Progress, numbers: dict[int, int]) -> None:
        if isinstance(item, Rule):
            if not item.should_run_with_tags(self._runner.config.tag_expression):
                return
            self._begin("rule", item)
            for each in item.run_items:
                self._report(each, progress, numbers)
            for formatter in self._formatters:
                if call := getattr(formatter, "rule_finished", None):
                    call()
            return
        for scenario in item.scenarios if isinstance(item, ScenarioOutline) else [item]:
            index = numbers[id(scenario)]
            if index in progress.events:
                find_match = self._runner.step_registry.find_match
                wire.replay(scenario, progress.events[index], self._formatters, find_match)
            write(progress.output.get(index, ""))

    def _judge(self, feature: Feature) -> bool:
        """Make the suite judge the feature as a whole, as its hook does in a run without workers."""
        hooks = self._runner.hooks
        self._runner.hooks = {"after_feature": lambda _, whole: self.suite.end_feature(whole)}
        try:
            passed = self._runner.run_hook_with_capture(
                "after_feature", feature, capture_sink=feature.capture_sink
            )
        finally:
            self._runner.hooks = hooks
        if not passed:
            feature.set_status(Status.hook_error)
        return not passed


def write(output: str) -> None:
    """Show what a worker has printed."""
    if output:
        sys.stdout.write(output)
        sys.stdout.flush()


def _join(item: Feature | Rule, payload: wire.Payload) -> None:
    """Add to a feature or a rule what became of it in one piece; what every piece says appears once."""
    if (message := payload.get("error_message")) and message not in (item.error_message or ""):
        if not item.error_message:
            wire.apply(item, {name: payload[name] for name in ("exception", "trace") if name in payload})
        item.error_message = "\n".join(filter(None, [item.error_message, message]))
        wire.add_captured(item, payload)
    item.hook_failed |= payload["hook_failed"]
    item.should_skip |= payload["should_skip"]
    item.skip_reason = item.skip_reason or payload["skip_reason"]
    if payload["status"] in _BROKEN:
        item.set_status(payload["status"])
