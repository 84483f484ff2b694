"""What became of each example in a run: whether it holds, is broken, or was not checked, and why.

An example is a scenario, or one row of an outline's tables. It is known by what it says (feature, rule,
title, cells), never by where it stands: a row may be moved or inserted, and every other keeps its name.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from behave.model import Examples, Feature, Row, Rule, Scenario, ScenarioOutline, Status, Step

from features.harness import expected, pending, wording
from features.harness.account import SKIPPED, verdict_of

HOLDS, BROKEN, UNCHECKED = "holds", "is broken", "was not checked"
SHOWN_AT_MOST = 6_000  # characters of what one failure says
NOT_RUN = "not in this run"
_COMPARED = re.compile(r"Expected: (?P<expected>.*?)\nGot: (?P<got>[^\n]*)(?:\n(?P<rest>.*))?", re.DOTALL)
_PREFIX = re.compile(r"\A(?:ASSERT FAILED|ERROR): ")
_HOOK = re.compile(
    r"^HOOK-ERROR in (?P<where>\w+): (?P<what>.*?)(?=\nHOOK-ERROR in |\Z)", re.DOTALL | re.MULTILINE
)
_CLEANUP = re.compile(r"^(?P<where>CLEANUP-ERROR in [^:]+): (?P<what>.*)$", re.MULTILINE)
_HOOKS = {
    "before_feature": "Before the feature",
    "after_feature": "After the feature",
    "before_rule": "Before the rule",
    "after_rule": "After the rule",
    "before_scenario": "Before the first step",
    "after_scenario": "After the last step",
}
_BEFORE = "HOOK-ERROR in before_"
_AROUND = (Status.hook_error, Status.cleanup_error)
_TRACEBACK = "Traceback (most recent call last):"


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
    """What became of an example: `why` it was not checked, with which `faults` it is broken."""

    state: str
    why: str = ""
    faults: tuple[Fault, ...] = ()


_HELD = Verdict(HOLDS)  # one for all of them


def places(feature: Feature) -> Iterator[Place]:
    """Give every example of a feature in its order; that order tells apart those that say the same."""
    seen: Counter[str] = Counter()
    for rule, scenario in _scenarios(feature):
        for examples, row in _rows(scenario):
            cells = [f"{name}={cell}" for name, cell in row.items()] if row else []
            said = [feature.name, rule.name if rule else "", scenario.name, *cells]
            name = name_of(*said)
            seen[name] += 1
            yield Place(f"{name}-{seen[name]}" if seen[name] > 1 else name, rule, scenario, examples, row)


def name_of(*said: str) -> str:
    """Return a short name for what says this; it can stand in a link."""
    return "e" + hashlib.sha256("\0".join(said).encode(errors="backslashreplace")).hexdigest()[:12]


def verdicts(feature: Feature) -> dict[str, Verdict]:
    """Return what became of each example of a feature that behave has played, by its id.

    Of a row that another machine plays (`-D shard=`) the feature still has the cells, but no scenario.
    """
    played = {each.line: each for each in feature.walk_scenarios()}
    return {
        place.id: _verdict(played[place.line], place, feature)
        for place in places(feature)
        if place.line in played
    }


def troubles(feature: Feature) -> list[Fault]:
    """Return what went wrong in a feature outside its scenarios: hooks and clean-ups of it and its rules."""
    around = [each for each in (feature, *feature.rules) if each.hook_failed or each.status in _AROUND]
    return [fault for each in around for fault in _beside(each)]


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
        failure := expected.excused(scenario)
    ) is not None:  # counts as passed, but what it says does not hold
        fault = Fault("Known, and expected to fail", "", expected.known(scenario), failure)
        return Verdict(BROKEN, faults=(fault,))
    if scenario.status == Status.passed:
        return _HELD if list(place.scenario.all_steps) else Verdict(UNCHECKED, "it has no steps")
    verdict, why = verdict_of(scenario.status), scenario.skip_reason
    if verdict == SKIPPED and scenario.status != Status.untested:
        said = why if why and why.startswith(pending.SAYS) else f"skipped: {why}"
        return Verdict(UNCHECKED, said if why else NOT_RUN)
    if prevented := _prevented(scenario, place, feature):
        return Verdict(BROKEN, faults=tuple(prevented))
    if scenario.status == Status.untested:
        return Verdict(UNCHECKED, "the run ended before it")
    return Verdict(BROKEN, faults=tuple(_faults(scenario)))


def _prevented(scenario: Scenario, place: Place, feature: Feature) -> list[Fault]:
    """Return what failed before a scenario of which no step ran, in a hook of its feature or its rule."""
    if scenario.hook_failed or any(step.status != Status.untested for step in scenario.all_steps):
        return []
    before = [each for each in (feature, place.rule) if each and _BEFORE in (each.error_message or "")]
    return [fault for each in before for fault in _beside(each)]


def _faults(scenario: Scenario) -> Iterator[Fault]:
    """Give the step that failed, and what failed beside the steps; at least one of them."""
    failed = [step for step in scenario.all_steps if step.status.has_failed()]
    said = scenario.captured.stdout
    for step in failed:
        yield _of_step(step, said)
        said = ""  # told with the first
    if scenario.hook_failed or scenario.status in _AROUND or not failed:
        yield from _beside(scenario)


def _of_step(step: Step, said: str) -> Fault:
    """Say what a step expected and what came, and what the scenario printed about it."""
    where = f"{step.keyword} {step.name}"
    if step.status == Status.undefined:
        return _fault(where, "", wording.unknown(step))
    text = _PREFIX.sub("", (step.error_message or "It gives no reason.").strip())
    if compared := _COMPARED.match(text):
        return _fault(where, compared["expected"], compared["got"], compared["rest"] or "", said)
    if text.startswith(_TRACEBACK):
        return _fault(where, "", text.splitlines()[-1], text, said)
    first, _, rest = text.partition("\n")
    return _fault(where, "as the step says", first, rest, said)


def _beside(statement: Feature | Rule | Scenario) -> Iterator[Fault]:
    """Give what hooks and clean-ups said: in the message, in what was printed, or nowhere."""
    said, message = statement.captured.stdout.strip(), (statement.error_message or "").strip()
    found = list(_HOOK.finditer(message)) or list(_CLEANUP.finditer(said))
    for each in found:
        where = each["where"].replace("CLEANUP-ERROR in", "Cleaning up by")
        what = each["what"].removeprefix("Unmentioned: ")
        yield _fault(_HOOKS.get(where, where), "", what, said.replace(message, ""))
    if not found:
        yield _fault(f"Around the {statement.keyword.lower()}", "", "It gives no reason.", said)


def _fault(where: str, expected: str, got: str, *rest: str) -> Fault:
    more = "\n\n".join(part.strip("\n") for part in rest if part.strip() and part.strip() not in got)
    return Fault(where, _short(expected), _short(got), _short(more))


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_AT_MOST else f"{text[:SHOWN_AT_MOST]} … ({len(text)} characters)"
