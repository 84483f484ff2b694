"""Scenarios that go on after a failed step: every failure is told, in every report."""

from collections.abc import Callable
from pathlib import Path

import pytest
from played import Played

FEATURE = """Feature: The till

  Scenario: It is looked at
    Given a till
    Then the drawer is shut
    And there is no such step at all
    And the bell rings
    And the key is there
    And a till is there

  Scenario Outline: It is looked at by <time>
    Given a till
    Then the drawer is shut
    And the bell rings
    And the key is there

    Examples:
      | time |
      | day  |
"""
STEPS = """
from behave import given, then


@given("a till")
@then("a till is there")
def step_till(context):
    pass


@then("the drawer is shut")
def step_drawer(context):
    assert False, "The drawer is open."


@then("the bell rings")
def step_bell(context):
    raise RuntimeError("The bell is broken.")


@then("the key is there")
def step_key(context):
    assert False, "Expected: a key\\nGot: no key"
"""
FOR_ALL = "\nfrom behave.model import Scenario\n\nScenario.continue_after_failed_step = True\n"
FOR_EACH = """
before = before_scenario


def before_scenario(context, scenario):
    before(context, scenario)
    scenario.continue_after_failed_step = True
"""
SAID = ("The drawer is open.", "The bell is broken.", "a key", "no key")


@pytest.mark.parametrize("how", [FOR_ALL, FOR_EACH], ids=["for all", "for each"])
def test_every_failure_is_told(library: Path, play: Callable[..., Played], how: str) -> None:
    (library / "features/case").mkdir()
    (library / "features/case/a.feature").write_text(FEATURE)
    (library / "features/steps/till_steps.py").write_text(STEPS)
    with (library / "features/environment.py").open("a") as file:
        file.write(how)
    run = play(library, "features/case")
    assert run.code == 1
    plain, row = sorted(run.verdicts)
    for title, messages in ((plain, (*SAID, "there is no such step at all")), (row, SAID)):
        assert run.verdicts[title][1] in ("failed", "broken")
        for each in messages:
            assert each in run.junit[title].text, each
            assert each in run.allure[title]["statusDetails"]["message"], each
    steps = [step["status"] for step in run.allure[plain]["steps"]]
    assert steps == ["passed", "failed", "broken", "broken", "failed", "passed"]
    assert run.page is not None
    for each in SAID:
        assert run.page.count(each) >= 2, each
        assert run.output.count(each) >= 2, each
    assert "there is no such step at all" in run.output
    assert run.output.count("To repeat: ") == 2, run.output
    for step in ("the drawer is shut", "the bell rings", "the key is there"):
        assert run.output.count(f"Step:     And {step} (") + run.output.count(f"Step:     Then {step} (") == 2
