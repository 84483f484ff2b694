"""The payment provider: how it fares, and what it was asked for."""

from functools import partial

from behave import given, then, when

from behave_flask.lint.attempts import judges
from features.support.areas import concurrency, orders, payments
from features.support.world import providers

# given


@given("the payment provider {trouble:Trouble}")
def step_trouble(context, trouble):
    providers.payments_in_trouble(context.world.stage.outside, trouble)


@given('the payment provider declines: "{reason}"')
def step_declines(context, reason):
    providers.charge_declined(context.world.stage.outside, reason)


@given("the payment provider declines and says {reason:Entry}")
def step_declines_and_says(context, reason):
    providers.charge_declined(context.world.stage.outside, reason)


@given('the payment provider refuses to give anything back: "{reason}"')
def step_refuses(context, reason):
    providers.refund_refused(context.world.stage.outside, reason)


@given("the payment provider takes a charge only at the second try")
def step_second_try(context):
    providers.charge_taken_late(context.world.stage.outside)


@given("the shop stumbles while it asks for the money")
def step_stumble(context):
    providers.charge_broken_off(context.world.stage.outside)


@given("the payment provider takes the money, and answers too late {times:Times}")
def step_late(context, times):
    providers.charge_answered_late(context.world.stage.outside, times)


@given("the payment provider thinks until the shop's chores have asked too, and answers both")
def step_both(context):
    concurrency.chores_while_paying(context.world)


@given("the payment provider {thought:Thought} after a while, in which the order is cancelled")
def step_overtaken(context, thought):
    meanwhile = partial(orders.cancelled_by_another, context.world)
    providers.charge_overtaken(context.world.stage.outside, thought, meanwhile)


# when


@when("the payment provider is back")
def step_back(context):
    providers.payments_in_order(context.world.stage.outside)


@when('the payment provider is back and declines: "{reason}"')
def step_back_and_declines(context, reason):
    providers.charge_declined(context.world.stage.outside, reason)


# then


@then("the payment provider was asked {times:Times} to charge {cents:Cents} for {order:Order}")
def step_charged(context, times, cents, order):
    payments.charged(context.world, times, cents, order)


@then("the payment provider was asked for the money of all {count:d} orders")
def step_all_charged(context, count):
    payments.all_charged(context.world, count)


@then("the payment provider was asked {times:Times} to give {cents:Cents} of {order:Order} back")
def step_given_back(context, times, cents, order):
    payments.given_back(context.world, times, cents, order)


@then("the payment provider was asked {times:Times} to make the charge for {order:Order} void")
def step_voided(context, times, order):
    payments.voided(context.world, times, order)


@then("{order:Order} and {other:Order} were charged under different keys")
def step_different_keys(context, order, other):
    payments.keys_differ(context.world, order, other)


@then("{who} reads the first {letters:d} letters of the reason for declining")
@judges
def step_declined_in_short(context, who, letters):
    payments.declined_in_short(context.world, who, letters)


@then("the payment provider has taken {cents:Cents} {times:Times}")
def step_taken(context, cents, times):
    payments.taken(context.world, cents, times)


@then("the payment provider was not asked for anything")
def step_not_asked(context):
    payments.not_asked(context.world)
