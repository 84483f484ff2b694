"""What a worker sends of a part of behave's model, and how the same part in another process takes it on.

Statuses, durations, errors without their traces, captured output and the calls that formatters were owed: as
plain values, so that behave's reporters and formatters see what they would in a run of one process. What this
package tells is made of the scenario's `Result`, which is sent beside it.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from behave.capture import Captured
from behave.formatter.api import IFormatter
from behave.matchers import NoMatch
from behave.model import Scenario, Step

from behave_flask.core import behave_internals, text
from behave_flask.model.cleaning import tidy

Payload = dict[str, Any]
Event = tuple[str, Any]
_STATE = (  # as behave's model, and this package, call them
    "hook_failed",
    "duration",
    "should_skip",
    "skip_reason",
    "error_message",
    "run_starttime",
    "in_allure",
)


def to_wire(item: Any) -> Payload:
    """Return what has become of a step, a scenario, a rule or a feature."""
    state = vars(item)
    tidy(item)  # so that what is sent is bounded
    payload: Payload = {name: state[name] for name in _STATE if name in state}
    payload["status"] = behave_internals.status_so_far(item)
    if item.exception is not None:
        payload["exception"] = _error_to_wire(item.exception)
    if item.captured.has_output():
        payload["captured"] = [
            (each.stdout, each.stderr, each.log, each.name, each.failed) for each in item.captured.captures
        ]
    return payload


def apply(item: Any, payload: Payload) -> None:
    """Put what became of a step or a scenario elsewhere into this one."""
    for name in _STATE:
        if name in payload:
            setattr(item, name, payload[name])
    if "status" in payload:
        behave_internals.restore_status(item, payload["status"])
    if "exception" in payload:
        item.exception = _error_from_wire(*payload["exception"])
    add_captured(item, payload)


def add_captured(item: Any, payload: Payload) -> None:
    """Add the output that was captured there to what was captured here."""
    for stdout, stderr, log, name, failed in payload.get("captured", ()):
        item.captured.add_captured(Captured(stdout, stderr, log, name=name, failed=failed))


def scenario_to_wire(scenario: Scenario) -> tuple[Payload, list[Payload]]:
    """Return what has become of a scenario and of its steps."""
    return to_wire(scenario), [to_wire(step) for step in scenario.all_steps]


def apply_scenario(scenario: Scenario, payload: tuple[Payload, list[Payload]]) -> None:
    """Put what became of a scenario and its steps elsewhere into this one."""
    apply(scenario, payload[0])
    for step, of_step in zip(scenario.all_steps, payload[1], strict=True):
        apply(step, of_step)


class Recorder(IFormatter):
    """A formatter that keeps, for each scenario that ran, the calls it got."""

    def __init__(self, began: Callable[[Scenario], None]) -> None:
        """`began` is called with each scenario that begins."""
        self._began = began
        self._steps: dict[int, int] = {}
        self.events: dict[int, list[Event]] = {}

    def scenario(self, scenario: Scenario) -> None:
        """Begin a list of calls."""
        self._began(scenario)
        self._steps = {id(step): number for number, step in enumerate(scenario.all_steps)}
        self._current = self.events[id(scenario)] = []  # of its last try, if it is run again

    def step(self, step: Step) -> None:
        """Keep the call."""
        self._current.append(("step", self._steps[id(step)]))

    def match(self, match: Any) -> None:
        """Keep whether there was one."""
        self._current.append(("match", not isinstance(match, NoMatch)))

    def result(self, step: Step) -> None:
        """Keep the call."""
        self._current.append(("result", self._steps[id(step)]))

    def embedding(self, mime_type: str, data: Any) -> None:
        """Keep what `context.attach` attached."""
        self._current.append(("embedding", (mime_type, data)))


def replay(
    scenario: Scenario,
    events: Iterable[Event],
    formatters: Collection[Any],
    find_match: Callable[[Step], Any],
) -> None:
    """Call formatters as a run of the scenario here would have done; `find_match` is the step registry's."""
    steps = list(scenario.all_steps)
    matching = any(type(each).match is not IFormatter.match for each in formatters)
    done = 0
    for formatter in formatters:
        formatter.scenario(scenario)
    for name, value in events:
        if name == "match":
            if not matching:
                continue
            values: tuple[Any, ...] = (find_match(steps[done]) if value else NoMatch(),)
        elif name == "embedding":
            values = value
        else:
            done = value + 1 if name == "result" else done
            values = (steps[value],)
        for formatter in formatters:
            if call := getattr(formatter, name, None):
                call(*values)


def _error_to_wire(error: BaseException) -> tuple[str, str, bool, str, list[str]]:
    """Return what is to be known of an error; never itself: its class may not survive being sent."""
    module = text.of(type(error).__module__)
    return (
        text.class_of(error),
        module,
        isinstance(error, AssertionError),
        text.clean(error),
        text.details(error),
    )


def _error_from_wire(
    name: str, module: str, assertion: bool, message: str, notes: list[str]
) -> BaseException:
    """Build an exception of a class that has the name of the original one, with its text."""
    base = AssertionError if assertion else Exception
    found: BaseException = type(name, (base,), {"__module__": module})(message)
    found.__notes__ = notes
    return found
