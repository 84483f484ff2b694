"""What became of each example in a run: whether it holds, is broken, or was not checked, and why.

An example is a scenario, or one row of an outline's tables. It is known by what it says (feature, rule, title,
cells), never by where it stands, so that a row may be moved or inserted and every other row keeps its name.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from behave.model import Examples, Feature, Row, Rule, Scenario, ScenarioOutline, Status, Step

from features.harness import wording

HOLDS, BROKEN, UNCHECKED = "holds", "is broken", "was not checked"
SHOWN_AT_MOST = 6_000  # characters of what one failure says
NOT_RUN = "not part of this run"
_COMPARED = re.compile(r"Expected: (?P<expected>.*?)\nGot: (?P<got>[^\n]*)(?:\n(?P<rest>.*))?", re.DOTALL)
_PREFIX = re.compile(r"\A(?:ASSERT FAILED|ERROR): ")
_TRACEBACK = "Traceback (most recent call last):"


@dataclass(frozen=True)
class Place:
    """One example in a feature, as behave has parsed it; `examples` and `row` are None for a plain scenario."""

    id: str
    rule: Rule | None
    scenario: Scenario
    examples: Examples | None = None
    row: Row | None = None


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


@dataclass(frozen=True)
class Verdict:
    """What became of an example. `why` says it for one that was not checked, `faults` for one that is broken."""

    state: str
    why: str = ""
    faults: tuple[Fault, ...] = ()


def places(feature: Feature) -> Iterator[Place]:
    """Give every example of a feature in its order. Examples that say the same are told apart by their order."""
    seen: Counter[str] = Counter()
    for rule, scenario in _scenarios(feature):
        for examples, row in _rows(scenario):
            cells = [f"{name}={cell}" for name, cell in row.items()] if row else []
            said = [feature.name, rule.name if rule else "", scenario.name, *cells]
            name = "e" + hashlib.sha256("\0".join(said).encode()).hexdigest()[:12]
            seen[name] += 1
            yield Place(f"{name}-{seen[name]}" if seen[name] > 1 else name, rule, scenario, examples, row)


def verdicts(feature: Feature) -> dict[str, Verdict]:
    """Return what became of each example of a feature that behave has played, by its id."""
    return {place.id: _verdict(_played(place), place, feature) for place in places(feature)}


def troubles(feature: Feature) -> list[Fault]:
    """Return what went wrong in a feature outside its scenarios: hooks and clean-ups of it and its rules."""
    around = [("the feature", feature), *((f"the rule “{rule.name}”", rule) for rule in feature.rules)]
    return [
        _beside(f"Around {what}", each)
        for what, each in around
        if each.hook_failed or each.status in (Status.hook_error, Status.cleanup_error)
    ]


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


def _played(place: Place) -> Scenario:
    """Return the scenario that behave made of a row, or the plain scenario itself."""
    if place.row is None:
        return place.scenario
    return next(each for each in place.scenario.scenarios if each.line == place.row.line)


def _verdict(scenario: Scenario, place: Place, feature: Feature) -> Verdict:
    if scenario.status == Status.passed:
        return Verdict(HOLDS) if list(scenario.all_steps) else Verdict(UNCHECKED, "it has no steps")
    if scenario.status == Status.skipped:
        return Verdict(UNCHECKED, f"skipped: {scenario.skip_reason}" if scenario.skip_reason else NOT_RUN)
    if scenario.status == Status.untested:
        stopped = feature.hook_failed or (place.rule is not None and place.rule.hook_failed)
        return Verdict(UNCHECKED, "what comes before it failed" if stopped else "the run ended before it")
    return Verdict(BROKEN, faults=tuple(_faults(scenario)))


def _faults(scenario: Scenario) -> Iterator[Fault]:
    """Give the step that failed, and what failed beside the steps; at least one of them."""
    failed = [step for step in scenario.all_steps if step.status.has_failed()]
    yield from map(_of_step, failed[:1])
    beside = scenario.hook_failed or scenario.status in (Status.hook_error, Status.cleanup_error)
    if beside or not failed:
        yield _beside("Beside the steps", scenario)


def _of_step(step: Step) -> Fault:
    where = f"{step.keyword} {step.name}"
    if step.status == Status.undefined:
        return _fault(where, wording.unknown(step), "")
    return _fault(where, step.error_message or "It gives no reason.", step.captured.stdout)


def _beside(where: str, statement: Feature | Rule | Scenario) -> Fault:
    said = statement.captured.stdout
    message = statement.error_message or _line_with("CLEANUP-ERROR", said) or "It gives no reason."
    return _fault(where, message, said)


def _line_with(word: str, text: str) -> str:
    return next((line for line in text.splitlines() if line.startswith(word)), "")


def _fault(where: str, message: str, context: str) -> Fault:
    """Tell what was expected and what came from the rest of what a failure says."""
    text = _PREFIX.sub("", message.strip())
    compared = _COMPARED.match(text)
    if compared:
        expected, got, rest = compared["expected"], compared["got"], compared["rest"] or ""
    elif text.startswith(_TRACEBACK):
        expected, got, rest = "", text.splitlines()[-1], text
    else:
        expected, (got, _, rest) = "", text.partition("\n")
    more = "\n\n".join(part.strip("\n") for part in (rest, _without(text, context)) if part.strip())
    return Fault(where, _short(expected), _short(got), _short(more))


def _without(text: str, context: str) -> str:
    """Return the lines of the context that the message has not said already."""
    said = set(text.splitlines())
    lines = [line for line in context.splitlines() if line not in said and text not in line]
    return "\n".join(lines)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_AT_MOST else f"{text[:SHOWN_AT_MOST]} … ({len(text)} characters)"
