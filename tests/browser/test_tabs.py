"""What goes wrong in another tab or window than the first: each is planted, and told with its address."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from behave_flask.browser import driver
from behave_flask.browser.driver import Browser, Visit, Visits
from behave_flask.stages.embedded.loopback import Loopback

HTML = "text/html; charset=utf-8"
FIRST = """<!doctype html><link rel="icon" href="data:,"><h1>First</h1>
<a id="link" href="{to}" target="_blank">Open</a>
<a id="apart" href="{to}" target="_blank" rel="noopener">Open</a>
<form action="{to}" target="_blank"><button id="form">Open</button></form>
<button id="script" onclick="window.open('{to}')">Open</button>
<button id="window" onclick="window.open('{to}', '', 'width=300,height=200')">Open</button>
<button id="empty" onclick="const it = window.open(); it.location = '{to}'">Open</button>
<button id="two" onclick="window.open('/clean'); window.open('{to}')">Open</button>
<button id="brief" onclick="const it = window.open('{to}'); it.onload = () => it.close()">Open</button>
"""
WAYS = ["link", "apart", "form", "script", "window", "empty", "two"]
WRONG = {
    "/throws": ("<script>throw new Error('as planted')</script>", "an error in a script: as planted"),
    "/rejects": (
        "<script>Promise.reject(new Error('as planted'))</script>",
        "an error in a script: as planted",
    ),
    "/complains": ("<script>console.error('as planted')</script>", "an error in the console: as planted"),
    "/lacks": ("<img src='/missing.png'>", "GET /missing.png: 404"),
    "/breaks-off": ("<img src='/round.png'>", "GET /round.png failed: net::ERR_TOO_MANY_REDIRECTS"),
    "/outside": ("<img src='https://elsewhere.example.com/it.png'>", "elsewhere.example.com/it.png"),
    "/policy": ("<script>document.title = 'run'</script>", "an error in the console: "),
    "/throws-and-leaves": (
        "<script>window.close(); throw new Error('as planted')</script>",
        "an error in a script: as planted",
    ),
    "/in-a-frame": ("<iframe src='/throws'></iframe>", "an error in a script: as planted"),
}
PAGES = {
    **{path: wrong for path, (wrong, _) in WRONG.items()},
    "/clean": "<h1>Second</h1>",
    "/with-a-frame": "<iframe src='/clean'></iframe>",
    "/with-a-missing-frame": "<iframe src='/missing'></iframe>",
    "/opens-another": "<script>window.open('/throws')</script>",
}
SHOP = """
Feature: planted

  @browser
  Scenario: a page that opens a tab
    Given Mia is a member
    When Mia visits the dashboard
    Then Mia is on the dashboard
"""


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """A few pages, of which the first has several ways to open the one that its query names."""
    path = environ["PATH_INFO"]
    headers = [("Content-Type", HTML)]
    if path == "/round.png":
        start_response("302 Found", [("Location", path)])
        return []
    if path == "/policy":
        headers.append(("Content-Security-Policy", "default-src 'self'; img-src data:"))
    if path == "/":
        start_response("200 OK", headers)
        return [FIRST.format(to=environ["QUERY_STRING"]).encode()]
    start_response("200 OK" if path in PAGES else "404 Not Found", headers)
    return [f"<!doctype html><link rel='icon' href='data:,'>{PAGES.get(path, '')}".encode()]


@pytest.fixture(scope="module")
def started() -> Iterator[Browser]:
    found = Browser()
    yield found
    found.stop()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    loopback = Loopback(app, threading.RLock())
    yield loopback.address
    loopback.stop()


@pytest.fixture
def visits(started: Browser, address: str) -> Iterator[Visits]:
    visits = Visits(started, lambda: address)
    yield visits
    visits.close()


@pytest.fixture
def press(visits: Visits) -> Callable[[str, str], Visit]:
    """Open a tab with a page, by one of the ways of the first page."""

    def go(to: str, way: str = "link") -> Visit:
        visit = visits.of("Mia")
        visit.open(f"/?{to}")
        with visit.acting():
            visit.page.locator(f"#{way}").click()
        return visit

    return go


@pytest.mark.parametrize("to", WRONG)
def test_what_goes_wrong_in_a_tab_is_told_with_its_address(
    press: Callable[..., Visit], visits: Visits, to: str
) -> None:
    press(to)
    visits.settle()
    (finding,) = visits.findings()
    assert finding.startswith(f"on a page of Mia, in another tab ({to}), "), finding
    assert WRONG[to][1] in finding


@pytest.mark.parametrize("way", WAYS)
def test_a_tab_is_watched_however_it_is_opened(press: Callable[..., Visit], visits: Visits, way: str) -> None:
    press("/throws", way)
    visits.settle()
    (finding,) = visits.findings()
    assert finding.startswith("on a page of Mia, in another tab (/throws"), finding


@pytest.mark.parametrize("way", [*WAYS, "brief"])
def test_a_tab_with_nothing_wrong_has_no_finding(
    press: Callable[..., Visit], visits: Visits, way: str
) -> None:
    visit = press("/clean", way)
    visits.settle()
    assert visits.findings() == []
    assert "in another tab (/clean" in "\n".join(visit.log)


@pytest.mark.parametrize("way", ["link", "empty"])
def test_a_tab_that_is_not_there_is_told(press: Callable[..., Visit], visits: Visits, way: str) -> None:
    press("/missing", way)
    assert visits.findings() == ["on a page of Mia, in another tab (/missing), GET /missing: 404"]


def test_a_tab_that_its_opener_closes_at_once_still_counts(
    press: Callable[..., Visit], visits: Visits
) -> None:
    visit = press("/throws", "brief")
    visits.settle()
    assert "as planted" in "\n".join(visits.findings())
    while visit.page.context.pages != [visit.page]:  # it closes once its load event has been
        visit.page.wait_for_timeout(10)


def test_a_tab_that_a_tab_opens_is_watched(press: Callable[..., Visit], visits: Visits) -> None:
    press("/opens-another")
    visits.settle()
    assert "(/throws), an error in a script: as planted" in "\n".join(visits.findings())


def test_tabs_that_a_script_opens_last_are_waited_for(visits: Visits) -> None:
    visit = visits.of("Mia")
    visit.open("/?/clean")
    visit.page.evaluate("for (let each = 0; each < 6; each++) window.open('/throws')")
    visits.settle()
    finding = "on a page of Mia, in another tab (/throws), an error in a script: as planted"
    assert visits.findings() == [finding] * 6


def test_a_tab_is_waited_for_before_it_asks_for_anything(visits: Visits) -> None:
    visit = visits.of("Mia")
    visit.open("/?/clean")
    visit.page.evaluate("void window.open()")
    visits.settle()
    assert len(visit.page.context.pages) == 2


def test_a_tab_that_asks_for_nothing_is_watched(visits: Visits) -> None:
    visit = visits.of("Mia")
    visit.open("/?/clean")
    visit.page.evaluate("window.open().console.error('as planted')")
    visits.settle()
    assert visits.findings() == [
        "on a page of Mia, in another tab (about:blank), an error in the console: as planted"
    ]


def test_a_request_of_a_closed_tab_is_not_waited_for(visits: Visits) -> None:
    visit = visits.of("Mia")
    visit.open("/?/clean")
    tab = visit.page.context.new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.route("**/*", lambda route: None)  # it is never answered
    with visit.acting():
        tab.evaluate(f"location.href = '{visit.address}/clean'; undefined")
        while not asked:
            visit.page.wait_for_timeout(10)
        tab.close()
    assert visits.findings() == []


def test_a_tab_that_does_not_load_is_told(visits: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "DEADLINE", 1_000)
    visit = visits.of("Mia")
    visit.page.context.route("**/missing.png", lambda route: None)  # it is never answered
    visit.open("/?/lacks")
    with pytest.raises(AssertionError, match=r"Still loading: http://.*/lacks"), visit.acting():
        visit.page.locator("#link").click()
    visits.settle()
    (finding,) = visits.findings()
    assert finding.startswith("on a page of Mia, Still loading: http://")


def test_a_tab_that_crashes_is_told(press: Callable[..., Visit], visits: Visits) -> None:
    visit = press("/clean")
    tab = visit.page.context.pages[1]
    with visit.acting(), tab.expect_event("crash"), pytest.raises(Exception, match="crash"):
        tab.goto("chrome://crash")
    assert visits.findings() == ["on a page of Mia, in another tab (/clean), the page crashed"]


@pytest.mark.parametrize(("path", "status"), [("/with-a-frame", 200), ("/with-a-missing-frame", 200)])
def test_a_frame_does_not_answer_for_its_page(visits: Visits, path: str, status: int) -> None:
    visit = visits.of("Mia")
    visit.open(path)
    assert visit.answer
    assert (visit.answer.url.removeprefix(visit.address), visit.answer.status) == (path, status)


def test_a_tab_does_not_answer_for_the_first_page(press: Callable[..., Visit]) -> None:
    visit = press("/missing")
    assert visit.answer is None


def test_a_refusal_that_a_step_expects_excuses_no_tab(press: Callable[..., Visit], visits: Visits) -> None:
    visit = press("/missing")
    visit.open("/missing-too")
    visit.verify(404)  # as `VisitOutcome` does for the answer of the first page
    assert visits.findings() == ["on a page of Mia, in another tab (/missing), GET /missing: 404"]


def test_the_picture_and_the_text_of_each_tab_are_kept(
    press: Callable[..., Visit], visits: Visits, tmp_path: Path
) -> None:
    press("/clean")
    kept = {file.name: file for file in visits.show(tmp_path, "planted")}
    assert sorted(kept) == [
        "network and console.txt",
        "page, tab 2.html",
        "page.html",
        "screenshot, tab 2.png",
        "screenshot.png",
    ]
    assert "First" in kept["page.html"].read_text()
    assert "Second" in kept["page, tab 2.html"].read_text()
    assert kept["screenshot, tab 2.png"].read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("script", "finding"),
    [
        ("", ""),
        ("throw new Error('as planted')", "an error in a script: as planted"),
        ("new Image().src = '/static/missing.png'", "GET /static/missing.png: 404"),
        (
            "document.body.innerHTML += '<p onclick=\"go()\">Go</p>'",
            "violates the following Content Security Policy",
        ),
    ],
    ids=["clean", "throws", "lacks", "policy"],
)
def test_a_scenario_fails_with_a_tab_that_its_page_opens(
    project_copy: Path, behave: Callable[..., Any], script: str, finding: str
) -> None:
    (project_copy / "app/pages/static/preview.js").write_text(
        f"if (location.search) {{ {script} }} else {{ window.open('/dashboard?again') }}"
    )
    file = project_copy / "features" / "planted" / "planted.feature"
    file.parent.mkdir()
    file.write_text(SHOP)
    run = behave(project_copy, file)
    assert run.status("a page that opens a tab") == ("failed" if finding else "passed"), run.output
    findings = [line for line in run.output.splitlines() if "on a page of" in line]
    assert bool(findings) == bool(finding), run.output
    assert all("- on a page of Mia, in another tab (/dashboard?again), " in each for each in findings), (
        findings
    )
    assert finding in "\n".join(findings)
    assert ("screenshot, tab 2.png" in run.output) == bool(finding)
