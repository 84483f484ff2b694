"""The outside world over HTTP, closed: only what a step arranged is answered, to requests and httpx alike.

A call that nobody arranged is refused and written down, because the service may turn the refusal into a
polite answer; a stub that nobody called is written down too, because its scenario proves less than it says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from re import Pattern
from typing import TYPE_CHECKING, Any

from behave_flask.core import paths
from behave_flask.core.extras import requires_extra
from behave_flask.core.protocols import Call

with requires_extra("requests"):
    import requests
    import requests_mock

if TYPE_CHECKING:
    from requests_mock.adapter import _Matcher
    from requests_mock.request import Request


@dataclass(frozen=True, eq=False)
class Stub:
    """One arranged answer (or a row of answers), known by its name in the owner's words."""

    name: str
    method: str
    url: str
    answers: int
    presupposed: bool
    matcher: _Matcher = field(repr=False)
    again: Callable[[], Stub] = field(repr=False)  # arranges the same, to be called anew


class OutsideWorld:
    """requests-mock, opened for one scenario: every call made through `requests` or httpx ends here.

    `allowed` names what may really be called unless a stub answers for it, as (host, port) pairs.
    """

    def __init__(self, allowed: Collection[tuple[str, int]] = ()) -> None:
        self._is_open, self._allowed = False, allowed
        self._taken = ExitStack()
        self._forget()

    def activate(self) -> None:
        """Begin to answer and refuse, with an empty record. Raises RuntimeError when already open."""
        if self._is_open:
            raise RuntimeError("The outside world is open already: close it after each scenario.")
        self._forget()
        self._take_calls()
        self._is_open = True

    def deactivate(self) -> None:
        """Let calls go to the network again; what was written down stays readable."""
        if self._is_open:
            self._let_calls_go()
            self._is_open = False

    def clear(self) -> None:
        """Forget stubs, calls and refusals; an open world stays open."""
        if self._is_open:
            self.deactivate()
            self.activate()
        else:
            self._forget()

    def stub(
        self, method: str, url: str | Pattern[str], *, name: str, presupposed: bool = False, **response: Any
    ) -> Stub:
        """Arrange an answer and give back the stub, by which its calls are found.

        `name` says what it stands for in the owner's words ("the weather for Berlin"). `response` takes
        requests-mock's own keywords: `json`, `text`, `status_code`, `headers`, `exc`, `response_list` for
        several answers in turn; `request_headers`, `complete_qs` and `additional_matcher` narrow it.
        A `presupposed` stub belongs to the scenery and may stay unused. A later stub goes before an
        earlier one. Raises RuntimeError when the world is not open.
        """
        if not self._is_open:
            raise RuntimeError(f"The outside world is closed: open it before arranging “{name}”.")
        matcher = self._adapter.register_uri(method, url, **response)
        answers = len(response.get("response_list") or [None])
        shown = url if isinstance(url, str) else url.pattern
        again = partial(self.stub, method, url, name=name, presupposed=presupposed, **response)
        stub = Stub(name, method.upper(), shown, answers, presupposed, matcher, again)
        self._stubs.append(stub)
        return stub

    @property
    def stubs(self) -> list[Stub]:
        """What is arranged, in order."""
        return list(self._stubs)

    @property
    def calls(self) -> list[Call]:
        """The calls that stubs answered, in the order in which the service made them."""
        by_matcher = {id(stub.matcher): stub for stub in self._stubs}
        known = ((request, by_matcher.get(id(request.matcher))) for request in self._adapter.request_history)
        return [_call(request, stub) for request, stub in known if stub is not None]

    def calls_to(self, stub: Stub) -> list[Call]:
        """The calls that this stub answered, in order."""
        return [_call(request, stub) for request in stub.matcher.request_history]

    def findings(self) -> list[str]:
        """Calls that no step arranged, stubs never called, and rows of answers not used up."""
        unknown = [
            refused + (f" ({times} times)" if times > 1 else "")
            for refused, times in Counter(self._refused).items()
        ]
        return unknown + [finding for stub in self._stubs if (finding := _unused(stub))]

    def _take_calls(self) -> None:
        # With real_http, `NoMockAddress` goes to the network; `_refuse` raises it for what is allowed alone.
        self._taken.enter_context(requests_mock.Mocker(adapter=self._adapter, real_http=True))
        if find_spec("httpx"):
            from behave_flask.ledgers.httpx_calls import answered_by

            self._taken.enter_context(answered_by(self._adapter.send))

    def _let_calls_go(self) -> None:
        self._taken.close()

    def _forget(self) -> None:
        self._stubs: list[Stub] = []
        self._refused: list[str] = []
        # Without case_sensitive, requests-mock matches and reports URLs in lower case.
        self._adapter = requests_mock.Adapter(case_sensitive=True)
        # Matchers are tried last first, so this one sees only what no stub took.
        self._adapter.add_matcher(self._refuse)

    def _refuse(self, request: Request) -> requests.Response:
        port = request.port or (443 if request.scheme == "https" else 80)
        if (request.hostname, port) in self._allowed:
            raise requests_mock.NoMockAddress(request)  # type: ignore[arg-type] # the adapter raises it so, too
        call, place = f"{request.method} {request.url}", paths.caller()
        called = f"the service called {call}, which no step arranged"
        self._refused.append(f"{called} ({place})" if place else called)
        raise requests.exceptions.ConnectionError(f"{call} was refused: no step of this scenario arranged it")


def _call(request: Request, stub: Stub) -> Call:
    body = request.body or ""
    text = body.decode(errors="replace") if isinstance(body, bytes) else str(body)
    return Call(request.method, request.url, dict(request.headers), text, stub.name)


def _unused(stub: Stub) -> str | None:
    if stub.presupposed:
        return None
    calls = stub.matcher.call_count
    if calls == 0:
        return f"“{stub.name}” was arranged but never called ({stub.method} {stub.url})"
    if calls < stub.answers:
        return (
            f"“{stub.name}” was arranged with {stub.answers} answers, of which the service asked for {calls}"
        )
    return None
