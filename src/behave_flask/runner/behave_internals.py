"""Where behave calls the code of others: patched, so that nothing raised there goes past a run.

behave catches `Exception` only (behave/behave#475, #454), and takes each `KeyboardInterrupt` for Ctrl-C. Here
a step, a hook or a cleanup lets nothing else out, and a log record that cannot be put into words says so.
What `pytest.skip` and `unittest.SkipTest` ask for is done.
"""

import inspect
import logging
import unittest
from collections.abc import Callable
from functools import partial
from typing import Any

from behave.log_capture import LoggingCapture
from behave.matchers import Match
from behave.model import Scenario
from behave.model_type import FileLocation
from behave.runner import Context

from behave_flask.core import paths, text
from behave_flask.model import failures

_run_match = Match.run
_clean_up = Context._do_cleanups
_abort = Context.abort
_run_scenario = Scenario.run


def install() -> None:
    """Let behave call steps and cleanups in the way of this module; done twice, it is done once."""
    Match.run = _step
    Context._do_cleanups = _cleanups
    Context.abort = _noted_abort
    Scenario.run = _scenario
    LoggingCapture.getvalue = _logged
    Match.make_location = staticmethod(_location)


def call(context: Context, function: Callable[[], Any]) -> Any:
    """Call a step, a hook or a cleanup.

    :raises Exception: what it raised. Ctrl-C ends the run as well.
    """

    def ends_the_run(error: BaseException) -> None:
        interrupts = getattr(context._runner, "interrupts", None)
        if isinstance(error, KeyboardInterrupt) and interrupts and interrupts.asked:
            error.args = error.args or ("stopped by Ctrl-C",)
            context.abort(reason="KeyboardInterrupt")

    return failures.tame(function, ends_the_run)


def _step(match: Match, context: Context) -> None:
    try:
        call(context, partial(_run_match, match, context))
    except Exception as error:
        if not _asks_to_skip(error):
            raise
        context.scenario.skip(text.clean(error) or text.class_of(error))


def _asks_to_skip(error: Exception) -> bool:
    """Tell whether it is how unittest or pytest skip a test; pytest's class says it is of `builtins`."""
    kind = type(error)
    return isinstance(error, unittest.SkipTest) or (kind.__module__, kind.__name__) == ("builtins", "Skipped")


def _cleanups(context: Context) -> None:
    """Run the cleanups of the innermost layer, and tell the runner of each that fails."""
    if context._stack:
        layer = context._stack[0]
        layer["@cleanups"] = [_watched(context, each) for each in layer.get("@cleanups", [])]
    _clean_up(context)


def _watched(context: Context, cleanup: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        try:
            return call(context, cleanup)
        except Exception as error:
            if noted := getattr(context._runner, "cleanup_failed", None):
                noted(context._stack[0].get("@layer"), cleanup, error)
            raise

    run.__name__ = name_of(cleanup)
    return run


def name_of(cleanup: Callable[..., Any]) -> str:
    """Return what to call a cleanup: the name of its function, if it has one."""
    return str(getattr(cleanup, "__name__", repr(cleanup)))


def _noted_abort(context: Context, reason: str | None = None) -> None:
    if not context.aborted and (noted := getattr(context._runner, "aborting", None)):
        noted(reason)
    _abort(context, reason)


def _scenario(scenario: Scenario, runner: Any) -> bool:
    """Run a scenario; it has failed, too, if it left something behind that no step verified."""
    if vars(scenario).pop("excused", None) is not None:  # by an earlier try
        scenario.should_skip = False
    for earlier in ("unverified", "failures", "pending"):
        vars(scenario).pop(earlier, None)
    home = paths.working_directory()
    failed = _run_scenario(scenario, runner)
    if error := paths.go_back(home):  # after all cleanups: one of them may go back
        failures.fail(scenario, failures.AT_THE_END, error)
    return bool(failed or getattr(scenario, "unverified", False))


def _location(function: Callable[..., Any]) -> FileLocation:
    """Return where a step is defined: behave asks for the working directory each time, which may be gone."""
    code = inspect.unwrap(function).__code__
    return FileLocation(paths.shown(code.co_filename), code.co_firstlineno)


def _logged(capture: LoggingCapture) -> str:
    """Return what was logged; behave puts it into words after the step, and ends the run if that raises."""
    return "\n".join(_line(capture.formatter, record) for record in capture.buffer)


def _line(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    try:
        return formatter.format(record)
    except BaseException as error:  # noqa: BLE001 (arguments may raise anything when they are put into words)
        said = f"{text.of(record.msg)} (its arguments cannot be put into it: {text.describe(error)})"
        return f"LOG.{record.levelname}:{record.name}:{said}"
