"""What people do and see on the shop's pages, and the rules that pages and apps keep alike."""

from behave import given, then, when

from behave_flask import Person
from behave_flask.lint.attempts import judges
from features.support.inputs import pictures
from features.support.pages import page_actions
from features.support.world import factories

# given


@given("a browser {browser:Browser}")
def step_browser(context, browser):
    page_actions.use(context.world, browser)


@given("{name} is a member who has not signed in")
def step_not_signed_in(context, name):
    context.world.people[name] = Person(name, user=context.world.make(factories.UserFactory, name=name))


# when


@when("another site tries to {action} in the name of {who}")
def step_forge(context, who, action):
    page_actions.forge(context.world, who, action)


@when("{who} tries to send the page's form to sign in as {what}")
def step_send_no_form(context, who, what):
    page_actions.send_no_form(context.world, who, what)


@when("{who} asks for the weather in {city} on the dashboard")
def step_ask_for_weather(context, who, city):
    page_actions.ask_for_weather(context.world, who, city)


@when("{who} chooses a picture on the dashboard")
def step_choose_picture(context, who):
    page_actions.choose_picture(context.world, who, pictures.file("PNG"))


@when("{who} tries to open the address {place:Entry}")
def step_open_place(context, who, place):
    page_actions.open_place(context.world, who, place)


@when('{who} looks on the page for "{text}"')
def step_look_for(context, who, text):
    page_actions.look_for(context.world, who, text)


@when("{who} opens an account on the page")
def step_open_account(context, who):
    page_actions.register(context.world, who)


@when("{who} marks {order:Order} as sent on the page")
def step_mark_as_sent(context, who, order):
    page_actions.mark_as_sent(context.world, who, order)


@when("{who} tries to mark {order:Order} as sent on a page that is out of date")
def step_mark_as_sent_too_late(context, who, order):
    page_actions.mark_as_sent_too_late(context.world, who, order)


@when("{who} orders {quantity:d} {name:Product} on the page")
def step_order(context, who, quantity, name):
    page_actions.order(context.world, who, quantity, name)


@when("{who} orders {quantity:d} {name:Product} on the page by a double click")
def step_order_twice(context, who, quantity, name):
    page_actions.order_twice(context.world, who, quantity, name)


@when("{who} removes the picture on the dashboard")
def step_remove_picture(context, who):
    page_actions.remove_picture(context.world, who)


@when("{who} shows a picture on the dashboard")
def step_show_picture(context, who):
    page_actions.send_picture(context.world, who, pictures.file("PNG"))


@when("{who} signs in on the page")
def step_sign_in(context, who):
    page_actions.sign_in(context.world, who)


@when("{who} signs in on the page on the way to {place:Entry}")
def step_sign_in_towards(context, who, place):
    page_actions.sign_in_towards(context.world, who, place)


@when("{who} signs in on the page over a secure line")
def step_sign_in_securely(context, who):
    page_actions.sign_in_towards(context.world, who, "/", secure=True)


@when("{who} signs out over {line:Line}")
def step_sign_out_over(context, who, line):
    page_actions.sign_out_over(context.world, who, line)


@when("{who} signs out on the page")
def step_sign_out(context, who):
    page_actions.sign_out(context.world, who)


@when("{who} tries to order {quantity:Entry} {name:Product} through {door:Door}")
def step_order_through(context, who, quantity, name, door):
    door.order(context.world, who, quantity, name)


@when("{who} tries to register through {door:Door} with the {field:DoorField} {entered:Entry}")
def step_register_through(context, who, door, field, entered):
    door.register(context.world, who, field, entered)


@when("{who} tries to sign in through {door:Door} with the {field:DoorField} {entered:Entry}")
def step_sign_in_through(context, who, door, field, entered):
    door.sign_in(context.world, who, field, entered)


@when("{who} tries to upload through {door:Door} {upload:Upload}")
def step_upload_through(context, who, door, upload):
    door.upload(context.world, who, upload())


@when("{who} visits {page:Page}")
def step_open_page(context, who, page):
    page_actions.open_page(context.world, who, page)


@when("{who} tries to visit {page:Page}")
def step_try_to_open_page(context, who, page):
    page_actions.try_to_open(context.world, who, page)


# then


@then("everybody can use the page of {who}, and nothing on it is too wide")
def step_accessible(context, who):
    page_actions.is_accessible(context.world, who)
    page_actions.fits(context.world, who)


@then("the browser is handed what scripts and other sites cannot reach, for {hours:d} hours")
def step_handed_safely(context, hours):
    page_actions.handed_safely(context.world, hours)


@then("the browser is handed what no open line carries, for {hours:d} hours")
def step_handed_securely(context, hours):
    page_actions.handed_safely(context.world, hours, secure=True)


@then("the browser is to come by a secure line alone, for {days:d} days")
def step_comes_back_safely(context, days):
    page_actions.comes_back_safely(context.world, days)


@then("the browser is told to forget what it was handed over {line:Line}")
def step_taken_away(context, line):
    page_actions.taken_away(context.world, line)


@then("the way on is {place:Entry}")
def step_goes_on(context, place):
    page_actions.goes_on_to(context.world, place)


@then("{who} is on {page:Page}")
@judges
def step_is_on(context, who, page):
    page_actions.is_on(context.world, who, page)


@then("{who} reads that it is {weather} on the dashboard")
def step_sees_weather(context, who, weather):
    page_actions.sees_weather(context.world, who, weather)


@then('{who} reads "{text}" on the page')
def step_sees_text(context, who, text):
    page_actions.sees_message(context.world, who, text)


@then("{who} sees no order on the dashboard")
def step_sees_no_order(context, who):
    page_actions.sees_orders(context.world, who, [])


@then("{who} sees no picture on the dashboard")
def step_sees_no_picture(context, who):
    page_actions.sees_picture(context.world, who, there=False)


@then("{who} sees the picture before it is sent, and nothing has changed")
def step_sees_preview(context, who):
    page_actions.sees_preview(context.world, who)


@then("{who} sees the picture on the dashboard")
def step_sees_picture(context, who):
    page_actions.sees_picture(context.world, who, there=True)


@then("{who} sees these on the page")
def step_sees_products(context, who):
    page_actions.sees_products(context.world, who, [row["product"] for row in context.table])


@then("{who} sees these orders on the dashboard")
def step_sees_orders(context, who):
    page_actions.sees_orders(context.world, who, [list(row.cells) for row in context.table])


@then("{who} sees these posts on the dashboard")
def step_sees_posts(context, who):
    page_actions.sees_posts(context.world, who, [row["title"] for row in context.table])


@then("{who} sees among the {of:Books}")
def step_sees_books(context, who, of):
    page_actions.sees_books(context.world, who, of, [list(row.cells) for row in context.table])
