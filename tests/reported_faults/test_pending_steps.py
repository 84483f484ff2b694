"""Steps that are not written yet, and each other status of behave: no report says more than was seen."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from behave.model import Status
from played import Played

from behave_flask.model.results import BROKEN, FAILED, PASSED, SKIPPED, state_of_step

NOT_WRITTEN = "its step is not written yet: “Then the drawer is shut”"
VERDICTS = {
    Status.unknown: BROKEN,
    Status.untested: SKIPPED,
    Status.executing: BROKEN,
    Status.skipped: SKIPPED,
    Status.passed: PASSED,
    Status.xfailed: SKIPPED,
    Status.xpassed: FAILED,
    Status.failed: FAILED,
    Status.error: BROKEN,
    Status.hook_error: BROKEN,
    Status.cleanup_error: BROKEN,
    Status.undefined: BROKEN,
    Status.pending: BROKEN,
    Status.pending_warn: SKIPPED,
    Status.untested_pending: SKIPPED,
    Status.untested_undefined: SKIPPED,
}
IN_JUNIT = {PASSED: "passed", FAILED: "failure", BROKEN: "error", SKIPPED: "skipped"}
ON_THE_PAGE = {PASSED: "ok", FAILED: "bad", BROKEN: "bad", SKIPPED: "none"}
# Those that a scenario can keep: behave works out the others anew whenever it is asked.
FINAL = [status for status in Status if status.is_final()]
NESTED = """
from behave import given, then


@given("a till that is looked at")
def step_look(context):
    context.execute_steps("Then the drawer is shut")
"""
SET_THE_STATUS = """
from behave.model import Status

before = after_scenario


def after_scenario(context, scenario):
    before(context, scenario)
    scenario.set_status(Status[scenario.name.split()[-1]])
"""


def test_each_status_comes_to_something() -> None:
    step: Any = SimpleNamespace
    assert {status: state_of_step(step(status=status)) for status in Status} == VERDICTS


@pytest.mark.parametrize("options", [[], ["--tags=@wip"], ["--wip"]], ids=["all", "-t @wip", "--wip"])
def test_a_scenario_with_a_step_that_is_not_written_is_not_checked(
    lay: Callable[..., Path], play: Callable[..., Played], options: list[str]
) -> None:
    run = play(lay("11-pending-wip"), "features/case", *options)
    whole = not options
    assert run.code == whole, run.output
    for title in ("It is shut", "It is shut by day"):
        assert run.verdicts[title] == ("skipped", "skipped"), run.output
        assert NOT_WRITTEN in run.junit[title].text
        assert NOT_WRITTEN in run.allure[title]["statusDetails"]["message"]
        assert [step["status"] for step in run.allure[title]["steps"]][:2] == ["passed", "skipped"]
        assert f"“{title}”: {NOT_WRITTEN}" in run.output
    assert run.page is not None
    assert run.page.count(NOT_WRITTEN) == 2
    assert ">holds<" not in run.page
    if whole:
        assert run.verdicts["It is shut again"] == ("error", "broken")
        assert run.verdicts["It is locked"] == ("error", "broken")
        assert "0 scenarios passed" in run.output
        assert len(run.rerun) == 4
    else:
        assert run.rerun[0] == "# passed"


def test_a_nested_step_that_is_not_written(lay: Callable[..., Path], play: Callable[..., Played]) -> None:
    folder = lay("11-pending-wip")
    (folder / "features/steps/nested_steps.py").write_text(NESTED)
    scenario = "  @wip\n  Scenario: It is shut\n    Given a till that is looked at\n    Then the bell rings\n"
    (folder / "features/case/a.feature").write_text(f"Feature: The till\n\n{scenario}")
    run = play(folder, "features/case")
    assert run.code == 0, run.output
    assert run.verdicts == {"It is shut": ("skipped", "skipped")}
    assert NOT_WRITTEN in run.junit["It is shut"].text


def test_another_step_that_fails_is_told(lay: Callable[..., Path], play: Callable[..., Played]) -> None:
    folder = lay("11-pending-wip")
    steps = "    Given a till\n    Then the drawer is shut\n    And the drawer is locked\n"
    (folder / "features/case/a.feature").write_text(
        f"Feature: The till\n\n  @wip\n  Scenario: It is shut\n{steps}"
    )
    run = play(folder, "features/case")
    assert run.code == 1
    assert run.verdicts == {"It is shut": ("error", "broken")}, run.output


def test_all_reports_agree_on_each_status(
    lay: Callable[..., Path], play: Callable[..., Played], workers: tuple[str, ...]
) -> None:
    """Whoever sets a status by a hook cannot make it green, nor one report greener than the others."""
    folder = lay("11-pending-wip")
    rows = "".join(f"      | {status.name} |\n" for status in FINAL)
    (folder / "features/case/a.feature").write_text(
        "Feature: The till\n\n  Scenario Outline: It comes to <status>\n    Given a till\n"
        f"    Then the bell rings\n\n    Examples:\n      | status |\n{rows}"
    )
    with (folder / "features/environment.py").open("a") as file:
        file.write(SET_THE_STATUS)
    run = play(folder, "features/case", "-D", "seed=1")
    assert "cannot be trusted" not in run.output
    assert run.code == 1, run.output
    titles = {status: f"It comes to {status.name}" for status in FINAL}
    assert run.verdicts == {
        title: (IN_JUNIT[VERDICTS[status]], VERDICTS[status]) for status, title in titles.items()
    }, run.output
    assert run.page is not None
    rows_of_the_page = [line for line in run.page.splitlines() if "data-state" in line and "<tr" in line]
    for status in FINAL:
        (row,) = [line for line in rows_of_the_page if f"<td>{status.name}</td>" in line]
        assert f'data-state="{ON_THE_PAGE[VERDICTS[status]]}"' in row
    red = [status for status in FINAL if VERDICTS[status] in (FAILED, BROKEN)]
    assert len(run.rerun) == 2 + len(red), run.rerun


@pytest.mark.parametrize("workers", [()], ids=["plain"])
@pytest.mark.parametrize("status", [each for each in FINAL if VERDICTS[each] in (FAILED, BROKEN)])
def test_a_run_is_red_whoever_says_that_a_failed_scenario_passed(
    lay: Callable[..., Path], play: Callable[..., Played], status: Status
) -> None:
    folder = lay("11-pending-wip")
    (folder / "features/case/a.feature").write_text(
        f"Feature: The till\n\n  Scenario: It comes to {status.name}\n"
        "    Given a till\n    Then the bell rings\n"
    )
    with (folder / "features/environment.py").open("a") as file:
        file.write(SET_THE_STATUS)
    run = play(folder, "features/case")
    assert run.code == 1, run.output
    assert run.rerun[0] == "# failed"
