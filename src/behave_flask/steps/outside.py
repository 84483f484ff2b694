"""Words for other people's services: what they answer, and what they are asked.

For example::

    Given "the weather" answers
      | method | url                           | status | json         |
      | GET    | https://weather.example/today | 200    | {"sky": "☀"} |
    Then "the weather" was asked
"""

import json
from typing import Any

from behave import given, then


@given('"{name}" answers')
def step_answers(context: Any, name: str) -> None:
    """Arrange the answers of a table, the last row first asked; each has to be asked for in the scenario."""
    for row in context.table:
        cells = row.as_dict()
        body = {"json": json.loads(cells["json"])} if cells.get("json") else {"text": cells.get("text", "")}
        context.world.stage.outside.stub(
            cells.get("method", "GET"),
            cells["url"],
            name=name,
            status_code=int(cells.get("status", "200")),
            **body,
        )


@then('"{name}" was asked')
def step_asked(context: Any, name: str) -> None:
    """Check that the service has asked what was arranged under this name."""
    asked = [call.stub for call in context.world.stage.outside.calls]
    assert name in asked, f"“{name}” was not asked. Asked were: {', '.join(asked) or 'none'}."
