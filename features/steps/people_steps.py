"""Who is there, and the time that passes for them."""

from behave import given, when

from features.support.areas import accounts

# given


@given("{name} is a member")
def step_member(context, name):
    context.world.join(name, name=name)


@given("{name} is a suspended member")
def step_suspended_member(context, name):
    context.world.join(name, name=name, suspended=True)


@given("{name} is an admin")
def step_admin(context, name):
    context.world.join(name, name=name, admin=True)


@given("{name} has left the shop")
def step_has_left(context, name):
    accounts.delete(context.world, "an admin", name).must_succeed()


# when


@when("{span:Span} pass")
@when("{span:Span} passes")
def step_time_passes(context, span):
    context.world.pass_time(span)
