"""What a worker sends of a part of behave's model, and how the same part in another process takes it on.

Statuses, durations, errors with their traces, captured output and the calls that formatters were owed: as
plain values, so that reporters and formatters cannot to_wire the copy from a run of their own.
"""

import ast
import sys
import traceback
from collections.abc import Callable, Collection, Iterable
from types import TracebackType
from typing import Any

from behave.capture import Captured
from behave.formatter.api import IFormatter
from behave.matchers import NoMatch
from behave.model import Scenario, Step

from behave_flask.core import behave_internals, text
from behave_flask.model import failures
from behave_flask.model.cleaning import tidy

Payload = dict[str, Any]
Event = tuple[str, Any]
Place = tuple[str, str, dict[str, Any]]  # a file, a function, and the part of it as `ast` says where it is
_STATE = (  # as behave's model, and this package, call them
    "hook_failed",
    "duration",
    "should_skip",
    "skip_reason",
    "error_message",
    "run_starttime",
    "excused",
    "tried",
    "in_allure",
)


def to_wire(item: Any) -> Payload:
    """Return what has become of a step, a scenario, a rule or a feature."""
    state = vars(item)
    tidy(item)  # so that what is sent is bounded
    payload: Payload = {name: state[name] for name in _STATE if name in state}
    payload["status"] = behave_internals.status_so_far(item)
    if item.exception is not None:
        payload["exception"] = error_to_wire(item.exception, item.exc_traceback)
    if found := failures.of(item):
        payload["failures"] = [
            (each.where, error_to_wire(each.error, each.error.__traceback__)) for each in found
        ]
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
        item.exception = error_from_wire(payload["exception"])
        item.exc_traceback = item.exception.__traceback__
    add_failures(item, payload)
    add_captured(item, payload)


def error_to_wire(error: BaseException, trace: TracebackType | None) -> Payload:
    """Return what is to be known of an error; never itself: its class may not survive being sent."""
    kind = type(error)
    return {
        "class": (
            text.class_of(error),
            text.of(kind.__module__),
            isinstance(error, AssertionError),
            text.clean(error),
        ),
        "notes": text.details(error),
        "trace": list(map(_place, traceback.extract_tb(trace))),
    }


def error_from_wire(payload: Payload) -> BaseException:
    """Return an error that reads as the one that was sent, trace and all."""
    error = _exception(*payload["class"])
    error.__notes__ = payload["notes"]
    return error.with_traceback(_traceback(payload["trace"]))


def add_failures(item: Any, payload: Payload) -> None:
    """Add the failures of hooks, cleanups and workers there to what is written down here."""
    for where, error in payload.get("failures", ()):
        failures.add(item, where, error_from_wire(error))


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


def _place(frame: traceback.FrameSummary) -> Place:
    line = frame.lineno or -1
    # Without columns, as under `python -X no_debug_ranges`, there are -1.
    where: dict[str, Any] = {"lineno": line, "end_lineno": line, "col_offset": -1, "end_col_offset": -1}
    if None not in (frame.end_lineno, frame.colno, frame.end_colno):
        where |= {
            "end_lineno": frame.end_lineno,
            "col_offset": frame.colno,
            "end_col_offset": frame.end_colno,
        }
    return frame.filename, frame.name, where


def _exception(name: str, module: str, assertion: bool, text: str) -> BaseException:
    """Build an exception of a class that has the name of the original one, with its text."""
    base = AssertionError if assertion else Exception
    found: BaseException = type(name, (base,), {"__module__": module})(text)
    return found


def _traceback(trace: list[Place]) -> TracebackType | None:
    """Build a traceback that reads as the original one did, on frames of nobody.

    Each is that of a call which stands where the original did: Python underlines the columns.
    """
    found: TracebackType | None = None
    for filename, name, where in reversed(trace):
        frames: list[Any] = []
        tree = ast.parse("keep(frame())")
        for node in ast.walk(tree):
            ast.copy_location(node, ast.Pass(**where))
        code = compile(tree, filename, "exec").replace(co_name=name)
        exec(code, {"keep": frames.append, "frame": sys._getframe})  # noqa: S102 (the line above)
        found = TracebackType(found, frames[0], frames[0].f_lasti, where["lineno"])
    return found
