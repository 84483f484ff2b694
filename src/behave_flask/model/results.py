"""What became of a scenario or row, in the one form from which every report is made."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from behave.model import Rule, Scenario, ScenarioOutline, Status, Step

from behave_flask.core import behave_internals, text
from behave_flask.model import expected_failures, retries

PASSED, FAILED, BROKEN, SKIPPED = "passed", "failed", "broken", "skipped"
NOT_REACHED = "Never ran: the run ended before."
# Passed is what behave calls so, but for its reserved words and for steps that are not written.
_STATES = {
    Status.passed: PASSED,
    Status.failed: FAILED,
    Status.xpassed: FAILED,
    Status.xfailed: SKIPPED,
    Status.skipped: SKIPPED,
    Status.untested: SKIPPED,
    Status.untested_pending: SKIPPED,
    Status.untested_undefined: SKIPPED,
    Status.pending_warn: SKIPPED,
}


@dataclass(frozen=True, slots=True)
class ExampleId:
    """An example by what it says, never by where it stands: a row may be moved, and is still the same.

    :param title: as written, with the names of columns where a row has its cells.
    :param cells: the columns of its row with what stands in them, in their order.
    """

    feature: str
    rule: str | None
    title: str
    cells: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, scenario: Scenario) -> "ExampleId":
        """Return that of a scenario or row."""
        outline = scenario.parent if isinstance(scenario.parent, ScenarioOutline) else scenario
        rule = rule_of(scenario)
        row = behave_internals.row_of(scenario)
        cells = tuple(row.items()) if row else ()
        return cls(scenario.feature.name, rule.name if rule else None, title_of(outline), cells)

    @property
    def anchor(self) -> str:
        """A short name that can stand in a link."""
        return anchor_of(
            self.feature, self.rule or "", self.title, *(f"{name}={cell}" for name, cell in self.cells)
        )


@dataclass(frozen=True)
class Failure:
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

    @classmethod
    def of_step(cls, step: Step) -> "Failure":
        """Return what went wrong with a step."""
        if step.exception is None:
            message = text.clean(step.error_message or f"{step.location}: no step says “{step.name}”.")
            return cls("undefined", message, "", message, step)
        return _failure(step, text.describe(step.exception), step)

    @classmethod
    def of_error(cls, error: BaseException) -> "Failure":
        """Return what an exception says that belongs to no scenario."""
        return cls(
            text.class_of(error),
            text.clean(text.describe(error)),
            text.clean(text.frames_of(error.__traceback__)),
            text.clean(text.trace_of(error)),
        )


@dataclass(frozen=True)
class Result:
    """What became of a scenario or row.

    :param place: its file and line.
    :param title: what reports call it.
    :param state: PASSED, FAILED, BROKEN or SKIPPED; one that failed as expected is skipped, never passed.
    :param failures: what went wrong, if it failed or is broken: at least one thing.
    :param duration: the seconds that its steps took.
    :param reason: why it was skipped or never ran, what failed as expected, or when it passed if it is flaky.
    :param failed_as_expected: whether it ran, and failed as it is known to.
    :param is_flaky: whether it passed, and failed at an earlier try.
    """

    id: ExampleId
    place: str
    title: str
    state: str
    failures: tuple[Failure, ...]
    duration: float
    reason: str
    failed_as_expected: bool
    is_flaky: bool

    @classmethod
    def of(cls, scenario: Scenario) -> "Result":
        """Return the result of a scenario that has ended, or never ran."""
        state = state_of(scenario)
        return cls(
            id=ExampleId.of(scenario),
            place=str(scenario.location),
            title=title_of(scenario),
            state=state,
            failures=tuple(_failures(scenario)) if state in (FAILED, BROKEN) else (),
            duration=scenario.duration,
            reason=_reason(scenario, state),
            failed_as_expected=expected_failures.excused(scenario) is not None,
            is_flaky=retries.is_flaky(scenario),
        )


def state_of_status(status: Status) -> str:
    """Return what a status of behave comes to in any report. What never ran is skipped, and says why."""
    return _STATES.get(status, BROKEN)


def state_of(scenario: Scenario) -> str:
    """Return what a scenario came to in any report: one that failed as expected is skipped, never passed."""
    if expected_failures.excused(scenario) is not None:
        return SKIPPED
    return state_of_status(scenario.status)


def title_of(scenario: Scenario) -> str:
    """Return what reports call a scenario."""
    return text.visible(scenario.name.strip()) or str(scenario.keyword)


def rule_of(scenario: Scenario) -> Rule | None:
    """Return the rule in which a scenario stands."""
    statement = scenario.parent
    while statement is not None and not isinstance(statement, Rule):
        statement = statement.parent
    return statement


def anchor_of(*words: str) -> str:
    """Return a short name for what says this; it can stand in a link."""
    return "e" + sha256("\0".join(words).encode(errors="backslashreplace")).hexdigest()[:12]


def _reason(scenario: Scenario, state: str) -> str:
    if (failure := expected_failures.excused(scenario)) is not None:
        return f"{expected_failures.SAYS} {expected_failures.known(scenario)}\n{failure}"
    if state == PASSED:
        return retries.summary(scenario) if retries.is_flaky(scenario) else ""
    if scenario.status == Status.untested:
        return NOT_REACHED
    return scenario.skip_reason or ("Skipped, and without a reason." if state == SKIPPED else "")


def _failures(scenario: Scenario) -> Iterator[Failure]:
    """Yield what went wrong: its steps, several if it goes on after one, then hooks, and earlier tries."""
    bad = [step for step in scenario.all_steps if state_of_status(step.status) in (FAILED, BROKEN)]
    yield from map(Failure.of_step, bad)
    if scenario.exception is not None or scenario.error_message or not bad:
        yield _failure(scenario, scenario.error_message)
    yield from (Failure("earlier try", each, "", each) for each in retries.lines(scenario))


def _failure(item: Any, message: str | None, step: Step | None = None) -> Failure:
    error = item.exception
    message = text.clean(message or (text.describe(error) if error else f"It failed. {text.NO_MESSAGE}"))
    frames = text.clean(text.frames_of(item.exc_traceback))
    whole = item.error_message or ""
    if "Traceback (most recent call last)" not in whole:
        whole = "\n".join(filter(None, [whole or message, frames]))
    return Failure(text.class_of(error) if error else "error", message, frames, text.clean(whole), step)
