"""What a client is still sending: read for so long and no longer, and to its end where that is cheap."""

import logging
import socket
from contextlib import AbstractContextManager, nullcontext, suppress
from io import BytesIO
from threading import BoundedSemaphore
from time import monotonic
from typing import Any

from flask import Flask, Response, current_app, request
from werkzeug.wsgi import LimitedStream

from app.config import KIB, MIB
from app.services.deadline import Deadline

log = logging.getLogger(__name__)
DRAIN_AT_MOST = 64 * MIB
DRAIN_SECONDS = 5.0
CHUNK = 64 * KIB
UNREAD = "shop.unread_body"
LONGEST = 6 * MIB  # of what is read at all
SLOWEST = 50 * KIB  # bytes a second that a body must bring, beside the time that each has
_draining = BoundedSemaphore(2)  # of the threads of a process


class TimedStream:
    """A stream from a connection that is shut when reading from it takes too long in all."""

    def __init__(self, stream: Any, connection: socket.socket | None, seconds: float) -> None:
        self._stream, self._connection, self._left = stream, connection, seconds

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes, or those that came in time."""
        began = monotonic()
        with _deadline(self._left, self._connection):
            read: bytes = self._stream.read(size)
        self._left -= monotonic() - began
        return read


def is_chunked() -> bool:
    """Tell whether the body comes in chunks, so that nobody knows how long it is."""
    return "chunked" in request.headers.get("Transfer-Encoding", "").lower()


def _watch() -> None:
    """Count and time what is read of the body: no more than was announced, and at the pace of a slow line."""
    environ, length = request.environ, request.content_length or 0
    if is_chunked() and environ.get("wsgi.input_terminated"):  # such a stream knows its end
        environ[UNREAD], environ["wsgi.input"] = environ["wsgi.input"], BytesIO()  # it is refused, not parsed
    else:
        seconds = current_app.config["BODY_TIMEOUT_SECONDS"] + min(length, LONGEST) / SLOWEST
        stream: Any = TimedStream(environ["wsgi.input"], _connection(), seconds)
        environ["wsgi.input"] = LimitedStream(stream, length)


def _drain(response: Response) -> Response:
    """Read what the client is still sending, so that it sees a clean 401 or 413 and not a broken pipe.

    A server that answers early and closes resets the connection under a client that is still writing. Bounded
    by the announced length, by a cap and by a clock, and done for a few at a time: else whoever sends slowly
    what is refused anyway would keep all others waiting. Past the bounds the connection is closed.
    """
    body = request.environ.get(UNREAD, request.environ["wsgi.input"])
    if getattr(body, "is_exhausted", False):
        return response
    if not _draining.acquire(blocking=False):
        _hang_up()
        return response
    try:
        if not _read_to_the_end(body):
            _hang_up()
    finally:
        _draining.release()
    return response


def _read_to_the_end(body: Any) -> bool:
    left, end = DRAIN_AT_MOST, monotonic() + DRAIN_SECONDS
    try:
        with _deadline(DRAIN_SECONDS, _connection()):
            while monotonic() < end and left > 0:
                chunk = body.read(min(CHUNK, left))
                if not chunk:
                    return True
                left -= len(chunk)
    except Exception as error:  # noqa: BLE001 (what a server's own reader raises for broken chunks is no `OSError`)
        log.info("A body was not read to its end: %s", type(error).__name__)
    return False


def _connection() -> socket.socket | None:
    environ = request.environ
    connection: socket.socket | None = environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
    return connection


def _deadline(seconds: float, connection: socket.socket | None) -> AbstractContextManager[object]:
    if connection is None:  # in a test, where nothing is waited for
        return nullcontext()
    return Deadline(max(0.0, seconds), lambda: connection, socket.SHUT_RD)


def _hang_up() -> None:
    """Take nothing more from this connection: what is left of the body would be read as the next request."""
    connection = _connection()
    if connection:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RD)


def init_app(app: Flask) -> None:
    """Watch over the bodies of all requests."""
    app.before_request(_watch)
    app.after_request(_drain)
