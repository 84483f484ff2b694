"""Money that customers get back."""

from behave import given, then, when

from features.support.areas import orders, refunds
from features.support.world import factories

# given


@given("{cents:Cents} of {order:Order} has been given back before")
def step_given_before(context, cents, order):
    context.world.make(factories.RefundFactory, order=orders.read(context.world, order), amount_cents=cents)


# when


@when("{who} gives {cents:Cents} of {order:Order} back")
def step_give(context, who, cents, order):
    refunds.give(context.world, who, order, cents).must_succeed()


@when("{who} tries to give {cents:Cents} of {order:Order} back")
def step_try_to_give(context, who, cents, order):
    refunds.give(context.world, who, order, cents)


@when('{who} gives {cents:Cents} of {order:Order} back on the slip "{slip}"')
def step_give_on_slip(context, who, cents, order, slip):
    refunds.give(context.world, who, order, cents, slip=slip).must_succeed()


@when('{who} tries to give {cents:Cents} of {order:Order} back on the slip "{slip}"')
def step_try_to_give_on_slip(context, who, cents, order, slip):
    refunds.give(context.world, who, order, cents, slip=slip)


@when("{who} gives all that is left of {order:Order} back")
def step_give_all(context, who, order):
    refunds.give(context.world, who, order).must_succeed()


@when("{who} tries to give all that is left of {order:Order} back")
def step_try_to_give_all(context, who, order):
    refunds.give(context.world, who, order)


@when("{who} tries to give {order:Order} back with the amount {entered:Entry}")
def step_give_amount(context, who, order, entered):
    refunds.give(context.world, who, order, entered)


# then


@then("{cents:Cents} of {order:Order} has been given back")
def step_given(context, cents, order):
    refunds.come_to(context.world, order, cents)
