"""What a run shows: a bar and the failures on a terminal, plain lines elsewhere; every failure once."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FEATURE = """
Feature: selling
  Scenario: is sold
    When nothing happens

  Rule: nobody buys what there is not
    Scenario Outline: <what> is refused
      Given a world
      When it <what>

      Examples: things
        | what   |
        | fails  |
"""
SHOWN = """\
✗ fails is refused
  Feature:  selling
  Rule:     nobody buys what there is not
  Row:      specs/selling.feature:13
  Step:     When it fails (specs/selling.feature:9)
    it fails, as planted
    a world is made
    printed before it fails
    LOG_ERROR:planted: logged before it fails
    To repeat: behave specs/selling.feature:13
"""


@pytest.fixture
def selling(specs: Any) -> Any:
    specs.feature("selling", FEATURE)
    specs.scenarios("other", **{f"other {number}": "nothing happens" for number in range(5)})
    return specs


def on_a_terminal(specs: Any, *arguments: str) -> str:
    """All that a terminal gets, without a carriage return at the end of a line."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [Path(sys.executable).with_name("behave"), *arguments],
        cwd=specs.folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(specs.folder), "TERM": "xterm", "COLUMNS": "100"},
        stdout=theirs,
        stderr=theirs,
        stdin=subprocess.DEVNULL,
    )
    os.close(theirs)
    output = b""
    while True:
        try:
            more = os.read(ours, 10_000)
        except OSError:  # Linux says so when the other side is closed
            more = b""
        if not more:
            break
        output += more
    os.close(ours)
    process.wait(timeout=60)
    return output.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_failure_is_shown_once_and_legibly(selling: Any, behave: Callable[..., Any], jobs: str) -> None:
    run = behave(selling.folder, "-j", jobs)
    assert SHOWN in run.output
    before_reports = run.output.partition("Failing scenarios:")[0]
    assert before_reports.count("it fails, as planted") == 1
    assert (
        "Captured log:\nLOG_ERROR:planted: logged before it fails\n" in run.case("fails is refused").message
    )
    assert "  is sold  .\n" in run.output


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_terminal_gets_a_bar_and_the_failures_alone(selling: Any, jobs: str) -> None:
    output = on_a_terminal(selling, "-j", jobs)
    assert SHOWN in output
    assert output.count("it fails, as planted") == 1
    assert "is sold" not in output
    assert "7 of 7 scenarios, \x1b[31m1 failed\x1b[0m" in output
    assert " left" in output
    assert "6 scenarios passed, 1 failed, 0 skipped" in output


def test_plain_lines_need_no_library_for_bars(selling: Any, behave: Callable[..., Any]) -> None:
    (selling.folder / "rich.py").write_text("raise ImportError('rich is not there, as planted')")
    run = behave(selling.folder)
    assert "as planted" not in run.output.replace("it fails, as planted", "")
