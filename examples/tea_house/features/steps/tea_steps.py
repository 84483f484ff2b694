from behave import then, when

from behave_flask import attempts
from behave_flask.steps import matrix  # noqa: F401
from features.world import tea


@when("{who} takes {name}")
def step_takes(context, who, name):
    context.world.person(who)
    context.world.do(who, "take a tea", **tea(context.world, who, name))


@when("{who} tries to take {name}")
def step_tries_to_take(context, who, name):
    context.world.person(who)
    context.world.attempt(who, "take a tea", **tea(context.world, who, name))


@when("another site tries to put {name} on the tray of {who}")
def step_forges(context, name, who):
    context.world.attempt(who, "take a tea", form={"tea": name})


@then('{who} is told "{reason}"')
@attempts.judges
def step_told(context, who, reason):
    outcome = context.world.outcome_of(who)
    outcome.must_be("invalid")
    assert reason in outcome.response.text, outcome.exchange


@then("the form of {who} is refused")
@attempts.judges
def step_refused(context, who):
    context.world.outcome_of(who).must_be("unreadable")


@then("the tray of {who} has {teas}")
def step_tray(context, who, teas):
    page = context.world.act(who, "see the menu").response.text
    found = [line for each in page.split("<li>")[1:] if (line := each.partition("</li>")[0])]
    assert (", ".join(found) or "nothing") == teas, page
