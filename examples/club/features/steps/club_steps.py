from behave import then, when

from behave_flask import attempts
from behave_flask.steps import mail, matrix  # noqa: F401


@when('{who} admits "{name}" with the e-mail "{email}"')
def step_admits(context, who, name, email):
    context.world.do(who, "admit somebody", json={"name": name, "email": email, "token": name})


@when('{who} tries to admit "{name}" with the e-mail "{email}"')
def step_tries_to_admit(context, who, name, email):
    context.world.attempt(who, "admit somebody", json={"name": name, "email": email, "token": name})


@then('{who} is told "{text}"')
@attempts.judges
def step_told(context, who, text):
    outcome = context.world.outcome_of(who)
    outcome.must_be("invalid")
    assert text in outcome.body["error"], outcome.body
