"""Errors that the service logged during a scenario; one that no step verifies is a finding.

A service that swallows an exception and answers politely still logs it. Celery reports a failed task this way
too, under the name "celery.app.trace".
"""

import logging
import traceback
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class LoggedError:
    """One record of level ERROR or above, kept as text so that it holds on to no frames or sessions."""

    logger: str
    message: str
    cause: str | None

    def __str__(self) -> str:
        return f"an error in the log of {self.logger}: {self.message}" + (
            f" ({self.cause})" if self.cause else ""
        )


class ErrorLog:
    """Every error that is logged between `open` and `close`, by whatever logger.

    Also by one that does not propagate or is disabled, as `fileConfig` and `dictConfig` leave those that they
    do not name, under `logging.disable`, and below the root's level: a configuration that keeps the console
    quiet, made before or during the scenario, does not make an error right. What a filter takes out, or a
    level that was set for the very logger or one above it, stays out.
    """

    def __init__(self) -> None:
        self._unread: list[LoggedError] = []
        self.warnings: list[str] = []  # need not be verified: what passes by itself is no finding

    def activate(self) -> None:
        """Begin to listen, with an empty record."""
        self.clear()
        _Listening.add(self)

    def deactivate(self) -> None:
        """Stop listening; what was written down stays readable."""
        _Listening.remove(self)

    def note(self, record: logging.LogRecord) -> None:
        """Write a record down. A record that cannot be formatted is kept as it was written."""
        try:
            message = record.getMessage()
        except Exception as error:  # noqa: BLE001  (arguments may raise anything when they are formatted)
            message = f"{record.msg!r} with {record.args!r}, which cannot be formatted: {error}"
        if record.levelno < logging.ERROR:
            self.warnings.append(message)
            return
        self._unread.append(LoggedError(record.name, message, _last_line(record)))

    def take(self, text: str) -> str:
        """Return the first unread message that contains `text`, and mark it as verified.

        Raises AssertionError that lists what was logged instead.
        """
        for error in self._unread:
            if text in error.message:
                self._unread.remove(error)
                return error.message
        listed = "".join(f"\n  - {error}" for error in self._unread) or " none."
        raise AssertionError(f"No error in the log says “{text}”. Unread errors:{listed}")

    def findings(self) -> list[str]:
        """The errors that no step verified: logger, message and the last line of the traceback."""
        return [str(error) for error in self._unread]

    def clear(self) -> None:
        """Forget all errors and warnings."""
        self._unread, self.warnings = [], []


class _Listening:
    """Who listens to all loggers.

    A handler hears nothing of loggers that are disabled or do not propagate, and may be taken off in the
    middle: `dictConfig` does it, and Celery's worker when it starts. So `Logger`'s own methods are wrapped.
    """

    logs: ClassVar[list[ErrorLog]] = []
    methods: ClassVar[dict[str, Any]] = {}

    @classmethod
    def add(cls, log: ErrorLog) -> None:
        if not cls.methods:
            for name, method in (
                ("isEnabledFor", _is_enabled_for),
                ("handle", _handle),
                ("callHandlers", _call),
            ):
                cls.methods[name] = getattr(logging.Logger, name)
                setattr(logging.Logger, name, method)
        if log not in cls.logs:
            cls.logs.append(log)

    @classmethod
    def remove(cls, log: ErrorLog) -> None:
        if log in cls.logs:
            cls.logs.remove(log)

    @classmethod
    def record_of(cls, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING:
            for log in cls.logs:
                log.note(record)


def _is_enabled_for(logger: logging.Logger, level: int) -> bool:
    """Make a record of an error whoever has silenced it, unless by a level of the logger's own."""
    if _Listening.methods["isEnabledFor"](logger, level):
        return True
    return bool(_Listening.logs) and level >= max(logging.ERROR, _own_level(logger))


def _own_level(logger: logging.Logger) -> int:
    """Return the level that was set for a logger, or for one above it, but not the root's for all of them."""
    while logger.parent is not None and not logger.level:
        logger = logger.parent
    return logger.level if logger.parent is not None else logging.NOTSET


def _handle(logger: logging.Logger, record: logging.LogRecord) -> None:
    """Note a record that is silenced, and keep it from the handlers; `_call` notes all others."""
    if record.levelno < logging.ERROR or _Listening.methods["isEnabledFor"](logger, record.levelno):
        _Listening.methods["handle"](logger, record)
    elif logger.filter(record):
        _Listening.record_of(record)


def _call(logger: logging.Logger, record: logging.LogRecord) -> None:
    _Listening.record_of(record)
    _Listening.methods["callHandlers"](logger, record)


def _last_line(record: logging.LogRecord) -> str | None:
    if record.exc_info is None or record.exc_info[1] is None:
        return None
    return "".join(traceback.format_exception_only(record.exc_info[1])).strip().splitlines()[-1]
