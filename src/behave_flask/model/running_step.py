"""Which step is at work, and for how long: a step may run others (`context.execute_steps`), and a hook may.

behave calls the same hooks for such a nested step, and knows nothing else of it: no report has it. What it
does is its outer step's doing, or that of the scenario whose hook runs it.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from behave.model import Scenario, Status, Step

from behave_flask.core import behave_internals, clock
from behave_flask.model import evidence


class UnknownStep(LookupError):
    """A step has run another one that nobody wrote, and went on."""


class StepsAtWork:
    """The step that is at work, and inside it those that it runs."""

    def __init__(self, undefined: Sequence[Step]) -> None:
        """`undefined` is behave's own list of the steps that it found nobody to have written, as it grows."""
        self._began: list[tuple[Step, float]] = []
        self._undefined, self._known = undefined, 0

    def begin(self, scenario: Scenario | None, step: Step) -> None:
        """Take the time; what is attached from now on belongs to the step, unless it is a nested one."""
        if is_own(scenario, step):
            self._known = len(self._undefined)
            self._began.clear()  # whatever was left by a step that did not come to its end
            evidence.turn_to(step)
        self._began.append((step, clock.monotonic()))

    def end(self, scenario: Scenario | None, step: Step) -> None:
        """Set the time that a step took: behave takes it by a clock that the step may have stopped."""
        while self._began:
            each, began = self._began.pop()
            if each is step:
                step.duration = clock.monotonic() - began
                break
        if is_own(scenario, step):
            evidence.turn_to(scenario)

    def naming_unknown(self, hook: Callable[..., None] | None) -> Callable[..., None]:
        """Return a hook for after a step: one that passed over a nested step that nobody wrote is broken.

        behave alone would call the run failed, and no scenario of it.
        """

        def named(context: Any, step: Step) -> None:
            if hook:
                hook(context, step)
            scenario = getattr(context, "scenario", None)
            unknown = self._undefined[self._known :]
            if unknown and step.status == Status.passed and is_own(scenario, step):
                raise UnknownStep(f"It went on after a step that nobody wrote: “{unknown[0].name}”.")

        return wraps(hook)(named) if hook else named


def is_own(scenario: Scenario | None, step: Step) -> bool:
    """Return whether a step is one of the scenario's, as written or by its background, and no nested one."""
    return scenario is not None and any(step is each for each in scenario.all_steps)


def is_broken_promise(step: Step) -> bool:
    """Return whether a Then has found that what it says is not so, by itself or by a Then that it has run.

    behave makes an AssertionError of whatever goes wrong in a nested step.
    """
    if step.status != Status.failed or step.step_type != "then":
        return False
    return all(is_broken_promise(nested) for nested in _nested(step.exception))


def _nested(error: BaseException | None) -> list[Step]:
    """Return the nested steps for which behave has raised this error, and those that led to it."""
    found = list[Step]()
    while error is not None:
        found += behave_internals.nested_steps(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found
