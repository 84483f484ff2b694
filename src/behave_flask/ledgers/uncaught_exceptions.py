"""Exceptions that nothing can catch: out of a thread's work, or out of a `__del__`.

Python prints them and goes on. Here each is a finding, with its trace, of the scenario that is open.
"""

import sys
import threading
from dataclasses import dataclass
from typing import Any

from behave_flask.core import text


@dataclass(frozen=True)
class Uncaught:
    """What came, and where, as text: it holds on to no frames and no objects."""

    where: str
    trace: str

    def __str__(self) -> str:
        return f"{self.where}:\n{self.trace}"


class UncaughtExceptions:
    """Every exception that ended a thread, or came out of an object on its way out.

    What comes between two scenarios is the next one's, and says so if its thread was there before.
    """

    def __init__(self) -> None:
        self._found: list[Uncaught] = []
        self._earlier: set[int] = set()  # threads that went on from before this scenario, by ident
        self._before: tuple[Any, Any] | None = None

    def activate(self) -> None:
        """Begin to listen; what Python does otherwise is done as well. Nothing, if it has begun already."""
        if self._before is None:
            self._before = threading.excepthook, sys.unraisablehook
            threading.excepthook, sys.unraisablehook = self._of_thread, self._of_object

    def deactivate(self) -> None:
        """Stop listening."""
        if self._before is not None:
            threading.excepthook, sys.unraisablehook = self._before
            self._before = None

    def clear(self) -> None:
        """Forget what came, and begin a scenario."""
        self._found = []
        self.begin()

    def begin(self) -> None:
        """Begin a scenario; the threads that there are began in another one."""
        self._earlier = {thread.ident for thread in threading.enumerate() if thread.ident is not None}

    def findings(self) -> list[str]:
        """What came, each with its trace."""
        return [str(each) for each in self._found]

    def take(self) -> list[str]:
        """Return what came, and forget it."""
        found, self._found = self.findings(), []
        return found

    def _of_thread(self, raised: threading.ExceptHookArgs) -> None:
        if raised.exc_type is not SystemExit:  # a way to end a thread, which Python lets pass in silence
            name = raised.thread.name if raised.thread else "unknown"
            earlier = ", which began before this scenario," if threading.get_ident() in self._earlier else ""
            self._note(f"the thread {name!r}{earlier} ended with an exception", raised.exc_value)
        if self._before:
            self._before[0](raised)

    def _of_object(self, raised: Any) -> None:
        what = f"{raised.err_msg or 'Exception ignored in'}: {text.of(raised.object)}"
        self._note(f"an exception that nothing could catch ({what})", raised.exc_value)
        if self._before:
            self._before[1](raised)

    def _note(self, where: str, error: BaseException | None) -> None:
        self._found.append(Uncaught(where, text.trace_of(error).rstrip() if error else ""))
