from behave import then, when

from behave_flask import Exchange, Outcome, Request


@when('"{name}" asks for a greeting')
def step_asks(context, name):
    request = Request("GET", f"/greetings/{name}")
    exchange = Exchange(name, request, context.world.stage.send(request))
    context.world.exchanges.append(exchange)
    context.world.outcome = Outcome(exchange, success=200)


@then('the greeting is "{text}"')
def step_greeting(context, text):
    assert context.world.outcome.body == {"greeting": text}, context.world.outcome.body


@then("the greeting does not exist")
def step_no_greeting(context):
    context.world.outcome.must_be("does not exist")
