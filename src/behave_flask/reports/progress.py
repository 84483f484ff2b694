"""What a run shows: a progress bar on a terminal, plain lines elsewhere, and failures as they come.

A failure is shown once, with all that is needed to understand it: where it stands, its step, what was
expected and what came, and the command that runs just this scenario again.
"""

from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

from behave.formatter.progress import ScenarioStepProgressFormatter
from behave.model import Rule, Scenario, Step

from behave_flask.core import clock
from behave_flask.model.results import Result
from behave_flask.model.run_record import RunRecord
from behave_flask.reports import rerun

REFRESH = 0.1  # seconds between two pictures of the bar


class Live(ScenarioStepProgressFormatter):
    """behave's progress3 with legible failures; on a terminal, by rich, a bar and the failures alone.

    Example, in `behave.ini`::

        default_format = live

        [behave.formatters]
        live = behave_flask:Live
    """

    name = "live"
    description = "Shows a progress bar on a terminal, progress3 elsewhere; failures as they come."

    def __init__(self, stream_opener: Any, config: Any) -> None:
        super().__init__(stream_opener, config)
        self._bar = _Bar(self.stream) if self.stream.isatty() and find_spec("rich") else None
        self._record: RunRecord | None = None

    def begin(self, record: RunRecord) -> None:
        """Take the record that has what became of each scenario; a dry run has none."""
        self._record = record

    def plan(self, scenarios: Iterable[Scenario], times: Any) -> None:
        """Take the scenarios that are to run, and what is known of their times."""
        if self._bar:
            self._bar.plan({id(scenario): times.of(scenario) for scenario in scenarios})

    def arrived(self, scenario: Scenario) -> None:
        """Take a scenario that another process has run; its failure is shown with its feature."""
        if self._bar:
            self._bar.count(scenario, self._result(scenario))

    def feature(self, feature: Any) -> None:
        """Begin a feature."""
        if self._bar:
            self.report_current_feature_completed()
            self.current_feature = feature
        else:
            super().feature(feature)

    def rule(self, rule: Rule) -> None:
        """Begin a rule."""
        if self._bar:
            self.report_current_rule_completed()
            self.current_rule = rule
        else:
            super().rule(rule)

    def scenario(self, scenario: Scenario) -> None:
        """Begin a scenario."""
        if self._bar:
            self.report_current_scenario_completed()
            self.current_scenario = scenario
        else:
            super().scenario(scenario)

    def report_current_step_progress(self, step: Step) -> None:
        """Show a dot for a step, but not on a terminal."""
        if not self._bar:
            super().report_current_step_progress(step)

    def report_current_scenario_duration(self) -> None:
        """End the line of a scenario, if there is one."""
        if not self._bar:
            super().report_current_scenario_duration()

    def report_current_scenario_failures(self) -> None:
        """Show all about a scenario that failed; at the end of a feature there is none."""
        if self.current_scenario is None:
            return
        if self._bar:
            self._bar.count(self.current_scenario, self._result(self.current_scenario))
        result = self._result(self.current_scenario)
        if result.is_bad:
            command = rerun.command(self.config, result.place)
            self._write(failure(self.current_scenario, result, command))

    def report_current_scenario_captured_output(self) -> None:
        """Say nothing more: what was captured stands with the failure."""

    def report_current_feature_completed(self) -> None:
        """End a feature."""
        if self._bar:
            self.report_current_rule_completed()
            self.current_feature = None
        else:
            super().report_current_feature_completed()

    def report_current_rule_completed(self) -> None:
        """End a rule."""
        if self._bar:
            self.report_current_scenario_completed()
            self.current_rule = None
        else:
            super().report_current_rule_completed()

    def eof(self) -> None:
        """End a feature, at the end of its file."""
        if self._bar:
            self.report_current_feature_completed()
            self.reset()
        else:
            super().eof()

    def pause(self) -> None:
        """Leave the terminal to somebody else, such as a debugger."""
        if self._bar:
            self._bar.close()

    def go_on(self) -> None:
        """Have the terminal again."""
        if self._bar:
            self._bar.go_on()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar:
            self._bar.close()
        super().close()

    def _result(self, scenario: Scenario) -> Result:
        return self._record.result(scenario) if self._record else Result.of(scenario)

    def _write(self, text: str) -> None:
        if self._bar:
            self._bar.say(text)
        else:
            self.stream.write(f"{text}\n")


def failure(scenario: Scenario, result: Result, command: str) -> str:
    """Return all that one needs to understand why a scenario failed, and the command that repeats it."""
    steps, example = list(scenario.all_steps), result.id
    lines = [
        f"✗ {scenario.name}",
        f"  Feature:  {example.feature}",
        *([f"  Rule:     {example.rule}"] if example.rule else []),
        f"  {'Row:     ' if example.cells else 'Scenario:'} {result.place}",
    ]
    for each in result.failures:
        if each.step is not None:
            lines.append(f"  Step:     {each.where} ({steps[each.step].location})")
        lines += _indented(each.text.removeprefix("ASSERT FAILED: "))
    captured = scenario.captured
    for output in (captured.stdout, captured.stderr, captured.log):
        rest = output
        for each in result.failures:
            rest = rest.replace(each.text, "")
        lines += _indented(rest)
    if not any("To repeat: " in line for line in lines):
        lines.append(f"    To repeat: {command}")
    return "\n".join([*lines, ""])


def _indented(text: str) -> list[str]:
    return [f"    {line}".rstrip() for line in text.strip("\n").splitlines() if line.strip()]


class _Bar:
    """rich's progress bar, drawn without a thread of its own, so that workers can be forked meanwhile."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._seconds: dict[int, float] = {}
        self._counted: set[int] = set()
        self._failed = 0
        self._drawn = 0.0
        self._progress: Any = None
        self._task: Any = None

    def plan(self, seconds: dict[int, float]) -> None:
        self._seconds = seconds

    def count(self, scenario: Scenario, result: Result) -> None:
        """Count a scenario that is over, once."""
        if id(scenario) in self._counted:
            return
        self._counted.add(id(scenario))
        self._failed += result.is_bad
        self._begin()
        self._progress.update(
            self._task,
            advance=self._seconds.get(id(scenario), 0.0),
            done=len(self._counted),
            failed=f"[red]{self._failed} failed[/]" if self._failed else "none failed",
        )
        if clock.monotonic() - self._drawn > REFRESH:
            self._drawn = clock.monotonic()
            self._progress.refresh()

    def say(self, text: str) -> None:
        """Write above the bar."""
        self._begin()
        self._progress.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def close(self) -> None:
        if self._progress:
            self._progress.refresh()
            self._progress.stop()

    def go_on(self) -> None:
        if self._progress:
            self._progress.start()

    def _begin(self) -> None:
        if self._progress:
            return
        from rich.console import Console  # here, for it takes a while, and only a terminal needs it
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._progress = Progress(
            BarColumn(),
            TextColumn("{task.fields[done]} of {task.fields[all]} scenarios, {task.fields[failed]},"),
            TimeRemainingColumn(compact=True),
            TextColumn("left"),
            console=Console(file=self._stream),
            auto_refresh=False,
            get_time=clock.monotonic,
        )
        total = sum(self._seconds.values()) or None
        everything = len(self._seconds)
        self._task = self._progress.add_task("", total=total, all=everything, done=0, failed="none failed")
        self._progress.start()
