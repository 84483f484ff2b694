"""Errors that the service logged during a scenario; one that no step mentions is a finding.

A service that swallows an exception and answers politely still logs it. Celery reports a failed task this way
too, under the name "celery.app.trace".
"""

import logging
import traceback
from dataclasses import dataclass


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


class ErrorLog(logging.Handler):
    """A handler on the root logger. Loggers that do not propagate are not seen."""

    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self._unread: list[LoggedError] = []

    def open(self) -> None:
        """Begin to listen, with an empty book."""
        self.clear()
        logging.getLogger().addHandler(self)

    def close(self) -> None:
        """Stop listening; what was written down stays readable."""
        logging.getLogger().removeHandler(self)
        super().close()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record down. A record that cannot be formatted is kept as it was written."""
        try:
            message = record.getMessage()
        except Exception as error:  # noqa: BLE001  (arguments may raise anything when they are formatted)
            message = f"{record.msg!r} with {record.args!r}, which cannot be formatted: {error}"
        self._unread.append(LoggedError(record.name, message, _last_line(record)))

    def take(self, text: str) -> str:
        """Give back the first unread message that contains `text`, and mark it as mentioned.

        Raises AssertionError that lists what was logged instead.
        """
        for error in self._unread:
            if text in error.message:
                self._unread.remove(error)
                return error.message
        listed = "".join(f"\n  - {error}" for error in self._unread) or " none."
        raise AssertionError(f"No error in the log says “{text}”. Unread errors:{listed}")

    def findings(self) -> list[str]:
        """The errors that no step mentioned: logger, message and the last line of the traceback."""
        return [str(error) for error in self._unread]

    def clear(self) -> None:
        """Forget all errors."""
        self._unread = []


def _last_line(record: logging.LogRecord) -> str | None:
    if record.exc_info is None or record.exc_info[1] is None:
        return None
    return "".join(traceback.format_exception_only(record.exc_info[1])).strip().splitlines()[-1]
