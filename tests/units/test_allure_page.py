"""The page asks nobody for anything, or is not written."""

import base64
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from reported import PROJECT, plant, play

from behave_flask.core.errors import UsageError
from behave_flask.reports import allure_page, allure_run

COUNTING = """
    <script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>
    <script>
        function gtag(){dataLayer.push(arguments);}
        gtag('config', 'G-1');
    </script>
"""


def test_the_script_that_counts_readers_is_taken_out() -> None:
    page = f"<html>{COUNTING}<script>draw('https://issues.example/7')</script></html>"
    assert allure_page.without_counting(page) == (
        "<html>\n    \n<script>draw('https://issues.example/7')</script></html>"
    )


@pytest.mark.parametrize(
    "left",
    [
        '<img src="https://example.com/a.png">',
        "<link rel=stylesheet href='http://example.com/a.css'>",
        "<style>@import 'https://example.com/a.css'</style>",
        "<style>p { background: url(https://example.com/a.png) }</style>",
        "<script>gtag('config', 'G-1')</script>",
    ],
)
def test_a_page_that_asks_another_host_is_refused(left: str) -> None:
    with pytest.raises(ValueError, match="The page asks another host"):
        allure_page.without_counting(f"<html>{COUNTING}{left}</html>")


MESSAGES = {
    "AssertionError: Expected: allowed\nGot: forbidden": ("failed", "Broken promise"),
    "RuntimeError: a fixture\nfailed": ("broken", "Broken suite"),
    "UnverifiedSideEffect: Not verified by any step of this scenario:\n  - an e-mail to a@b": (
        "broken",
        "Unverified side effect",
    ),
    (
        "UnverifiedSideEffect: Not verified by any step of this scenario:\n"
        "  - “x” was arranged but never called (GET http://a)"
    ): (
        "broken",
        "Outside world not closed",
    ),
    "HOOK-ERROR: the service called GET http://a/, which no step arranged": (
        "broken",
        "Outside world not closed",
    ),
    "The service tried to connect to 203.0.113.7:80": ("failed", "Outside world not closed"),
}


@pytest.mark.parametrize("message", MESSAGES)
def test_each_problem_is_in_one_category(message: str) -> None:
    status, name = MESSAGES[message]
    assert [
        category["name"]
        for category in allure_run.CATEGORIES
        if status in category.get("matchedStatuses", [status])
        and re.search(category["messageRegex"], message)
    ] == [name]


def test_what_draws_it_and_how_is_named_where_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    allure_page.RESULTS.mkdir(parents=True)
    (allure_page.RESULTS / "a-result.json").touch()
    with pytest.raises(UsageError, match=r"There is no node_modules/.bin/allure: `npm install allure`"):
        allure_page.draw()
    allure_page.GENERATOR.parent.mkdir(parents=True)
    allure_page.GENERATOR.touch()
    with pytest.raises(UsageError, match=r"There is no allurerc.mjs"):
        allure_page.draw()


# With Node and a browser


@pytest.fixture
def results(tmp_path: Path, behave: Callable[..., Any]) -> Path:
    """A project with the results of two runs, between which a row was put in, drawn twice."""
    if not (PROJECT / allure_page.GENERATOR).exists():
        pytest.skip("npm ci has not been run: `make report` does it")
    (tmp_path / "node_modules").symlink_to(PROJECT / "node_modules")
    shutil.copy(PROJECT / "allurerc.mjs", tmp_path)
    return tmp_path


def draw(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(folder)
    return folder / allure_page.draw()


TABLE = """
Feature: people
  Scenario Outline: somebody is well
    Given something
    Examples: people
      | name |{rows}
"""


def test_a_row_put_in_between_two_runs_leaves_the_trends_of_the_others(
    results: Path, behave: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for rows in ("| Anna |\n| Bert |", "| Carl |\n| Anna |\n| Bert |"):
        play(behave, plant(results, people=TABLE.format(rows="\n" + rows)))
        draw(results, monkeypatch)
    runs = [json.loads(line) for line in (results / "reports/allure-history.jsonl").read_text().splitlines()]
    first, second = (set(run["testResults"]) for run in runs)
    assert (len(first), len(second)) == (2, 3)
    assert first < second


ATTACHING = """
from behave_flask.model import evidence

def before_step(context, step):
    evidence.attach("a note", "the same words for everybody")
"""


def test_what_is_attached_to_two_scenarios_is_shown_with_both(
    results: Path, behave: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    play(behave, plant(results, ATTACHING, people=TABLE.format(rows="\n| Anna |\n| Bert |")))
    page = draw(results, monkeypatch).read_text()
    shown = re.findall(r'd\("data/attachments/[^"]*", *"([^"]*)"\)', page)
    assert [base64.b64decode(each) for each in shown] == 2 * [b"the same words for everybody"]


def asked(chromium: str, page: Path, log: Path) -> str:
    """Return what the browser wrote of its network while the page was open, with no network to reach."""
    subprocess.run(
        [
            chromium,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={log.parent / log.stem}",
            f"--log-net-log={log}",
            "--virtual-time-budget=3000",
            "--dump-dom",
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return log.read_text()


def test_the_page_opens_from_a_file_and_asks_nobody(
    results: Path, behave: Callable[..., Any], chromium: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    play(behave, plant(results, people=TABLE.format(rows="\n| Anna |")))
    page = draw(results, monkeypatch)
    assert "googletagmanager" not in asked(chromium, page, tmp_path / "clean.json")
    counting = tmp_path / "counting.html"
    counting.write_text(page.read_text().replace("</head>", f"{COUNTING}</head>", 1))
    assert "googletagmanager" in asked(chromium, counting, tmp_path / "counting.json")
