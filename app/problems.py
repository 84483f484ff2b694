"""Errors in one shape: `application/problem+json` (RFC 9457), with `errors` by field at 422."""

import logging
from time import time
from typing import Any, NoReturn

from apiflask import APIFlask, HTTPError
from flask import Response, json
from flask_limiter import RateLimitExceeded
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.datastructures import Headers
from werkzeug.http import HTTP_STATUS_CODES

from app import body_stream
from app.extensions import db, limiter
from app.pages import errors

log = logging.getLogger(__name__)
RETRY_SECONDS = 5
MOST_ERRORS = 50  # of those that are told: the answer is no longer than what was asked
LONGEST_FIELD = 100  # letters of a name that somebody made up

DETAILS = {
    400: "The request cannot be read.",
    401: "Sign in, and send the token that you were given (Authorization: Bearer).",
    403: "You are not allowed to do this.",
    404: "There is nothing here.",
    405: "This cannot be done here.",
    413: "The request is too large.",
    500: "Something went wrong on our side.",
}
# What a person calls a field, where it is not the field's name.
NAMES = {
    "amount_cents": "amount in cents",
    "email": "e-mail",
    "per_page": "number per page",
    "price_cents": "price in cents",
    "product_id": "product",
    "q": "search text",
}
# What pydantic finds, in words that a customer understands; {field} is the field's name.
SENTENCES = {
    "missing": "The {field} is missing.",
    "extra_forbidden": "There is no such field.",
    "string_type": "The {field} must be text.",
    "string_unicode": "This text cannot be stored.",
    "string_too_short": "The {field} needs at least {min_length} characters.",
    "string_too_long": "The {field} may have at most {max_length} characters.",
    "too_long": "The {field} may have at most {max_length} characters.",
    "string_pattern_mismatch": "The {field} contains characters that are not allowed.",
    "int_type": "The {field} must be a whole number.",
    "int_parsing": "The {field} must be a whole number.",
    "bool_type": "This must be true or false.",
    "literal_error": "The {field} must be {expected}.",
    "greater_than_equal": "The {field} must be {ge} or more.",
    "less_than_equal": "The {field} must be {le} or less.",
}


def problem(status: int, detail: str, *, headers: dict[str, str] | None = None, **members: Any) -> NoReturn:
    """Answer with a problem.

    :param detail: what went wrong this time, for the person who asked.
    :param members: extension members of the problem, such as ``errors``.
    :raises HTTPError: always.
    """
    error = HTTPError(message=detail, headers=headers or {}, extra_data=members)
    error.status_code = status  # APIFlask refuses one without a Werkzeug class, such as 402, as an argument
    raise error


def invalid(**errors: str) -> NoReturn:
    """Answer 422 with one message a field."""
    problem(422, "Some fields need your attention.", errors={name: [text] for name, text in errors.items()})


def messages_by_field(error: ValidationError) -> dict[str, list[str]]:
    """Return what is wrong with each field, in sentences."""
    messages: dict[str, list[str]] = {}
    for found in error.errors(include_url=False, include_input=False)[:MOST_ERRORS]:
        field = ".".join(map(str, found["loc"]))[:LONGEST_FIELD]
        messages.setdefault(_printable(field), []).append(_sentence(field, found))
    return messages


def _sentence(field: str, found: ErrorDetails) -> str:
    if found["type"] == "string_too_short" and found.get("ctx", {}).get("min_length") == 1:
        return "This must not be blank."
    sentence = SENTENCES.get(found["type"])
    if sentence is None:
        return found["msg"]
    name = NAMES.get(field) or field.replace("_", " ")
    return sentence.format(**found.get("ctx", {}) | {"field": name}).replace("'", "")


def _printable(text: str) -> str:
    """A field name that somebody made up may hold what no JSON text can (a lone surrogate)."""
    return text.encode(errors="replace").decode()


def render(error: HTTPError) -> tuple[Response, int, dict[str, str]]:
    """Return the answer that tells of an error."""
    status = error.status_code
    title = HTTP_STATUS_CODES.get(status, "Error")
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    if isinstance(error.__cause__, ValidationError):
        body |= {
            "detail": "Some fields need your attention.",
            "errors": messages_by_field(error.__cause__),
        }
    else:
        detail = error.message if error.message not in (None, title) else DETAILS.get(status)
        body |= ({"detail": detail} if detail else {}) | dict(error.extra_data or {})
    if errors.wanted():
        response = Response(errors.page_of(body), mimetype="text/html")
    else:
        response = Response(json.dumps(body), mimetype="application/problem+json")
    return response, status, dict(Headers(error.headers))


def _too_many_attempts(_error: RateLimitExceeded) -> Any:
    limit = limiter.current_limit
    seconds = max(1, int(limit.reset_at - time())) if limit else RETRY_SECONDS
    return render(
        HTTPError(429, "Too many attempts. Try again later.", headers={"Retry-After": str(seconds)})
    )


def _overtaken(error: Exception) -> Any:
    """Two people changed the same thing at once, and the view had no better answer for the second."""
    log.warning("A request was overtaken by another: %s", type(error).__name__)
    db.session.rollback()
    return render(HTTPError(409, "Somebody changed this at the same moment. Look at it and try again."))


def _gone_before_shown(error: ValidationError) -> Any:
    """Pydantic wraps what SQLAlchemy says of a row that was deleted after the view had changed it."""
    if not all("ObjectDeletedError" in found["msg"] for found in error.errors()):
        raise error
    return _overtaken(error)


def try_again() -> dict[str, str]:
    """Return the header that says when to try again what could not be done at the moment."""
    return {"Retry-After": str(RETRY_SECONDS)}


def _database_down(error: Exception) -> Any:
    log.error("The database does not answer: %s", type(error).__name__)
    return render(HTTPError(503, "The shop is busy. Try again shortly.", headers=try_again()))


def _connection_ended(error: InternalError) -> Any:
    """PostgreSQL says that it ended a transaction in which nothing happened; else it is a fault of ours."""
    if not error.connection_invalidated:
        raise error
    return _database_down(error)


def _refuse_unannounced_length() -> None:
    """A body in chunks announces no length, and Werkzeug cuts one silently at the limit (3.1.9)."""
    if body_stream.is_chunked():
        problem(411, "Say how long the body is (Content-Length).")


def init_app(app: APIFlask) -> None:
    """Give every error of the app this shape."""
    app.error_processor(render)
    app.register_error_handler(RateLimitExceeded, _too_many_attempts)
    for overtaken in (IntegrityError, StaleDataError, ObjectDeletedError):
        app.register_error_handler(overtaken, _overtaken)
    app.register_error_handler(ValidationError, _gone_before_shown)
    for down in (OperationalError, NoConnectionLeft):
        app.register_error_handler(down, _database_down)
    app.register_error_handler(InternalError, _connection_ended)
    body_stream.init_app(app)
    app.before_request(_refuse_unannounced_length)
