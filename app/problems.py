"""Errors in one shape: `application/problem+json` (RFC 9457), with `errors` by field at 422."""

from http import HTTPStatus
from typing import Any, NoReturn

from apiflask import APIFlask, HTTPError
from flask import Response, current_app, json, request
from werkzeug.exceptions import RequestEntityTooLarge

DRAIN_AT_MOST = 64 * 1024 * 1024
CHUNK = 64 * 1024


def problem(status: int, detail: str, *, headers: dict[str, str] | None = None, **members: Any) -> NoReturn:
    """Answer with a problem.

    :param detail: what went wrong this time, for the person who asked.
    :param members: extension members of the problem, such as ``errors``.
    :raises HTTPError: always.
    """
    raise HTTPError(status, detail, headers=headers or {}, extra_data=members)


def invalid(**errors: str) -> NoReturn:
    """Answer 422 with one message a field."""
    problem(422, "Some fields need your attention.", errors={name: [text] for name, text in errors.items()})


def _errors_by_field(detail: Any) -> dict[str, Any]:
    """Turn APIFlask's ``{location: {field: messages}}`` into ``{"errors": {field: messages}}``."""
    fields = {
        "body" if field == "_schema" else field: messages
        for location in detail.values()
        if isinstance(location, dict)
        for field, messages in location.items()
    }
    return {"errors": fields} if fields else {}


def _render(error: HTTPError) -> tuple[Response, int, dict[str, str]]:
    title = HTTPStatus(error.status_code).phrase
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": error.status_code}
    body |= _errors_by_field(error.detail or {}) | dict(error.extra_data or {})
    if "errors" in body:
        body["detail"] = "Some fields need your attention."
    elif error.message and error.message != title:
        body["detail"] = error.message
    response = Response(json.dumps(body), mimetype="application/problem+json")
    return response, error.status_code, dict(error.headers or {})


def _drain(_error: RequestEntityTooLarge) -> Any:
    """Read what the client is still sending, so that it sees a clean 413 and not a broken pipe.

    A server that answers early and closes resets the connection under a client that is still writing. Bounded
    by the announced length and a cap.
    """
    left = min(request.content_length or 0, DRAIN_AT_MOST)
    while left > 0 and (chunk := request.environ["wsgi.input"].read(min(CHUNK, left))):
        left -= len(chunk)
    return current_app.make_response(_render(HTTPError(413, "The request is too large.")))


def _refuse_unannounced_length() -> None:
    """A body in chunks announces no length, and Werkzeug cuts one silently at the limit (3.1.9)."""
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        problem(411, "Say how long the body is (Content-Length).")


def init_app(app: APIFlask) -> None:
    """Give every error of the app this shape."""
    app.error_processor(_render)
    app.register_error_handler(RequestEntityTooLarge, _drain)
    app.before_request(_refuse_unannounced_length)
