"""A report that cannot be written is named, and the run is red; the other reports come out all the same."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Play = Callable[..., Any]
BORROWING = "features/lending/borrowing.feature"
RAISING = """
from behave.formatter.base import Formatter


class Raising(Formatter):
    def scenario(self, scenario):
        raise OSError(28, "No space left on device", "their-report")


class Unmade(Formatter):
    def __init__(self, stream_opener, config):
        raise RuntimeError("there is no paper")


class Ending(Raising):
    def scenario(self, scenario):
        pass

    def close(self):
        raise SystemExit(0)
"""


@pytest.mark.parametrize(
    ("taken", "name"),
    [
        ("reports/junit", "TruthfulJUnit"),
        ("reports/allure-results", "AllureFormatter"),
        ("reports/times.jsonl/x", "The times of the scenarios"),
        ("reports/promises.html/x", "The owner's page"),
        ("reports/rerun.txt/x", "The rerun list"),
    ],
)
def test_a_place_that_is_taken(library: Path, play: Play, taken: str, name: str) -> None:
    (library / taken).parent.mkdir(parents=True, exist_ok=True)
    (library / taken).write_text("a file where a folder is to be, or a folder where a file is")
    played = play(library, BORROWING)

    assert played.code == 1
    assert "These reports could not be written, or not read back:" in played.output
    assert name in played.output.partition("could not be written")[2]
    assert "3 scenarios passed, 0 failed" in played.output
    others = {"junit", "allure-results", "promises.html", "rerun.txt"} - {Path(taken).parts[1]}
    if "junit" in others:
        assert len(played.junit) == 3
    if "allure-results" in others:
        assert len(played.allure) == 3
    if "rerun.txt" in others:
        assert played.rerun[0] == "# failed"
    if "promises.html" in others:
        assert played.page is not None


def test_a_picture_of_the_matrix_that_cannot_be_written_leaves_the_page(library: Path, play: Play) -> None:
    (library / "reports/who-may-do-what.html/x").mkdir(parents=True)
    played = play(library, "features/access")
    assert played.code == 1
    assert (
        "The picture of the matrix: IsADirectoryError" in played.output.partition("could not be written")[2]
    )
    assert played.page is not None


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("Raising", "No space left on device"),
        ("Ending", "SystemExit: 0"),
        ("Unmade", "RuntimeError: there is no paper"),
    ],
)
def test_a_formatter_of_somebody_else_that_raises(library: Path, play: Play, kind: str, why: str) -> None:
    (library / "theirs.py").write_text(RAISING)
    played = play(library, "-f", f"theirs:{kind}", "-o", "reports/theirs.txt", BORROWING)

    assert played.code == 1
    listed = played.output.partition("These reports could not be written, or not read back:")[2]
    assert f"theirs.{kind}" in listed
    assert why in listed
    assert set(played.verdicts.values()) == {("passed", "passed")}
    assert len(played.verdicts) == 3
    assert played.page is not None
    assert played.rerun[0] == "# failed"
