"""A real Chromium, driven by Playwright: one a run, and a fresh visit for everybody in every scenario.

A visit keeps a log: what its pages, in any tab or window, complained of in the console, and what failed to
load, fails the scenario unless a step spoke of it; and whatever is not the service itself is out of reach.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from behave.configuration import Configuration
from behave.model import Feature

from behave_flask.browser.tabs import NOWHERE, Tabs, frame_of
from behave_flask.core import text
from behave_flask.core.extras import requires_extra
from behave_flask.core.http import Exchange
from behave_flask.core.http import Request as HTTPRequest
from behave_flask.core.http import Response as HTTPResponse
from behave_flask.core.outcomes import PageOutcome
from behave_flask.model import evidence

if TYPE_CHECKING:  # a run without pages does not wait for Playwright
    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Playwright, Request, WebError
    from playwright.sync_api import Response as PageResponse

TAG = "browser"
EXECUTABLE = "BROWSER"  # the environment variable that names one
NAMES = (  # the same engine without windows comes first: it needs about half the time
    *("chromium-headless-shell", "chrome-headless-shell"),
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
)
PLACES = (
    ".venv/browser/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
NONE_FOUND = (
    "No Chromium or Chrome was found for the scenarios tagged @browser. `behave-flask get-browser` gets one;"
    f" or install one, or name it: {EXECUTABLE}=/path/to/chrome. To leave them out: behave -t 'not @{TAG}'."
)
QUIET = (  # https://github.com/GoogleChrome/chrome-launcher/blob/main/docs/chrome-flags-for-tools.md
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
DEADLINE = 15_000  # milliseconds for anything that a page is to do
KINDS = {".txt": evidence.TEXT, ".html": evidence.HTML, ".png": evidence.PNG}
_LOADING = "Failed to load resource"


class NoBrowser(AssertionError):
    """There is none on this machine; the message says how to get one."""


def find() -> str:
    """Return the path of a Chromium or Chrome on this machine. Raises NoBrowser."""
    given = os.environ.get(EXECUTABLE)
    if given:
        if shutil.which(given):
            return given
        raise NoBrowser(f"{EXECUTABLE}={given}: there is no such program. {NONE_FOUND}")
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    found = found or next((place for place in PLACES if shutil.which(str(Path(place).absolute()))), None)
    if found is None:
        raise NoBrowser(NONE_FOUND)
    return str(Path(found).absolute())


class Browser:
    """The browser of a run, which starts when somebody first visits a page."""

    def __init__(self) -> None:
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None

    def context(self, **options: Any) -> BrowserContext:
        """Open a fresh context, which knows nobody and remembers nothing. Raises NoBrowser."""
        if self._chromium is None:
            with requires_extra("browser"):
                from playwright.sync_api import sync_playwright

            executable = find()
            self._playwright = sync_playwright().start()
            sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
            self._chromium = self._playwright.chromium.launch(
                executable_path=executable, args=[*QUIET, *sandbox], timeout=30_000
            )
        context = self._chromium.new_context(**options)
        context.set_default_timeout(DEADLINE)
        return context

    def stop(self) -> None:
        """Put it away; nothing, if it was never started."""
        with suppress(Exception):  # it may have gone by itself
            if self._chromium:
                self._chromium.close()
        if self._playwright:
            self._playwright.stop()
        self._playwright = self._chromium = None


@dataclass
class _Failure:
    """An answer of 400 or above, or a request without an answer, or a complaint in the console."""

    message: str
    status: int = 0
    tab: str = ""  # the address of the page, if it is not the first


class Visit:
    """One person's browser in a scenario: a page, the tabs that it opens, and a log of what went wrong."""

    def __init__(self, context: BrowserContext, locate: Callable[[], str], who: str) -> None:
        """Open a page, whose requests to anywhere else are written down; QUIET keeps them from leaving.

        :param locate: gets the service ready for a browser and returns its base URL.
        """
        self.who, self.address, self._locate, self._context = who, locate(), locate, context
        self.log: list[str] = []
        self.answer: PageResponse | None = None  # to the last navigation of the first page itself
        self._failures: list[_Failure] = []
        self._asking: set[Request] = set()
        context.on("page", self._opened)
        context.on("request", self._asked)
        context.on("requestfinished", self._finished)
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)
        context.on("console", self._complained)
        context.on("weberror", self._raised)
        self.page: Page = context.new_page()
        self._tabs = Tabs(context, self.page)

    def open(self, path: str) -> None:
        """Go to a page, and wait until all that belongs to it is there."""
        with self.acting():
            self.page.goto(self.address + path)

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Wait, after what is done in the block, until all that belongs to the page is there."""
        self.answer = None
        self._locate()
        yield
        self.page.wait_for_load_state("load")
        self._wait()

    def settle(self) -> None:
        """Wait as after something done, and write down what does not come to an end."""
        try:
            self._wait()
        except AssertionError as error:
            self._note(str(error))

    def _wait(self) -> None:
        for _ in range(DEADLINE // 10):
            if self._tabs.are_loaded() and not self._asking:
                return
            self._tabs.let_events_in()
        missing = ", ".join(request.url for request in self._asking) or "another tab"
        raise AssertionError(f"Still waiting for: {missing}")

    def keep_cookie(self, name: str, value: str) -> None:
        """Make the browser keep a cookie of the service, as if it had been given it."""
        self._context.add_cookies([{"name": name, "value": value, "url": self.address}])

    def verify(self, status: int) -> None:
        """Take the refusal with this status, of the first page, as spoken of."""
        own = (failure for failure in self._failures if not failure.tab)
        found = next((failure for failure in own if failure.status == status), None)
        if found:
            self._failures.remove(found)

    def findings(self) -> list[str]:
        """What went wrong on the pages and no step spoke of."""
        return [f"on a page of {self.who}, {failure.message}" for failure in self._failures]

    def evidence(self) -> dict[str, str | bytes]:
        """Return what shows how each page is now: by file name, its picture, its text, and the log of all."""
        shown: dict[str, str | bytes] = {"network and console.txt": "\n".join(self.log)}
        others = [page for page in self._context.pages if page is not self.page]
        for number, page in enumerate([self.page, *others], 1):
            tab = f", tab {number}" if number > 1 else ""
            with suppress(Exception):  # the browser may be gone, and what is known is worth keeping
                shown[f"page{tab}.html"] = page.content()
                shown[f"screenshot{tab}.png"] = page.screenshot(full_page=True)
        return shown

    def close(self) -> None:
        """Leave; what was written down stays readable."""
        with suppress(Exception):
            self._context.close()

    def _log(self, line: str, tab: str = "") -> str:
        message = f"in another tab ({tab}), {line}" if tab else line
        self.log.append(message)
        return message

    def _note(self, line: str, tab: str = "", status: int = 0) -> None:
        self._failures.append(_Failure(self._log(line, tab), status, tab))

    def _opened(self, page: Page) -> None:
        page.on("close", self._forget)
        page.on("crash", self._crashed)

    def _forget(self, page: Page) -> None:
        """Wait no more for what a page asked for that is no more: it does not say that this has ended."""
        self._asking = {request for request in self._asking if _page_of(request) is not page}

    def _crashed(self, page: Page) -> None:
        self._forget(page)
        self._note("the page crashed", self._tab(page))

    def _asked(self, request: Request) -> None:
        if self._is_outside(request):
            self._note(f"{request.method} {request.url} goes past the service", self._tab_of(request))
        else:
            self._asking.add(request)

    def _finished(self, request: Request) -> None:
        self._asking.discard(request)

    def _failed(self, request: Request) -> None:
        self._asking.discard(request)
        left = request.failure == "net::ERR_ABORTED"  # the page was left meanwhile
        if not left and not self._is_outside(request):
            line = f"{request.method} {self._path(request.url)} failed: {request.failure}"
            self._note(line, self._tab_of(request))

    def _is_outside(self, request: Request) -> bool:
        return request.url.startswith("http") and not request.url.startswith(f"{self.address}/")

    def _answered(self, response: PageResponse) -> None:
        request = response.request
        line = f"{request.method} {self._path(response.url)}: {response.status}"
        if request.is_navigation_request() and frame_of(request) is self.page.main_frame:
            self.answer = response
        if response.status >= 400:
            self._note(line, self._tab_of(request), response.status)
        else:
            self._log(line, self._tab_of(request))

    def _complained(self, message: ConsoleMessage) -> None:
        tab = self._tab(message.page)
        if message.type == "error" and not message.text.startswith(_LOADING):  # it is in the log already
            self._note(f"an error in the console: {message.text}", tab)
        else:
            self._log(f"console, {message.type}: {message.text}", tab)

    def _raised(self, error: WebError) -> None:
        self._note(f"an error in a script: {error.error}", self._tab(error.page))

    def _tab(self, page: Page | None, asked: str = "") -> str:
        """Return the address of a page that is not the first; nothing for that, and for a worker.

        :param asked: what a page asks for that has no address yet.
        """
        if page is None or page is self.page:
            return ""
        return self._path(asked if asked and page.url in NOWHERE else page.url)

    def _tab_of(self, request: Request) -> str:
        page = _page_of(request)
        if page is None and request.is_navigation_request():  # the first of a tab that is being opened
            return self._path(request.url)
        return self._tab(page, request.url)

    def _path(self, url: str) -> str:
        return url.removeprefix(self.address)


def _page_of(request: Request) -> Page | None:
    frame = frame_of(request)
    return frame.page if frame else None


class VisitOutcome(PageOutcome):
    """What somebody's last page means; a refusal that a step expects is spoken of."""

    def __init__(self, visit: Visit, sign_in: str) -> None:
        """Wrap a visit after something was done in it, and the path of the page for signing in."""
        if visit.answer is None:
            raise AssertionError(f"Nothing was sent: the page of {visit.who} waits at {visit.page.url}.")
        asked, answer = visit.answer.request, visit.answer
        request = HTTPRequest(asked.method, urlsplit(asked.url).path)
        response = HTTPResponse(answer.status, answer.headers, visit.page.content().encode())
        super().__init__(Exchange(visit.who, request, response), 200, sign_in)
        self._visit = visit

    def must_be(self, word: str) -> None:
        """Check the meaning and the form of the answer, as `Outcome` does."""
        super().must_be(word)
        if self.response.status >= 400:
            self._visit.verify(self.response.status)


class Visits:
    """Everybody's browsers in one scenario."""

    def __init__(self, browser: Browser, locate: Callable[[], str], **options: Any) -> None:
        """Begin with nobody there.

        :param locate: gets the service ready for a browser and returns its base URL.
        :param options: of each browser's context, such as `java_script_enabled` and `viewport`.
        """
        self._browser, self._locate, self.options = browser, locate, options
        self._visits: dict[str, Visit] = {}

    def of(self, who: str) -> Visit:
        """Return somebody's browser, opened when it is first spoken of. Raises NoBrowser."""
        if who not in self._visits:
            self._visits[who] = Visit(self._browser.context(**self.options), self._locate, who)
        return self._visits[who]

    def __contains__(self, who: str) -> bool:
        """Return whether somebody's browser is open."""
        return who in self._visits

    def settle(self) -> None:
        """Wait until all is there that anybody's pages ask for and open; what never comes is a finding."""
        for visit in self._visits.values():
            visit.settle()

    def findings(self) -> list[str]:
        """What went wrong in any of them and no step spoke of."""
        return [finding for visit in self._visits.values() for finding in visit.findings()]

    def show(self, folder: Path, title: str) -> list[Path]:
        """Put how each page is now into files and into the report, and return the files."""
        written: list[Path] = []
        for who, visit in self._visits.items():
            place = folder / slug(title) / slug(who)
            place.mkdir(parents=True, exist_ok=True)
            for name, content in visit.evidence().items():
                evidence.attach(f"{who}'s {name}", content, KINDS[Path(name).suffix])
                shown = text.visible(text.masked(content)).encode() if isinstance(content, str) else content
                (place / name).write_bytes(shown)
                written.append(place / name)
        return written

    def close(self) -> None:
        """Close everybody's browser."""
        for visit in self._visits.values():
            visit.close()


def slug(title: str) -> str:
    """Return a title as the name of a folder."""
    return re.sub(r"[^\w.-]+", "-", title).strip("-")[:100] or "nameless"


def left_out(features: Sequence[Feature], config: Configuration) -> str:
    """Return how many scenarios that need a browser are left out by their tag's name; nothing if none."""
    if TAG not in str(config.tag_expression):
        return ""
    every = [scenario for feature in features for scenario in feature.walk_scenarios()]
    count = sum(
        TAG in each.effective_tags and not each.should_run_with_tags(config.tag_expression) for each in every
    )
    return f"Left out: {count} scenarios that need a browser (@{TAG})." if count else ""
