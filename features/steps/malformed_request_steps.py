"""Requests that are wrong in themselves, and what every answer has to be like."""

from behave import given, then, when

from behave_flask.lint.attempts import judges
from features.support.checks import malformed_requests
from features.support.world.providers import WEATHER

# given


@given("something in the shop breaks that nobody thought of: {fault:Fault}")
def step_break(context, fault):
    context.world.stage.outside.stub("GET", WEATHER, name="a fault that nobody thought of", exc=fault)


# when


@when("{who} tries to {mistake:Mistake}")
def step_mistake(context, who, mistake):
    malformed_requests.make(context.world, who, mistake)


# then


@then("the answer forbids browsers to frame it, guess its type, pass its address on or keep it")
def step_sealed(context):
    malformed_requests.sealed(context.world)


@then("the answer lets a browser load {what:Loaded}")
def step_lets_load(context, what):
    malformed_requests.lets_load(context.world, what)


@then("{who} is told that it is the shop's own fault, and no more")
@judges
def step_our_fault(context, who):
    malformed_requests.our_fault(context.world, who)


@then('programs are told to sign in to "{name}" with a token')
def step_how_to_sign_in(context, name):
    malformed_requests.says_how_to_sign_in(context.world, name)


@then("the answer tells nothing of what the shop is made of")
def step_nothing_of_the_inside(context):
    malformed_requests.reveals_no_internals(context.world)


@then("the answer says that one can {methods} there")
def step_can_be_done(context, methods):
    malformed_requests.can_be_done_there(context.world, set(methods.split(", ")))
