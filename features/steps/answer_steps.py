"""What a person is told, in words that every area shares."""

from behave import then

from behave_flask.lint.attempts import judges
from features.support.checks import answers

# then


@then("{who} succeeds")
@judges
def step_succeeds(context, who):
    answers.outcome_is(context.world, who, "allowed")


@then("{who} is told that this does not exist")
@judges
def step_does_not_exist(context, who):
    answers.outcome_is(context.world, who, "does not exist")


@then("{who} is told that this is {word:Word}")
@judges
def step_outcome(context, who, word):
    answers.outcome_is(context.world, who, word)


@then("{who} is told to sign in")
@judges
def step_must_sign_in(context, who):
    answers.outcome_is(context.world, who, "must sign in")


@then("{who} is told to come back in {span:Span}")
def step_retry_after(context, who, span):
    answers.retry_after_is(context.world, who, span)


@then('the fault is in the {field}: "{message}"')
def step_fault(context, field, message):
    answers.field_error_is(context.world, field, message)


@then('the reason given is "{reason}"')
def step_reason(context, reason):
    answers.reason_is(context.world, reason)


@then("nothing has changed")
def step_nothing_has_changed(context):
    answers.nothing_has_changed(context.world)


@then("nothing in the shop has changed")
def step_nothing_in_the_shop_has_changed(context):
    answers.nothing_has_changed(context.world, but=frozenset({"outside calls"}))


@then("the answer is as recorded")
def step_as_recorded(context):
    answers.as_recorded(context.suite.snapshots, context.scenario.name, context.world)
