"""Words for the permission matrix: who may do what.

For example::

    Scenario Outline: <who> <verdict> <action>
      Given there is everything that the rows are about
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>

      Examples: books
        | who       | verdict         | action        | request               |
        | a visitor | must sign in to | borrow a book | POST /books/{id}/loan |

The scenario's world is `context.world`, the matrix `context.matrix`: `hooks_for(..., matrix=...)`.
"""

import re
from typing import Any

from behave import given, register_type, then, when
from parse import with_pattern

from behave_flask.lint import attempts
from behave_flask.permissions.matrix import VERDICTS, told_verdict

EXEMPT = (
    {"request": "HEAD of everything", "who": "everybody", "reason": "is answered as GET is, without a body"},
    {"request": "OPTIONS of everything", "who": "everybody", "reason": "tells methods, and no data"},
)

attempts.phrases("tries to")


@with_pattern(r"[A-Z]+ /\S*")
def _request(text: str) -> str:
    """Read "GET /books/{id}"."""
    return text


@with_pattern("|".join(sorted(map(re.escape, VERDICTS), reverse=True)) + f"|{told_verdict('[^”]+')}")
def _verdict(text: str) -> str:
    """Read one of `VERDICTS`, or "is told “invalid” when trying to"."""
    return text


register_type(MatrixRequest=_request, MatrixVerdict=_verdict)


@given("there is everything that the rows are about")
def step_furnish(context: Any) -> None:
    """Make the world in which every row can be played, as the matrix has it."""
    context.world = context.matrix.furnished(context.world.stage)


@when("{who} tries to {action} by {request:MatrixRequest}")
def step_try(context: Any, who: str, action: str, request: str) -> None:
    """Let somebody try what a row of the matrix names."""
    context.matrix.attempt(context.world, who, action, request)


@then("{who} {verdict:MatrixVerdict} {action}")
@attempts.judges
def step_judge(context: Any, who: str, verdict: str, action: str) -> None:
    """Check what came of it, and that nothing else has changed than what may change."""
    context.matrix.judge(context.world, who, verdict, action)


@then("there is a row for everything that can be asked")
def step_complete(context: Any) -> None:
    """Check that each route has a row for each kind of person; what lacks is printed to be pasted.

    A table with `request`, `who` and `reason` below the step exempts more than HEAD and OPTIONS.
    """
    stage = context.world.stage
    methods = {route.method for route in stage.routes()}  # a service that only takes something has no HEAD
    exempt = [each for each in EXEMPT if each["request"].split()[0] in methods]
    exempt += [row.as_dict() for row in context.table or ()]
    needed = [{"who": who, "request": "everything"} for who in context.matrix.legend.columns]
    context.matrix.completeness(stage, needed, exempt).check()
