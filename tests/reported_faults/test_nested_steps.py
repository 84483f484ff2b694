"""Steps that run other steps (`context.execute_steps`): what these do and find is their outer step's."""

from collections.abc import Callable
from pathlib import Path

import pytest
from played import Played

STEPS = """
from behave import given, when, then


@given("all is prepared by {name}")
@when("all is done by {name}")
@then("all is well by {name}")
def step_of_steps(context, name):
    context.execute_steps({
        "a Then": "Then it is so",
        "steps of steps": "Then all is well by a Then",
        "a Then after a When": "When it is done\\nThen it is so",
        "a Given": "Given it is so",
        "a Given of steps": "Given all is prepared by a Then",
        "an error": "Then it breaks",
        "an error of steps": "Then all is well by an error",
        "an unknown step": "Then there is no such step at all",
        "an unknown step of steps": "Then all is well by an unknown step",
    }[name])


@then("all is well, says a step that wraps {name}")
def step_wraps(context, name):
    try:
        context.execute_steps(f"Then all is well by {name}")
    except AssertionError as error:
        raise AssertionError("All is not well.") from error


@then("all is well, whatever {name} says")
def step_swallows(context, name):
    try:
        context.execute_steps(f"Then all is well by {name}")
    except AssertionError:
        pass
    assert name == "nobody", "All is not well by itself."


@given("it is so")
@then("it is so")
def step_so(context):
    assert False, "It is not so."


@when("it is done")
def step_done(context):
    pass


@then("it breaks")
def step_breaks(context):
    raise RuntimeError("It is broken.")
"""
EXPECTED_TO_FAIL = """
  @xfail @allure.issue:https://example.com/issues/7
  Scenario: {title}
    Expected to fail: not done yet.
    {steps}
"""
EXCUSED = {
    "a Then itself": "Then it is so",
    "a Then in a Then": "Then all is well by a Then",
    "a Then in a Then in a Then": "Then all is well by steps of steps",
    "a Then after a When in a Then": "Then all is well by a Then after a When",
    "a wrapped Then": "Then all is well, says a step that wraps a Then",
    "a Then that ran others": "Then all is well, whatever a Then says",
}
RED = {
    "a Then in a Given": "Given all is prepared by a Then\n    Then it is so",
    "a Then in a When": "When all is done by a Then\n    Then it is so",
    "a Then in a Then in a Given": "Given all is prepared by steps of steps\n    Then it is so",
    "a Given in a Then": "Then all is well by a Given",
    "a Given of steps in a Then": "Then all is well by a Given of steps",
    "an error in a Then": "Then all is well by an error",
    "an error in a Then in a Then": "Then all is well by an error of steps",
    "an unknown step in a Then": "Then all is well by an unknown step",
    "an unknown step in a Then in a Then": "Then all is well by an unknown step of steps",
    "a wrapped error": "Then all is well, says a step that wraps an error",
}


def test_only_a_then_of_the_scenario_is_excused(
    lay: Callable[..., Path], play: Callable[..., Played]
) -> None:
    run = play(lay("06-execute-steps"), "features/case/a.feature", "-n", "It is counted$")
    assert run.code == 1, run.output
    assert run.verdicts == {"It is counted": ("failure", "failed")}
    assert "is expected to fail at a Then, and broke otherwise" in run.output
    assert "The drawer is open." in run.junit["It is counted"].text


def test_what_is_excused_is_what_a_then_says(library: Path, play: Callable[..., Played]) -> None:
    _write(library, "".join(EXPECTED_TO_FAIL.format(title=t, steps=s) for t, s in {**EXCUSED, **RED}.items()))
    run = play(library, "features/case")
    assert run.code == 1
    assert {title for title, (verdict, _) in run.verdicts.items() if verdict == "skipped"} == set(EXCUSED), (
        run.output
    )
    assert {verdict for title, (verdict, _) in run.verdicts.items() if title in RED} <= {"failure", "error"}
    assert run.rerun[0] == "# failed"
    assert len(run.rerun) == 2 + len(RED), run.rerun


def test_an_unknown_nested_step_is_named(lay: Callable[..., Path], play: Callable[..., Played]) -> None:
    run = play(lay("06-execute-steps"), "features/case/a.feature", "-n", "It is unknown")
    assert run.code == 1
    assert "there is no such step at all" in run.junit["It is unknown"].text
    assert "there is no such step at all" in run.output


def test_an_unknown_nested_step_is_named_though_its_outer_step_goes_on(
    library: Path, play: Callable[..., Played]
) -> None:
    swallowing = STEPS.replace('assert name == "nobody"', "assert True or name")
    _write(library, "  Scenario: It goes on\n    Then all is well, whatever an unknown step says\n")
    (library / "features/steps/nested_steps.py").write_text(swallowing)
    run = play(library, "features/case")
    assert run.code == 1, run.output
    assert run.verdicts == {"It goes on": ("error", "broken")}, run.output
    assert "“there is no such step at all”" in run.junit["It goes on"].text
    assert "“there is no such step at all”" in str(run.page)


def test_what_nested_steps_did_is_told_with_the_step_that_ran_them(
    lay: Callable[..., Path], play: Callable[..., Played]
) -> None:
    run = play(lay("06-execute-steps"), "features/case/b.feature")
    assert run.code == 0, run.output
    direct, nested = (run.allure[title]["steps"] for title in ("Directly", "By a step of steps"))
    asked = list(run.attached(direct[1]))
    assert any("POST" in name for name in asked), asked
    assert any("queued task" in name for name in asked), asked
    assert list(run.attached(nested[0])) == [*run.attached(direct[0]), *asked]
    assert list(run.attached(run.allure["By a step of steps"])) == list(run.attached(run.allure["Directly"]))


def test_a_step_keeps_its_own_time_and_evidence_around_nested_steps(
    lay: Callable[..., Path], play: Callable[..., Played]
) -> None:
    run = play(lay("06-execute-steps"), "features/case/a.feature", "-n", "It is watched")
    assert run.code == 0, run.output
    result = run.allure["It is watched"]
    first = result["steps"][0]
    assert run.attached(first) == {
        "before": "seen before the nested steps",
        "after": "seen after the nested steps",
    }
    assert "attachments" not in result
    assert first["stop"] - first["start"] >= 350  # it sleeps for 300 ms, and its nested step for 50


def test_a_failure_in_a_nested_step_is_explained_once(
    lay: Callable[..., Path], play: Callable[..., Played]
) -> None:
    run = play(lay("06-execute-steps"), "features/case/a.feature", "-n", "without an excuse")
    assert run.code == 1
    assert run.output.count("To repeat: ") == 1, run.output
    attached = [
        name
        for step in run.allure["It is counted, without an excuse"]["steps"]
        for name in run.attached(step)
    ]
    assert attached.count("the world") == 1, attached


@pytest.mark.parametrize("hook", ["before_feature", "before_scenario", "after_scenario", "after_feature"])
def test_steps_that_a_hook_runs(library: Path, play: Callable[..., Played], hook: str) -> None:
    """What they attach is the scenario's; the evidence of its own steps stays theirs."""
    _write(
        library, "  Scenario: All is well\n    When it is done\n    Then all is well, whatever nobody says\n"
    )
    with (library / "features/steps/nested_steps.py").open("a") as file:
        file.write('\n@when("something is attached")\ndef step_attach(context):\n')
        file.write(
            '    from behave_flask.model import evidence\n    evidence.attach("seen", "by the hook")\n'
        )
    with (library / "features/environment.py").open("a") as file:
        file.write(f"\nbefore = {hook}\n\ndef {hook}(context, it):\n    before(context, it)\n")
        file.write('    context.execute_steps("When something is attached\\nWhen it is done")\n')
        if hook.endswith("_feature"):  # the library's own hook after a step wants a scenario
            file.write("\ndef after_step(context, step):\n    pass\n")
    run = play(library, "features/case")
    assert run.code == 0, run.output
    result = run.allure["All is well"]
    attached = run.attached(result) if hook.endswith("_scenario") else {"seen": "by the hook"}
    assert attached == {"seen": "by the hook"}
    assert all("attachments" not in step for step in result["steps"])


def _write(library: Path, scenarios: str) -> None:
    (library / "features/case").mkdir()
    (library / "features/case/a.feature").write_text(f"Feature: Nested steps\n{scenarios}")
    (library / "features/steps/nested_steps.py").write_text(STEPS)
