"""One request, answered by a WSGI application in this process as a server has it answered.

The body is read to its end and the answer is closed, whatever happens; what the application does on closing
is done when `respond` returns (PEP 3333: a server must call `close`).
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import Headers

from behave_flask.core.http import BrokenAnswer

logger = logging.getLogger(__name__)


@dataclass
class Answer:
    """What the application has answered so far."""

    status: str = ""
    headers: Headers = field(default_factory=Headers)
    parts: list[bytes] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        """All that has been read of the body."""
        return b"".join(self.parts)

    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], None]:
        """Take what the application gives (PEP 3333, "The start_response() Callable"); an error is raised."""
        if exc_info:
            raise exc_info[1].with_traceback(exc_info[2])
        self.status, self.headers = status, Headers(headers)
        return self.parts.append


def respond(app: Any, environ: dict[str, Any]) -> Answer:
    """Return the whole answer of an application, which has then been closed.

    An error on closing comes after the answer: it is logged, as a server does it.

    :raises BrokenAnswer: if the application raises in the middle of the body.
    """
    asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
    answer = Answer()
    body: Iterable[bytes] = app(environ, answer.start)
    try:
        for part in body:
            answer.parts.append(part)
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        raise BrokenAnswer(asked, len(answer.body), why) from error
    finally:
        _close(body, asked)
    return answer


def _close(body: Iterable[bytes], asked: str) -> None:
    try:
        getattr(body, "close", lambda: None)()
    except Exception:
        logger.exception("Error after the answer to %s", asked)
