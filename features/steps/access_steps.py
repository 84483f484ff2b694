"""Who may do what: the words of the permission matrix, and of the sentences that hold everywhere."""

from functools import partial

from behave import given, then, when

from behave_flask.lint.attempts import judges
from features.support.checks import answers, completeness, enumeration, identity, permissions, sweeps

# given


@given("a shop with a member, a product, an order and a post")
def step_shop(context):
    permissions.furnish(context.world)


@given("another customer has two orders")
def step_two_orders(context):
    enumeration.give_orders(context.world, "another customer", 2)


@given("each of these needs a row")
def step_needs(context):
    context.world.noted["needed"] = context.table


@given("it is offered here")
@given("these may tell")
@given("these need none")
def step_exceptions(context):
    context.world.noted["exceptions"] = context.table


# when


@when("{who} tries to read everything, and then its head alone")
def step_heads(context, who):
    context.world.noted["pairs"] = sweeps.heads(context.world, who)


@when("{who} tries to see the orders of all numbers, and of some more")
def step_guess(context, who):
    context.world.noted["found"] = enumeration.guess_orders(context.world, who)


@when("{who} tries to set {field} to {value} in everything that is written")
def step_slip_in(context, who, field, value):
    context.world.noted["outcomes"] = sweeps.slip_in(
        context.world, who, field, value, context.world.noted["exceptions"]
    )
    context.world.noted["field"] = field


@when("{who} tries to {action} by {request:Request}")
def step_try(context, who, action, request):
    permissions.attempt(context.world, who, action, request)


@when("{who} tries to do what is refused to them, about what exists and about what does not")
def step_refusals(context, who):
    context.world.noted["pairs"] = sweeps.refusals(context.world, who, context.world.noted["exceptions"])


@when("somebody with {token} tries to do everything that asks to sign in")
def step_bad_token(context, token):
    context.world.noted["outcomes"] = sweeps.come_with(context.world, token)


@when("the tables are compared with what the service answers to")
def step_compare(context):
    context.world.noted["compare"] = partial(
        completeness.compare,
        context.world,
        context.world.noted["needed"],
        context.world.noted["exceptions"],
    )
    context.world.noted["comparison"] = context.world.noted["compare"]()


@when("these act in turn")
def step_in_turn(context):
    context.world.noted["taken_for"] = identity.act_in_turn(context.world, context.table)


# then


@then("{who:Unquoted} {verdict:Verdict} {action:Unquoted}")
@judges
def step_verdict(context, who, verdict, action):
    permissions.judge(context.world, who, verdict, action)


@then("{who} has found just those two orders")
@judges
def step_found(context, who):
    enumeration.found_only_own(context.world, who, context.world.noted["found"])


@then("both are answered alike, and nothing has changed")
@judges
def step_heads_alike(context):
    sweeps.all_alike(context.world.noted["pairs"], body=False)
    answers.nothing_has_changed(context.world)


@then("both are refused alike")
@judges
def step_refused_alike(context):
    sweeps.all_refused(context.world.noted["pairs"])
    sweeps.all_alike(context.world.noted["pairs"])


@then("each time they are asked to sign in, and nothing has changed")
@judges
def step_asked_to_sign_in(context):
    sweeps.all_must_be("must sign in", context.world.noted["outcomes"])
    answers.nothing_has_changed(context.world)


@then("each was taken for who they are")
def step_taken_for(context):
    identity.all_themselves(context.world.noted["taken_for"])


@then("it is refused by name wherever it is not offered, and nothing has changed")
@judges
def step_refused_by_name(context):
    sweeps.all_must_be("invalid", context.world.noted["outcomes"])
    sweeps.all_blame(context.world.noted["field"], context.world.noted["outcomes"])


@then("nothing is missing, written twice or out of date")
def step_complete(context):
    noted = context.world.noted
    completeness.judge(context.world, noted["comparison"], lambda also: noted["compare"](also=also))
    context.suite.note(f"Who may do what: {context.world.noted['comparison'].counts}.")
