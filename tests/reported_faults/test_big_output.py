"""25: however much is printed or said, every report and the console is bounded, and says what was cut."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

Lay = Callable[..., Path]
Play = Callable[..., Any]
BIG = 200_000  # bytes: far below what was printed, and above what a few failures take


def test_much_output_and_a_long_message(lay: Lay, play: Play) -> None:
    played = play(lay("25-big-output"), "features/case")

    assert played.code == 1
    assert played.verdicts == {"It prints": ("passed", "passed"), "It fails": ("failure", "failed")}
    assert len(played.output) < BIG
    for file in played.reports.rglob("*"):
        assert not file.is_file() or file.stat().st_size < BIG, file
    (case,) = ElementTree.parse(played.reports / "junit/TESTS-case.a.xml").iterfind(
        "testcase[@name='It fails']"
    )
    failure, out = case.find("failure"), case.find("system-out")
    message = failure.get("message")
    assert message.startswith("AssertionError: The drawer is open: yyy")
    assert len(message) <= 2_000
    for text in (
        message,
        failure.text,
        played.allure["It fails"]["statusDetails"]["message"],
        played.output,
    ):
        assert "characters, of which the middle is left out) …" in text
    assert re.search(r"\(2000\d{4} characters, of which the middle is left out\)", out.text)
    assert "(3000" in played.page


STEPS = """
import os
import sys

from behave import given, then


@given("a till whose tool prints much")
def step_tool(context):
    os.write(1, b"begin " + b"x" * 3_000_000 + b" end\\n")  # as a child process does: behave does not see it
    print("y" * 3_000_000, file=sys.stderr)


@then("the drawer is {state}")
def step_drawer(context, state):
    error = ValueError("z" * 3_000_000)
    error.add_note("n" * 3_000_000)
    raise ExceptionGroup("g" * 3_000_000, [error] * 100)
"""
FEATURE = """
Feature: The till

  Scenario: It is open
    Given a till whose tool prints much
    Then the drawer is open
"""


def test_much_from_every_side(library: Path, play: Play, workers: tuple[str, ...]) -> None:
    (library / "features/case").mkdir()
    (library / "features/case/a.feature").write_text(FEATURE)
    (library / "features/steps/much_steps.py").write_text(STEPS)
    played = play(library, "features/case")

    assert played.code == 1
    assert played.verdicts == {"It is open": ("error", "broken")}
    for file in played.reports.rglob("*"):
        assert not file.is_file() or file.stat().st_size < BIG, file
    if workers:  # in one process, what a tool prints by itself goes past
        assert len(played.output) < 2 * BIG
        assert "begin xxx" in played.output
