"""Scenarios and steps that were run again after a failure, whoever did it: no later try is a plain pass.

behave's own `patch_scenario_with_autoretry`, packages such as behave-retry and hooks made by hand replace
`Scenario.run` or call it again. Whatever they do, each try begins with the same hooks of the runner; so the
tries are counted there, and what went wrong in each is kept as it happens.
"""

from behave.model import Scenario, Status, Step

from behave_flask.core import text
from behave_flask.model import step_suggestions

AT_MOST = 2_000  # characters of what is kept of one try
NO_REASON = "It failed, and left no message."


class Tries:
    """What went wrong in the try that is going on, and in those before it."""

    def __init__(self) -> None:
        self._begun = set[int]()  # scenarios, by identity: all of them live as long as the run
        self._steps = set[int]()  # those of the try that is going on
        self._wrong: dict[int, list[str]] = {}

    def begin(self, scenario: Scenario) -> None:
        """A scenario begins, for the first time or again."""
        if id(scenario) in self._begun:
            self._again(scenario)
        self._begun.add(id(scenario))
        self._steps.clear()

    def watch_step(self, scenario: Scenario, step: Step, *, begins: bool) -> None:
        """A step of a scenario's own begins, for the first time in this try or again, or has ended."""
        if not begins:
            self._end_step(scenario, step)
            return
        if id(step) in self._steps:
            self._again(scenario)
        self._steps.add(id(step))

    def _end_step(self, scenario: Scenario, step: Step) -> None:
        if step.status.has_failed():
            message = text.describe(step.exception) if step.exception else step.error_message or NO_REASON
            self.note(scenario, f"{step.keyword} {step.name}", message)

    def note(self, scenario: Scenario, where: str, message: str) -> None:
        """Keep what went wrong in the try that is going on."""
        self._wrong.setdefault(id(scenario), []).append(text.clean(f"{where}: {message}", AT_MOST))

    def _again(self, scenario: Scenario) -> None:
        unknown = [
            step_suggestions.unknown(step) for step in scenario.all_steps if step.status == Status.undefined
        ]
        if wrong := self._wrong.pop(id(scenario), None) or unknown:
            scenario.tried = [*tried(scenario), "\n".join(wrong)]


def tried(scenario: Scenario) -> list[str]:
    """Return what went wrong in each try before the last one."""
    return list(getattr(scenario, "tried", ()))


def lines(scenario: Scenario) -> list[str]:
    """Return what went wrong in each earlier try, a text for each."""
    return [f"Try {number}: {wrong}" for number, wrong in enumerate(tried(scenario), 1)]
