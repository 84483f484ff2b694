"""The one place that reaches into behave: patches of its classes, and what it keeps under private names.

Each function says why it is needed and in which of behave's issues it is spoken of, and marks what it relies
on; a behave that has changed there is refused before anything runs (`compatibility`). When behave offers
something itself, its function here goes. No other module knows behave's private names, which
`tests/units/test_behave_internals.py` holds.
"""

import inspect
import logging
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from traceback import walk_tb
from typing import Any, Protocol

import behave.runner
from behave import runner_util
from behave.configuration import Configuration
from behave.formatter.base import StreamOpener
from behave.log_capture import LoggingCapture
from behave.matchers import Match
from behave.model import Row, Scenario, ScenarioOutline, Status, Step
from behave.model_type import FileLocation
from behave.runner import Context

from behave_flask.core import paths, text
from behave_flask.core.behave_internals.compatibility import refuse_unknown_behave, relies_on
from behave_flask.core.behave_internals.rows import patch_rows

_originals: dict[str, Any] = {}


class Calls(Protocol):
    """What a runner does where behave calls the code of others; it is the runner's attribute `calls`."""

    def run_step(self, context: Context, run: Callable[[], None]) -> None:
        """Run the function of a step."""

    def run_cleanup(self, context: Context, layer: str, cleanup: Callable[[], Any]) -> Any:
        """Run a cleanup of a layer: `testrun`, `feature`, `rule` or `scenario`."""

    def run_scenario(self, scenario: Scenario, run: Callable[[], bool]) -> bool:
        """Run a scenario, and return whether it failed."""

    def on_abort(self, reason: str | None) -> None:
        """Take note that the run is ended early."""


def install() -> None:
    """Patch behave; done twice, it is done once.

    :raises UsageError: if this behave is not as it is known.
    """
    if not _originals:
        refuse_unknown_behave()
        patch_rows()
        _originals.update(
            step=Match.run,
            cleanups=Context._do_cleanups,
            abort=Context.abort,
            scenario=Scenario.run,
            begin_log=LoggingCapture.inveigle,
            end_log=LoggingCapture.abandon,
        )
        Match.run = _run_step
        Context._do_cleanups = _do_cleanups
        Context.abort = _abort
        Scenario.run = _run_scenario
        LoggingCapture.getvalue = _logged
        LoggingCapture.inveigle, LoggingCapture.abandon = _begin_log, _end_log
        Match.make_location = staticmethod(_location)
        behave.runner.traceback = _Traceback()


def _calls(runner: Any) -> Calls | None:
    return getattr(runner, "calls", None)


@relies_on(
    "behave.matchers:Match.run(self, context)", "behave.runner:Context.__init__(self, runner) with _runner"
)
def _run_step(match: Match, context: Context) -> None:
    """Run a step: behave lets what is no `Exception` end the whole run, and does not know `pytest.skip`.

    behave/behave#454, #475 and, for Ctrl-C, #909.
    """
    run = partial(_originals["step"], match, context)
    calls = _calls(context._runner)
    calls.run_step(context, run) if calls else run()


@relies_on("behave.runner:Context._do_cleanups(self) with _stack, @cleanups, on_cleanup_error")
@relies_on("behave.runner:Context._push(self, layer=None) with _stack, @cleanups, @layer")
def _do_cleanups(context: Context) -> None:
    """Run the cleanups of the innermost layer: behave keeps of their errors neither message nor trace.

    behave/behave#949.
    """
    if context._stack and (calls := _calls(context._runner)):
        layer = context._stack[0]
        layer["@cleanups"] = [
            _named(partial(calls.run_cleanup, context, layer.get("@layer"), each), name_of(each))
            for each in layer.get("@cleanups", [])
        ]
    _originals["cleanups"](context)


def _named(cleanup: Any, name: str) -> Any:
    cleanup.__name__ = name  # by which behave names it
    return cleanup


def name_of(cleanup: Callable[..., Any]) -> str:
    """Return what to call a cleanup: the name of its function, if it has one."""
    return str(getattr(cleanup, "__name__", repr(cleanup)))


@relies_on("behave.runner:Context.abort(self, reason=None)")
def _abort(context: Context, reason: str | None = None) -> None:
    """End the run early: behave prints the reason, and keeps it nowhere. No issue known."""
    if not context.aborted and (calls := _calls(context._runner)):
        calls.on_abort(reason)
    _originals["abort"](context, reason)


@relies_on("behave.model:Scenario.run(self, runner) with clear_status, hook_failed, _pop")
def _run_scenario(scenario: Scenario, runner: Any) -> bool:
    """Run a scenario: after its cleanups, behave has nothing by which to judge it. No issue known."""
    run = partial(_originals["scenario"], scenario, runner)
    calls = _calls(runner)
    return bool(calls.run_scenario(scenario, run) if calls else run())


@relies_on(
    "behave.log_capture:LoggingCapture.getvalue(self) with formatter, buffer",
    "behave.capture:CaptureController.make_captured(self, failed=None, name=None) with getvalue",
)
def _logged(capture: LoggingCapture) -> str:
    """Return what was logged: behave formats it after the step, and ends the run if that raises.

    No issue known.
    """
    return "\n".join(_line(capture.formatter, record) for record in capture.buffer)


@relies_on("behave.log_capture:LoggingCapture.inveigle(self) with handlers, remove")
def _begin_log(capture: LoggingCapture) -> None:
    """Capture what is logged from now on, until `_end_log`."""
    capture.interrupted = [each for each in logging.getLogger().handlers if isinstance(each, LoggingCapture)]
    _originals["begin_log"](capture)


@relies_on("behave.log_capture:LoggingCapture.abandon(self) with handlers, remove")
def _end_log(capture: LoggingCapture) -> None:
    """Go on with the capture before this one: behave ends that of a scenario at its first hook.

    No issue known.
    """
    _originals["end_log"](capture)
    root = logging.getLogger()
    root.handlers += [each for each in capture.interrupted if each not in root.handlers]


def _line(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    try:
        return formatter.format(record)
    except BaseException as error:  # noqa: BLE001 (arguments may raise anything when they are put into words)
        message = f"{text.of(record.msg)} (its arguments cannot be put into it: {text.describe(error)})"
        return f"LOG.{record.levelname}:{record.name}:{message}"


@relies_on("behave.matchers:Match.make_location(step_function) with for_function")
def _location(function: Callable[..., Any]) -> FileLocation:
    """Return where a step is defined: behave asks for the working directory each time, which may be gone.

    behave/behave#990 and #838 are about the same call.
    """
    code = inspect.unwrap(function).__code__
    return FileLocation(paths.shown(code.co_filename), code.co_firstlineno)


@relies_on("behave.runner:Context.__setattr__(self, attr, value) with extract_stack, _record")
class _Traceback:
    """The module `traceback` as behave's context uses it.

    behave keeps who has set each attribute, for a warning that hardly anybody sees, and reads that line of
    code from the disk each time. No issue known.
    """

    def __getattr__(self, name: str) -> Any:
        return getattr(traceback, name)

    def extract_stack(self, limit: int) -> list[traceback.FrameSummary]:
        """Return where the caller was called from, whose line of code is read when somebody asks for it."""
        frame = sys._getframe(limit)
        code = frame.f_code
        return [traceback.FrameSummary(code.co_filename, frame.f_lineno, code.co_name, lookup_line=False)]


def replace_run(item: Any, run: Callable[..., bool]) -> None:
    """Make behave call something else where it runs this feature, scenario or step.

    It has no other way to hand its work to processes (behave/behave#1012, #1188), to judge a scenario that is
    expected to fail (#1268), or to try a step.
    """
    item.run = run


@relies_on(
    "behave.runner_util:print_undefined_step_snippets(undefined_steps, stream=None, colored=True)"
    " with make_undefined_step_snippets"
)
def replace_snippets(make: Callable[[Step], str]) -> None:
    """Make behave propose other definitions for steps that nobody wrote, each once.

    Its own have the values of a step in the place of parameters. No issue known.
    """
    runner_util.make_undefined_step_snippets = lambda steps: list(dict.fromkeys(map(make, steps)))


@relies_on("behave.formatter._registry:select_formatter_class(formatter_name)")
def formatter_makers(config: Configuration) -> list[tuple[str, Callable[[], Any]]]:
    """Return the name of each formatter that a run is to have, and what makes it.

    behave makes them all at once, so that none is there if one of them raises. No issue known.
    """
    from behave.formatter._registry import select_formatter_class  # where the next version may not have it

    openers = [*config.outputs, *(StreamOpener(stream=sys.stdout) for _ in config.format)]
    return [
        (name, partial(lambda name, opener: select_formatter_class(name)(opener, config), name, opener))
        for name, opener in zip(config.format, openers, strict=False)
    ]


@relies_on("behave.runner:Context.execute_steps(self, steps_text) with step, run")
def nested_steps(error: BaseException) -> Iterator[Step]:
    """Yield the nested steps for which behave has raised this error: it names them in words alone.

    behave/behave#188, #981.
    """
    for frame, _ in walk_tb(error.__traceback__):
        if frame.f_code is Context.execute_steps.__code__ and "step" in frame.f_locals:
            yield frame.f_locals["step"]


_OF_BEHAVE = {"scenario", "tags", "table", "text", "active_outline", "captured"}


@relies_on("behave.runner:Context.__setattr__(self, attr, value) with _stack")
def scenario_attributes(context: Context) -> dict[str, Any]:
    """Return what the suite has set on the context in the scenario that runs: behave tells no names.

    No issue known.
    """
    layer = context._stack[0]
    return {name: value for name, value in layer.items() if name[0] not in "@_" and name not in _OF_BEHAVE}


@relies_on("behave.runner:Context.add_cleanup(self, cleanup_func, *args, **kwargs) with @cleanups")
def cleanups_waiting(context: Context) -> list[Callable[..., Any]]:
    """Return the cleanups of the scenario that runs: behave has no way to look at them. No issue known."""
    return list(context._stack[0].get("@cleanups", []))


@relies_on(
    "behave.model:ScenarioOutlineBuilder.make_scenario_for(self, example, row, scenario_template, params)"
    " with _row"
)
def row_of(scenario: Scenario) -> Row | None:
    """Return the row of its outline's tables; None of a plain scenario. behave/behave#569."""
    return getattr(scenario, "_row", None)


@relies_on("behave.model:ScenarioOutline.scenarios(self) with _scenarios")
def set_rows(outline: ScenarioOutline, scenarios: Sequence[Scenario]) -> None:
    """Give an outline these rows, and no others: behave makes them of its tables. No issue known."""
    outline._scenarios = list(scenarios)


def set_row(scenario: Scenario, row: Row | None) -> None:
    """Say of which row of an outline a scenario is; see `row_of`."""
    scenario._row = row


@relies_on(
    "behave.model_core:TagAndStatusStatement.status(self) with _cached_status, is_final, compute_status"
)
def status_so_far(item: Any) -> Status:
    """Return a status as it is set: behave works one out for whoever asks, and keeps that. No issue known."""
    return item.status if isinstance(item, Step) else item._cached_status


@relies_on("behave.model_core:TagAndStatusStatement.set_status(self, value) with _cached_status")
def restore_status(item: Any, status: Status) -> None:
    """Set the status that another process has seen: `set_status` does not set every one. No issue known."""
    setattr(item, "status" if isinstance(item, Step) else "_cached_status", status)


@relies_on("behave.capture:ManyCaptured._reset_cached(self) with _output, _stdout, _stderr, _log")
def set_captured(captured: Any, captures: Sequence[Any]) -> None:
    """Replace what was captured: behave keeps the text that it once made of it. No issue known."""
    captured.captures = list(captures)
    captured._reset_cached()
