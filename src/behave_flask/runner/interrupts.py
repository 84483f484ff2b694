"""Ctrl-C distinguished from a `KeyboardInterrupt` that somebody's code raises.

Ctrl-C ends the run after the scenario that it hits; the other is an error of the place that raised it.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupts:
    """Whether somebody has asked, by SIGINT, that the run ends."""

    def __init__(self) -> None:
        self.asked = False

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Take note of SIGINT inside the block, if this is the main thread and nobody else handles it."""
        main = threading.current_thread() is threading.main_thread()
        if not main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
            yield
            return
        signal.signal(signal.SIGINT, self._raise)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def watch_in_worker(self) -> None:
        """Raise once: a terminal sends Ctrl-C to all processes, and the run itself passes it on as well."""
        signal.signal(signal.SIGINT, self._raise_once)

    def pass_on(self, process: int) -> None:
        """Make a worker end as the run itself does."""
        os.kill(process, signal.SIGINT)

    def _raise(self, _signal: int, _frame: FrameType | None) -> None:
        self.asked = True
        raise KeyboardInterrupt

    def _raise_once(self, number: int, frame: FrameType | None) -> None:
        if not self.asked:
            self._raise(number, frame)
