"""Who may do what: the words of the permission matrix, and of the sentences that hold everywhere."""

from behave import given, then, when

from behave_flask.core.step_tables import rows_of
from behave_flask.lint.attempts import judges
from behave_flask.permissions.matrix import Exemption
from behave_flask.permissions.permission_matrix import Completeness
from behave_flask.permissions.sweeps import Sweep, Swept, SweptPairs
from features.support.checks import answers, enumeration, identity, invalid_tokens, permissions
from features.support.checks.enumeration import FoundOrders
from features.support.checks.identity import Turns
from features.support.checks.permissions import MATRIX, Exceptions, NeededRows
from features.support.inputs.field_values import plain_value

# given


@given("a shop with a member, a product, an order and a post")
def step_shop(context):
    permissions.furnish(context.world)


@given("another customer has two orders")
def step_two_orders(context):
    enumeration.give_orders(context.world, "another customer", 2)


@given("each of these needs a row")
def step_needs(context):
    context.world.note(NeededRows(context.table))


@given("it is offered here")
@given("these may tell")
@given("these need none")
def step_exceptions(context):
    context.world.note(Exceptions(context.table))


# when


@when("{who} tries to read everything, and then its head alone")
def step_heads(context, who):
    context.world.note(Sweep(MATRIX, context.world).heads(who))


@when("{who} tries to see the orders of all numbers, and of some more")
def step_guess(context, who):
    context.world.note(FoundOrders(enumeration.guess_orders(context.world, who)))


@when("{who} tries to set {field} to {value} in everything that is written")
def step_add_field(context, who, field, value):
    exceptions = rows_of(context.world.noted(Exceptions).table, "field", "request")
    offered = [row["request"] for row in exceptions if row["field"] == field]
    context.world.note(Sweep(MATRIX, context.world).add_field(who, field, plain_value(value), offered))


@when("{who} tries to {action} by {request:Request}")
def step_try(context, who, action, request):
    MATRIX.attempt(context.world, who, action, request)


@when("{who} tries to do what is refused to them, about what exists and about what does not")
def step_refusals(context, who):
    exceptions = rows_of(context.world.noted(Exceptions).table, "request", "who", "reason")
    exempt = [Exemption(**row) for row in exceptions]
    context.world.note(Sweep(MATRIX, context.world).refusals(who, exempt))


@when("somebody with {token} tries to do everything that asks to sign in")
def step_invalid_token(context, token):
    context.world.people[token] = invalid_tokens.somebody(context.world, token)
    context.world.note(Sweep(MATRIX, context.world).as_somebody(token))


@when("the tables are compared with what the service answers to")
def step_compare(context):
    needed = rows_of(context.world.noted(NeededRows).table, "who", "request")
    exempt = rows_of(context.world.noted(Exceptions).table, "request", "who", "reason")
    context.world.note(MATRIX.completeness(context.world.stage, needed, exempt))


@when("these act in turn")
def step_in_turn(context):
    context.world.note(Turns(identity.act_in_turn(context.world, context.table)))


# then


@then("{who:Unquoted} {verdict:Verdict} {action:Unquoted}")
@judges
def step_verdict(context, who, verdict, action):
    MATRIX.judge(context.world, who, verdict, action)


@then("{who} has found just those two orders")
@judges
def step_found(context, who):
    enumeration.found_only_own(context.world, who, context.world.noted(FoundOrders).ids)


@then("both are answered alike, and nothing has changed")
@judges
def step_heads_alike(context):
    context.world.noted(SweptPairs).must_be_alike(body=False)
    answers.nothing_has_changed(context.world)


@then("both are refused alike")
@judges
def step_refused_alike(context):
    context.world.noted(SweptPairs).must_be_refused()
    context.world.noted(SweptPairs).must_be_alike()


@then("each time they are asked to sign in, and nothing has changed")
@judges
def step_asked_to_sign_in(context):
    context.world.noted(Swept).must_be("must sign in")
    answers.nothing_has_changed(context.world)


@then("each was taken for who they are")
def step_taken_for(context):
    identity.all_themselves(context.world.noted(Turns).taken_for)


@then("it is refused by name wherever it is not offered, and nothing has changed")
@judges
def step_refused_by_name(context):
    context.world.noted(Swept).must_be("invalid")
    context.world.noted(Swept).must_blame_the_field()


@then("nothing is missing, written twice or out of date")
def step_complete(context):
    completeness = context.world.noted(Completeness)
    completeness.check()
    context.suite.note(f"Who may do what: {completeness.comparison.counts}.")
