from behave import given, then, when

from behave_flask.steps import matrix  # noqa: F401


@given('{who} has written "{text}"')
def step_has_written(context, who, text):
    context.world.add(who, text)


@when('{who} writes "{text}"')
def step_writes(context, who, text):
    context.world.person(who)
    context.world.do(who, "write in the book", form={**context.world.form(who, "/"), "text": text})


@when('{who} tries to write "{text}"')
def step_tries_to_write(context, who, text):
    context.world.person(who)
    context.world.attempt(who, "write in the book", form={**context.world.form(who, "/"), "text": text})


@then('{who} reads "{text}"')
def step_reads(context, who, text):
    page = context.world.act(who, "read the book").response.body.decode()
    assert text in page, page
