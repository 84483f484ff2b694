"""Who may do what: the words of the permission matrix."""

from behave import given, then, when

from features.support import access

# given


@given("a shop with a member, a product, an order and a post")
def step_shop(context):
    access.furnish(context.world)


# when


@when("{who} tries to {action} by {request:Request}")
def step_try(context, who, action, request):
    access.attempt(context.world, who, action, request)


# then


@then("{who:Unquoted} {verdict:Verdict} {action:Unquoted}")
def step_verdict(context, who, verdict, action):
    access.judge(context.world, verdict)
