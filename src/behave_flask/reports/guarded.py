"""A report that cannot be written is named, and the run is red; the others are written all the same."""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import wraps
from typing import Any

from behave_flask.core import text
from behave_flask.model.run_record import RunRecord

WHY_AT_MOST = 2_000  # characters
# What behave, and this package, call a formatter or a reporter for.
_CALLS = (
    *("uri", "feature", "background", "rule", "rule_finished", "scenario", "step", "match", "result"),
    *("embedding", "eof", "close", "end", "begin", "plan", "arrived"),
)


class CheckedReport(ABC):
    """A formatter or reporter that is read back when the run is over: it must say what the run says."""

    @abstractmethod
    def begin(self, record: RunRecord) -> None:
        """Take what the run sets out to do."""

    @abstractmethod
    def differences(self) -> list[str]:
        """Return what was written otherwise than the run has it, a sentence each."""


class Unwritten:
    """The reports of a run that could not be written, and why."""

    def __init__(self, on_first: Callable[[], None]) -> None:
        """`on_first` is called when it is the first time for a report."""
        self._on_first, self._process = on_first, os.getpid()
        self._why: dict[str, tuple[str, int]] = {}  # by report: the first error, and how many there were

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return bool(self._why)

    @property
    def findings(self) -> list[str]:
        """Which reports could not be written, or not read back, and why: an entry for each."""
        return [
            f"{report}{f' ({times} times)' if times > 1 else ''}: {why}"
            for report, (why, times) in self._why.items()
        ]

    def say(self) -> bool:
        """Name them on the console; return whether there is any."""
        if self:
            print("\nThese reports could not be written, or not read back:")
            for finding in self.findings:
                print("  - " + finding.replace("\n", "\n    "))
        return bool(self)

    def guard(self, report: Any) -> None:
        """Make a formatter or a reporter raise nothing: what it raises is noted under its name."""
        name = name_of(report)
        for call in _CALLS:
            if callable(function := getattr(report, call, None)):
                setattr(report, call, self._guarded(name, function))

    def attempt(self, name: str, function: Callable[[], Any], instead: Any = None) -> Any:
        """Do what writes or reads a report.

        :param name: what it is called on the console.
        :returns: what the function returns; `instead` if it raises, which is noted.
        """
        try:
            return function()
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 (the other reports are to be written)
            self.note(name, error)
            return instead

    def note(self, name: str, error: BaseException) -> None:
        """Write down why a report could not be written.

        A worker of `-j` says so at once, in its own output: the run itself shows it.
        """
        why, times = self._why.get(name, (text.clean(_why(error), WHY_AT_MOST), 0))
        self._why[name] = (why, times + 1)
        if not times:
            self._on_first()
            if os.getpid() != self._process:
                print(f"\nThis report could not be written: {name}: {why}")

    def _guarded(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def call(*args: Any, **more: Any) -> Any:
            return self.attempt(name, lambda: function(*args, **more))

        return call


def name_of(report: Any) -> str:
    """Return what a formatter or reporter is called: its class, and its file if it has one."""
    kind = type(report)
    file = getattr(getattr(report, "stream_opener", None), "name", None)
    return f"{kind.__module__}.{kind.__qualname__}" + (f" ({file})" if file else "")


def _why(error: BaseException) -> str:
    frames = text.frames_of(error.__traceback__).rstrip().splitlines()
    return "\n".join([text.describe(error), *frames[-2:]])
