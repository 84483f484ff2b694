"""28: a step or the service that leaves the process in another folder costs its scenario, and no report."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Lay = Callable[..., Path]
Play = Callable[..., Any]


def test_a_scenario_that_ends_in_another_folder(lay: Lay, play: Play) -> None:
    played = play(lay("28-chdir"), "features/case/a.feature")

    assert played.code == 1
    assert played.verdicts == {
        "It is shut": ("passed", "passed"),
        "The tool works elsewhere": ("failure", "failed"),
        "It is open": ("failure", "failed"),
    }
    for report in (
        played.output,
        played.page,
        played.junit["The tool works elsewhere"].text,
        played.allure["The tool works elsewhere"]["statusDetails"]["message"],
    ):
        assert "The scenario left the process in another folder: /" in report
    assert played.rerun[0] == "# failed"
    assert played.rerun[2:] == ["features/case/a.feature:7", "features/case/a.feature:12"]
    assert (played.reports / "times.jsonl").exists()
    assert "cannot be trusted" not in played.output


STEPS = """
import contextlib
import os
import shutil
import tempfile

from behave import given, then, when


@given("a till")
def step_till(context):
    pass


@when("it goes away and a cleanup goes back")
def step_back(context):
    context.add_cleanup(os.chdir, os.getcwd())
    os.chdir(tempfile.mkdtemp())


@when("it goes away for a moment")
def step_moment(context):
    with contextlib.chdir(tempfile.mkdtemp()):
        pass


@when("it goes to a folder that is removed")
def step_removed(context):
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    shutil.rmtree(folder)


@then("the drawer is {state}")
def step_drawer(context, state):
    assert state == "shut", f"The drawer is {state}."
"""
FEATURE = """
Feature: Going away

  Scenario: A cleanup goes back
    Given a till
    When it goes away and a cleanup goes back
    Then the drawer is shut

  Scenario: It is away for a moment
    Given a till
    When it goes away for a moment
    Then the drawer is shut

  Scenario: The folder is removed
    Given a till
    When it goes to a folder that is removed
    Then the drawer is shut

  Scenario: The folder is removed, and the drawer is open
    Given a till
    When it goes to a folder that is removed
    Then the drawer is open

  Scenario: Nobody goes away
    Given a till
    Then the drawer is shut
"""


def test_who_goes_back_is_green_and_a_folder_that_is_gone_is_named(library: Path, play: Play) -> None:
    (library / "features/case").mkdir()
    (library / "features/case/a.feature").write_text(FEATURE)
    (library / "features/steps/away_steps.py").write_text(STEPS)
    played = play(library, "features/case")

    assert played.code == 1
    assert {title: allure for title, (_, allure) in played.verdicts.items()} == {
        "A cleanup goes back": "passed",
        "It is away for a moment": "passed",
        "The folder is removed": "failed",
        "The folder is removed, and the drawer is open": "failed",
        "Nobody goes away": "passed",
    }
    title = "The folder is removed, and the drawer is open"
    both = played.junit[title].text
    for message in ("another folder: one that is gone", "The drawer is open."):
        assert message in both
        assert message in played.allure[title]["statusDetails"]["message"]
    assert "another folder: one that is gone" in played.page


def test_a_hook_that_goes_elsewhere_for_good_does_not_move_the_reports(library: Path, play: Play) -> None:
    environment = library / "features/environment.py"
    environment.write_text(
        environment.read_text().replace(
            "def before_all(context):\n", "def before_all(context):\n    import os\n    os.chdir('/')\n"
        )
    )
    played = play(library, "features/lending")

    assert played.code == 0, played.output
    assert set(played.verdicts.values()) == {("passed", "passed")}
    assert played.page is not None
    assert "What was checked holds" in played.page
    assert played.rerun[0] == "# passed"
    assert (played.reports / "times.jsonl").exists()
