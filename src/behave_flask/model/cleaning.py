"""Puts in order, in behave's model, what steps, hooks and the service printed, before any report reads it.

Every text of the model is then one that each report can hold: without secrets, bounded, and there also where
behave's own message is empty. So formatters and reporters of others have it too.
"""

from pathlib import Path
from types import TracebackType
from typing import Any

import behave
from behave.formatter.api import IFormatter
from behave.model import Feature, Step

from behave_flask.core import behave_internals, paths, text

_PREFIX = "ASSERT FAILED: "  # of behave
_TRACEBACK = "Traceback (most recent call last)"
_CALLERS = (Path(behave.__file__).parent, paths.PACKAGE)
_TEXTS = ("stdout", "stderr", "log")


def tidy(item: Any) -> None:
    """Put in order what a step, a scenario, a rule or a feature says and has printed."""
    if item.error_message:
        item.error_message = text.clean(item.error_message)
    changed = False
    for captured in item.captured.captures:
        for name in _TEXTS:
            output = getattr(captured, name)
            tidied = text.clean(output) if output else output
            if tidied != output:
                setattr(captured, name, tidied)
                changed = True
    if changed:
        behave_internals.set_captured(item.captured, item.captured.captures)


def _own(trace: TracebackType | None) -> TracebackType | None:
    """Return a traceback without the frames of behave, and of this package's, that called a step."""
    own = trace
    while own and _is_a_caller(own):
        own = own.tb_next
    return own or trace


def _is_a_caller(trace: TracebackType) -> bool:
    file = Path(trace.tb_frame.f_code.co_filename)
    return any(file.is_relative_to(folder) for folder in _CALLERS)


def tidy_step(step: Step) -> None:
    """Put in order what a step says; a failure without a text says where it is, and none loses its notes.

    The trace of an error begins with the step's own code.
    """
    error, message = step.exception, step.error_message
    step.exc_traceback = _own(step.exc_traceback)
    if message and error and step.exc_traceback and _TRACEBACK in message[:60]:
        step.error_message = text.trace_of(error, step.exc_traceback)
    if message and isinstance(error, AssertionError) and message == f"{_PREFIX}{text.of(error)}":
        step.error_message = "\n".join([f"{_PREFIX}{text.message(error)}", *text.details(error)])
        for captured in step.captured.captures:
            captured.stderr = captured.stderr.replace(message, step.error_message)
    tidy(step)


class Tidy(IFormatter):
    """Stands before all other formatters, and does it for them and for the reporters, step by step."""

    in_workers = True  # under -j it is done where a scenario is played

    def result(self, step: Step) -> None:
        """A step has ended."""
        tidy_step(step)

    def close(self) -> None:
        """Nothing is open."""


class TidyFeatures:
    """Stands before all other reporters: puts in order what hooks around a feature and its rules printed."""

    def feature(self, feature: Feature) -> None:
        """A feature has ended."""
        for item in (feature, *feature.rules, *feature.walk_scenarios()):
            tidy(item)

    def end(self) -> None:
        """The run has ended."""
