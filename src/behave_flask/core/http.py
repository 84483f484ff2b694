"""One request of a person to the service, its response, and how both read in a report.

Plain values, so that a stage can send them through Flask's test client or over the wire.
"""

import json as json_module
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from behave_flask.core import text

SHOWN_AT_MOST = 2_000  # characters of a body in a report


class BrokenAnswer(AssertionError):
    """The service began an answer and did not end it."""

    def __init__(self, asked: str, length: int, why: str = "") -> None:
        """Accept the method and path, how many bytes of the body came, and the error if it is known."""
        cause = f": {why}" if why else ". Look for the error in the service's log."
        super().__init__(f"The answer to {asked} broke off after {length} bytes{cause}")


@dataclass(frozen=True)
class File:
    """A file as a form sends it.

    Example::

        Request("POST", "/avatar", form={"file": File("ann.png", content, "image/png")})

    :param name: the file's name, as the sender says.
    :param content: its bytes.
    :param type: the media type that the sender claims, true or not.
    """

    name: str
    content: bytes
    type: str

    def __str__(self) -> str:
        return f"{self.name}, {len(self.content)} bytes"


@dataclass(frozen=True)
class Request:
    """What is sent to the service.

    Example::

        Request("POST", "/books/1/loan", {"Authorization": "Bearer ann"}, json={"days": 14})

    At most one of `json`, `body` and `form` is given. A name in `query` or `form` that is sent several times
    has a list: `form={"page": [File(...), File(...)]}`.

    :param method: the verb, in capitals.
    :param path: the path; it may name a host of the service's own: `//admin.example.com/users`.
    :param headers: the headers, by name.
    :param query: the query parameters, by name.
    :param json: the body, to be encoded as JSON.
    :param body: the body in bytes, sent as it is under `content_type`.
    :param content_type: the media type of `body`.
    :param form: the fields of a form, sent as multipart/form-data.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    json: Any = None
    body: bytes | None = None
    content_type: str | None = None
    form: Mapping[str, File | str | Sequence[File | str]] | None = None

    def __str__(self) -> str:
        query = "?" + "&".join(_pairs(self.query, "=")) if self.query else ""
        lines = [f"{self.method} {self.path}{query}"]
        lines += [f"{name}: {_masked_header(name, value)}" for name, value in self.headers.items()]
        if self.json is not None:
            lines.append(shown(self.json))
        if self.body is not None:
            lines.append(f"({len(self.body)} bytes of {self.content_type}) {self.body[:80]!r}")
        lines += _pairs(self.form or {}, ": ")
        return "\n".join(lines)


@dataclass(frozen=True)
class Response:
    """What the service answered.

    Example::

        Response(201, {"content-type": "application/json"}, b'{"id": 1}').json["id"]

    :param status: the status code.
    :param headers: by name in lower case; of one that came several times, a line each.
    :param body: the body in bytes.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def type(self) -> str:
        """The media type, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def text(self) -> str:
        """The body as text, as far as it is some."""
        return self.body.decode(errors="replace")

    @property
    def is_json(self) -> bool:
        """Whether the body says that it is JSON, of any kind."""
        return self.type.endswith(("/json", "+json"))

    @property
    def json(self) -> Any:
        """The parsed body. Raises AssertionError if it is not JSON, or only says so."""
        if not self.is_json:
            raise AssertionError(
                f"The answer is not JSON but {self.type or 'of no type'}: {self.body[:200]!r}"
            )
        try:
            return json_module.loads(self.body, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise AssertionError(
                f"The answer says that it is {self.type}, and is no JSON ({text.message(error)}):"
                f" {self.body[:200]!r}"
            ) from None

    def __str__(self) -> str:
        if not self.body:
            return f"{self.status} (no body)"
        if not self.is_json:
            return f"{self.status}\n({len(self.body)} bytes of {self.type})"
        try:
            return f"{self.status}\n{shown(self.json)}"
        except AssertionError:
            return (
                f"{self.status}\n({len(self.body)} bytes of {self.type}, which is no JSON)\n{self._beginning}"
            )

    @property
    def _beginning(self) -> str:
        return repr(self.body[:SHOWN_AT_MOST]) + (" … (and more)" if len(self.body) > SHOWN_AT_MOST else "")


@dataclass(frozen=True)
class Exchange:
    """Who asked what, and what the service answered.

    Example::

        Exchange("Ann", request, stage.send(request))

    :param who: the person who asked, as reports name them.
    :param request: what was sent.
    :param response: what came back.
    """

    who: str
    request: Request
    response: Response

    @property
    def title(self) -> str:
        """The exchange in one line."""
        return f"{self.who}: {self.request.method} {self.request.path} → {self.response.status}"

    def __str__(self) -> str:
        asked = "\n".join(f"> {line}" for line in str(self.request).splitlines())
        answered = "\n".join(f"< {line}" for line in str(self.response).splitlines())
        return f"{self.who} asked, and the service answered:\n{asked}\n{answered}"


def shown(data: Any) -> str:
    """Return JSON as a person reads it: indented, secrets masked, of much of it the beginning.

    What is no JSON, or too deep to be written, is shown as Python does.
    """
    encoder = json_module.JSONEncoder(indent=2, ensure_ascii=False, default=text.of)
    written = ""
    try:
        for piece in encoder.iterencode(_masked(data)):  # Python's own, and slow: no more of it than is shown
            written += piece
            if len(written) > SHOWN_AT_MOST:
                break
    except (ValueError, TypeError, RecursionError):
        written = text.clean(data)
    more = len(written) > SHOWN_AT_MOST
    return text.visible(f"{written[:SHOWN_AT_MOST]} … (and more)" if more else written)


def _masked(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: "***" if _is_secret(key, value) else _masked(value) for key, value in data.items()}
    return [_masked(item) for item in data] if isinstance(data, list) else data


def _is_secret(key: Any, value: Any) -> bool:
    """Return whether this is to be masked; an error report on a field, a list or an object, is no secret."""
    return isinstance(value, str | int | float) and not isinstance(value, bool) and text.is_secret(key)


def values_of(given: Any) -> list[Any]:
    """Return all values of one field: those of a list or tuple, or the one that is given alone."""
    return list(given) if isinstance(given, (list, tuple)) else [given]


def _pairs(fields: Mapping[str, Any], between: str) -> list[str]:
    return [
        f"{name}{between}{'***' if _is_secret(name, value) else value}"
        for name, values in fields.items()
        for value in values_of(values)
    ]


def _masked_header(name: str, value: str) -> str:
    return "***" if text.is_secret(name) else value


def _refuse(constant: str) -> Any:
    """NaN, Infinity and -Infinity, which Python reads."""
    raise ValueError(f"{constant} is none of its values")
