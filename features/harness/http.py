"""One request of a person to the service, its response, and how both read in a report.

Plain values, so that a stage can send them through Flask's test client or over the wire.
"""

import json as json_module
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SHOWN_AT_MOST = 2_000  # characters of a body in a report
SECRET_HEADERS = {"authorization", "cookie", "set-cookie", "x-api-key"}
SECRET_FIELDS = {"password", "current_password", "token"}


@dataclass(frozen=True)
class File:
    """A file as a form sends it: its name, its bytes and the type that the sender claims."""

    name: str
    content: bytes
    type: str

    def __str__(self) -> str:
        return f"{self.name}, {len(self.content)} bytes"


@dataclass(frozen=True)
class Request:
    """What is sent. At most one of `json`, `body` and `form` is given.

    `json` is encoded, `body` goes out as it is under `content_type`, `form` becomes multipart/form-data.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    body: bytes | None = None
    content_type: str | None = None
    form: Mapping[str, File | str] | None = None

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
    """What came back. Header names are in lower case; of one that came several times, a line each."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def type(self) -> str:
        """The media type, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def is_json(self) -> bool:
        """Whether the body says that it is JSON, of any kind."""
        return self.type.endswith(("/json", "+json"))

    @property
    def json(self) -> Any:
        """The parsed body. Raises AssertionError if it is not JSON."""
        if not self.is_json:
            raise AssertionError(
                f"The answer is not JSON but {self.type or 'of no type'}: {self.body[:200]!r}"
            )
        return json_module.loads(self.body)

    def __str__(self) -> str:
        if not self.body:
            return f"{self.status} (no body)"
        text = shown(self.json) if self.is_json else f"({len(self.body)} bytes of {self.type})"
        return f"{self.status}\n{text}"


@dataclass(frozen=True)
class Exchange:
    """Who asked what, and what the service answered."""

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
    """Return JSON as a person reads it: indented, secrets masked, of much of it the beginning."""
    encoder = json_module.JSONEncoder(indent=2, ensure_ascii=False, default=str)
    text = ""
    for piece in encoder.iterencode(_masked(data)):  # Python's own, and slow: no more of it than is shown
        text += piece
        if len(text) > SHOWN_AT_MOST:
            text = f"{text[:SHOWN_AT_MOST]} … (and more)"
            break
    return text.encode(errors="backslashreplace").decode()  # half a surrogate pair cannot be printed


def _masked(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: "***" if _is_secret(key, value) else _masked(value) for key, value in data.items()}
    return [_masked(item) for item in data] if isinstance(data, list) else data


def _is_secret(key: str, value: Any) -> bool:
    return key in SECRET_FIELDS and isinstance(value, str)  # what is said about a field is no secret


def _pairs(fields: Mapping[str, File | str], between: str) -> list[str]:
    return [f"{name}{between}{'***' if _is_secret(name, value) else value}" for name, value in fields.items()]


def _masked_header(name: str, value: str) -> str:
    return "***" if name.lower() in SECRET_HEADERS else value
