"""Words for background work: when it is done, what is queued.

For example::

    When the background work is done
    Then the task "shop.tasks.send_welcome" is queued
"""

from typing import Any

from behave import then, when


@when("the background work is done")
def step_run_due(context: Any) -> None:
    """Run every task that is due, also those that are queued meanwhile."""
    context.world.stage.tasks.run_due()


@then('the task "{name}" is queued')
def step_queued(context: Any, name: str) -> None:
    """Check that a task is queued, once for each time that it is said."""
    context.world.stage.tasks.take(name)


@then("no task is queued")
def step_none_queued(context: Any) -> None:
    """Check that nothing waits in the queue."""
    pending = context.world.stage.tasks.pending()
    assert not pending, "Queued are: " + ", ".join(map(str, pending))
