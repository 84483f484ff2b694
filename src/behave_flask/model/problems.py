"""What went wrong with a scenario, in the same words for every report: its step, then hooks and cleanups."""

from dataclasses import dataclass
from typing import Any

from behave.model import Scenario, Step

from behave_flask.core import text
from behave_flask.model import retries
from behave_flask.model.run_record import BROKEN, FAILED, verdict_of


@dataclass(frozen=True)
class Problem:
    """One of the things that went wrong.

    :param kind: the class of the exception; "undefined" of a step that nobody wrote.
    :param message: its class, text, notes and parts; of a hook or a cleanup also which it was.
    :param trace: the lines of its traceback, without the exception; empty where there is none.
    :param whole: its message and its traceback, with those of its causes.
    :param step: the step that failed; None for hooks and cleanups.
    """

    kind: str
    message: str
    trace: str
    whole: str
    step: Step | None = None


def of(scenario: Scenario) -> list[Problem]:
    """Return what went wrong with a scenario that failed or is broken; at least one thing."""
    bad = [step for step in scenario.all_steps if verdict_of(step.status) in (FAILED, BROKEN)]
    found = [of_step(step) for step in bad]  # several, if a scenario goes on after a failure
    if scenario.exception is not None or scenario.error_message or not found:
        found.append(_problem(scenario, scenario.error_message))
    found += [Problem("earlier try", each, "", each) for each in retries.lines(scenario)]
    return found


def of_step(step: Step) -> Problem:
    """Return what went wrong with a step."""
    if step.exception is None:
        said = text.clean(step.error_message or f"{step.location}: no step says “{step.name}”.")
        return Problem("undefined", said, "", said, step)
    return _problem(step, text.describe(step.exception), step)


def of_error(error: BaseException) -> Problem:
    """Return what an exception says that belongs to no scenario."""
    whole = text.clean(text.trace_of(error))
    return Problem(
        text.class_of(error),
        text.clean(text.describe(error)),
        text.clean(text.frames_of(error.__traceback__)),
        whole,
    )


def _problem(item: Any, message: str | None, step: Step | None = None) -> Problem:
    error = item.exception
    said = text.clean(message or (text.describe(error) if error else f"It failed. {text.NO_MESSAGE}"))
    frames = text.clean(text.frames_of(item.exc_traceback))
    whole = item.error_message or ""
    if "Traceback (most recent call last)" not in whole:
        whole = "\n".join(filter(None, [whole or said, frames]))
    return Problem(text.class_of(error) if error else "error", said, frames, text.clean(whole), step)
