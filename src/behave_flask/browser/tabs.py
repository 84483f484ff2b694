"""The tabs and windows of one browser: which are still being opened or loaded."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a run without pages does not wait for Playwright
    from playwright.sync_api import BrowserContext, Frame, Page, Request

NOWHERE = ("", "about:blank")  # the addresses of a page before its first document is there


class Tabs:
    """All pages of a browser context, those included that Playwright has not reported yet.

    Playwright reports a page that a script or a link opens some time after the browser has made it, and
    waits for none. The browser itself knows at once, and is asked over its own protocol.
    """

    def __init__(self, context: BrowserContext, page: Page) -> None:
        """Begin with the first page of a context."""
        self._context, self._session = context, context.new_cdp_session(page)
        self._id: str = self._session.send("Target.getTargetInfo")["targetInfo"]["browserContextId"]

    def are_loaded(self) -> bool:
        """Wait until each page that is known has loaded, and return whether there are no others.

        :raises AssertionError: naming the page that does not load.
        """
        known = list(self._context.pages)
        for page in known:
            _load(page)
        return self._count() <= len(known)

    def let_events_in(self) -> None:
        """Wait a moment for events of the browser to arrive."""
        for page in self._context.pages[:1]:
            page.wait_for_timeout(10)

    def _count(self) -> int:
        with suppress(Exception):  # the page through which it is asked may be gone
            targets = self._session.send("Target.getTargets")["targetInfos"]
            return sum(
                each["type"] == "page" and each.get("browserContextId") == self._id for each in targets
            )
        return 0


def frame_of(request: Request) -> Frame | None:
    """Return the frame that asks; None in a tab that is just being opened, and for a service worker."""
    with suppress(Exception):  # Playwright raises a plain Error for both
        return request.frame
    return None


def _load(page: Page) -> None:
    from playwright import sync_api as playwright

    try:
        page.wait_for_load_state("load")
    except playwright.TimeoutError:
        raise AssertionError(f"Still loading: {page.url}") from None
    except playwright.Error:  # it was closed or it crashed meanwhile
        return
