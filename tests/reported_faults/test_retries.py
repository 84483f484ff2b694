"""Scenarios that somebody runs again after a failure: a later try is never passed off as a plain pass."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from played import Played

FEATURE = """Feature: The till

  Scenario: It is steady
    Given a till
    Then the steady drawer is shut by try 1

  Scenario: It is flaky
    Given a till
    Then the flaky drawer is shut by try 2

  Scenario Outline: It is flaky by <time>
    Given a till
    Then the <time> drawer is shut by try 2

    Examples:
      | time |
      | day  |

  Scenario: It is open
    Given a till
    Then the open drawer is shut by try 9
"""
STEPS = """
from behave import given, then

TRIES = {}


@given("a till")
def step_till(context):
    pass


@then("the {which} drawer is shut by try {number:d}")
def step_drawer(context, which, number):
    TRIES[which] = TRIES.get(which, 0) + 1
    assert TRIES[which] >= number, f"The {which} drawer is open at look {TRIES[which]}."


@then("the {which} drawer is found shut by try {number:d}")
def step_found(context, which, number):
    TRIES[which] = TRIES.get(which, 0) + 1
    if TRIES[which] < number:
        raise RuntimeError(f"The {which} drawer is stuck at look {TRIES[which]}.")
"""
AUTORETRY = """
from behave.contrib.scenario_autoretry import patch_scenario_with_autoretry

feature_before = before_feature


def before_feature(context, feature):
    feature_before(context, feature)
    for scenario in feature.walk_scenarios():
        patch_scenario_with_autoretry(scenario, max_attempts=2)
"""
# As behave-retry 1.9 does it: for all, without formatters, resetting everything before the next try.
QUIETLY = """
from behave.matchers import NoMatch
from behave.model import Scenario

run_it = Scenario.run
before_it_all = before_all


def retried(scenario, runner):
    formatters, runner.formatters = runner.formatters, []
    failed = run_it(scenario, runner)
    if failed:
        scenario.clear_status()
        for step in scenario.all_steps:
            step.reset()
            step.exception = step.error_message = None
        failed = run_it(scenario, runner)
    runner.formatters = formatters
    for formatter in formatters:
        formatter.scenario(scenario)
        for step in scenario.all_steps:
            formatter.step(step)
        for step in scenario.all_steps:
            formatter.match(runner.step_registry.find_match(step) or NoMatch())
            formatter.result(step)
    return failed


def before_all(context):
    Scenario.run = retried
    before_it_all(context)
"""
BY_HAND = """
from behave.model import Scenario

run_it = Scenario.run


def retried(scenario, runner):
    if not run_it(scenario, runner):
        return False
    scenario.reset()
    return run_it(scenario, runner)


Scenario.run = retried
"""
STEP_BY_STEP = """
from behave.model import Step

run_step = Step.run


def retried(step, runner, *arguments, **more):
    return run_step(step, runner, *arguments, **more) or run_step(step, runner, *arguments, **more)


Step.run = retried
"""
IN_A_HOOK = """
step_after = after_step


def after_step(context, step):
    step_after(context, step)
    if step.status == "failed" and not hasattr(context, "again"):
        context.again = True
        step.run(context._runner, quiet=True, capture=False)
"""
AFTER_IT = """
scenario_after = after_scenario


def after_scenario(context, scenario):
    scenario_after(context, scenario)
    if scenario.status == "failed" and not hasattr(context, "again"):
        context.again = True
        scenario.run(context._runner)
"""
WAYS = {
    "behave's autoretry": AUTORETRY,
    "quietly, for all": QUIETLY,
    "by hand, for all": BY_HAND,
    "step by step": STEP_BY_STEP,
}
FEATURE_BY_FEATURE = """
from behave.model import Feature

run_it = Feature.run


def retried(feature, runner):
    return run_it(feature, runner) and run_it(feature, runner)


Feature.run = retried
"""
PRINTED_BY_A_HOOK = """
scenario_{when} = {when}
FAILED = set()


def {when}(context, scenario):
    scenario_{when}(context, scenario)
    if scenario.name == "It is steady" and scenario.name not in FAILED:
        FAILED.add(scenario.name)
        {what}
"""


@pytest.mark.parametrize("way", WAYS)
def test_a_second_try_is_told_in_every_report(library: Path, play: Callable[..., Played], way: str) -> None:
    _write(library, FEATURE, WAYS[way])
    run = play(library, "features/case")
    assert run.code == 1, run.output
    assert run.verdicts == {
        "It is steady": ("passed", "passed"),
        "It is flaky": ("passed", "passed"),
        "It is flaky by day": ("passed", "passed"),
        "It is open": ("failure", "failed"),
    }, run.output
    _is_plain(run, "It is steady")
    _is_flaky(run, "It is flaky", "The flaky drawer is open at look 1.")
    _is_flaky(run, "It is flaky by day", "The day drawer is open at look 1.")
    for look in (1, 2):
        message = f"The open drawer is open at look {look}."
        assert message in run.allure["It is open"]["statusDetails"]["message"]
        assert message in run.junit["It is open"].text
        assert message in str(run.page)
        assert message in run.output
    assert "Retried, still failing: features/case/a.feature:19 “It is open”, 2 tries" in run.output
    assert len(run.rerun) == 3, run.rerun


def test_a_green_run_tells_of_it(library: Path, play: Callable[..., Played]) -> None:
    _write(library, FEATURE.partition("  Scenario: It is open")[0], AUTORETRY)
    run = play(library, "features/case")
    assert run.code == 0, run.output
    assert "2 of those that hold failed at an earlier try: they are flaky." in str(run.page)
    assert run.rerun[0] == "# passed"


@pytest.mark.parametrize("workers", [()], ids=["plain"])
def test_a_step_that_a_hook_runs_again(library: Path, play: Callable[..., Played]) -> None:
    _write(library, FEATURE.partition("  Scenario: It is open")[0], IN_A_HOOK)
    run = play(library, "features/case")
    _is_flaky(run, "It is flaky", "The flaky drawer is open at look 1.")


def test_a_scenario_that_a_hook_runs_again(library: Path, play: Callable[..., Played]) -> None:
    """Behave itself calls such a run failed."""
    _write(library, FEATURE.partition("  Scenario: It is open")[0], AFTER_IT)
    run = play(library, "features/case")
    assert run.code == 1, run.output
    _is_flaky(run, "It is flaky", "The flaky drawer is open at look 1.")


@pytest.mark.parametrize("workers", [()], ids=["plain"])
def test_a_feature_that_is_run_again(library: Path, play: Callable[..., Played]) -> None:
    _write(library, FEATURE, FEATURE_BY_FEATURE)
    run = play(library, "features/case")
    assert run.code == 1, run.output
    assert "cannot be trusted" not in run.output
    _is_flaky(run, "It is flaky", "The flaky drawer is open at look 1.")
    assert "The open drawer is open at look 1." in run.junit["It is open"].text


def test_another_kind_of_error_at_the_first_try(library: Path, play: Callable[..., Played]) -> None:
    _write(library, FEATURE.replace("flaky drawer is shut", "flaky drawer is found shut"), AUTORETRY)
    _is_flaky(
        play(library, "features/case"), "It is flaky", "RuntimeError: The flaky drawer is stuck at look 1."
    )


@pytest.mark.parametrize(
    ("when", "what"),
    [
        ("before_scenario", 'raise RuntimeError("The hook is broken.")'),
        ("after_scenario", 'raise RuntimeError("The hook is broken.")'),
        ("before_scenario", "context.add_cleanup(lambda: 1 / 0)"),
    ],
    ids=["before", "after", "cleanup"],
)
def test_a_hook_or_cleanup_that_fails_at_the_first_try(
    library: Path, play: Callable[..., Played], when: str, what: str
) -> None:
    _write(library, FEATURE.partition("\n  Scenario: It is flaky")[0], AUTORETRY)
    with (library / "features/environment.py").open("a") as file:
        file.write(PRINTED_BY_A_HOOK.format(when=when, what=what))
    run = play(library, "features/case")
    _is_flaky(run, "It is steady", "division by zero" if "cleanup" in what else "The hook is broken.")


@pytest.mark.parametrize("workers", [()], ids=["plain"])
def test_a_scenario_that_is_run_twice_and_passes_twice_is_not_flaky(
    library: Path, play: Callable[..., Played]
) -> None:
    twice = BY_HAND.replace(
        "if not run_it(scenario, runner):\n        return False", "run_it(scenario, runner)"
    )
    _write(library, FEATURE.partition("\n  Scenario: It is flaky")[0], twice)
    run = play(library, "features/case")
    assert run.code == 0, run.output
    _is_plain(run, "It is steady")


def test_what_is_expected_to_fail_is_not_excused_by_an_earlier_try(
    library: Path, play: Callable[..., Played]
) -> None:
    tags = "  @xfail @allure.issue:https://example.com/issues/7\n"
    feature = FEATURE.partition("\n  Scenario: It is flaky")[0].replace(
        "  Scenario: It is steady\n", f"{tags}  Scenario: It is steady\n    Expected to fail: not yet.\n"
    )
    _write(library, feature.replace("by try 1", "by try 2"), BY_HAND)
    with (library / "features/environment.py").open("a") as file:
        file.write(PRINTED_BY_A_HOOK.format(when="after_scenario", what='raise RuntimeError("It broke.")'))
    run = play(library, "features/case")
    assert run.code == 1, run.output
    assert run.verdicts == {"It is steady": ("failure", "failed")}, run.output
    assert "It passes, and is expected to fail" in run.output


def _is_plain(run: Played, title: str) -> None:
    assert "statusDetails" not in run.allure[title]
    assert f"“{title}”" not in run.output


def _is_flaky(run: Played, title: str, why: str) -> None:
    assert run.verdicts[title] == ("passed", "passed"), run.output
    details = run.allure[title]["statusDetails"]
    assert details["flaky"] is True
    assert why in details["message"]
    (case,) = [
        case
        for file in (run.reports / "junit").glob("*.xml")
        for case in ElementTree.parse(file).iter("testcase")
        if case.get("name") == title
    ]
    (failure,) = case.findall("flakyFailure")
    assert why in str(failure.get("message"))
    assert why in str(failure.findtext("stackTrace"))
    assert run.page is not None
    assert ">flaky</a>" in run.page
    assert why in run.page
    summary = run.output.partition("“" + title + "”, 2 tries")
    assert summary[0].splitlines()[-1].startswith("Flaky: features/case/a.feature:"), run.output
    assert why in summary[2].splitlines()[1]


def _write(library: Path, feature: str, way: str) -> None:
    (library / "features/case").mkdir()
    (library / "features/case/a.feature").write_text(feature)
    (library / "features/steps/till_steps.py").write_text(STEPS)
    with (library / "features/environment.py").open("a") as file:
        file.write(way)
