"""Rows and backgrounds are what behave makes of them, and nothing of one is another's."""

import pytest
from behave.capture import Captured
from behave.model import Feature, Scenario, ScenarioOutline, ScenarioOutlineBuilder, Status, Step
from behave.parser import parse_feature

from behave_flask.core.behave_internals import row_of
from behave_flask.core.behave_internals.rows import patch_rows

FEATURE = """
@shop
Feature: A shop

  Background:
    Given a shop for <who> with
      | what  |
      | <tea> |

  @<what> @kept
  Scenario Outline: <who> buys <what>, <row.id> of <examples.name>
    It is told in a line.
    When <who> buys
      | <what>   | how many |
      | <number> | 1        |
    Then the letter says
      \"\"\"
      Dear <who>, here is your <what>.
      \"\"\"

    @early
    Examples: those who come before <number>
      | who | what | number |
      | Ann | tea  | 1      |
      | Ben | milk | 2      |

    Examples:
      | who | what  | number |
      | Cat | <who> | 3      |

  Scenario: Nobody buys
    Then nothing is told
"""

TAGS_BY_BEHAVE = vars(ScenarioOutlineBuilder)["make_row_tags"]


@pytest.fixture(autouse=True)
def _patched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Step, "__copy__", None, raising=False)  # put away at the end of the test
    monkeypatch.setattr(ScenarioOutlineBuilder, "make_row_tags", None)
    monkeypatch.setattr(ScenarioOutline, "compute_status", None)
    monkeypatch.setattr(Scenario, "reset", None)
    # A configuration that another test of this process has read leaves its own spelling of titles behind.
    monkeypatch.setattr(ScenarioOutline, "annotation_schema", ScenarioOutlineBuilder.annotation_schema)
    patch_rows()


@pytest.fixture
def as_behave(monkeypatch: pytest.MonkeyPatch, _patched: None) -> Feature:
    """The feature as behave itself reads it."""
    with monkeypatch.context() as patched:
        patched.delattr(Step, "__copy__")
        patched.setattr(ScenarioOutlineBuilder, "make_row_tags", TAGS_BY_BEHAVE)
        return read()


def read(text: str = FEATURE) -> Feature:
    feature = parse_feature(text, filename="a.feature")
    feature.walk_scenarios()
    return feature


def described(feature: Feature) -> list[object]:
    names = (
        "name",
        "keyword",
        "tags",
        "effective_tags",
        "description",
        "filename",
        "line",
        "location",
        "status",
    )
    return [
        ([getattr(each, name) for name in names], each.feature.name, each.background, _steps_of(each))
        for each in feature.walk_scenarios()
    ]


def _steps_of(scenario: Scenario) -> list[object]:
    return [
        (step.name, str(step.location), step.text, step.table and step.table.rows, step.status, step.duration)
        for step in scenario.all_steps
    ]


def rows() -> list[Scenario]:
    return [each for each in read().walk_scenarios() if row_of(each)]


def test_a_row_is_what_behave_makes_of_it(as_behave: Feature) -> None:
    assert described(read()) == described(as_behave)
    ben, cat = rows()[1:]
    assert (ben.name, cat.name) == (
        "Ben buys milk, 1.2 of those who come before 2 -- @1.2 those who come before 2",
        "Cat buys <who>, 2.1 of  -- @2.1 ",
    )
    assert [str(tag) for tag in ben.tags] == ["milk", "kept", "early"]
    assert ben.steps[1].text == "Dear Ben, here is your milk."
    assert ben.background_steps[0].name == "a shop for Ben with"


def test_a_row_that_is_reset_is_still_that_row() -> None:
    ann = rows()[0]
    ann.reset()
    assert list(row_of(ann) or ()) == ["Ann", "tea", "1"]


@pytest.fixture(params=[FEATURE, FEATURE.replace("<tea>", "tea").replace("shop for <who>", "shop")])
def copies(request: pytest.FixtureRequest) -> list[Step]:
    """The background's steps of each scenario: filled in for a row, or the same for all."""
    return [each.background_steps[0] for each in read(request.param).walk_scenarios()]


def test_what_one_copy_says_is_not_said_by_another(copies: list[Step]) -> None:
    first, *others = copies
    first.capture_sink.process_captured(Captured("only here", failed=True))
    assert "only here" in first.captured.output
    assert not any(step.captured.has_output() for step in others)


def test_a_table_that_a_step_writes_into_is_its_own(copies: list[Step]) -> None:
    first, *others = copies
    written = first.table.rows[0].cells[0] = "written into"
    assert all(step.table.rows[0].cells[0] != written for step in others)


def test_a_table_that_a_row_s_step_writes_into_is_its_own() -> None:
    first, second, _ = rows()
    first.steps[0].table.rows[0].cells[0] = "written into"
    assert second.steps[0].table.rows[0].cells[0] == "2"


PASSED, SKIPPED, FAILED, NEVER_RAN = Status.passed, Status.skipped, Status.failed, Status.untested


@pytest.mark.parametrize(
    ("rows_came_to", "outline"),
    [
        ([NEVER_RAN] * 3, NEVER_RAN),
        ([PASSED, NEVER_RAN, NEVER_RAN], NEVER_RAN),
        ([SKIPPED, SKIPPED, NEVER_RAN], NEVER_RAN),
        ([FAILED, NEVER_RAN, NEVER_RAN], FAILED),
        ([PASSED, PASSED, SKIPPED], PASSED),
        ([SKIPPED] * 3, SKIPPED),
    ],
)
def test_an_outline_of_which_a_row_never_ran_has_not_passed(
    rows_came_to: list[Status], outline: Status
) -> None:
    feature = read()
    for row, status in zip(feature.walk_scenarios(), rows_came_to, strict=False):
        row.set_status(status)
    assert feature.scenarios[0].status == outline


def test_a_feature_of_which_nothing_ran_has_neither_passed_nor_failed() -> None:
    assert read().status == NEVER_RAN
