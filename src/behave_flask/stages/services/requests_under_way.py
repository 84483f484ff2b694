"""The requests that a process is at, from their first byte to the closing of the answer.

A browser keeps its connection, and has its answer before the service has closed it.
"""

from collections.abc import Callable, Iterable
from threading import Condition
from typing import Any

from werkzeug.wsgi import ClosingIterator


class RequestsUnderWay:
    """Stands around a WSGI application, and counts what it has not ended."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        """Accept the application."""
        self._app, self._count, self._changed = app, 0, Condition()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer as the application does."""
        self._add(1)
        try:
            body = self._app(environ, start_response)
        except BaseException:
            self._add(-1)
            raise
        return ClosingIterator(body, lambda: self._add(-1))

    def wait(self, seconds: float) -> bool:
        """Wait until there is none; return whether it came to that.

        :param seconds: how long at most.
        """
        with self._changed:
            return self._changed.wait_for(lambda: not self._count, seconds)

    def _add(self, number: int) -> None:
        with self._changed:
            self._count += number
            self._changed.notify_all()
