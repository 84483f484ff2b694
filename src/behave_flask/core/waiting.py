"""Waiting for a fact, with a deadline."""

from collections.abc import Callable, Iterator
from threading import Event

from behave_flask.core import clock

WAIT_TIMEOUT_S = 30.0  # seconds
PAUSE = 0.005  # seconds


def looks(seconds: float, pause: float = PAUSE) -> Iterator[None]:
    """Yield a turn to look whether something is so, and another after each pause, until the time is over."""
    end = clock.monotonic() + seconds
    yield
    while clock.monotonic() < end:
        Event().wait(pause)
        yield


def until(fact: Callable[[], object], what: str) -> None:
    """Wait until something is so. Raises AssertionError at the deadline, which says what never came."""
    for _ in looks(WAIT_TIMEOUT_S):
        if fact():
            return
    raise AssertionError(f"Timed out after {WAIT_TIMEOUT_S:g} s: {what}.")
