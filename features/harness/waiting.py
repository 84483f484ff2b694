"""Waiting for a fact, with a deadline."""

import time
from collections.abc import Callable
from threading import Event

PATIENCE = 30.0  # seconds


def until(fact: Callable[[], object], what: str) -> None:
    """Wait until something is so. Raises AssertionError at the deadline, which says what never came."""
    end = time.monotonic() + PATIENCE
    while not fact():
        if time.monotonic() > end:
            raise AssertionError(f"Waited {PATIENCE:g} seconds in vain: {what}.")
        Event().wait(0.005)
