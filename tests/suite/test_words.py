"""The catalogue of words: each sentence once, what fits in its places, and an example that held."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

from planting import replace
from playwright.sync_api import sync_playwright

BORROWING = "features/lending/borrowing.feature"


def entries(page: Path) -> dict[str, str]:
    """What the page says of each sentence, by the sentence."""
    found = re.findall(r"<li>\n<p>(.*?)</p>\n(.*?)</li>", page.read_text(), re.DOTALL)
    return {
        unescape(re.sub(r"<i>(.*?)</i>", r"{\1}", first).replace("<b>", "").replace("</b>", "")): unescape(
            rest
        )
        for first, rest in found
    }


def test_a_sentence_has_its_words_and_an_example_that_held(
    library: Path, behave: Callable[..., Any], command: Callable[..., Any]
) -> None:
    run = behave(library, f"--junit-directory={library}/reports/junit")
    assert run.code == 0, run.output
    assert command(library, "words").stdout == "Words: reports/words.html\n"
    found = entries(library / "reports/words.html")
    judged = found["Then {who} {verdict} {action}"]
    assert "<i>verdict</i>: Read one of `VERDICTS`" in judged
    assert "<i>who</i>: any text" in judged
    link = re.search(
        r'Holds, in \d+ steps?: <a href="promises.html#(\w+)">nobody may look around</a>', judged
    )
    assert link, judged
    assert f'id="{link[1]}"' in (library / "reports/promises.html").read_text()


def test_an_example_is_one_that_held_if_there_is_one(
    library: Path, behave: Callable[..., Any], command: Callable[..., Any]
) -> None:
    command(library, "words")
    unseen = entries(library / "reports/words.html")
    assert "which no run has seen hold yet" in unseen["Then {who} {verdict} {action}"]
    access = "features/access/who_may_do_what.feature"
    replace(library, access, "| nobody | may             |", "| nobody | must sign in to |")
    behave(library, f"--junit-directory={library}/reports/junit")
    command(library, "words")
    judged = entries(library / "reports/words.html")["Then {who} {verdict} {action}"]
    assert "Holds, in" in judged
    assert ">Ann may look around</a>" in judged


def test_the_words_of_a_type_are_listed(project_copy: Path, command: Callable[..., Any]) -> None:
    command(project_copy, "words")
    found = entries(project_copy / "reports/words.html")
    judged = found["Then {who} {verdict} {action}"]
    assert "<i>verdict</i>: may, may not, must sign in to, finds nothing when trying to" in judged
    assert len(found) == (project_copy / "reports/words.html").read_text().count("<li>") > 390  # each once


def test_the_page_fits_a_phone(project_copy: Path, command: Callable[..., Any], chromium: str) -> None:
    command(project_copy, "words")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.goto((project_copy / "reports/words.html").as_uri())
        width = page.evaluate("document.documentElement.scrollWidth")
        browser.close()
    assert width <= 390
