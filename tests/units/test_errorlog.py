"""The error log: what a service swallowed is found, unless a step verifies it."""

import logging
import logging.config
import sys
from collections.abc import Callable, Iterator

import pytest
from celery import Celery
from flask import Flask

from behave_flask.ledgers.error_log import ErrorLog

logger = logging.getLogger("shop.orders")


@pytest.fixture
def log() -> Iterator[ErrorLog]:
    book = ErrorLog()
    book.activate()
    yield book
    book.deactivate()


def test_an_unread_error_is_named_with_logger_message_and_cause(log: ErrorLog) -> None:
    try:
        {}["price"]
    except KeyError:
        logger.exception("order %s failed", 7)

    assert log.findings() == ["an error in the log of shop.orders: order 7 failed (KeyError: 'price')"]


def test_warnings_are_not_errors_and_critical_is(log: ErrorLog) -> None:
    logger.warning("slow")
    logger.critical("on fire")

    assert log.findings() == ["an error in the log of shop.orders: on fire"]


def test_an_error_taken_is_mentioned_once(log: ErrorLog) -> None:
    logger.error("order 7 failed")
    logger.error("order 8 failed")

    assert log.take("failed") == "order 7 failed"
    assert log.findings() == ["an error in the log of shop.orders: order 8 failed"]


def test_a_missing_error_is_told_with_what_was_logged_instead(log: ErrorLog) -> None:
    with pytest.raises(AssertionError, match=r"No error in the log says “refund”. Unread errors: none\."):
        log.take("refund")
    logger.error("order 7 failed")
    with pytest.raises(AssertionError, match=r"Unread errors:\n  - an error .*: order 7 failed"):
        log.take("refund")


def test_a_record_that_cannot_be_formatted_is_kept(log: ErrorLog) -> None:
    # Straight to the book: pytest's own handler would raise.
    log.note(logger.makeRecord("shop", logging.ERROR, __file__, 1, "order %d failed", ("seven",), None))

    (finding,) = log.findings()
    assert "'order %d failed' with ('seven',), which cannot be formatted" in finding


def test_exc_info_without_an_exception_is_no_trouble(log: ErrorLog) -> None:
    logger.error("odd", exc_info=(None, None, None))

    assert log.findings() == ["an error in the log of shop.orders: odd"]


def test_an_exception_that_flask_turned_into_a_500_is_found(log: ErrorLog) -> None:
    app = Flask("shop")

    @app.get("/")
    def broken() -> str:
        raise ValueError("no such thing")

    assert app.test_client().get("/").status_code == 500
    assert log.findings() == ["an error in the log of shop: Exception on / [GET] (ValueError: no such thing)"]


def test_a_failed_celery_task_is_found(log: ErrorLog) -> None:
    celery = Celery("shop", set_as_current=False)
    celery.conf.task_always_eager = True

    @celery.task(name="confirm")
    def confirm() -> None:
        raise ValueError("no such order")

    confirm.delay()

    (finding,) = log.findings()
    assert finding.startswith("an error in the log of celery.app.trace: Task confirm[")
    assert finding.endswith("(ValueError: no such order)")


def test_nothing_is_heard_when_closed_and_opening_again_starts_afresh(log: ErrorLog) -> None:
    logger.error("before")
    log.deactivate()
    logger.error("unheard")
    assert len(log.findings()) == 1

    log.activate()
    assert log.findings() == []
    logger.error("after")
    assert log.findings() == ["an error in the log of shop.orders: after"]


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Give every logger back the state that it had."""
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    before = [(each, each.disabled, each.propagate, each.level, each.handlers[:]) for each in loggers]
    yield
    logging.disable(logging.NOTSET)
    for each, disabled, propagate, level, handlers in before:
        each.setLevel(level)
        each.disabled, each.propagate, each.handlers[:] = disabled, propagate, handlers


QUIET = {"version": 1, "disable_existing_loggers": True}
SHY = {"version": 1, "disable_existing_loggers": False, "loggers": {"shop.orders": {"propagate": False}}}


@pytest.mark.parametrize("moment", ["before", "during"])
@pytest.mark.parametrize(
    "silence",
    [
        lambda: logging.config.dictConfig(QUIET),
        lambda: logging.config.dictConfig(SHY),
        lambda: logging.config.dictConfig({**QUIET, "root": {"handlers": [], "level": "CRITICAL"}}),
        lambda: logging.disable(logging.CRITICAL),
        lambda: setattr(logger, "disabled", True),
        lambda: setattr(logger, "propagate", False),
        lambda: setattr(logging.getLogger("shop"), "propagate", False),
        lambda: logging.getLogger().setLevel(logging.CRITICAL),
        lambda: logging.getLogger().handlers.clear(),
    ],
    ids=["dictConfig", "shy", "quiet", "disable", "disabled", "propagate", "parent", "root", "handlers"],
)
def test_a_logger_that_is_silenced_is_heard(silence: Callable[[], None], moment: str) -> None:
    log = ErrorLog()
    if moment == "before":
        silence()
    log.activate()
    logger.error("first")
    if moment == "during":
        silence()
    logger.error("second")
    logging.getLogger(f"shop.made.{moment}.{id(silence)}").error("new")
    log.deactivate()
    assert [each.rpartition(": ")[2] for each in log.findings()] == ["first", "second", "new"]


def test_what_is_silenced_stays_off_the_console(capsys: pytest.CaptureFixture[str]) -> None:
    log, console = ErrorLog(), logging.StreamHandler(sys.stdout)
    logger.addHandler(console)
    log.activate()
    logger.error("shown")
    logging.disable(logging.CRITICAL)
    logger.error("not shown")
    log.deactivate()
    assert capsys.readouterr().out == "shown\n"
    assert len(log.findings()) == 2


def test_what_a_filter_or_a_level_of_its_own_takes_out_stays_out(log: ErrorLog) -> None:
    noisy = logging.getLogger("noisy")
    noisy.setLevel(logging.CRITICAL)
    logging.getLogger("noisy.part").error("as always")
    picky = logging.getLogger("picky")
    picky.addFilter(lambda _: False)
    picky.error("as always")
    picky.disabled = True
    picky.error("as always")
    assert log.findings() == []


def test_nobody_listens_when_it_is_closed() -> None:
    log = ErrorLog()
    log.activate()
    log.deactivate()
    logger.disabled = True
    assert not logger.isEnabledFor(logging.ERROR)


def test_a_warning_is_kept_and_is_no_finding() -> None:
    log = ErrorLog()
    log.activate()
    try:
        logging.getLogger("shop").warning("The queue is %s.", "slow")
        assert log.warnings == ["The queue is slow."]
        assert log.findings() == []
    finally:
        log.deactivate()
    log.clear()
    assert log.warnings == []
