"""An end to conversations in which each single wait is bounded, but not their number."""

import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import Self

LOOK_AGAIN_AFTER = 0.1  # seconds


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
        self._cancelled = Event()
        Thread(target=self._wait, args=(seconds,), daemon=True).start()

    def cancel(self) -> None:
        """Leave the connection alone."""
        self._cancelled.set()

    def _wait(self, seconds: float) -> None:
        while not self._cancelled.wait(seconds):
            connection = self._connection()
            # There is none before it is made, and none while TLS is agreed on.
            if connection is not None and connection.fileno() != -1:
                with suppress(OSError):
                    connection.shutdown(self._how)
                return
            seconds = LOOK_AGAIN_AFTER

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.cancel()
