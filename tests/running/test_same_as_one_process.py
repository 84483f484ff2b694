"""What a run with workers prints and writes is what a run in one process prints and writes."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

EVERYTHING = {
    "plain": """
Feature: plain
  Background:
    Given a world

  Scenario: passes
    When nothing happens
    Then all is well

  Scenario: fails
    When it fails
    Then all is well

  Scenario: breaks
    When it attaches something
    And it breaks

  Scenario: knows no such step
    When nobody knows this step
      | a | table |
      | 1 | 2     |
    Then all is well

  @skipped
  Scenario: is skipped
    When nothing happens

  Scenario: skips itself
    When it skips itself
    Then all is well

  @fails_before
  Scenario: has a hook before
    When nothing happens

  @fails_after
  Scenario: has a hook after
    When nothing happens

  @fails_cleanup
  Scenario: has a cleanup
    When nothing happens
""",
    "rules": """
@area
Feature: rules

  Scenario: before the rules
    When nothing happens

  Rule: one
    Background:
      Given a world

    Scenario Outline: <what> in a rule
      When it <what>

      Examples: ways
        | what   |
        | fails  |
        | breaks |
      Examples: more
        | what           |
        | skips itself   |

  @fails_before_rule
  Rule: two
    Scenario: never runs
      When nothing happens

  Rule: three
    Scenario: runs
      When nothing happens
""",
    "twins": """
Feature: twins

  Rule: twin
    Scenario: of the first twin
      When nothing happens

  @fails_after_rule
  Rule: twin
    Scenario: of the second twin
      When nothing happens
""",
    "before": "@fails_before_feature\nFeature: before\n  Scenario: not reached\n    When nothing happens\n",
    "after": "@fails_after_feature\nFeature: after\n  Scenario: reached\n    When nothing happens\n",
    "empty": "Feature: empty\n",
    "last": "Feature: last\n  Scenario: holds\n    When nothing happens\n",
}


@pytest.fixture
def everything(specs: Any) -> Any:
    """A project in which everything goes wrong that can."""
    for name, text in EVERYTHING.items():
        specs.feature(name, text)
    return specs


def junit(folder: Path) -> dict[str, str]:
    """The JUnit files without their times."""
    volatile = r'(time|timestamp)="[^"]*"|in \d+\.\d+s'
    return {
        file.name: re.sub(volatile, "", ElementTree.tostring(ElementTree.parse(file).getroot(), "unicode"))
        for file in sorted(folder.glob("*.xml"))
    }


def without_marks(lines: list[str]) -> list[str]:
    """The lines in order, but for those that only mark a place above: an error that was sent has none."""
    return sorted(line for line in lines if line.strip(" ^~"))


SELECTIONS: list[list[str]] = [
    [],
    ["-n", "fails"],
    ["--tags=@area"],
    ["--tags=@nothing"],
    ["--show-skipped"],
    ["--no-junit"],
]


@pytest.mark.parametrize("selection", SELECTIONS, ids=" ".join)
def test_output_reports_and_code_are_the_same(
    everything: Any, behave: Callable[..., Any], selection: list[str]
) -> None:
    runs, files = [], []
    for jobs in ("1", "3"):
        junit_folder = everything.folder / f"junit{jobs}"
        run = behave(everything.folder, "-j", jobs, *selection, f"--junit-directory={junit_folder}")
        runs.append(run)
        files.append(junit(junit_folder))
    # What goes to stderr may come in the middle of a line of stdout, whatever the number of processes.
    apart = re.compile(r"Took .*|(?=----$)", re.MULTILINE)
    one, three = (apart.sub("\n", run.output).splitlines() for run in runs)
    assert without_marks(three) == without_marks(one)
    assert files[1] == files[0]
    assert runs[1].code == runs[0].code


@pytest.mark.parametrize("formatter", ["progress2", "plain", "pretty", "json.pretty", "rerun"])
def test_any_formatter_sees_the_same(everything: Any, behave: Callable[..., Any], formatter: str) -> None:
    messages = []
    for jobs in ("1", "3"):
        behave(everything.folder, "-j", jobs, "-f", formatter, "-o", f"out{jobs}.txt", "--no-junit")
        text = (everything.folder / f"out{jobs}.txt").read_text()
        text = re.sub(r'"duration": [\d.e-]+|\d\.\d{3}s|\s+$|,$', "", text, flags=re.MULTILINE)
        messages.append(sorted(text.splitlines()))
    assert messages[1] == messages[0]


ALLURE = ("-f", "behave_flask.reports.allure:AllureFormatter", "-o", "allure")


def results(specs: Any) -> list[dict[str, Any]]:
    """Allure's results in the order of their names, with what is attached in the place of its file's name."""
    folder = specs.folder / "allure"
    found = [json.loads(file.read_text()) for file in folder.glob("*-result.json")]
    for result in found:
        for holder in (result, *result.get("steps", ())):
            for attached in holder.get("attachments", ()):
                attached["source"] = (folder / attached["source"]).read_text()
    return sorted(found, key=lambda result: str(result["fullName"]))


def without_times(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for result in results:
        for each in (result, *result.get("steps", ())):
            del each["start"], each["stop"]
            details = each.get("statusDetails", {})
            details["trace"] = without_marks(details.get("trace", "").splitlines())
    return results


def test_allure_says_the_same(everything: Any, behave: Callable[..., Any]) -> None:
    behave(everything.folder, *ALLURE)
    one = without_times(results(everything))
    behave(everything.folder, *ALLURE, "-j", "3")
    three = without_times(results(everything))
    assert {"passed", "failed", "broken", "skipped"} == {result["status"] for result in one}
    for result in (*one, *three):
        if result["name"].startswith("(after_"):
            del result["uuid"]  # no scenario's, so it is no place's
    assert three == one


def test_allure_says_when_a_scenario_was_played_not_when_it_was_reported(
    specs: Any, behave: Callable[..., Any]
) -> None:
    specs.scenarios("slow", **{f"slow {number}": "it takes 0.3 s" for number in range(4)})
    behave(specs.folder, *ALLURE, "-j", "2")
    begun = [result["start"] for result in results(specs)]
    assert len(begun) == 4
    assert max(begun) - min(begun) >= 300


def test_a_result_of_a_worker_that_died_before_it_could_tell_gives_way(
    specs: Any, behave: Callable[..., Any]
) -> None:
    dying = """
import os
from multiprocessing import parent_process

from behave.formatter.base import Formatter


class Dying(Formatter):
    in_workers = True

    def scenario(self, scenario):
        if parent_process() and scenario.name == "number 1":
            os._exit(3)
"""
    (specs.folder / "dying.py").write_text(dying)
    # So many that the first two are in one piece: the first is told of when the second begins.
    specs.scenarios("ending", **{f"number {number}": "nothing happens" for number in range(200)})
    run = behave(specs.folder, *ALLURE, "-f", "dying:Dying", "-j", "2")
    assert run.status("number 0") == "error"
    assert [each["status"] for each in results(specs) if each["name"] == "number 0"] == ["broken"]
    assert "cannot be trusted" not in run.output


def test_the_work_is_shared_out_and_hooks_of_the_run_are_called_once(
    specs: Any, behave: Callable[..., Any]
) -> None:
    for name in "abcd":
        specs.scenarios(name, **{f"{name}{number}": "it takes 0.1 s" for number in range(4)})
    run = behave(specs.folder, "-j", "2")
    assert run.code == 0, run.output
    assert "16 scenarios passed, 0 failed, 0 skipped" in run.output
    assert len(specs.ran()) == 16
    assert len(specs.processes()) == 2
    for hook in ("before_all", "after_all"):
        assert len((specs.folder / f"{hook}.txt").read_text().splitlines()) == 1
