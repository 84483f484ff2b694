"""One request over HTTP, on a connection of its own, until the server has done all that belongs to it."""

import http.client
import socket
from contextlib import suppress
from typing import Any

from werkzeug.datastructures import EnvironHeaders

from behave_flask.core.http import BrokenAnswer, Response

ANSWER_TIMEOUT_S = 30.0
# What the server says of its own accord at each answer, and differs from one to the next.
OF_THE_TRANSPORT = {"date", "connection"}


def ask(host: str, port: int, environ: dict[str, Any]) -> Response:
    """Send a request that was built for WSGI, and return its answer when the server has ended the connection.

    :raises BrokenAnswer: if the answer breaks off in the middle.
    :raises TimeoutError: if the answer, or its end, does not come.
    """
    headers = _headers(environ)
    body: bytes | None = environ["wsgi.input"].read() or None
    chunked = "chunked" in headers.get("Transfer-Encoding", "").lower()
    if chunked:
        headers.pop("Content-Length", None)
    query = f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else ""
    method, path = environ["REQUEST_METHOD"], environ["REQUEST_URI"]
    line = http.client.HTTPConnection(host, port, timeout=ANSWER_TIMEOUT_S)
    try:
        content = iter([body]) if chunked and body else body
        line.request(method, path + query, content, headers, encode_chunked=chunked)
        return _answer(line, f"{method} {path}")
    finally:
        line.close()


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    # Werkzeug gives these two even where there is no body.
    defaults = {"Content-Type": "", "Content-Length": "0"}
    headers = {name: value for name, value in EnvironHeaders(environ) if defaults.get(name) != value}
    return {**headers, "Connection": "close"}


def _answer(line: http.client.HTTPConnection, asked: str) -> Response:
    with line.sock.dup() as kept_open:  # the answer closes its own as soon as it is read
        answer = line.getresponse()
        try:
            body = answer.read()
        except http.client.IncompleteRead as error:
            raise BrokenAnswer(asked, len(error.partial)) from error
        finally:
            _wait_for_end(kept_open, asked)
    headers = {name.lower(): "\n".join(answer.headers.get_all(name, ())) for name, _ in answer.getheaders()}
    return Response(
        answer.status,
        {name: value for name, value in headers.items() if name not in OF_THE_TRANSPORT},
        body,
    )


def _wait_for_end(connection: socket.socket, asked: str) -> None:
    """Wait until the server ends the connection: by then it has closed the answer, too."""
    try:
        with suppress(ConnectionError):
            while connection.recv(4096):
                pass
    except TimeoutError as error:
        raise TimeoutError(
            f"{asked} was answered, and not over {ANSWER_TIMEOUT_S:g} s later: something waits on closing."
        ) from error
