"""Calls that the service makes by httpx, answered by the stubs that answer those by `requests`.

Each is put before requests-mock as if `requests` made it, so that one stub serves both libraries.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from behave_flask.core.extras import requires_extra
from behave_flask.core.replacing import replaced

with requires_extra("httpx"):
    import httpx
    import requests
    from requests_mock import NoMockAddress

_ERRORS = (  # what a stub raises, and what httpx raises for it: the first that fits
    (requests.ConnectTimeout, httpx.ConnectTimeout),
    (requests.Timeout, httpx.ReadTimeout),
    (requests.ConnectionError, httpx.ConnectError),
)


@contextmanager
def answered_by(answer: Callable[[requests.PreparedRequest], requests.Response]) -> Iterator[None]:
    """Let each call by httpx be answered in the block; clients with a transport of their own keep theirs.

    :param answer: the answer to a call as `requests` makes it; it raises `NoMockAddress` for one that may go
        to the network.
    """
    send, send_async = httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request

    def handle(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        request.read()
        return _answered(answer, request) or send(transport, request)

    async def handle_async(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return _answered(answer, request) or await send_async(transport, request)

    with (
        replaced(httpx.HTTPTransport, handle_request=handle),
        replaced(httpx.AsyncHTTPTransport, handle_async_request=handle_async),
    ):
        yield


def _answered(
    answer: Callable[[requests.PreparedRequest], requests.Response], request: httpx.Request
) -> httpx.Response | None:
    """Return the answer to a call; None if it may go to the network."""
    try:
        found = answer(_as_by_requests(request))
    except NoMockAddress:
        return None
    except requests.RequestException as error:
        kind = next((ours for theirs, ours in _ERRORS if isinstance(error, theirs)), None)
        if kind is None:
            raise
        raise kind(str(error), request=request) from error
    content = found.raw.read(decode_content=False)
    return httpx.Response(found.status_code, headers=found.headers, stream=httpx.ByteStream(content))


def _as_by_requests(request: httpx.Request) -> requests.PreparedRequest:
    made = requests.PreparedRequest()
    made.method, made.url, made.body = request.method, str(request.url), request.content or None
    sent = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
    made.headers = requests.structures.CaseInsensitiveDict(sent)
    return made
