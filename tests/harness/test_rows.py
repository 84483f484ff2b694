"""Rows and backgrounds are what behave makes of them, and nothing of one is another's."""

import pytest
from behave.capture import Captured
from behave.model import Feature, Scenario, Step
from behave.parser import parse_feature

from features.harness.rows import copy_quickly

FEATURE = """
Feature: A shop

  Background:
    Given a shop with
      | what  |
      | <tea> |

  Scenario Outline: <who> buys <what>
    When <who> buys
      | <what>   | how many |
      | <number> | 1        |
    Then the letter says
      \"\"\"
      Dear <who>, here is your <what>.
      \"\"\"

    Examples:
      | who | what | number |
      | Ann | tea  | 1      |
      | Ben | milk | 2      |

  Scenario: Nobody buys
    Then nothing is told
"""


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("__copy__", "__deepcopy__"):
        monkeypatch.setattr(Step, name, None, raising=False)  # put away at the end of the test
    copy_quickly()


def told(feature: Feature) -> list[object]:
    return [
        (each.name, step.name, str(step.location), step.text, step.table and step.table.rows, step.status)
        for each in feature.walk_scenarios()
        for step in each.all_steps
    ]


def scenarios() -> list[Scenario]:
    return list(parse_feature(FEATURE, filename="a.feature").walk_scenarios())


def test_a_row_is_what_behave_makes_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    quickly = told(parse_feature(FEATURE, filename="a.feature"))
    with monkeypatch.context() as as_behave:
        as_behave.delattr(Step, "__copy__")
        as_behave.delattr(Step, "__deepcopy__")
        usually = told(parse_feature(FEATURE, filename="a.feature"))
    assert quickly == usually
    assert len(quickly) == 8
    assert {"Dear Ann, here is your tea.", "Dear Ben, here is your milk."} <= {row[3] for row in quickly}  # type: ignore[index]


def test_what_one_row_says_is_not_said_by_another() -> None:
    copies = [step for each in scenarios() for step in each.all_steps]
    first, *others = copies
    first.capture_sink.process_captured(Captured("only here", failed=True))
    assert "only here" in first.captured.output
    assert not any(step.captured.has_output() for step in others)


def test_a_table_that_a_step_writes_into_is_the_row_s_own() -> None:
    first, second, _ = scenarios()
    first.steps[0].table.rows[0].cells[0] = "written into"
    assert second.steps[0].table.rows[0].cells[0] == "2"
    (given, *_), (other, *_) = first.all_steps, second.all_steps
    given.table.rows[0].cells[0] = "written into"
    assert other.table.rows[0].cells[0] == "<tea>"
