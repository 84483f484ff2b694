"""What became of each example in a run: whether it holds, is broken, or was not checked, and why.

An example is a scenario, or one row of an outline's tables. It is known by what it says (feature, rule,
title, cells), never by where it stands: a row may be moved or inserted, and every other keeps its name.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from behave.model import Examples, Feature, Row, Rule, Scenario, ScenarioOutline, Status, Step

from behave_flask.core import text
from behave_flask.core.errors import UnverifiedSideEffect
from behave_flask.model import expected_failures, failures, pending_steps, retries, step_suggestions
from behave_flask.model.failures import HookFailure
from behave_flask.model.results import SKIPPED, ExampleId, state_of, title_of

HOLDS, BROKEN, UNCHECKED = "holds", "is broken", "was not checked"
SHOWN_AT_MOST = 6_000  # characters of what one failure says
NOT_RUN = "not in this run"
_COMPARED = re.compile(r"Expected: (?P<expected>.*?)\nGot: (?P<got>[^\n]*)(?:\n(?P<rest>.*))?", re.DOTALL)
_PLACES = {  # where something goes wrong beside the steps, as people say it
    failures.AT_THE_END: "At the end of the scenario",
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


@dataclass(frozen=True, slots=True)
class Place:
    """One example in a feature as behave has parsed it; a plain scenario has no `examples` and no `row`."""

    id: str
    rule: Rule | None
    scenario: Scenario
    examples: Examples | None = None
    row: Row | None = None

    @property
    def line(self) -> int:
        """Where it stands in the file."""
        return int((self.row or self.scenario).line)


@dataclass(frozen=True)
class Fault:
    """Why an example is broken.

    :param where: the step in its own words, or what went wrong beside the steps.
    :param expected: what should have come; nothing where the failure does not say.
    :param got: what came instead, in a line.
    :param rest: the exchange, the trace, who was there; for whoever looks closer.
    """

    where: str
    expected: str
    got: str
    rest: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an example: `why` it was not checked or is flaky, with which `faults` it is broken."""

    state: str
    why: str = ""
    faults: tuple[Fault, ...] = ()

    @property
    def is_flaky(self) -> bool:
        """Whether it holds, and failed at an earlier try."""
        return self.state == HOLDS and self.why.startswith(retries.FLAKY)


_HELD = Verdict(HOLDS)  # one for all of them


def examples(feature: Feature) -> Iterator[Place]:
    """Yield every example of a feature in its order; by that order those that say the same differ."""
    seen: Counter[str] = Counter()
    for rule, scenario in _scenarios(feature):
        for examples, row in _rows(scenario):
            cells = tuple(row.items()) if row else ()
            name = ExampleId(feature.name, rule.name if rule else None, title_of(scenario), cells).anchor
            seen[name] += 1
            yield Place(f"{name}-{seen[name]}" if seen[name] > 1 else name, rule, scenario, examples, row)


def verdicts(feature: Feature) -> dict[str, Verdict]:
    """Return what became of each example of a feature that behave has played, by its id.

    Of a row that another machine plays (`-D shard=`) the feature still has the cells, but no scenario.
    """
    played = {each.line: each for each in feature.walk_scenarios()}
    return {
        place.id: _verdict(played[place.line], place, feature)
        for place in examples(feature)
        if place.line in played
    }


def hook_failures(feature: Feature) -> list[Fault]:
    """Return what went wrong in a feature outside its scenarios: hooks and clean-ups of it and its rules."""
    return [_of_failure(failure, each) for each in (feature, *feature.rules) for failure in failures.of(each)]


def _scenarios(feature: Feature) -> Iterator[tuple[Rule | None, Scenario]]:
    for item in feature.run_items:
        if isinstance(item, Rule):
            yield from ((item, scenario) for scenario in item.run_items)
        else:
            yield None, item


def _rows(scenario: Scenario) -> Iterator[tuple[Examples | None, Row | None]]:
    if not isinstance(scenario, ScenarioOutline):
        yield None, None
        return
    for examples in scenario.examples:
        for row in examples.table.rows if examples.table else ():
            yield examples, row


def _verdict(scenario: Scenario, place: Place, feature: Feature) -> Verdict:
    if (
        failure := expected_failures.excused(scenario)
    ) is not None:  # counts as passed, but what it says does not hold
        fault = Fault("Known, and expected to fail", "", expected_failures.known(scenario), failure)
        return Verdict(BROKEN, faults=(fault,))
    if retries.is_flaky(scenario):
        return Verdict(HOLDS, retries.summary(scenario))
    if scenario.status == Status.passed:
        return _HELD if list(place.scenario.all_steps) else Verdict(UNCHECKED, "it has no steps")
    why = scenario.skip_reason
    if state_of(scenario) == SKIPPED and scenario.status != Status.untested:
        reason = why if why and why.startswith(pending_steps.SAYS) else f"skipped: {why}"
        return Verdict(UNCHECKED, reason if why else NOT_RUN)
    if prevented := blocked_by_hook(scenario, place, feature):
        return Verdict(BROKEN, faults=tuple(prevented))
    if scenario.status == Status.untested:
        return Verdict(UNCHECKED, "the run ended before it")
    return Verdict(BROKEN, faults=tuple(_faults(scenario)))


def blocked_by_hook(scenario: Scenario, place: Place, feature: Feature) -> list[Fault]:
    """Return what failed before a scenario of which no step ran, in a hook of its feature or its rule."""
    if scenario.hook_failed or any(step.status != Status.untested for step in scenario.all_steps):
        return []
    around = [each for each in (feature, place.rule) if each]
    return [
        _of_failure(failure, each)
        for each in around
        for failure in failures.of(each)
        if failure.where.startswith("before_")
    ]


def _faults(scenario: Scenario) -> Iterator[Fault]:
    """Yield the step that failed, and what failed beside the steps; at least one of them."""
    failed = [step for step in scenario.all_steps if step.status.has_failed()]
    output = scenario.captured.stdout
    for step in failed:
        around = failures.of(step)
        if step.error_message or not around:  # where a step's hook alone failed, behave has no message
            yield _of_step(step, output)
            output = ""  # shown with the first
        yield from (_of_failure(failure, step) for failure in around)
    yield from (_fault("At an earlier try", "", each) for each in retries.lines(scenario))
    if failures.of(scenario) or not failed:
        yield from hook_failures_of(scenario)


def _of_step(step: Step, output: str) -> Fault:
    """Say what a step expected and what came, and what the scenario printed about it."""
    where = f"{step.keyword} {step.name}"
    if step.status == Status.undefined:
        return _fault(where, "", step_suggestions.unknown(step))
    error = step.exception
    if error is None:
        return _fault(where, "", (step.error_message or text.NO_MESSAGE).strip(), output)
    if not isinstance(error, AssertionError):
        return _fault(where, "", text.clean(text.describe(error)), step.error_message or "", output)
    message = text.clean("\n".join([text.message(error), *text.details(error)]))
    if compared := _COMPARED.match(message):
        return _fault(where, compared["expected"], compared["got"], compared["rest"] or "", output)
    first, _, rest = message.partition("\n")
    return _fault(where, "as the step says", first, rest, output)


def hook_failures_of(statement: Feature | Rule | Scenario) -> Iterator[Fault]:
    """Yield what hooks, clean-ups and workers did wrong, as it was written down when it happened."""
    found = failures.of(statement)
    yield from (_of_failure(failure, statement) for failure in found)
    if not found:
        output = statement.captured.stdout.strip()
        message = (statement.error_message or "").strip() or "(no message)"
        yield _fault(f"Around the {statement.keyword.lower()}", "", message, output)


def _of_failure(failure: HookFailure, statement: Feature | Rule | Scenario | Step) -> Fault:
    """Say where something went wrong beside the steps, and what was raised."""
    hook, _, name = failure.where.partition(" ")
    where = f"{_PLACES.get(hook, hook)} {name}".strip()
    if isinstance(statement, Step):
        where = f"{where} “{statement.keyword} {statement.name}”"
    error = failure.error
    finding = (
        text.class_of(error) == UnverifiedSideEffect.__name__
    )  # what came from a worker is of a class like it
    what = text.message(error) if finding else text.describe(error)
    return _fault(where, "", what, text.frames_of(error.__traceback__), statement.captured.stdout)


def _fault(where: str, expected: str, got: str, *rest: str) -> Fault:
    more = "\n\n".join(part.strip("\n") for part in rest if part.strip() and part.strip() not in got)
    return Fault(where, _short(expected), _short(got), _short(more))


def _short(output: str) -> str:
    return text.clean(output, SHOWN_AT_MOST)
