"""Requests that are wrong in themselves, and what every answer has to be like."""

from behave import given, then, when

from behave_flask.lint.attempts import judges
from features.support import mistakes

# given


@given("something in the shop breaks that nobody thought of")
def step_break(context):
    mistakes.break_something(context.world)


# when


@when("{who} tries to {mistake:Mistake}")
def step_mistake(context, who, mistake):
    mistakes.make(context.world, who, mistake)


# then


@then("the answer forbids browsers to frame it, guess its type, pass its address on or keep it")
def step_sealed(context):
    mistakes.sealed(context.world)


@then("the answer lets a browser load {what:Loaded}")
def step_lets_load(context, what):
    mistakes.lets_load(context.world, what)


@then("{who} is told that it is the shop's own fault, and no more")
@judges
def step_our_fault(context, who):
    mistakes.our_fault(context.world, who)


@then('programs are told to sign in to "{name}" with a token')
def step_how_to_sign_in(context, name):
    mistakes.says_how_to_sign_in(context.world, name)


@then("the answer tells nothing of what the shop is made of")
def step_nothing_of_the_inside(context):
    mistakes.tells_nothing_of_the_inside(context.world)


@then("the answer says that one can {methods} there")
def step_can_be_done(context, methods):
    mistakes.can_be_done_there(context.world, set(methods.split(", ")))
