"""What customers order, see and cancel."""

from behave import given, then, when

from features.support.areas import orders

# given


@given("these orders")
def step_these_orders(context):
    orders.make_all(context.world, context.table)


@given("{who} has an order of {quantity:d} {name:Product} that {status:OrderStatus}")
def step_has_order(context, who, quantity, name, status):
    orders.has_ordered(context.world, who, quantity, name, status)


@given("{who} has an order of {quantity:d} {name:Product} that {status:OrderStatus}, {times:d} times over")
def step_has_orders(context, who, quantity, name, status, times):
    for _ in range(times):
        orders.has_ordered(context.world, who, quantity, name, status)


@given("{order:Order} has been sent before")
def step_has_been_sent(context, order):
    orders.has_been_sent(context.world, order)


@given("nobody has ordered the product")
def step_never_ordered(context):
    orders.forget(context.world, "order")


# when


@when("{who} cancels {order:Order}")
def step_cancel(context, who, order):
    orders.cancel(context.world, who, order).must_succeed()


@when("{who} tries to cancel {order:Order}")
def step_try_to_cancel(context, who, order):
    orders.cancel(context.world, who, order)


@when("{who} lists every order that {status:OrderStatus}")
def step_list_status(context, who, status):
    context.world.do(who, "list orders", query={"status": status})


@when('{who} tries to list every order in the state "{state}"')
def step_list_state(context, who, state):
    context.world.attempt(who, "list orders", query={"status": state})


@when("{who} lists the orders")
def step_list(context, who):
    context.world.do(who, "list orders")


@when("{who} lists page {page:d} of the orders, {size:d} at a time")
def step_list_page(context, who, page, size):
    context.world.do(who, "list orders", query={"page": str(page), "per_page": str(size)})


@when("{who} looks at {order:Order}")
def step_look(context, who, order):
    context.world.do(who, "see an order", id=context.world.thing(order))


@when("{who} tries to look at {order:Order}")
def step_try_to_look(context, who, order):
    context.world.attempt(who, "see an order", id=context.world.thing(order))


@when("{who} tries to look at an order that never was")
def step_look_at_none(context, who):
    context.world.attempt(who, "see an order", id=999_999_999)


@when("{who} marks {order:Order} as sent")
def step_mark_as_sent(context, who, order):
    orders.mark_as_sent(context.world, who, order).must_succeed()


@when("{who} tries to mark {order:Order} as sent")
def step_try_to_mark_as_sent(context, who, order):
    orders.mark_as_sent(context.world, who, order)


@when("{who} tries to mark an order as sent that never was")
def step_mark_none_as_sent(context, who):
    context.world.attempt(who, "mark an order as sent", id=999_999_999)


@when("{who} orders {quantity:d} {name:Product}")
def step_order(context, who, quantity, name):
    orders.place(context.world, who, quantity, name).must_succeed()


@when("{who} tries to order {quantity:d} {name:Product}")
def step_try_to_order(context, who, quantity, name):
    orders.place(context.world, who, quantity, name)


@when('{who} orders {quantity:d} {name:Product} on the slip "{slip}"')
def step_order_on_slip(context, who, quantity, name, slip):
    orders.place(context.world, who, quantity, name, slip=slip).must_succeed()


@when('{who} tries to order {quantity:d} {name:Product} on the slip "{slip}"')
def step_try_to_order_on_slip(context, who, quantity, name, slip):
    orders.place(context.world, who, quantity, name, slip=slip)


@when("{who} orders {quantity:d} {name:Product} on a slip called {slip:Entry}")
def step_order_on_slip_called(context, who, quantity, name, slip):
    orders.place(context.world, who, quantity, name, slip=slip).must_succeed()


@when("{who} tries to order {quantity:d} {name:Product} on a slip called {slip:Entry}")
def step_try_to_order_on_slip_called(context, who, quantity, name, slip):
    orders.place(context.world, who, quantity, name, slip=slip)


@when('{who} sends the slip "{slip}" for {quantity:d} {name:Product} once more')
def step_order_again(context, who, quantity, name, slip):
    orders.place(context.world, who, quantity, name, slip=slip, again=True).must_succeed()


@when("{who} orders {name:Product} with the {field} {entered:Entry}")
def step_order_with(context, who, name, field, entered):
    orders.place_with(context.world, who, name, field, entered).must_succeed()


@when("{who} tries to order {name:Product} with the {field} {entered:Entry}")
def step_try_to_order_with(context, who, name, field, entered):
    orders.place_with(context.world, who, name, field, entered)


# then


@then("{order:Order} {status:OrderStatus}")
def step_state(context, order, status):
    orders.is_in_state(context.world, order, status)


@then("{order:Order} has been sent")
def step_is_sent(context, order):
    orders.is_sent(context.world, order)


@then("{who} is shown when {order:Order} was sent")
def step_shown_when_sent(context, who, order):
    orders.shown_when_sent(context.world, who, order)


@then("{order:Order} comes to {cents:Cents}")
def step_comes_to(context, order, cents):
    orders.come_to(context.world, order, cents)


@then("{who} has {count:Count} order")
@then("{who} has {count:Count} orders")
def step_count(context, who, count):
    orders.count_is(context.world, who, count)
