"""An end to conversations in which each single wait is bounded, but not their number."""

import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Timer
from types import TracebackType
from typing import Self


class Deadline:
    """Shuts a connection down after a while, unless cancelled: who waits for it gets an error or its end."""

    def __init__(
        self, seconds: float, connection: Callable[[], socket.socket | None], how: int = socket.SHUT_RDWR
    ) -> None:
        """Begin.

        :param connection: returns the connection, once there is one.
        :param how: which direction, as `socket.shutdown` takes it.
        """
        self._connection, self._how = connection, how
        self._timer = Timer(seconds, self._hang_up)
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        """Leave the connection alone."""
        self._timer.cancel()

    def _hang_up(self) -> None:
        connection = self._connection()
        if connection is not None:
            with suppress(OSError):
                connection.shutdown(self._how)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.cancel()
