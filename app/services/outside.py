"""HTTP to services of other people: bounded in time and size, and tried again where that can help.

What comes back is theirs: nothing of it is trusted before a schema has read it.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from math import ceil
from typing import Any, TypeVar

import requests
from pydantic import BaseModel, ValidationError
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential
from urllib3.exceptions import HTTPError as BrokenTransfer

from app.models import utcnow
from app.services.deadline import Deadline

LARGEST_ANSWER = 64 * 1024  # bytes
DAY = 24 * 60 * 60  # seconds

Schema = TypeVar("Schema", bound=BaseModel)


class Unavailable(Exception):
    """The other side gave no answer that can be used.

    :ivar retry_after: the seconds that it asks to wait, if it said something sensible.
    """

    def __init__(self, reason: str, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class _Passing(Unavailable):
    """Another try may do better."""


@dataclass(frozen=True)
class Answer:
    """What came back: the status, and the body as it was sent."""

    status: int
    body: bytes
    headers: CaseInsensitiveDict[str]

    def read(self, schema: type[Schema]) -> Schema:
        """Return the body, checked. Raises Unavailable when it is something else."""
        try:
            return schema.model_validate_json(self.body)
        except ValidationError as error:
            places = ", ".join(".".join(map(str, e["loc"])) or "body" for e in error.errors())
            raise Unavailable(f"an answer {self.status} that makes no sense: {places}") from None


@dataclass(frozen=True)
class Outside:
    """One service of somebody else.

    :ivar base: its address, to which paths are added.
    :ivar headers: sent with every request; they hold the key.
    :ivar timeout: seconds for one try, from connecting to the end of the answer.
    :ivar tries: how often to ask when the connection, the time or the other side (5xx) fails.
    :ivar pause: seconds before the second try, doubled before each later one.
    """

    base: str
    headers: Mapping[str, str] = field(repr=False)
    timeout: float
    tries: int
    pause: float

    def ask(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **arguments: Any
    ) -> Answer:
        """Send a request and return the answer, whatever its status below 500 except 429.

        :param arguments: ``json`` or ``params``, as `requests` takes them.
        :raises Unavailable: for a refused or lost connection, a time-out, 429, 5xx and a body too large.
        """
        retrying = Retrying(
            stop=stop_after_attempt(self.tries),
            wait=wait_exponential(multiplier=self.pause),
            retry=retry_if_exception_type(_Passing),
            reraise=True,
        )
        sent = {**(headers or {}), **self.headers, "Accept-Encoding": "identity"}
        return retrying(self._ask_once, method, self.base.rstrip("/") + path, sent, arguments)

    def _ask_once(self, method: str, url: str, headers: Mapping[str, str], arguments: Any) -> Answer:
        def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
            request.headers.update(headers)  # as `auth`, so that a .netrc cannot put another key in its place
            return request

        end = time.monotonic() + self.timeout
        try:
            with (
                _bounded_session(self.timeout) as session,
                session.request(
                    method,
                    url,
                    auth=sign,
                    timeout=self.timeout,
                    allow_redirects=False,
                    stream=True,
                    **arguments,
                ) as response,
            ):
                answer = Answer(response.status_code, _read_body(response, end), response.headers)
        except (requests.RequestException, BrokenTransfer) as error:
            raise _Passing(f"{method} {url}: {type(error).__name__}") from error
        if answer.status >= 500:
            raise _Passing(f"{method} {url}: {answer.status}", _seconds(answer.headers))
        if answer.status == 429:
            raise Unavailable(f"{method} {url}: 429, too many requests", _seconds(answer.headers))
        return answer


class _BoundedAdapter(HTTPAdapter):
    """Hangs up after so many seconds: `requests` bounds the wait for each piece, not their number."""

    _deadline: Deadline | None = None
    _connection: Any = None

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        self._deadline = Deadline(self._seconds, lambda: getattr(self._connection, "sock", None))
        return super().send(*args, **kwargs)

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        make = pool.ConnectionCls

        def make_and_keep(*of: Any, **how: Any) -> Any:
            self._connection = make(*of, **how)
            return self._connection

        pool.ConnectionCls = make_and_keep
        return pool

    def close(self) -> None:
        super().close()
        if self._deadline:
            self._deadline.cancel()


def _bounded_session(seconds: float) -> requests.Session:
    """Return a session for one request."""
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, _BoundedAdapter(seconds))
    return session


def _read_body(response: requests.Response, end: float) -> bytes:
    """Read to the end; what was cut off at the deadline is no answer, though it may look like one."""
    body = b""
    while True:
        piece = response.raw.read1(LARGEST_ANSWER, decode_content=False)
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise Unavailable("an answer too large to read")
        if time.monotonic() > end:
            raise _Passing("an answer that does not end")
        if not piece:
            return body


def _seconds(headers: Mapping[str, str]) -> int | None:
    """Return the seconds of a `Retry-After`, in either of its forms (RFC 9110, 10.2.3), up to a day."""
    text = headers.get("Retry-After", "").strip()
    if re.fullmatch("[0-9]{1,6}", text):
        seconds = int(text)
    else:
        try:
            moment = parsedate_to_datetime(text)
            seconds = ceil((moment.replace(tzinfo=moment.tzinfo or UTC) - utcnow()).total_seconds())
        except (ValueError, OverflowError):
            return None
    return seconds if 0 <= seconds <= DAY else None
