"""Words for snapshots: the answer as it was recorded and approved.

For example::

    Then the answer is as recorded

`behave -D snapshots=update` records it, in `__snapshots__` beside the feature.
"""

from typing import Any

from behave import then


@then("the answer is as recorded")
def step_as_recorded(context: Any) -> None:
    """Compare the last answer's JSON with what is recorded for this scenario."""
    context.suite.snapshots.check(context.scenario.name, context.world.outcome.body)
