"""Scenarios that are known to fail: counted as passed while they do, and red as soon as they hold.

Reports call one skipped, with the reason of its tag: what it promises does not hold.

    @xfail @allure.issue:https://example.com/issues/12
    Scenario: A gift card pays for the delivery
      Expected to fail: the delivery is charged before the card is looked at.

With a tag @until=2027-01-31 it is red after that day, so that nobody forgets it.

Only a Then may fail, by an AssertionError: that is the promise that does not hold. Whatever else goes wrong
is an error in place of the failure, and red.
"""

from datetime import date
from typing import Any

from behave.model import Feature, Rule, Scenario, ScenarioOutline, Status, Step

from behave_flask.core import clock, text
from behave_flask.model import failures
from behave_flask.model.running_step import is_broken_promise, is_own

TAG = "xfail"
UNTIL = "until="  # how a tag begins that says the last day on which it may fail
ISSUE = ("allure.issue:http://", "allure.issue:https://")
SAYS = "Expected to fail:"
HOW = f"under the title a line “{SAYS} ...”, and a tag @allure.issue:https://..."


class UnexpectedPass(AssertionError):
    """What is expected to fail holds."""


class Overdue(AssertionError):
    """What is expected to fail does so for longer than it may."""


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


def until(scenario: Scenario) -> date | None:
    """Return the last day on which it may fail, the first of those that its tags name; None if none does.

    :raises ValueError: for a tag that names no day.
    """
    days = [tag.removeprefix(UNTIL) for tag in scenario.effective_tags if tag.startswith(UNTIL)]
    return min(map(date.fromisoformat, days), default=None)


def _overdue(scenario: Scenario) -> str:
    """Say that it may not fail any more; nothing if it may."""
    last = until(scenario)
    if last is None or clock.now().date() <= last:
        return ""
    why = f"It was expected to fail until {last}, and does so still: {known(scenario)}"
    return f"{why}\n{excused(scenario)}\nMend it, or name another day in @{UNTIL}."


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
        if scenario.status == Status.skipped and (overdue := _overdue(scenario)):
            del scenario.excused
            return _fail(scenario, Overdue(overdue))
        if scenario.status == Status.skipped:
            scenario.set_status(Status.passed)
        else:  # another step, a hook or a cleanup failed
            del scenario.excused
    elif scenario.status == Status.passed:
        error = UnexpectedPass(f"It passes, and is expected to fail: {reason(scenario)}\nTake away @{TAG}.")
        return _fail(scenario, error)
    if failed:
        print(f"\n{scenario.location} “{scenario.name}” is expected to fail at a Then, and broke otherwise.")
    return failed


def _fail(scenario: Scenario, error: AssertionError) -> bool:
    """Make a scenario fail, which behave has not seen; return that it has."""
    failures.fail(scenario, failures.AT_THE_END, error)
    print(f"\n{scenario.location} “{scenario.name}”: {error}")
    return True
