"""What cannot be played on a stage is left out, counted and told with its reason; and never all of a run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from planting import feature

HERE = """
  Scenario: what can be played anywhere
    When a user tries to list posts by GET /api/posts
    Then a user succeeds
"""
NOT_HERE = """
  @services
  Scenario: what needs real parts
    When the queue for background work stops
    Then nothing is queued
"""
UNTAGGED = """
  Scenario: what forgot to say so
    When the queue for background work stops
    Then nothing is queued
"""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_is_left_out_is_counted_and_accepted(
    project_copy: Path, behave: Callable[..., Any], jobs: str
) -> None:
    run = behave(project_copy, "-j", jobs, feature(project_copy, HERE + NOT_HERE), CI="true")
    assert run.code == 0, run.output
    file = project_copy / "features/planted/planted.feature"
    line = file.read_text().splitlines().index("  Scenario: what needs real parts") + 1
    told = "Not played (@services: only on the stage services): 1 of 2 scenarios:\n"
    assert f"{told}  features/planted/planted.feature:{line}\n" in run.output
    assert run.case("what needs real parts").message.startswith("only on the stage services")
    assert run.status("what can be played anywhere") == "passed"


def test_it_is_not_checked_on_the_owners_page(project_copy: Path, behave: Callable[..., Any]) -> None:
    run = behave(project_copy, feature(project_copy, HERE + NOT_HERE))
    place = run.output.rpartition("what of it holds: ")[2].strip()
    assert "skipped: only on the stage services" in (project_copy / place).read_text()


def test_a_run_in_which_all_is_left_out_is_red(project_copy: Path, behave: Callable[..., Any]) -> None:
    run = behave(project_copy, feature(project_copy, HERE + NOT_HERE), "--tags=services")
    assert run.code == 1
    assert "Nothing was played, so green would prove nothing: only on the stage services." in run.output


def test_what_breaks_real_parts_says_that_it_needs_them(
    project_copy: Path, behave: Callable[..., Any]
) -> None:
    run = behave(project_copy, feature(project_copy, UNTAGGED))
    assert (
        "Only real parts can be broken: tag the scenario @services."
        in run.case("what forgot to say so").message
    )
