"""Work that is done in the background: what is queued, and its effect once it is done."""

from behave import given, then, when

from features.support.areas import background, notifications

# given


@given("the mail server is down")
def step_mail_server_down(context):
    context.world.stage.mailbox.fail_with(ConnectionRefusedError("the mail server is down"))


@given("the queue for background work is down")
def step_queue_down(context):
    context.world.stage.tasks.stop_broker()


@given("work is waiting that only a newer version of the shop knows")
def step_newer_work(context):
    background.leave_newer_work(context.world)


@given("{task:Task} for {who} is waiting to be sent")
def step_waiting(context, task, who):
    notifications.cause(context.world, task, who)


# when


@when("the background work is done")
def step_work_is_done(context):
    background.work(context.world)


@when("the background work is tried {times:Count} times")
@when("the background work is tried {times:Count} time")
def step_tried(context, times):
    background.fail(context.world, times)


@when("the background work is tried whenever it is due, for {span:Span}")
def step_keep_trying(context, span):
    background.keep_trying(context.world, span)


@when("the mail server is back")
def step_mail_server_back(context):
    context.world.stage.mailbox.fail_with(None)


@when("the queue for background work is back")
def step_queue_back(context):
    context.world.stage.tasks.start_broker()


@when("the queue for background work loses all that it had")
def step_queue_loses(context):
    context.world.stage.tasks.clear()


@when("{task:Task} is delivered a second time")
def step_delivered_again(context, task):
    background.deliver_again(context.world, task)


@when("the shop does its regular chores")
def step_chores(context):
    background.do_chores(context.world)


@when("the shop does its regular chores {times:d} times")
def step_chores_often(context, times):
    for _ in range(times):
        background.do_chores(context.world)


# then


@then("{task:Task} is queued for {thing}")
def step_queued(context, task, thing):
    background.queued(context.world, task, thing)


@then("{task:Task} is queued {times:Times}")
def step_queued_times(context, task, times):
    background.queued_times(context.world, task, times)


@then("{task:Task} is tried again in {span:Span}")
def step_tried_again(context, task, span):
    background.tried_again(context.world, task, span)


@then("the work is still waiting that only a newer version of the shop knows")
def step_newer_work_waits(context):
    background.newer_work_waits(context.world)


@then("nothing is queued")
def step_nothing_queued(context):
    if waiting := context.world.stage.tasks.pending():
        raise AssertionError(f"Queued: {', '.join(map(str, waiting))}.")


@then('the operators are warned in the log: "{text}"')
def step_warned(context, text):
    if text not in context.world.stage.errors.warnings:
        raise AssertionError(f"No warning in the log says {text!r}: {context.world.stage.errors.warnings}")


@then('the operators read "{text}" in the log')
def step_logged_exactly(context, text):
    background.logged(context.world, text)


@then('the operators find "{text}" in the log')
def step_logged(context, text):
    context.world.stage.errors.take(text)
