"""What the scenarios in a browser would miss if it were not looked for: each is planted, and goes red."""

import dataclasses
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from behave_flask.browser import driver
from behave_flask.browser.driver import Browser, NoBrowser, Visit, Visits
from behave_flask.core import factory_data
from features.support.checks import permissions
from features.support.inputs import pictures
from features.support.pages import page_actions, page_objects
from features.support.pages.page_objects import Element, PageObject
from features.support.shop.stages import ShopStage
from features.support.world import factories
from features.support.world.world import World

PLANTED = """
Feature: planted

  Scenario: no page is needed
    Given Mia is a member
    When Mia tries to sign in
    Then this is allowed

  @browser
  Scenario: {title}
    Given Mia is a member
    When Mia visits the dashboard
    Then Mia is on the dashboard
"""
NEXT = """
  @browser
  Scenario: the next page
    Given Mia is a member
    When Mia visits the shop's page
    Then Mia is on the shop's page
"""


def elements() -> list[tuple[type[PageObject], str]]:
    """Every element that a page object declares."""
    kinds = [*page_objects.PAGES.values(), page_objects.AnyPage]
    return [(kind, name) for kind in kinds for name, it in vars(kind).items() if isinstance(it, Element)]


@pytest.fixture(scope="module")
def visited() -> Iterator[tuple[World, dict[str, str]]]:
    """A shop with an admin who has some of everything, and the words that names of elements take."""
    stage, started = ShopStage(), Browser()
    stage.start()
    stage.begin_scenario()
    visits = Visits(started, stage.address)
    factory_data.set_sequences({})  # other tests of this process may have counted on
    world = World(stage, visits)
    permissions.furnish(world)
    admin = world.join("Ada", name="Ada", admin=True)
    with world.making():
        factories.PostFactory(author=admin.user)
        factories.OrderFactory(user=admin.user)
    world.act("Ada", "upload an avatar", form={"avatar": pictures.file("PNG")})
    yield world, {"name": "Ada", "product": "Product 1", "of": "Users", "number": "1"}
    visits.close()
    stage.end_scenario()
    started.stop()
    stage.stop()


@pytest.mark.parametrize(("kind", "name"), elements(), ids=lambda it: getattr(it, "__name__", it))
def test_a_broken_selector_is_told_with_its_page_and_what_was_looked_for(
    visited: tuple[World, dict[str, str]], kind: type[PageObject], name: str
) -> None:
    world, words = visited
    page = kind(world.visit("Ada"))
    page.open()
    element: Element = getattr(kind, name)
    if element is page_objects.Dashboard.preview:
        page.choose(pictures.file("PNG"))  # type: ignore[attr-defined]
        page.page.get_by_role("img", name=element.name).wait_for()
    page.find(element, **words)
    broken = dataclasses.replace(element, name=f"{element.name} nowhere")
    with pytest.raises(AssertionError) as caught:
        page.find(broken, **words)
    message = str(caught.value)
    assert message.startswith(f"On {kind.called} ("), message
    assert f"there is no {element.role} “{broken.name.format(**words)}”" in message


@pytest.mark.parametrize(
    ("plant", "message"),
    [
        ("console.error('as planted')", "an error in the console: as planted"),
        ("setTimeout(() => { throw new Error('as planted') })", "an error in a script: as planted"),
        ("new Image().src = '/static/gone.png'", "GET /static/gone.png: 404"),
        ("fetch('https://elsewhere.example.com/').catch(() => {})", "elsewhere.example.com"),
    ],
)
def test_what_goes_wrong_on_a_page_is_a_finding(
    visited: tuple[World, dict[str, str]], plant: str, message: str
) -> None:
    world, _ = visited
    visit = _visit(world, plant)
    visit.open("/")
    visit.page.evaluate(plant)
    visit.page.wait_for_timeout(500)
    assert message in "\n".join(visit.findings())


def test_a_page_with_nothing_wrong_has_no_finding(visited: tuple[World, dict[str, str]]) -> None:
    visit = _visit(visited[0], "quiet")
    visit.open("/")
    assert visit.findings() == []


def test_a_page_that_not_everybody_can_use_is_told(visited: tuple[World, dict[str, str]]) -> None:
    world, _ = visited
    visit = _visit(world, "unlabelled")
    visit.open("/sign-in")
    visit.page.evaluate("document.querySelector('label').remove()")
    with pytest.raises(AssertionError, match="Not everybody can use this page"):
        page_actions.is_accessible(world, "unlabelled")
    visit.page.evaluate("document.querySelector('main').style.minWidth = '3000px'")
    with pytest.raises(AssertionError, match="pixels wide"):
        page_actions.fits(world, "unlabelled")


def test_without_a_browser_it_is_said_how_to_get_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(driver, "PLACES", ())
    with pytest.raises(NoBrowser, match="`behave-flask get-browser` gets one"):
        driver.find()
    monkeypatch.setenv("BROWSER", "no-such-browser")
    with pytest.raises(NoBrowser, match="there is no such program"):
        driver.find()


def test_a_run_says_how_to_get_a_browser_and_how_many_scenarios_it_leaves_out(
    project_copy: Path, behave: Callable[..., Any]
) -> None:
    file = project_copy / "features" / "planted" / "planted.feature"
    file.parent.mkdir()
    file.write_text(PLANTED.format(title="a page"))
    red = behave(project_copy, file, BROWSER="no-such-browser")
    assert red.code == 1
    assert "`behave-flask get-browser` gets one" in red.output
    out = behave(project_copy, file, "--tags", "not @browser")
    assert "Left out: 1 scenarios that need a browser (@browser)." in out.output


def test_what_fails_in_a_browser_leaves_its_picture_text_and_log(
    project_copy: Path, behave: Callable[..., Any]
) -> None:
    page = project_copy / "app/templates/pages/dashboard.html"
    page.write_text(page.read_text().replace("<h1>Hello,", "<h1>Goodbye,"))
    script = project_copy / "app/pages/static/preview.js"
    script.write_text("console.error('as planted');")
    file = project_copy / "features" / "planted" / "planted.feature"
    file.parent.mkdir()
    file.write_text(PLANTED.format(title="a page that changed"))
    run = behave(project_copy, file, PATH=os.environ["PATH"])
    case = run.case("a page that changed")
    assert case.status == "failed"
    assert "On the dashboard (/dashboard) there is no heading “Hello, Mia”." in case.message
    assert "an error in the console: as planted" in run.output
    kept = [Path(line.removeprefix("Kept: ")) for line in run.output.splitlines() if "Kept: " in line]
    assert len(kept) >= 3, run.output


def test_a_page_that_hangs_is_left_and_the_next_one_is_visited(
    project_copy: Path, behave: Callable[..., Any]
) -> None:
    (project_copy / "app/pages/static/preview.js").write_text("while (true) {}")
    file = project_copy / "features" / "planted" / "planted.feature"
    file.parent.mkdir()
    file.write_text(PLANTED.format(title="a page that hangs") + NEXT)
    run = behave(project_copy, file, "-D", "timeout=4", PATH=os.environ["PATH"])
    assert run.case("a page that hangs").status == "error"
    assert "Stopped after 4 s" in run.output
    assert run.case("the next page").status == "passed", run.output


def test_cookies_travel_over_tls_alone_where_the_shop_is_served_so() -> None:
    stage = ShopStage()
    stage.start()
    try:
        client = stage.app.test_client()
        plain = client.get("/sign-in").headers["Set-Cookie"]
        secure = client.get("/sign-in", base_url="https://shop.example.com").headers["Set-Cookie"]
        assert "Secure" in secure
        assert "Secure" not in plain
        assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in (plain, secure))
    finally:
        stage.stop()


def _visit(world: World, who: str) -> Visit:
    return world.visit(who)
