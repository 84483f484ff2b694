"""Scenarios that are known to fail: counted as passed while they do, and red as soon as they hold.

Reports call one skipped, with the reason of its tag: what it promises does not hold.

    @xfail @allure.issue:https://example.com/issues/12
    Scenario: A gift card pays for the delivery
      Expected to fail: the delivery is charged before the card is looked at.

Only a Then may fail, by an AssertionError: that is the promise that does not hold. Whatever else goes wrong
is an error in place of the failure, and red.
"""

from typing import Any

from behave.model import Feature, Rule, Scenario, ScenarioOutline, Status, Step

from behave_flask.core import text
from behave_flask.model import failures
from behave_flask.model.running_step import is_broken_promise, is_own

TAG = "xfail"
ISSUE = ("allure.issue:http://", "allure.issue:https://")
SAYS = "Expected to fail:"
HOW = f"under the title a line “{SAYS} ...”, and a tag @allure.issue:https://..."


class UnexpectedPass(AssertionError):
    """What is expected to fail holds."""


def reason(scenario: Scenario) -> str:
    """Return why it is expected to fail, as it, its outline, rule or feature says; nothing if none does."""
    return _explained(scenario)[1]


def is_idle(scenario: Scenario) -> bool:
    """Return whether a reason is given for it, and nothing that the reason stands over has the tag."""
    over, why = _explained(scenario)
    return bool(why) and not any(TAG in each.effective_tags for each in _within(over))


def _within(node: Any) -> list[Scenario]:
    """Return the scenarios and rows of a feature, a rule or an outline; a scenario is its own."""
    if isinstance(node, Feature | Rule):
        return list(node.walk_scenarios())
    return list(node.scenarios) if isinstance(node, ScenarioOutline) else [node]


def _explained(scenario: Scenario) -> tuple[Any, str]:
    """Return the reason for which it is expected to fail, and what the reason stands over."""
    node: Any = scenario.parent if isinstance(scenario.parent, ScenarioOutline) else scenario
    while node is not None:
        for line in getattr(node, "description", ()):
            if line.startswith(SAYS):
                return node, str(line.removeprefix(SAYS).strip())
        node = getattr(node, "parent", None)
    return None, ""


def issue(scenario: Scenario) -> str:
    """Return the address of the issue that its tags name; nothing if none does."""
    found = sorted(str(tag) for tag in scenario.effective_tags if tag.startswith(ISSUE))
    return found[0].removeprefix("allure.issue:") if found else ""


def known(scenario: Scenario) -> str:
    """Return its reason and its issue, in a line."""
    return f"{reason(scenario)} {issue(scenario)}".strip()


def excuse(scenario: Scenario | None, step: Step) -> None:
    """After a step: if this is the failure that is expected, skip it and the rest of the scenario.

    A step that another one runs (`context.execute_steps`) is no promise of the scenario's.
    """
    if scenario is None or TAG not in scenario.effective_tags:
        return
    if is_own(scenario, step) and is_broken_promise(step):
        scenario.excused = text.clean(text.message(step.exception))
        scenario.should_skip = True
        step.status = Status.skipped


def excused(scenario: Scenario) -> str | None:
    """Return what failed as expected in a scenario that counts as passed."""
    return getattr(scenario, "excused", None)


def judge(scenario: Scenario, failed: bool) -> bool:
    """After a scenario: return whether it failed, also by that; one that is known to fail fails if it holds.

    :param failed: what behave says.
    """
    if TAG not in scenario.effective_tags:
        return failed
    if excused(scenario) is not None:
        scenario.should_skip = False
        if scenario.status == Status.skipped:
            scenario.set_status(Status.passed)
        else:  # another step, a hook or a cleanup failed
            del scenario.excused
    elif scenario.status == Status.passed:
        error = UnexpectedPass(f"It passes, and is expected to fail: {reason(scenario)}\nTake away @{TAG}.")
        failures.fail(scenario, failures.AT_THE_END, error)
        print(f"\n{scenario.location} “{scenario.name}”: {error}")
        return True
    if failed:
        print(f"\n{scenario.location} “{scenario.name}” is expected to fail at a Then, and broke otherwise.")
    return failed
