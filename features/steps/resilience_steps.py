"""What may happen to the shop: parts of it fall over or are renewed, customers come at the same moment."""

from behave import given, then, when

from behave_flask.lint.attempts import judges
from features.support.areas import concurrency, orders, race_conditions, sessions


@given("{what:Happens} at the same moment")
def step_overtaken(context, what):
    race_conditions.let_happen(context.world, what)


# when


@when("the background work falls over in the middle of an e-mail")
def step_fall_over(context):
    context.world.stage.outages.kill_worker_at_mail()


@when("{who} signs in while the mail server is in the middle of an e-mail")
def step_sign_in_meanwhile(context, who):
    with concurrency.mail_under_way(context.world):
        sessions.sign_in(context.world, who).must_succeed()


@when("{who} cancels {order:Order} while the mail server is in the middle of an e-mail")
def step_cancel_meanwhile(context, who, order):
    with concurrency.mail_under_way(context.world):
        orders.cancel(context.world, who, order).must_succeed()


@when("the background work is taken up again")
def step_take_up(context):
    context.world.stage.outages.start_worker()


@when("the queue for background work stops")
def step_queue_stops(context):
    context.world.stage.outages.stop_queue()


@when("the queue for background work is started again")
def step_queue_starts(context):
    context.world.stage.outages.start_queue()


@when("the shop's memory restarts")
def step_memory_restarts(context):
    context.world.stage.outages.restart_memory()


@when("{who}'s order of {quantity:d} {name:Product} on the slip " + '"{slip}" is cut short by a restart')
def step_memory_restarts_meanwhile(context, who, quantity, name, slip):
    with concurrency.ordering(context.world, [who], quantity, name, slip=slip):
        context.world.stage.outages.restart_memory()
    context.world.outcome.must_be("unavailable")


@when("the shop is renewed while {who} orders {quantity:d} {name:Product} and others look around")
def step_renewed(context, who, quantity, name):
    with (
        concurrency.looking_around(context.world),
        concurrency.ordering(context.world, [who], quantity, name),
    ):
        context.world.stage.outages.reload_web()
    context.world.outcome.must_succeed()


@when("{one} and {other} try to order {quantity:d} {name:Product} at the same moment")
def step_try_to_order_at_once(context, one, other, quantity, name):
    concurrency.order_at_once(context.world, [one, other], quantity, name)


@when("{one} and {other} order {quantity:d} {name:Product} at the same moment")
def step_order_at_once(context, one, other, quantity, name):
    concurrency.order_at_once(context.world, [one, other], quantity, name)
    concurrency.both_succeed(context.world)


@when('{who} tries to order {quantity:d} {name:Product} twice at the same moment on the slip "{slip}"')
def step_order_twice_at_once(context, who, quantity, name, slip):
    concurrency.order_at_once(context.world, [who, who], quantity, name, slip=slip)


@when("{one} and {other} try to {action} and to {deed} at the same moment, in this order")
def step_act_just_before(context, one, action, other, deed):
    concurrency.act_just_before(context.world, (one, action), (other, deed))


@when("{one} and {other} try to delete each other at the same moment")
def step_delete_each_other(context, one, other):
    concurrency.delete_each_other(context.world, one, other)


@when("{task:Task} is delivered a second time, and both are done at the same moment")
def step_work_twice(context, task):
    concurrency.work_twice(context.world, task)


# then


@then('one of them succeeds, and the other is told "{reason}"')
@judges
def step_one_succeeds(context, reason):
    concurrency.one_succeeds(context.world, reason)


@then("both of them succeed")
@judges
def step_both_succeed(context):
    concurrency.both_succeed(context.world)


@then("both are told of the same order")
@judges
def step_same_order(context):
    concurrency.all_got_one_order(context.world)


@then("everybody who looked around was served")
def step_served(context):
    concurrency.were_served(context.world)
