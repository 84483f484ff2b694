"""Exceptions that nothing can catch: each is a finding, and Python does what it did with it before."""

import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from behave_flask.ledgers.uncaught_exceptions import UncaughtExceptions


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Python's own hooks were told; pytest's would fail the test."""
    messages: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda raised: messages.append(str(raised.exc_value)))
    monkeypatch.setattr(sys, "unraisablehook", lambda raised: messages.append(str(raised.exc_value)))
    return messages


@pytest.fixture
def uncaught(printed: list[str]) -> Iterator[UncaughtExceptions]:
    book = UncaughtExceptions()
    book.activate()
    book.activate()  # once is enough
    yield book
    book.deactivate()


def raise_(error: BaseException) -> None:
    raise error


def in_a_thread(work: Callable[[], Any], name: str = "helper") -> None:
    thread = threading.Thread(target=work, name=name)
    thread.start()
    thread.join()


class Bad:
    def __del__(self) -> None:
        raise ValueError("it will not go")


class Unspeakable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


def test_a_thread_that_raises_is_named_with_its_trace(
    uncaught: UncaughtExceptions, printed: list[str]
) -> None:
    in_a_thread(lambda: raise_(ValueError("the helper fell over")))
    (finding,) = uncaught.findings()
    assert finding.startswith(
        "the thread 'helper' ended with an exception:\nTraceback (most recent call last)"
    )
    assert "in raise_" in finding
    assert finding.endswith("ValueError: the helper fell over")
    assert printed == ["the helper fell over"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), GeneratorExit("gone"), Unspeakable()])
def test_whatever_it_raises(uncaught: UncaughtExceptions, error: BaseException) -> None:
    in_a_thread(lambda: raise_(error))
    (finding,) = uncaught.findings()
    assert type(error).__name__ in finding


def test_a_timer_and_an_object_on_its_way_out(uncaught: UncaughtExceptions) -> None:
    timer = threading.Timer(0, lambda: raise_(ValueError("late")))
    timer.start()
    timer.join()
    Bad()
    late, gone = uncaught.findings()
    assert late.endswith("ValueError: late")
    assert "Bad.__del__" in gone
    assert gone.endswith("ValueError: it will not go")


def test_a_thread_may_leave_by_sys_exit(uncaught: UncaughtExceptions) -> None:
    in_a_thread(lambda: sys.exit(1))
    assert uncaught.findings() == []


def test_a_thread_of_an_earlier_scenario_is_told_as_such(uncaught: UncaughtExceptions) -> None:
    go_on = threading.Event()
    thread = threading.Thread(target=lambda: go_on.wait() and raise_(ValueError("late")), name="slow")
    thread.start()
    uncaught.begin()
    go_on.set()
    thread.join()
    (finding,) = uncaught.take()
    assert finding.startswith("the thread 'slow', which began before this scenario, ended with an exception")
    assert uncaught.findings() == []


def test_what_comes_between_two_scenarios_is_kept_for_the_next(uncaught: UncaughtExceptions) -> None:
    in_a_thread(lambda: raise_(ValueError("between")))
    uncaught.begin()
    assert len(uncaught.take()) == 1


def test_what_was_there_before_is_there_again(printed: list[str]) -> None:
    before = threading.excepthook, sys.unraisablehook
    book = UncaughtExceptions()
    book.activate()
    assert (threading.excepthook, sys.unraisablehook) != before
    book.deactivate()
    assert (threading.excepthook, sys.unraisablehook) == before
    book.clear()
    assert book.findings() == []
