"""A service served for browsers from within this process, on a free loopback port, one request at a time.

A browser asks when it likes, and several things at once; a scenario on one transaction can answer one at a
time, and none while a session of the test is open. So requests wait for their turn, and so does the test.
"""

import logging
import socket
import threading
from collections.abc import Iterable
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from behave_flask.core import text
from behave_flask.core.wsgi import respond
from behave_flask.model import failures

logger = logging.getLogger(__name__)

TURN_TIMEOUT_S = 5.0  # seconds that a request waits for its turn
BUSY = "The suite did not let this request in."


class Loopback:
    """A server that starts when its address is first asked for. It ends with `stop`, or with the process."""

    def __init__(self, app: Any, turn: Any, patience: float = TURN_TIMEOUT_S) -> None:
        """Accept the WSGI application, and the lock under which the test, too, touches the service's data.

        :param turn: a lock that one thread may take several times (`threading.RLock`).
        :param patience: seconds that a request waits for the lock before it is refused and written down.
        """
        self._app, self._turn, self._patience = app, turn, patience
        self._server: BaseWSGIServer | None = None
        self._refused: list[str] = []

    @property
    def address(self) -> str:
        """The base URL, without a slash at its end."""
        if self._server is None:
            self._server = self._start()
        return f"http://127.0.0.1:{self._server.port}"

    def findings(self) -> list[str]:
        """The requests that did not get their turn."""
        return list(self._refused)

    def clear(self) -> None:
        """Forget them."""
        self._refused = []

    def stop(self) -> None:
        """Serve no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def _start(self) -> BaseWSGIServer:
        # With a socket that listens already, the server looks up no name for its address.
        with socket.create_server(("127.0.0.1", 0)) as listening:
            host, port = listening.getsockname()
            # Threads, because browsers open connections on which they say nothing yet.
            server = make_server(
                host, port, self._answer, threaded=True, request_handler=_Quiet, fd=listening.detach()
            )
        server.daemon_threads = True  # type: ignore[attr-defined] # of socketserver.ThreadingMixIn
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return server

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not self._turn.acquire(timeout=self._patience):
            asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
            self._refused.append(
                f"{asked} was asked by the browser while the test kept a session open for {self._patience:g}"
                " seconds. Leave its `with` block before anything is done on a page."
            )
            start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [BUSY.encode()]
        try:
            answer = failures.tame(lambda: respond(self._app, environ), _log)
        finally:
            self._turn.release()
        start_response(answer.status, list(answer.headers))
        return answer.parts


def _log(error: BaseException) -> None:
    """Report to the scenario what Flask does not log, and a thread ends of in silence (`SystemExit`)."""
    logger.error("A view raised %s", text.describe(error), exc_info=error)


class _Quiet(WSGIRequestHandler):
    """The browser's own log has each request."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Say nothing."""
