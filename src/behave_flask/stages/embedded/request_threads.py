"""Threads that a request starts, run to their end within it.

A step that looks after the request would otherwise find the mail in one run and not in the next one.
"""

import threading
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from concurrent.futures import thread as pools
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Any

from behave_flask.core import paths, text
from behave_flask.core.replacing import replaced

AT_ONCE_S = 1.0  # how long the request waits for a thread before it goes on beside it
WITHIN_S = 10.0  # how long all of them have when the request is answered


class RequestThreads:
    """What the service starts beside its requests; what goes on after one is a finding."""

    def __init__(self, long_lived: Collection[str] = ()) -> None:
        """Begin with nothing.

        :param long_lived: the names of threads that may go on, such as "scheduler*".
        """
        self._long_lived = long_lived
        self._started: list[threading.Thread] = []
        self._futures: list[Future[Any]] = []
        self._read: set[Future[Any]] = set()  # of which the service takes the result, or the error
        self._findings: list[str] = []

    @contextmanager
    def run_to_their_end(self) -> Iterator[None]:
        """Wait for the threads that are started in the block, and for those that they start."""
        ours = {threading.current_thread()}
        start, submit = threading.Thread.start, ThreadPoolExecutor.submit
        read = {name: getattr(Future, name) for name in ("result", "exception", "add_done_callback")}

        def start_and_wait(thread: threading.Thread) -> None:
            start(thread)
            if threading.current_thread() in ours and not _is_upkeep(thread):
                ours.add(thread)
                self._started.append(thread)
                thread.join(0 if isinstance(thread, threading.Timer) else AT_ONCE_S)

        def submit_and_note(pool: ThreadPoolExecutor, *arguments: Any, **keywords: Any) -> Future[Any]:
            future = submit(pool, *arguments, **keywords)
            if threading.current_thread() in ours:
                self._futures.append(future)
            return future

        def noting_that_it_is_read(name: str) -> Any:
            def look(future: Future[Any], *arguments: Any, **keywords: Any) -> Any:
                self._read.add(future)
                return read[name](future, *arguments, **keywords)

            return look

        with (
            replaced(threading.Thread, start=start_and_wait),
            replaced(ThreadPoolExecutor, submit=submit_and_note),
            replaced(Future, **{name: noting_that_it_is_read(name) for name in read}),
        ):
            yield
            self._wait()

    def findings(self) -> list[str]:
        """Return what went on after a request, a sentence each."""
        return list(self._findings)

    def clear(self) -> None:
        """Forget everything."""
        self._started, self._futures, self._findings = [], [], []
        self._read.clear()

    def _wait(self) -> None:
        for thread in self._started:
            if not self._may_go_on(thread):
                thread.join(0 if isinstance(thread, threading.Timer) else WITHIN_S)
                if thread.is_alive():
                    self._findings.append(
                        f"the service started the thread {thread.name!r}, which goes on after the request."
                        f" If it may: EmbeddedStage(app, long_lived_threads=[{thread.name!r}])"
                    )
        done, unfinished = wait(self._futures, WITHIN_S)
        if unfinished:
            self._findings.append(
                f"{len(unfinished)} pieces of work in a pool of threads go on after the request"
            )
        for future in done - self._read:
            if not future.cancelled() and (error := future.exception()):
                self._findings.append(
                    f"work in a pool of threads failed, and the service did not look: {text.describe(error)}"
                    f" ({paths.place_of(error)})"
                )
        self._started, self._futures = [], []
        self._read.clear()

    def _may_go_on(self, thread: threading.Thread) -> bool:
        return any(fnmatchcase(thread.name, pattern) for pattern in self._long_lived)


def _is_upkeep(thread: threading.Thread) -> bool:
    """Return whether a thread is no work of the service's.

    It belongs to a pool, where it waits for what is submitted, or is the timer of a library, as that by which
    `limits` forgets.
    """
    if isinstance(thread, threading.Timer):
        code = getattr(thread.function, "__code__", None)
        return code is None or paths.is_library(code.co_filename)
    return getattr(thread, "_target", None) is pools._worker
