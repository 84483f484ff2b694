"""What hooks, cleanups and workers did wrong, kept as it happened: where, and the exception itself.

behave keeps the first message of such an error, in its own words, and lets an exception that is no
`Exception` (`SystemExit`, `pytest.fail`, `CancelledError`) end the whole run. Here each failure is written
down on what it belongs to, and whatever is raised becomes an `Exception` of the same name, text and trace.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, TypeVar

from behave.api.pending_step import StepNotImplementedError
from behave.model import Scenario, Status

from behave_flask.core import text

T = TypeVar("T")
AT_THE_END = "at_the_end"  # where a failure happened that no step, hook or cleanup raised
_JUDGED = (AssertionError, StepNotImplementedError)  # by which behave knows a failure and a pending step


@dataclass(frozen=True)
class HookFailure:
    """Something that went wrong beside the steps of a scenario.

    :param where: the name of a hook, with its tag if it has one (`before_tag @slow`); `cleanup` and the name
        of the function; or `worker`, for a process that ended.
    :param error: what was raised.
    :param trace: its traceback as it was then; it grows while behave passes the error on.
    """

    where: str
    error: BaseException
    trace: TracebackType | None


def add(statement: Any, where: str, error: BaseException) -> None:
    """Write a failure down on the step or scenario to which it belongs."""
    vars(statement).setdefault("failures", []).append(HookFailure(where, error, error.__traceback__))


def fail(scenario: Scenario, where: str, finding: AssertionError) -> None:
    """Make a scenario fail for what it left behind; one that has failed already has this beside it."""
    scenario.unverified = True
    add(scenario, where, finding)
    if scenario.exception is None:
        scenario.exception, scenario.exc_traceback = finding, finding.__traceback__
    scenario.error_message = "\n".join(filter(None, [scenario.error_message, str(finding)]))
    if not scenario.status.has_failed():
        scenario.set_status(Status.failed)


def of(statement: Any) -> list[HookFailure]:
    """Return the failures of a step or scenario, in the order in which they happened."""
    return list(vars(statement).get("failures", ()))


def as_exception(error: BaseException) -> Exception:
    """Return what was raised as an `Exception` that behave can report.

    That is the error itself; or, if it is no `Exception`, or its text or its causes cannot be shown, one with
    the same class name, notes and trace, and what there is of its text.
    """
    if isinstance(error, Exception) and text.is_readable(error):
        return error
    kind = next((kind for kind in _JUDGED if isinstance(error, kind)), Exception)
    copy: Exception = type(text.class_of(error), (kind,), {"__module__": type(error).__module__})(
        text.of(error)
    )
    copy.__notes__ = text.details(error)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    copy.__context__ = None if cause is error else cause  # Python's own traces come to an end in a circle
    return copy.with_traceback(error.__traceback__)


def tame(function: Callable[[], T], on_other: Callable[[BaseException], None]) -> T:
    """Call code of others, and let nothing but an `Exception` out of it.

    :param on_other: called with what was raised, if it was no `Exception`.
    :raises Exception: what was raised, or what `as_exception` makes of it.
    """
    try:
        return function()
    except Exception as error:
        if text.is_readable(error):
            raise
        caught = as_exception(error)
    except BaseException as error:  # noqa: BLE001 (it is raised again, below, where it has no context)
        on_other(error)
        caught = as_exception(error)
    raise caught
