"""Features and steps that prove less than they say, or disturb what they look at: all go red."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from planting import append, attempt, feature

STEPS = """
from behave import given, then, when

from behave_flask.core.http import Request
from features.support.shop import models
from features.support.world import providers


@given("the weather is fair, as planted")
def step_fair_weather(context):
    providers.fair_weather(context.world.stage.outside)


@when("{who} lists the posts while a session is open, as planted")
def step_open_session(context, who):
    with context.world.stage.data() as session:
        session.execute(models.User.__table__.update().values(name="Kept"))
        context.world.act(who, "list posts")


@given("a session is kept, as planted")
def step_kept_session(context):
    with context.world.stage.data() as session:
        context.kept = session
    session.execute(models.User.__table__.update().values(name="Kept"))


@given("an application context is held, as planted")
def step_held_context(context):
    context.held = context.world.stage.app.app_context()
    context.held.push()
    context.add_cleanup(context.held.pop)


@given("a step that fails, as planted")
def step_fails(context):
    raise AssertionError("as planted")


@when("{who} orders, as planted")
def step_orders(context, who):
    order = {"product_id": context.world.thing("product"), "quantity": 1}
    context.world.act(who, "place an order", json=order)


@then("a socket of the suite's own is opened, as planted")
def step_socket(context):
    import socket

    socket.create_connection(("203.0.113.7", 80), timeout=1)
"""

SCENARIOS = "".join(
    [
        """
  Scenario: an unused stub
    Given the weather is fair, as planted
    When a user tries to list posts by GET /api/posts
    Then a user succeeds

  Scenario: a session left open
    When the customer lists the posts while a session is open, as planted
    Then the customer succeeds

  Scenario: a session kept
    Given a session is kept, as planted
    When the customer tries to list posts by GET /api/posts
    Then the customer succeeds

  Scenario: a context held
    Given an application context is held, as planted
    When a user tries to list posts by GET /api/posts
    Then a user succeeds

  Scenario: a task that nobody verified
    When a user orders, as planted
    Then a user succeeds

  Scenario: a mail that nobody verified
    When a user orders, as planted
    Then a user succeeds
    When the background work is done

  Scenario: a socket
    When a user lists the posts
    Then a socket of the suite's own is opened, as planted

  Scenario: a step that nobody wrote
    When a user tries to list posts by GET /api/posts
    Then a user is quite content

  Scenario: a step in another's place
    When a user tries to list posts by GET /api/posts
    Then another customer succeeds

  Scenario: a Then without a When
    Then a user succeeds

  Scenario: a change that nobody watched
    When a user orders, as planted
    Then nothing has changed

  Scenario: a heading that the step does not know
    When a user tries to list posts by GET /api/posts
    Then a user is shown
      | titel |

  Scenario: a heading too many
    Given these orders
      | customer | pieces | product | state | verdict |
    Then a user succeeds

  Scenario: a verdict on somebody else
    When a user tries to list products by GET /api/products
    Then an admin may list products

  Scenario: a verdict on something else
    When a user tries to list products by GET /api/products
    Then a user may delete a user

  Scenario: what somebody sees who never looked
    Given Mia is a member
    When Mia looks at the account of Mia
    Then Otto sees the name of Mia

  Scenario: another task is delivered again
    When a user orders, as planted
    Then the order confirmation is queued once
    When the welcome is delivered a second time
    Then nothing is queued

  Scenario: a pause that somebody else was told
    Given the weather provider is overloaded for 30 seconds
    When a user tries to ask for the weather in "Berlin"
    Then a user is told that this is unavailable
    And an admin is told to come back in 30 seconds

  Scenario: no pause for somebody else
    Given the weather provider is overloaded
    When a user tries to ask for the weather in "Berlin"
    Then a user is told that this is unavailable
    And an admin is not told when to come back

  @embedded
  Scenario: a fault of the shop that somebody else was told
    Given something in the shop breaks that nobody thought of: the shop stumbles over a wire
    When a user tries to ask for the weather in "Berlin"
    Then an admin is told that it is the shop's own fault, and no more

  Scenario: an account that nobody had
    When a user lists the posts
    Then an anonymous visitor has no account any more

  Scenario: an order of nobody
    When a user lists the posts
    Then an anonymous visitor has no order

  Scenario: the password of somebody else
    Given Mia is a member
    And Max is a member
    And the password of Mia is kept in an old way
    When Mia signs in
    Then the password of Max is kept in a new way

  @fixture.payments
  Scenario: orders of which one was not charged
    Given Ann is a member
    And Ben is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock
    And Ben has an order of 1 Tea that is paid
    When Ann orders 1 Tea
    And Ann orders 2 Tea
    Then Ann's order and Ben's order were charged under different keys

  @browser
  Scenario: a page that nobody opened
    When a user lists the posts
    Then everybody can use the page of a user, and nothing on it is too wide

  Scenario: the next one
    When a user tries to list posts by GET /api/posts
    Then a user succeeds
""",
        attempt("a typo in who", "an amdin", "may", "delete a user", "DELETE /api/users/{id}"),
        attempt("a typo in verdict", "a user", "mya not", "delete a user", "DELETE /api/users/{id}"),
        attempt("a typo in action", "a user", "may not", "delte a user", "DELETE /api/users/{id}"),
        attempt("a typo in request", "a user", "may not", "delete a user", "DELETE /api/user/{id}"),
    ]
)

# Each scenario with what its failure says.
FAILURES = {
    "an unused stub": ["“the weather” was arranged but never called (GET https://api.weather.com/current)"],
    "a session left open": [
        "The test's session of ",
        "planted_steps.py:16 is still open during a request",
        "Leave its `with` block before sending.",
    ],
    "a session kept": ["A transaction is still open on the default database: a session has written and"],
    "a context held": [
        "An application context of 'app' is pushed around the request",
        "the request would act as somebody else",
    ],
    "a task that nobody verified": ["a queued task, app.tasks.send_order_confirmation("],
    "a mail that nobody verified": ["an e-mail to member", "“Order confirmed”"],
    "a socket": ["The service tried to connect to 203.0.113.7:80"],
    "a step in another's place": ["The last to act was a user, not another customer."],
    "a Then without a When": ["Nobody has done anything yet: the scenario needs a When."],
    "a change that nobody watched": ["The state was not noted before the action"],
    "a heading that the step does not know": [
        "The table has the headings titel; the step knows title, text,"
    ],
    "a heading too many": ["customer, pieces, product, state, verdict; the step takes customer, pieces,"],
    "a verdict on somebody else": ["The last to act was a user, not an admin."],
    "a verdict on something else": ["a user tried to list products, not to delete a user."],
    "what somebody sees who never looked": ["The last to act was Mia, not Otto."],
    "another task is delivered again": [
        "No step has spoken of app.tasks.send_welcome. They spoke of: app.tasks.send_order_confirmation."
    ],
    "a pause that somebody else was told": ["The last to act was a user, not an admin."],
    "no pause for somebody else": ["The last to act was a user, not an admin."],
    "a fault of the shop that somebody else was told": ["The last to act was a user, not an admin."],
    "an account that nobody had": ["an anonymous visitor never had an account."],
    "an order of nobody": ["an anonymous visitor never had an account."],
    "the password of somebody else": ["No step has said that the password of Max was kept in an old way."],
    "orders of which one was not charged": ["Ann's order and Ben's order were charged under the keys"],
    "a page that nobody opened": ["a user has not opened a page."],
    "a typo in who": ["Nobody here is called 'an amdin'", "an admin"],
    "a typo in action": ["DELETE /api/users/{id} is to 'delete a user', not to 'delte a user'."],
    "a typo in request": ["The service has no DELETE /api/user/{id}. Nearest are: DELETE /api/users/{id}"],
}
UNDEFINED = {
    "a typo in verdict": [
        "no step says “a user mya not delete a user”. Near it are:\n  - ",
        "where Verdict is: may, may not, must sign in to,",
    ],
    "a step that nobody wrote": ["no step says “a user is quite content”."],
}


@pytest.fixture(scope="module")
def run(
    tmp_path_factory: pytest.TempPathFactory,
    copy_project: Callable[[Path], Path],
    behave: Callable[..., Any],
) -> Any:
    """One run of all the scenarios."""
    folder = copy_project(tmp_path_factory.mktemp("features") / "project")
    append(folder, "features/steps/planted_steps.py", STEPS)
    return behave(folder, feature(folder, SCENARIOS))


@pytest.mark.parametrize("fault", FAILURES)
def test_a_fault_of_a_feature_fails_its_scenario(run: Any, fault: str) -> None:
    case = run.case(fault)
    assert case.status in ("failed", "error", "hook_error")
    for message in FAILURES[fault]:
        assert message in case.message


@pytest.mark.parametrize("fault", UNDEFINED)
def test_words_that_no_step_has_fail_the_scenario_and_are_shown(run: Any, fault: str) -> None:
    assert run.status(fault) in ("undefined", "error")
    for message in UNDEFINED[fault]:
        assert message in run.case(fault).message
    assert UNDEFINED[fault][0].partition("\n")[0] in run.output


def test_what_a_scenario_left_open_does_not_reach_the_next(run: Any) -> None:
    assert run.status("the next one") == "passed"
