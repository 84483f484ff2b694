"""What failed and what never ran is run again, and nothing else; a list that cannot be right is an error."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from reported import PROJECT, plant, play

from behave_flask.reports import rerun

MIXED = """
Feature: mixed
  Scenario: good
    Given something
  Scenario Outline: row <name>
    Then it <does>
    Examples: rows
      | name | does       |
      | a    | fails      |
      | b    | is skipped |
"""
OTHER = "Feature: other\n  Scenario: other\n    Given something\n"
STOPPING = """
def before_feature(context, feature):
    if feature.name == "other":
        raise RuntimeError("as planted")
"""


def again(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "behave_flask", "rerun", "--no-junit", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{folder}:{PROJECT}", "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_what_failed_and_what_a_hook_kept_from_running_runs_again(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    reports = play(behave, plant(tmp_path, STOPPING, mixed=MIXED, other=OTHER))
    assert reports.again == ["# failed", "# ", "specs/mixed.feature:9", "specs/other.feature:2"]
    plant(tmp_path, "", mixed=MIXED.replace("| fails ", "| shows “x” "), other=OTHER)
    done = again(tmp_path)
    assert "2 scenarios passed, 0 failed" in done.stdout
    assert done.returncode == 0
    assert again(tmp_path).stdout == "Nothing to run again: the last run passed.\n"


def test_the_second_run_has_the_options_of_the_first(tmp_path: Path, behave: Callable[..., Any]) -> None:
    feature = "Feature: a\n  Scenario: fails\n    Then it fails\n"
    play(behave, plant(tmp_path, a=feature), "-Dseed=42", "-Dstage=theatre", "-Dsnapshots=update", "specs")
    assert rerun.arguments(tmp_path / "reports/rerun.txt") == [
        "-Dstage=theatre",
        "-Dseed=42",
        "specs/a.feature:2",
    ]


def test_a_run_that_was_killed_leaves_everything_on_the_list(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    hooks = "import os\n\n\ndef before_scenario(context, scenario):\n    os._exit(9)\n"
    reports = play(behave, plant(tmp_path, hooks, mixed=MIXED, other=OTHER))
    assert reports.code == 9
    assert reports.again[0] == "# did not end"
    assert len(reports.again) == 2 + 4


def test_a_run_whose_end_failed_runs_again_whole(tmp_path: Path, behave: Callable[..., Any]) -> None:
    hooks = "def after_all(context):\n    raise RuntimeError('as planted')\n"
    assert len(play(behave, plant(tmp_path, hooks, mixed=MIXED, other=OTHER)).again) == 2 + 4


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "There is nothing to run again: rerun.txt is not there."),
        ("# failed\n# \n", "The last run failed, but no scenario is on its list. Run everything again"),
        ("# did not end\n# \n", "The last run did not end, but no scenario is on its list."),
    ],
)
def test_a_list_that_cannot_be_right_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if text is not None:
        Path("rerun.txt").write_text(text)
    with pytest.raises(SystemExit, match=message):
        rerun.arguments(Path("rerun.txt"))


def test_every_scenario_of_a_feature_whose_end_failed_runs_again(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    hooks = (
        "def after_feature(context, feature):\n"
        "    if feature.name == 'other':\n        raise RuntimeError('as planted')\n"
    )
    good = "Feature: good\n  Scenario: good\n    Given something\n"
    reports = play(behave, plant(tmp_path, hooks, good=good, other=OTHER))
    assert reports.again[2:] == ["specs/other.feature:2"]
