"""How gunicorn's threads come to their work, so that nobody can keep all of them waiting for nothing.

gunicorn (gthread) hands a connection to a thread as soon as it is there, and the thread then waits for the
headers, for as long as they take. Here the loop that accepts connections waits for them, which takes no
thread. Who asks for the shop's health is answered by a thread of its own, whatever all others do. And a
connection is closed by a thread, because gunicorn waits up to 2 s for the other side to close it, too.
"""

import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from selectors import EVENT_READ
from threading import BoundedSemaphore
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

HEADERS_WITHIN = 10.0  # seconds
LONGEST_HEADERS = 16 * 1024  # bytes; more than that is for gunicorn to refuse
END = b"\r\n\r\n"
HEALTH = (b"GET /healthz ", b"HEAD /healthz ")
CLOSED_AT_ONCE = 32  # connections; more are not waited for


class Connections:
    """Hands the connections of one worker to its threads."""

    def __init__(self, worker: ThreadWorker) -> None:
        self._worker = worker
        self._health = ThreadPoolExecutor(1, "health")
        self._closing = ThreadPoolExecutor(CLOSED_AT_ONCE, "closing")
        self._closers = BoundedSemaphore(CLOSED_AT_ONCE)

    def enqueue(self, connection: TConn) -> None:
        """Hand a connection to a thread once the headers of a request are there; gunicorn's `enqueue_req`."""
        before = _read_ahead(connection)
        coming = _peek(connection)
        if not self._is_ready(connection, before + coming, len(coming)):
            self._wait(connection, len(coming))
            return
        _set_low_water(connection, 1)
        connection.headers_since, connection.data_ready = None, True
        pool = self._health if not before and _asks_for_health(coming) else self._worker.tpool
        handled = pool.submit(self._worker.handle, connection)
        finish = partial(self._worker.method_queue.defer, self._worker.finish_request, connection)
        handled.add_done_callback(finish)

    def close(self, close: Callable[..., None], *, graceful: bool = False) -> None:
        """Close a connection, by a thread where the other side is waited for."""
        if graceful and self._closers.acquire(blocking=False):
            self._closing.submit(close, graceful=True).add_done_callback(lambda _: self._closers.release())
        else:
            close()

    def _is_ready(self, connection: TConn, headers: bytes, length: int) -> bool:
        if getattr(connection, "headers_since", None) is None:
            connection.headers_since, connection.headers_seen = time.monotonic(), -1
        has_ended = length == connection.headers_seen  # readable, but not for more that has come
        return END in headers or len(headers) >= LONGEST_HEADERS or has_ended

    def _wait(self, connection: TConn, length: int) -> None:
        """Wait in the worker's loop for more than is there already."""
        worker = self._worker
        connection.timeout = connection.headers_since + HEADERS_WITHIN
        if connection.timeout < time.monotonic():
            worker.nr_conns -= 1
            connection.close()
            return
        connection.headers_seen = length
        _set_low_water(connection, length + 1)
        connection.sock.settimeout(0)
        worker.pending_conns.append(connection)
        readable = partial(worker.on_pending_socket_readable, connection)
        worker.poller.register(connection.sock, EVENT_READ, readable)


def arrange(worker: Any) -> None:
    """Have a worker's connections handed to its threads in this way, if it has threads and no TLS."""
    if not isinstance(worker, ThreadWorker) or worker.cfg.is_ssl:
        return
    connections = Connections(worker)

    def enqueue(connection: TConn) -> None:
        if "close" not in vars(connection):
            connection.close = partial(connections.close, connection.close)
        connections.enqueue(connection)

    worker.enqueue_req = enqueue


def _read_ahead(connection: TConn) -> bytes:
    """Return what was read of the next request with the one before."""
    if connection.parser is None:
        return b""
    return bytes(connection.parser.unreader.buf.getvalue())


def _peek(connection: TConn) -> bytes:
    """Return what has come, and leave it there; nothing where the connection is at its end."""
    try:
        return bytes(connection.sock.recv(LONGEST_HEADERS, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except OSError:
        return b""


def _set_low_water(connection: TConn, length: int) -> None:
    """Have the connection count as readable when so many bytes are there, or its end."""
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, length)


def _asks_for_health(headers: bytes) -> bool:
    """Tell whether it is a request that keeps nobody waiting: without a body, of which there is no need."""
    names = headers.lower()
    has_body = b"\ncontent-length:" in names or b"\ntransfer-encoding:" in names
    return headers.startswith(HEALTH) and END in headers and not has_body
