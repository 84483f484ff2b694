"""Threads that go on when a run is over: named, and ended with the process.

Python waits at its end for every thread that is no daemon, for ever if it must (behave/behave#938).
"""

import atexit
import os
import sys
import threading
import traceback
from collections.abc import Iterable
from typing import NoReturn

from behave_flask.core import clock

JOIN_TIMEOUT_S = 5.0  # for threads that are about to end by themselves


def going_on(known: Iterable[threading.Thread]) -> list[str]:
    """Wait a little for the threads that were started meanwhile, and say which go on and where they are.

    :param known: the threads that there were before.
    """
    others = set(threading.enumerate()) - set(known) - {threading.current_thread()}
    deadline = clock.monotonic() + JOIN_TIMEOUT_S
    left = []
    for thread in sorted(others, key=lambda each: each.name):
        if not thread.daemon:
            thread.join(max(0.0, deadline - clock.monotonic()))
            if thread.is_alive():
                left.append(f"Still running when all was over: thread {thread.name!r}{_place(thread)}.")
    return left


def end_process(failed: bool) -> NoReturn:
    """End the process with its exit code, whatever threads there are."""
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(failed))


def _place(thread: threading.Thread) -> str:
    frame = sys._current_frames().get(thread.ident or 0)
    frames = traceback.extract_stack(frame) if frame else []
    own = [each for each in frames if each.filename != threading.__file__]
    return f", at {own[-1].filename}:{own[-1].lineno}, in {own[-1].name}" if own else ""
