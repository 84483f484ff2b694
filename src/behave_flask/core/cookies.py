"""The cookies that somebody's browser keeps between requests (RFC 6265)."""

from email.message import Message
from http.cookiejar import Cookie, CookieJar
from urllib.request import Request as UrllibRequest

from behave_flask.core.http import Request, Response

_HOST = "https://localhost"  # so that cookies for encrypted connections are kept and sent, too


class Cookies:
    """What one person's browser keeps; nobody else sees it."""

    def __init__(self) -> None:
        self._jar = CookieJar()

    def __getstate__(self) -> list[Cookie]:
        """Return what a copy is made of: the jar has a lock, which cannot be copied."""
        return list(self._jar)

    def __setstate__(self, kept: list[Cookie]) -> None:
        """Become a copy."""
        self._jar = CookieJar()
        for each in kept:
            self._jar.set_cookie(each)

    def header(self, path: str) -> str | None:
        """Return the header `Cookie` of a request, None if nothing is kept for it.

        :param path: as `Request` has it.
        """
        request = _as_urllib(path)
        self._jar.add_cookie_header(request)
        header: str | None = request.get_header("Cookie")
        return header

    def keep(self, request: Request, response: Response) -> None:
        """Keep what an answer sets, and forget what it takes back."""
        if "set-cookie" in response.headers:
            answer = _Answer(response.headers["set-cookie"].split("\n"))
            self._jar.extract_cookies(answer, _as_urllib(request.path))  # type: ignore[arg-type] # it asks `info` alone


class _Answer:
    """As much of an answer as the jar looks at."""

    def __init__(self, set_cookie: list[str]) -> None:
        self._headers = Message()
        for each in set_cookie:
            self._headers["Set-Cookie"] = each

    def info(self) -> Message:
        """Return the headers."""
        return self._headers


def _as_urllib(path: str) -> UrllibRequest:
    return UrllibRequest(f"https:{path}" if path.startswith("//") else f"{_HOST}{path}")  # noqa: S310
