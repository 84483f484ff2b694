"""The owner's page in a browser, from a file and without a network: search, links to a row, accessibility."""

import json
import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

from behave_flask.model.results import FAILED, PASSED, ExampleId, Failure, Result
from behave_flask.permissions.matrix import Legend, rows_in
from behave_flask.reports import living_documentation, permission_table
from behave_flask.reports.last_checked import Memory
from features.support.checks.permissions import MATRIX

PROJECT = Path(__file__).resolve().parents[2]
AXE = PROJECT / "node_modules/axe-core/axe.min.js"
FAILURE = Failure(
    where="Then Mia is told",
    kind="AssertionError",
    message="Expected: invalid\nGot: allowed",
    text="ASSERT FAILED: Expected: invalid\nGot: allowed",
    trace="",
    got="allowed",
    expected="invalid",
    rest="> POST /api/profile/avatar\n< 200",
)


def result(example: ExampleId, state: str, *failures: Failure) -> Result:
    return Result(example, "a.feature:1", example.filled, state, failures, 0.1, "", (), state)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the shop's features: all hold but the last of each feature, and one feature was not run."""
    features = PROJECT / "features"
    documentation = living_documentation.read(features, {}, {}, Memory())
    found = dict[ExampleId, Result]()
    for area in documentation.areas[1:]:
        for feature in area.features:
            examples = [each.example for each in feature.examples]
            found |= {example: result(example, PASSED) for example in examples}
            found[examples[-1]] = result(examples[-1], FAILED, FAILURE)
    about = living_documentation.About(datetime(2026, 11, 23, 18, tzinfo=UTC), "embedded", 7, failed=True)
    folder, legend = MATRIX.folder, MATRIX.legend
    drawn = permission_table.draw(rows_in(folder), {}, legend)
    written = living_documentation.write(
        tmp_path_factory.mktemp("reports"), features, found, about, grid=drawn
    )
    return written.file


OBSERVED = """
Feature: Who may do what
  Scenario Outline: <who> <verdict> <action>
    When <who> tries to <action> by <request>

    Examples: approved
      | who       | verdict         | action | request       |
      | Ann       | may             | write  | POST /entries |

    @unapproved
    Examples: observed
      | who       | verdict         | action | request       |
      | a visitor | must sign in to | write  | POST /entries |
      | Ben       | may not         | write  | POST /entries |

  @unapproved
  Rule: It is not long
    Scenario: An entry has 100 letters
      When Ann writes

  Rule: It is signed
    @unapproved
    Scenario: An entry has a name
      When Ann writes

    Scenario: An entry has a date
      When Ann writes
"""


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a feature of which a part was observed, and which nobody has approved yet; all holds."""
    folder = tmp_path_factory.mktemp("observed")
    (folder / "access.feature").write_text(OBSERVED)
    documentation = living_documentation.read(folder, {}, {}, Memory())
    found = {each.example: result(each.example, PASSED) for each in documentation.examples}
    about = living_documentation.About(datetime(2026, 11, 30, 18, tzinfo=UTC), "embedded", 7, failed=False)
    rows = permission_table.rows_of(folder, Legend.of("a visitor", "Ann", "Ben"))
    drawn = permission_table.draw(rows, found, Legend.of("a visitor", "Ann", "Ben"))
    permission_table.write(folder / "who-may-do-what.html", drawn, "today")
    return living_documentation.write(folder, folder, found, about, grid=drawn).file


@pytest.fixture(scope="module")
def opened(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Open a page, let a script run in it, and give the page back as it then is."""

    def look(page: Path, behind: str = "", script: str = "", width: int = 1280) -> str:
        copy = tmp_path_factory.mktemp("page") / "page.html"
        copy.write_text(page.read_text().replace("</body>", f"{script}</body>"))
        done = subprocess.run(
            [
                chromium,
                *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
                *("--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=20000"),
                *(f"--user-data-dir={copy.parent / 'profile'}", f"--window-size={width},900"),
                *("--dump-dom", f"file://{copy}{behind}"),
            ],
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert "</html>" in done.stdout, done.stderr
        return done.stdout

    return look


def words(part: str) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", part)).split())


def test_what_is_promised_about_avatars_and_does_it_hold(page: Path, opened: Callable[..., str]) -> None:
    found = opened(page, "?q=avatar")
    answer = re.search(r'id="found"[^>]*>([^<]*)<', found)
    assert answer
    assert re.fullmatch(r"\d+ examples in \d features: 3 broken, \d+ hold, \d+ not checked\.", answer[1])
    sentences = words(found.split('id="sentences"')[1].split("</ul>")[0])
    assert re.search(r"Whoever takes their picture away shows none all \d+ hold", sentences)
    assert "Whoever leaves leaves no picture behind 1 broken" in sentences
    assert "order" not in sentences


def test_a_state_can_be_chosen(page: Path, opened: Callable[..., str]) -> None:
    choose = '<script>document.querySelector("[name=state][value=bad]").click()</script>'
    found = opened(page, "", choose)
    shown = re.findall(r'class="[^"]*\bleaf\b[^"]*" id="[^"]*" data-state="(\w+)"(?! hidden)', found)
    assert set(shown) == {"bad"}
    assert f"{len(shown)} examples in" in found
    assert re.search(r'class="find"[^>]*role="search">', found), "the search stays hidden"


def test_what_nobody_has_approved_is_counted_and_marked_wherever_its_tag_stands(observed: Path) -> None:
    page = words(observed.read_text().split("<body>")[1])
    assert "4 say what was observed: nobody has approved them yet." in page
    assert "Show all broken (0) holding (6) not checked (0) not approved yet (4)" in page
    assert "It is signed all 2 hold 1 observed, not approved yet" in page
    assert "holds observed a visitor must sign in to write" in page
    assert "holds Ann may write" in page
    picture = words((observed.parent / "who-may-do-what.html").read_text().split("<body>")[1])
    assert "Of 3 promises 3 hold. 2 are what was observed: nobody has approved them yet." in picture
    assert "write POST /entries must sign in observed may may not observed" in picture


def test_where_all_is_approved_nothing_is_said_of_it(page: Path) -> None:
    text = page.read_text().split("<body>")[1]
    assert "approved" not in text.split("<script>")[0]


def test_what_nobody_has_approved_can_be_chosen(observed: Path, opened: Callable[..., str]) -> None:
    choose = '<script>document.querySelector("[name=state][value=observed]").click()</script>'
    found = opened(observed, "", choose)
    shown = re.findall(
        r'class="[^"]*\bleaf\b[^"]*" id="[^"]*" data-state="ok"( data-observed="")?(?! hidden)>', found
    )
    assert shown == [' data-observed=""'] * 4
    assert "4 examples in 1 features: 4 hold, 4 not approved yet." in found


def test_a_link_to_a_row_opens_what_it_stands_in(page: Path, opened: Callable[..., str]) -> None:
    row = re.findall(r'<tr class="leaf none" id="(e\w+)"', page.read_text())[0]
    feature = page.read_text().split(f'id="{row}"')[0].split('<details class="feature')[-1].split(">")[0]
    assert " open" not in feature
    found = opened(page, f"#{row}")
    assert " open" in found.split(f'id="{row}"')[0].split('<details class="feature')[-1].split(">")[0]


def test_a_link_is_stronger_than_a_search(page: Path, opened: Callable[..., str]) -> None:
    row = re.findall(r'<tr class="leaf ok" id="(e\w+)"', page.read_text())[0]
    found = opened(page, f"?q=unicorn#{row}")
    assert not re.search(rf'id="{row}"[^>]* hidden', found)


def test_the_page_asks_nobody_for_anything_and_is_small(page: Path) -> None:
    text = page.read_text()
    assert not re.search(r"""\b(src|href|action)=["']?(https?:)?//|@import|url\(|fetch\(|XMLHttp""", text)
    assert len(text.encode()) < 750_000


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci")
@pytest.mark.parametrize(("behind", "width"), [("", 1280), ("?q=picture", 390)])
def test_axe_finds_nothing(
    page: Path, observed: Path, opened: Callable[..., str], behind: str, width: int
) -> None:
    assert _violations(opened(page, behind, _axe(), width)) == []
    assert _violations(opened(observed, behind, _axe(), width)) == []
    assert _violations(opened(observed.parent / "who-may-do-what.html", behind, _axe(), width)) == []


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci")
def test_axe_would_find_something(page: Path, opened: Callable[..., str], tmp_path: Path) -> None:
    worse = tmp_path / "worse.html"
    worse.write_text(
        page.read_text().replace('<label for="query">Search ', "<span>").replace("<html lang", "<html x")
    )
    assert {"label", "html-has-lang"} <= set(_violations(opened(worse, "", _axe())))


def _axe() -> str:
    """Scripts that open everything, judge the page, and leave the verdict in it."""
    return (
        f"<script>{AXE.read_text()}</script><script>"
        "document.querySelectorAll('details').forEach((each) => { each.open = true; });"
        "axe.run().then((found) => { const left = document.createElement('pre'); left.id = 'axe';"
        "left.textContent = JSON.stringify(found.violations.map((each) => each.id));"
        "document.body.append(left); });</script>"
    )


def _violations(found: str) -> list[str]:
    left = re.search(r'<pre id="axe">(.*?)</pre>', found)
    assert left, "axe came to no end"
    names: list[str] = json.loads(unescape(left[1]))
    return names
