"""Rows and backgrounds are what behave makes of them, and nothing of one is another's."""

from collections.abc import Callable

import pytest
from behave.capture import Captured
from behave.model import Feature, Scenario, ScenarioOutline, ScenarioOutlineBuilder, Status, Step
from behave.parser import parse_feature

from behave_flask.core.behave_internals.rows import Row, make_lean

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

MADE_BY_BEHAVE = ScenarioOutlineBuilder.make_scenario_for


@pytest.fixture(autouse=True)
def _lean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("__copy__", "__deepcopy__"):
        monkeypatch.setattr(Step, name, None, raising=False)  # put away at the end of the test
    monkeypatch.setattr(ScenarioOutlineBuilder, "make_scenario_for", None)
    monkeypatch.setattr(ScenarioOutline, "compute_status", None)
    # A configuration that another test of this process has read leaves its own spelling of titles behind.
    monkeypatch.setattr(ScenarioOutline, "annotation_schema", ScenarioOutlineBuilder.annotation_schema)
    make_lean()


@pytest.fixture
def as_behave(monkeypatch: pytest.MonkeyPatch, _lean: None) -> Feature:
    """The feature as behave itself reads it."""
    with monkeypatch.context() as patched:
        patched.delattr(Step, "__copy__")
        patched.delattr(Step, "__deepcopy__")
        patched.setattr(ScenarioOutlineBuilder, "make_scenario_for", MADE_BY_BEHAVE)
        return read()


def read() -> Feature:
    feature = parse_feature(FEATURE, filename="a.feature")
    feature.walk_scenarios()
    return feature


def told(feature: Feature) -> list[object]:
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
        ([getattr(each, name) for name in names], each.feature.name, each.background, _said(each))
        for each in feature.walk_scenarios()
    ]


def _said(scenario: Scenario) -> list[object]:
    return [
        (step.name, str(step.location), step.text, step.table and step.table.rows, step.status, step.duration)
        for step in scenario.all_steps
    ]


def rows() -> list[Row]:
    return [each for each in read().walk_scenarios() if isinstance(each, Row)]


def test_a_row_is_what_behave_makes_of_it(as_behave: Feature) -> None:
    assert told(read()) == told(as_behave)
    assert [type(each) for each in as_behave.walk_scenarios()] == [Scenario] * 4
    assert [type(each) for each in read().walk_scenarios()] == [Row, Row, Row, Scenario]
    ben, cat = rows()[1:]
    assert (ben.name, cat.name) == (
        "Ben buys milk, 1.2 of those who come before 2 -- @1.2 those who come before 2",
        "Cat buys <who>, 2.1 of  -- @2.1 ",
    )
    assert [str(tag) for tag in ben.tags] == ["milk", "kept", "early"]
    assert ben.steps[1].text == "Dear Ben, here is your milk."
    assert ben.background_steps[0].name == "a shop for Ben with"


def test_a_row_that_is_skipped_before_it_runs_has_skipped_steps(as_behave: Feature) -> None:
    feature = read()
    for each in (feature, as_behave):
        each.walk_scenarios()[0].skip("not today")
    assert told(feature) == told(as_behave)
    assert feature.walk_scenarios()[0].status == Status.skipped


def test_what_one_row_says_is_not_said_by_another() -> None:
    copies = [step for each in read().walk_scenarios() for step in each.all_steps]
    first, *others = copies
    first.capture_sink.process_captured(Captured("only here", failed=True))
    assert "only here" in first.captured.output
    assert not any(step.captured.has_output() for step in others)


def test_a_table_that_a_step_writes_into_is_the_row_s_own() -> None:
    first, second, _ = rows()
    first.steps[0].table.rows[0].cells[0] = "written into"
    assert second.steps[0].table.rows[0].cells[0] == "2"
    (given, *_), (other, *_) = first.all_steps, second.all_steps
    given.table.rows[0].cells[0] = "written into"
    assert other.table.rows[0].cells[0] == "<tea>"


def held(row: Row) -> list[Step]:
    """Return the steps that a row keeps."""
    lists = [each for each in vars(row).values() if isinstance(each, list)]
    return [step for each in lists for step in each if isinstance(step, Step)]


def played(status: Status = Status.passed) -> Row:
    """Return a row whose steps have come to this, as behave leaves them."""
    row = rows()[0]
    for number, step in enumerate(row.all_steps, start=1):
        step.status, step.duration = status, number / 8
    return row


@pytest.mark.parametrize("status", [Status.passed, Status.skipped])
def test_a_folded_row_has_no_steps_and_reads_as_before(status: Status) -> None:
    row = played(status)
    before, took = _said(row), row.duration
    assert row.fold()
    assert (held(row), row.status, row.duration) == ([], status, took)
    assert _said(row) == before
    assert row.fold()
    assert _said(row) == before
    _fails(row)
    assert not row.fold()


def _fails(row: Row) -> None:
    row.steps[1].status = Status.failed
    row.steps[1].error_message = "It is sold out."


def _stops_half_way(row: Row) -> None:
    row.steps[1].status = Status.skipped


def _fails_as_expected(row: Row) -> None:
    row.steps[1].exception = AssertionError("It is sold out.")


def _prints(row: Row) -> None:
    row.captured.add_captured(Captured("There were two left."))


def _prints_in_a_step(row: Row) -> None:
    row.background_steps[0].captured.add_captured(Captured("There were two left."))


def _fails_in_a_hook(row: Row) -> None:
    row.error_message = "HOOK-ERROR in before_scenario: no"
    row.set_status(Status.hook_error)


@pytest.mark.parametrize(
    "happens", [_fails, _stops_half_way, _fails_as_expected, _prints, _prints_in_a_step, _fails_in_a_hook]
)
def test_a_row_of_which_there_is_more_to_say_is_not_folded(happens: Callable[[Row], None]) -> None:
    row = played()
    happens(row)
    steps, printed = list(row.all_steps), row.captured
    assert not row.fold()
    assert [id(step) for step in row.all_steps] == [id(step) for step in steps]
    assert row.captured is printed


def test_a_row_that_nobody_has_played_is_not_folded() -> None:
    row = rows()[0]
    assert not row.fold()
    assert (row.status, row.duration, held(row)) == (Status.untested, 0, [])
    assert [step.status for step in row.all_steps] == [Status.untested] * 3


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
