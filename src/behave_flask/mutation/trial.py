"""A scenario played with changed sentences, to see which of them turn it red.

A worker plays all that one scenario needs, one play after the other, each as a feature that holds nothing
else: so hooks around features, rules and scenarios see what they see in any run.
"""

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from behave.model import Feature, Rule, Scenario, ScenarioOutline, Status, Step

from behave_flask.core import behave_internals
from behave_flask.mutation.sentences import Change

KILLED, SURVIVED, NOT_PLAYED, NOT_JUDGED = "killed", "survived", "not played", "not judged"
MIME = "application/x-sentence-mutants"  # of the verdicts, as a formatter is handed them
_NEVER_RAN = (Status.untested, Status.skipped)

Verdict = tuple[str, str]  # one of the four, and why, where it needs a reason


@dataclass
class _Play:
    """A scenario to be played with changed sentences tried before those that are written.

    :param tried: the numbers of the changes; `red` has those of them that failed.
    """

    scenario: Scenario
    tried: list[int] = field(default_factory=list)
    red: set[int] = field(default_factory=set)

    @property
    def green(self) -> bool:
        """Whether the scenario passed, as it is written."""
        return bool(self.scenario.status == Status.passed)


class Trial(Feature):
    """A feature that holds one scenario, and judges the changes of its sentences when it is run."""

    changes: Sequence[Change]
    alone: bool
    first: _Play

    @classmethod
    def of(cls, scenario: Scenario, changes: Sequence[Change], *, alone: bool) -> "Trial":
        """Make one for the changes of one scenario.

        :param alone: play each change by itself.
        """
        trial: Trial
        play, trial = _holding(scenario, cls)
        trial.changes, trial.alone = changes, alone
        trial.first = _trying(play, changes, [] if alone else range(len(changes)))
        return trial

    def run(self, runner: Any) -> bool:
        """Play the scenario as often as it needs, and hand a verdict on each change to the formatters."""
        failed: bool = super().run(runner)
        if not any(_ran(step) for step in self.first.scenario.all_steps):
            return failed
        formatters, runner.formatters = runner.formatters, []
        try:
            verdicts = self._judged(runner)
        finally:
            runner.formatters = formatters
        for formatter in formatters:
            if embed := getattr(formatter, "embedding", None):
                embed(MIME, verdicts)
        return failed

    def _judged(self, runner: Any) -> list[Verdict]:
        play, verdicts = self.first, dict[int, Verdict]()
        while not play.green and play.red and len(play.red) < len(play.tried):
            play = self._play(
                runner, sorted(play.red)
            )  # without those that passed, and may have taken things
        if play.green:
            verdicts = dict.fromkeys(play.red, (KILLED, ""))
        elif self.first.tried:
            play = self._play(runner, [])
        if not play.green:
            messages = f"the scenario itself is not green: {why(play.scenario)}"
            return [(NOT_JUDGED, messages)] * len(self.changes)
        return [
            verdicts.get(number) or self._by_itself(runner, change)
            for number, change in enumerate(self.changes)
        ]

    def _play(self, runner: Any, tried: Sequence[int]) -> _Play:
        """Play the scenario as it is written, trying some changes."""
        scenario, feature = _holding(self.changes[0].scenario, Feature)
        play = _trying(scenario, self.changes, tried)
        feature.run(runner)
        return play

    def _by_itself(self, runner: Any, change: Change) -> Verdict:
        """Play the scenario with one sentence in the place of the one that is written."""
        scenario, feature = _holding(change.scenario, Feature)
        for steps, first in (
            (scenario.background_steps, 0),
            (scenario.steps, len(scenario.background_steps)),
        ):
            if first <= change.number < first + len(steps):
                steps[change.number - first] = change.made()
        feature.run(runner)
        changed = list(scenario.all_steps)[change.number]
        if scenario.status == Status.passed:
            return SURVIVED, ""
        if not _ran(changed) or not scenario.status.has_failed():
            return NOT_JUDGED, f"with it the scenario does not come so far: {why(scenario)}"
        return KILLED, ""


def _holding(scenario: Scenario, kind: type[Any]) -> tuple[Scenario, Any]:
    """Return a copy of a scenario, and of its feature as one of a class, with nothing else in it."""
    own = Scenario(
        scenario.filename,
        scenario.line,
        scenario.keyword,
        scenario.name,
        scenario.tags,
        list(map(copy.copy, scenario.steps)),
        scenario.description,
        background=scenario.background,
        background_steps=list(map(copy.copy, scenario.background_steps)),
    )
    behave_internals.set_row(own, behave_internals.row_of(scenario))
    inner, outer, inside = own, scenario.parent, [own]
    while outer is not None:
        holder = _empty(outer, kind if isinstance(outer, Feature) else type(outer))
        if isinstance(holder, ScenarioOutline):
            behave_internals.set_rows(holder, [inner])
        else:
            holder.run_items = [inner]
            holder.scenarios = [] if isinstance(inner, Rule) else [inner]
        if isinstance(holder, Feature):
            holder.rules = [inner] if isinstance(inner, Rule) else []
        inner.parent = holder
        inside.append(holder)
        inner, outer = holder, outer.parent
    for each in inside[:-1]:
        each.feature = inner
    return own, inner


def _empty(node: Any, kind: type[Any]) -> Any:
    """Return a copy of a feature, a rule or an outline, as one of a class."""
    new: Any = object.__new__(kind)
    vars(new).update(vars(node))
    return new


def _trying(scenario: Scenario, changes: Sequence[Change], tried: Iterable[int]) -> _Play:
    play = _Play(scenario, list(tried))
    for place, step in enumerate(scenario.all_steps):
        here = [number for number in play.tried if changes[number].number == place]
        if here:
            with_changes = partial(_run, step, [(number, changes[number]) for number in here], play.red)
            behave_internals.replace_run(step, with_changes)
    return play


def _run(
    step: Step,
    changes: Sequence[tuple[int, Change]],
    red: set[int],
    runner: Any,
    quiet: bool = False,
    capture: bool = True,
) -> bool:
    """Run a step as behave does, after what it could say instead."""
    red.update(number for number, change in changes if _fails(change.made(), runner))
    passed: bool = type(step).run(step, runner, quiet, capture)
    return passed


def _fails(step: Step, runner: Any) -> bool:
    match = runner.step_registry.find_match(step)
    runner.context.text, runner.context.table = step.text, step.table
    try:
        match.run(runner.context)
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 (whatever it is, behave would call the step failed)
        return True
    return False


def _ran(step: Step) -> bool:
    return step.status not in _NEVER_RAN


def why(scenario: Scenario) -> str:
    """Return why a scenario is not green: the first line of its message, and the last."""
    messages = [
        scenario.error_message,
        *(step.error_message for step in scenario.all_steps),
        scenario.skip_reason,
    ]
    lines = next((text.strip().splitlines() for text in messages if text and text.strip()), None)
    if lines is None:
        return f"it is {scenario.status.name}"
    return " ... ".join(dict.fromkeys([lines[0], lines[-1].strip()]))
