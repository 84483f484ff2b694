"""The fixtures that other tests rely on see what behave did."""

from collections.abc import Callable
from pathlib import Path

import pytest

STEPS = """
from behave import given, then

@given("something")
def given_something(context):
    import os
    context.seen = sorted(os.environ)

@then("it fails")
def then_it_fails(context):
    raise AssertionError("as planted")

@then("the environment holds {name}")
def then_environment(context, name):
    assert name in context.seen, context.seen
"""

FEATURE = """
Feature: planted
  Scenario: holds
    Given something
    Then the environment holds COLOUR

  Scenario: breaks
    Given something
    Then it fails

  Scenario: leaks
    Given something
    Then the environment holds DATABASE_URL
"""


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    folder = tmp_path / "planted"
    (folder / "features/steps").mkdir(parents=True)
    (folder / "features/steps/planted.py").write_text(STEPS)
    (folder / "features/planted.feature").write_text(FEATURE)
    return folder


def test_a_run_of_behave_is_told_by_exit_code_output_and_results(
    planted: Path, behave: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere")
    run = behave(planted, COLOUR="red")
    assert run.code == 1
    assert "1 scenario passed, 2 failed" in run.output
    assert [case.status for case in run.cases] == ["passed", "failed", "failed"]
    assert "as planted" in run.case("breaks").message
    assert run.status("leaks") == "failed"


def test_arguments_reach_behave(planted: Path, behave: Callable) -> None:
    run = behave(planted, "--name=holds", "--no-skipped", COLOUR="red")
    assert run.code == 0
    assert run.status("holds") == "passed"


def test_a_scenario_that_did_not_run_is_no_result(planted: Path, behave: Callable) -> None:
    with pytest.raises(AssertionError, match="0 results for 'absent'"):
        behave(planted).case("absent")


@pytest.mark.parametrize("file", ["environment.py", "features/support/__init__.py", "app/__init__.py"])
def test_a_fault_planted_in_the_copy_of_the_project_is_met(
    project_copy: Path, behave: Callable, file: str
) -> None:
    with (project_copy / file).open("a") as planted:
        planted.write('\nraise RuntimeError("planted here")\n')
    run = behave(project_copy)
    assert run.code != 0
    assert "planted here" in run.output
