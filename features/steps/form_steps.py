"""The forms on the pages, without a browser to show them."""

from behave import given, then, when

from behave_flask.lint.attempts import judges
from features.support.pages import forms
from features.support.world.operations import OPERATIONS

# given


@given("there are {number:d} products, members, and posts and orders of {who}")
def step_fill_shop(context, number, who):
    forms.fill_shop(context.world, number, who)


# when


@when("the browser of {who} asks for the address {place:Entry}")
def step_follow(context, who, place):
    forms.follow(context.world, who, place).must_succeed()


@when("the browser of {who} tries to ask for the address {place:Entry}")
def step_try_to_follow(context, who, place):
    forms.follow(context.world, who, place)


@when("the browser of {who} asks for {page:Page}")
def step_open(context, who, page):
    (operation,) = [each for each in OPERATIONS.values() if each.request == f"GET {page.path}"]
    context.world.do(who, operation)


@when("{who} tries to {form:Form} on the page with the {field:FormField} {entered:Entry}")
def step_send(context, who, form, field, entered):
    forms.send(context.world, who, form, field, entered)


@when("{who} tries to order {pieces:d} pieces on the page with the form of another session")
def step_send_another(context, who, pieces):
    forms.send(context.world, who, "order", "quantity", pieces, ours=False)


@when("{who} tries to order on the page {pieces:d} {name:Product}")
def step_order(context, who, pieces, name):
    context.world.things["product"] = context.world.thing(name)
    forms.send(context.world, who, "order", "quantity", pieces)


@when("{who} tries to show on the page {upload:Upload}")
def step_send_picture(context, who, upload):
    forms.send(context.world, who, "show a picture", "avatar", upload())


# then


@then("there are {number:d} {what:Listed} on the page")
def step_has(context, number, what):
    forms.has(context.world, number, what)


@then('the page says "{text}"')
def step_says(context, text):
    forms.says(context.world, text)


@then("{who} is told on a page that it is the shop's own fault, and the page knows nobody")
@judges
def step_own_fault(context, who):
    forms.is_our_fault(context.world, who)


@then("the form to {form:Form} asks for")
def step_asks_for(context, form):
    forms.asks_for(context.world, form, [row.as_dict() for row in context.table])


@then("the form is there again as it was filled in")
def step_there_again(context):
    forms.is_there_again(context.world, "")


@then("the form is there again as it was filled in, but for {lost:Lost}")
def step_there_again_but(context, lost):
    forms.is_there_again(context.world, lost)
