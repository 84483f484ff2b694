"""3, 4 and 30: whatever a step says, prints or raises, every report comes out and shows it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Lay = Callable[..., Path]
Play = Callable[..., Any]

SAID = {
    "a colour code": r"\x1b[31mred\x1b[0m",
    "a zero byte": r"ab\x00cd",
    "a form feed": r"page\x0cnext",
    "a noncharacter": r"x\uffffy",
    "an end of CDATA": "a]]>b",
    "half a pair": r"a broken \ud83d smile",
    "an undecodable byte": r"caf\udce9",
}


def is_complete(played: Any) -> None:
    assert played.code == 1
    assert "What is promised, and what of it holds: reports/promises.html" in played.output
    assert "could not be written" not in played.output
    assert "cannot be trusted" not in played.output
    assert played.page is not None
    assert played.rerun[0] == "# failed"


def test_control_characters(lay: Lay, play: Play) -> None:
    played = play(lay("03-control-characters"), "features/case")

    is_complete(played)
    assert set(played.verdicts.values()) == {("passed", "passed"), ("failure", "failed"), ("error", "broken")}
    for title, case in played.junit.items():
        if " a" in title:  # "It says a zero byte"
            message = SAID[title.partition(" a")[1].strip() + title.partition(" a")[2]]
            assert message in case.text.replace("]]&gt;", "]]>")
            assert message in played.allure[title]["statusDetails"]["message"]
            assert message in played.output
    assert r"ab\x00cd" in played.page
    assert not any(ord(character) < 32 and character not in "\n\t\r" for character in played.page)
    for path in played.reports.rglob("*.*"):
        if path.suffix in {".xml", ".txt", ".html", ".jsonl"}:
            assert b"\x00" not in path.read_bytes()
            assert b"\x1b" not in path.read_bytes()


def test_lone_surrogates(lay: Lay, play: Play) -> None:
    played = play(lay("04-lone-surrogates"), "features/case/a.feature")

    is_complete(played)
    assert played.verdicts == {
        "It is shut": ("passed", "passed"),
        "It says half a pair": ("failure", "failed"),
        "It says an undecodable byte": ("failure", "failed"),
        "It stumbles over half a pair": ("error", "broken"),
        "It is open": ("failure", "failed"),
    }
    for title in ("half a pair", "an undecodable byte"):
        assert SAID[title] in played.junit[f"It says {title}"].text
        assert SAID[title] in played.allure[f"It says {title}"]["statusDetails"]["message"]
        assert SAID[title] in played.output
        assert SAID[title] in played.page
    assert "features/case/a.feature:24" in played.rerun


def test_lone_surrogates_that_are_only_printed(lay: Lay, play: Play) -> None:
    library = lay("04-lone-surrogates", {"printed_only.feature": "features/case/a.feature"})
    (library / "features/case/b.feature").unlink()
    played = play(library, "features/case")

    is_complete(played)
    assert played.verdicts["It prints half a pair"] == ("passed", "passed")
    assert played.verdicts["It prints an undecodable byte"] == ("failure", "failed")
    printed = played.attached(played.allure["It prints an undecodable byte"])["what it printed (stdout)"]
    assert r"caf\udce9" in printed


def test_exceptions_without_words(lay: Lay, play: Play) -> None:
    played = play(lay("30-exception-without-words"), "features/case")

    is_complete(played)
    assert {title: verdict for title, (verdict, _) in played.verdicts.items()} == {
        "a group": "error",
        "a circle": "error",
        "a plain assert": "failure",
        "a deep one": "error",
        "one with a note": "failure",
        "an assertion without words": "failure",
        "one without words": "error",
    }
    messages = {
        "a group": ["ExceptionGroup: several", "ValueError: one", "KeyError: 'two'"],
        "a circle": ["ValueError: inner"],
        "a plain assert": ["AssertionError: (no message)", "assert 1 == 2"],
        "a deep one": ["RecursionError: maximum recursion depth exceeded"],
        "one with a note": ["AssertionError: x", "the note"],
        "an assertion without words": ["BadAssert: (no text: making it of BadAssert raised ValueError)"],
        "one without words": ["Bad: (no text: making it of Bad raised ValueError)"],
    }
    for title, lines in messages.items():
        for line in lines:
            assert line in played.junit[title].text
            assert line in played.allure[title]["statusDetails"]["message"]
            assert line.partition(": ")[2] in played.output
            assert line.partition(": ")[2].replace("'", "&#39;") in played.page


LATE = """
import logging

from behave import given, then, when

from behave_flask.model import evidence


class Odd:
    def __repr__(self):
        raise SystemExit("no words for this")

    __str__ = __repr__


class Text(str):
    def __str__(self):
        raise ValueError("not even a text")

    def encode(self, *arguments, **more):
        raise ValueError("not even bytes")


def no_words():
    raise KeyboardInterrupt


@given("a till")
def step_till(context):
    pass


@when("it logs what cannot be put into words")
def step_log(context):
    logging.getLogger("till").warning("%d is open", "the till")
    log = context._runner.capture_controller.capture_log  # where behave keeps it, until the step has ended
    for said, argument in (("%s is open", Odd()), ("%d is open", "the till")):
        log.emit(logging.LogRecord("till", logging.WARNING, "till.py", 1, said, (argument,), None))


@when("it shows what cannot be put into words")
def step_shows(context):
    evidence.attach("raises", no_words)
    evidence.attach("odd", Odd())
    evidence.attach("number", lambda: 7)
    evidence.attach("bytes", lambda: b"caf\\xe9")
    evidence.attach(Text("a name"), Text("a text"))
    evidence.attach("half \\ud83d", "half \\ud83d")


@when("its world has no words")
def step_world(context):
    context.world.report = lambda message="": 1 / 0


@then("the drawer is {state}")
def step_drawer(context, state):
    assert state == "shut", f"The drawer is {state}."
"""
LATE_FEATURE = """
Feature: Words that come late

  Scenario Outline: It <does> and is <state>
    Given a till
    When it <does> what cannot be put into words
    Then the drawer is <state>

    Examples:
      | does  | state |
      | logs  | shut  |
      | logs  | open  |
      | shows | shut  |
      | shows | open  |

  Scenario: It has a world
    Given a till
    When its world has no words
    Then the drawer is open
"""


@pytest.fixture
def late(library: Path) -> Path:
    (library / "features/case").mkdir()
    (library / "features/case/a.feature").write_text(LATE_FEATURE)
    (library / "features/steps/late_steps.py").write_text(LATE)
    return library


def test_what_is_put_into_words_late_never_ends_the_run(late: Path, play: Play) -> None:
    played = play(late, "features/case")

    is_complete(played)
    assert {title: allure for title, (_, allure) in played.verdicts.items()} == {
        "It logs and is shut": "passed",
        "It logs and is open": "failed",
        "It shows and is shut": "passed",
        "It shows and is open": "failed",
        "It has a world": "failed",
    }
    log = played.attached(played.allure["It logs and is open"])["the log"]
    assert "%s is open (its arguments cannot be put into it: SystemExit: no words for this)" in log
    assert "%d is open (its arguments cannot be put into it: TypeError: " in log
    for title in ("It shows and is shut", "It shows and is open"):
        shown = played.attached(played.allure[title]["steps"][1])
        assert "This could not be put into words" in shown["raises"]
        assert "KeyboardInterrupt" in shown["raises"]
        assert shown["odd"] == "(no text: making it of Odd raised SystemExit)"
        assert shown["number"] == "7"
        assert shown["bytes"] == r"caf\xe9"
        assert shown["a name"] == "a text"
        assert shown[r"half \ud83d"] == r"half \ud83d"
    assert "The drawer is open." in played.allure["It has a world"]["statusDetails"]["message"]
    assert "ZeroDivisionError" in played.output


HOOKS = """
class Mute(Exception):
    def __str__(self):
        raise ValueError("no words")


def circle():
    one, two = ValueError("one"), ValueError("two")
    one.__cause__, two.__cause__ = two, one
    raise one


def after_scenario(context, scenario):
    context.suite.end_scenario(scenario, getattr(context, "world", None))
    if "mute" in scenario.name:
        raise Mute
    if "circle" in scenario.name:
        circle()
    if "colour" in scenario.name:
        raise ValueError("\\x1b[31mred\\x1b[0m \\ud83d")
    if "cleanup" in scenario.name:
        context.add_cleanup(lambda: (_ for _ in ()).throw(Mute()))
"""


def test_hooks_and_cleanups_without_words(library: Path, play: Play) -> None:
    environment = library / "features/environment.py"
    environment.write_text(environment.read_text() + HOOKS)
    (library / "features/case").mkdir()
    scenarios = "".join(
        f"  Scenario: It is {name}\n    When Ann looks around\n    Then Ann gets it\n\n"
        for name in ("mute", "circle", "colour", "cleanup", "fine")
    )
    (library / "features/case/a.feature").write_text(f"Feature: Hooks\n\n{scenarios}")
    played = play(library, "features/case")

    is_complete(played)
    assert {title: allure for title, (_, allure) in played.verdicts.items()} == {
        "It is mute": "broken",
        "It is circle": "broken",
        "It is colour": "broken",
        "It is cleanup": "broken",
        "It is fine": "passed",
    }
    for title, message in {
        "It is mute": "Mute: (no text: making it of Mute raised ValueError)",
        "It is circle": "ValueError: one",
        "It is colour": r"\x1b[31mred\x1b[0m \ud83d",
        "It is cleanup": "Mute: (no text: making it of Mute raised ValueError)",
    }.items():
        assert message in played.junit[title].text
        assert message in played.allure[title]["statusDetails"]["message"]
        assert message.partition(": ")[2] in played.page


def test_titles_with_characters_that_xml_cannot_hold(library: Path, play: Play) -> None:
    (library / "features/case").mkdir()
    title = "It rings \x07 and is \x1b[1mbold\x1b[0m, \ufffe, 😀, שלום"
    (library / "features/case/a.feature").write_text(
        f"Feature: A \x08 bell\n\n  Rule: Ring \x07\n\n    Scenario: {title}\n"
        "      When Ann looks around\n      Then Ann is told that it is forbidden\n"
    )
    played = play(library, "features/case")

    is_complete(played)
    shown = r"It rings \x07 and is \x1b[1mbold\x1b[0m, \ufffe, 😀, שלום"
    assert played.verdicts == {shown: ("failure", "failed")}
    assert shown in played.page
