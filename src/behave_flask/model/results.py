"""What became of an example, a scenario or a row of an outline, in the one form that all reports are made of.

A result is made once, by `Result.of`, when the scenario has ended with its hooks and cleanups, in the process
that ran it. The run's record keeps it (`run_record`), workers and shards send it, every report reads it. What
was raised becomes text here and nowhere else; none of it can raise.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from behave.model import Row, Rule, Scenario, ScenarioOutline, Status, Step

from behave_flask.core import behave_internals, text
from behave_flask.core.errors import UnverifiedSideEffect
from behave_flask.model import expected_failures, failures, retries, step_suggestions
from behave_flask.model.failures import HookFailure

PASSED, FAILED, BROKEN, SKIPPED = "passed", "failed", "broken", "skipped"
HOLDS, IS_BROKEN, UNCHECKED = "holds", "is broken", "was not checked"
NOT_REACHED = "Never ran: the run ended before."
FLAKY = "flaky: "  # the reason of a scenario that passed in the end begins so
SHOWN_AT_MOST = 6_000  # characters of what the owner's page shows of one failure
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
_COMPARED = re.compile(r"Expected: (?P<expected>.*?)\nGot: (?P<got>[^\n]*)(?:\n(?P<rest>.*))?", re.DOTALL)
_PLACES = {  # where something goes wrong beside the steps, as people say it
    failures.AT_THE_END: "At the end of the scenario",
    "before_all": "Before the run",
    "after_all": "At the end of the run",
    "before_feature": "Before the feature",
    "after_feature": "After the feature",
    "before_rule": "Before the rule",
    "after_rule": "After the rule",
    "before_scenario": "Before the first step",
    "after_scenario": "After the last step",
    "before_tag": "Before what has the tag",
    "after_tag": "After what has the tag",
    "before_step": "Before the step",
    "after_step": "After the step",
    "cleanup": "Cleaning up by",
    "worker": "The process that played it",
}


@dataclass(frozen=True, slots=True, eq=False)
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
    def of(cls, scenario: Scenario, row: Row | None = None) -> "ExampleId":
        """Return that of a scenario or row.

        :param row: of the tables, where the scenario is an outline.
        """
        outline = scenario.parent if isinstance(scenario.parent, ScenarioOutline) else scenario
        rule, row = rule_of(scenario), behave_internals.row_of(scenario) if row is None else row
        cells = () if row is None else tuple(row.items())
        return cls(scenario.feature.name, rule.name if rule else None, title_of(outline), cells)

    @classmethod
    def read(cls, key: str) -> "ExampleId":
        """Return that of which this is the text. Raises ValueError or TypeError for another text."""
        feature, rule, title, cells = json.loads(key)
        return cls(feature, rule, title, tuple((str(name), str(cell)) for name, cell in cells))

    def __str__(self) -> str:
        """Return the text by which files know it, whatever the order of the columns."""
        return json.dumps([self.feature, self.rule, self.title, sorted(self.cells)], ensure_ascii=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExampleId) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    @property
    def anchor(self) -> str:
        """A short name that can stand in a link."""
        return anchor_of(str(self))

    @property
    def filled(self) -> str:
        """Its title with its row's cells."""
        title = self.title
        for name, cell in self.cells:
            title = title.replace(f"<{name}>", cell)
        return title


@dataclass(frozen=True)
class Failure:
    """One of the things that went wrong, in words.

    :param where: the step in its own words, or what went wrong beside the steps.
    :param kind: the class of the exception; "undefined" of a step that nobody wrote.
    :param message: its class, text, notes and parts; of a hook or a cleanup also which it was.
    :param text: as behave says it; of what is no AssertionError with its traceback and those of its causes.
    :param trace: the lines of its traceback, without the exception; empty where there is none.
    :param got: what came, in a line or few.
    :param expected: what should have come; nothing where the failure does not say.
    :param rest: the exchange, the trace, who was there; for whoever looks closer.
    :param step: the number of the step that failed; None beside the steps.
    """

    where: str
    kind: str
    message: str
    text: str
    trace: str
    got: str
    expected: str = ""
    rest: str = ""
    step: int | None = None

    @classmethod
    def of_text(cls, where: str, message: str, *rest: str, kind: str = "error") -> "Failure":
        """Return what went wrong where nothing was raised."""
        message = text.clean(message)
        return cls(where, kind, message, message, "", _short(message), rest=_rest(message, rest))

    @property
    def whole(self) -> str:
        """What it says, and its traceback."""
        if "Traceback (most recent call last)" in self.text:
            return self.text
        return "\n".join(filter(None, [self.text, self.trace]))


@dataclass(frozen=True)
class Result:
    """What became of a scenario or row.

    :param place: its file and line.
    :param title: what reports call it.
    :param state: PASSED, FAILED, BROKEN or SKIPPED; one that failed as expected is skipped, never passed.
    :param failures: what went wrong, if it failed, also as expected, or is broken: at least one thing.
    :param duration: the seconds that it took, with its hooks and cleanups, in all tries.
    :param reason: why it was skipped or never ran, what failed as expected, or when it passed if it is flaky.
    :param tries: what went wrong in each try before the last one, if there were several.
    :param behave_status: what behave calls its state.
    """

    id: ExampleId
    place: str
    title: str
    state: str
    failures: tuple[Failure, ...]
    duration: float
    reason: str
    tries: tuple[str, ...]
    behave_status: str

    @classmethod
    def of(cls, scenario: Scenario, duration: float = 0.0) -> "Result":
        """Return the result of a scenario that has ended, or never ran."""
        state, tries = _state(scenario), tuple(retries.lines(scenario))
        return cls(
            id=ExampleId.of(scenario),
            place=str(scenario.location),
            title=title_of(scenario),
            state=state,
            failures=tuple(_failures(scenario, state)),
            duration=round(duration, 6),
            reason=_reason(scenario, state, tries),
            tries=tries,
            behave_status=scenario.status.name,
        )

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Result":
        """Return the result of which these are the values, as `to_json` gives them."""
        found = tuple(Failure(**each) for each in values["failures"])
        key = ExampleId.read(values["id"])
        return cls(**{**values, "id": key, "failures": found, "tries": tuple(values["tries"])})

    def to_json(self) -> dict[str, Any]:
        """Return its values for a file."""
        return {**vars(self), "id": str(self.id), "failures": [vars(each) for each in self.failures]}

    @property
    def is_bad(self) -> bool:
        """Whether it failed or is broken."""
        return self.state in (FAILED, BROKEN)

    @property
    def failed_as_expected(self) -> bool:
        """Whether it ran, and failed as it is known to."""
        return self.state == SKIPPED and bool(self.failures)

    @property
    def has_run(self) -> bool:
        """Whether anything of it was played, so that its duration says something."""
        return bool(self.duration) and (self.state != SKIPPED or bool(self.failures))

    @property
    def never_ran(self) -> bool:
        """Whether the run ended before it."""
        return bool(self.behave_status == Status.untested.name)

    @property
    def is_flaky(self) -> bool:
        """Whether it passed, and failed at an earlier try."""
        return self.state == PASSED and bool(self.tries)

    @property
    def promise(self) -> str:
        """Whether what it says HOLDS, IS_BROKEN or is UNCHECKED; what is known to fail is broken."""
        if self.failures:
            return IS_BROKEN
        return HOLDS if self.state == PASSED else UNCHECKED


def state_of_step(step: Step) -> str:
    """Return what became of a step. What never ran is skipped."""
    return _STATES.get(step.status, BROKEN)


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


def failure_of_hook(failure: HookFailure, statement: Any, step: int | None = None) -> Failure:
    """Return what went wrong in a hook, a cleanup or a worker.

    :param statement: what it belongs to in behave's model; None for the run.
    :param step: the number of the step that this is.
    """
    error, (hook, _, name) = failure.error, failure.where.partition(" ")
    where = f"{_PLACES.get(hook, hook)} {name}".strip()
    if isinstance(statement, Step):
        where = f"{where} “{statement.keyword} {statement.name}”"
    got = text.clean(text.describe(error))
    message = got
    if isinstance(error, UnverifiedSideEffect | expected_failures.UnexpectedPass) or hook == "worker":
        message = got = text.clean(text.message(error))
    elif isinstance(statement, Scenario | Step) and hook != failures.AT_THE_END:
        message = f"{'CLEANUP-ERROR' if hook == 'cleanup' else f'HOOK-ERROR in {failure.where}'}: {got}"
    frames = text.clean(text.frames_of(failure.trace))
    printed = statement.captured.stdout if statement is not None else ""
    rest = _rest(got, (frames, printed))
    return Failure(where, text.class_of(error), message, message, frames, _short(got), rest=rest, step=step)


def _state(scenario: Scenario) -> str:
    if expected_failures.excused(scenario) is not None:
        return SKIPPED
    if scenario.status == Status.passed and not list(scenario.all_steps):
        return SKIPPED
    return _STATES.get(scenario.status, BROKEN)


def _reason(scenario: Scenario, state: str, tries: tuple[str, ...]) -> str:
    if (failure := expected_failures.excused(scenario)) is not None:
        return f"{expected_failures.SAYS} {expected_failures.known(scenario)}\n{failure}"
    if state == PASSED:
        return "\n".join([f"{FLAKY}it passed at try {len(tries) + 1}.", *tries]) if tries else ""
    if scenario.status == Status.untested:
        return NOT_REACHED
    if scenario.status == Status.passed:
        return "it has no steps"
    return scenario.skip_reason or ("Skipped, and without a reason." if state == SKIPPED else "")


def _failures(scenario: Scenario, state: str) -> Iterator[Failure]:
    """Yield what went wrong: its steps, several if it goes on after one, then hooks, then earlier tries."""
    if (known := expected_failures.excused(scenario)) is not None:
        yield Failure.of_text("Known, and expected to fail", expected_failures.known(scenario), known)
    if state not in (FAILED, BROKEN):
        return
    anything, printed = False, scenario.captured.stdout
    for number, step in enumerate(scenario.all_steps):
        if state_of_step(step) in (FAILED, BROKEN):
            around, anything = failures.of(step), True
            if all(step.exception is not each.error for each in around):
                yield _failure_of_step(step, number, printed)
                printed = ""  # shown with the first
            yield from (failure_of_hook(each, step, number) for each in around)
    beside = failures.of(scenario)
    yield from (failure_of_hook(each, scenario) for each in beside)
    if not beside and (scenario.error_message or not anything):
        error, message = scenario.exception, (scenario.error_message or "").strip()
        kind, where = text.class_of(error) if error else "error", f"Around the {scenario.keyword.lower()}"
        message = message or (text.describe(error) if error else f"It failed. {text.NO_MESSAGE}")
        yield Failure.of_text(where, message, printed, kind=kind)
    yield from (Failure.of_text("At an earlier try", each) for each in retries.lines(scenario))


def _failure_of_step(step: Step, number: int, printed: str) -> Failure:
    """Say what a step expected and what came, and what the scenario printed about it."""
    where, error, expected, rest = f"{step.keyword} {step.name}", step.exception, "", [printed]
    output = text.clean((step.error_message or "").strip())
    if error is None:
        kind, got = "undefined", output or text.clean(step_suggestions.unknown(step))
        message = got
    else:
        kind, message = text.class_of(error), text.clean(text.describe(error))
        got = message
        if isinstance(error, AssertionError):
            got = text.clean("\n".join([text.message(error), *text.details(error)]))
            expected, got, more = _compared(got)
            rest = [more, printed]
        else:
            rest = [output, printed]
    frames = text.clean(text.frames_of(step.exc_traceback))
    shown = _short(expected), _rest(got, rest)
    return Failure(where, kind, message, output or message, frames, _short(got), *shown, step=number)


def _compared(message: str) -> tuple[str, str, str]:
    """Return what an assertion expected, what came, and what else it says."""
    if compared := _COMPARED.match(message):
        return compared["expected"], compared["got"], compared["rest"] or ""
    first, _, rest = message.partition("\n")
    return "as the step says", first, rest


def _rest(got: str, parts: Any) -> str:
    return _short("\n\n".join(part.strip("\n") for part in parts if part.strip() and part.strip() not in got))


def _short(output: str) -> str:
    return text.clean(output, SHOWN_AT_MOST)
