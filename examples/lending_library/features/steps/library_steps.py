from behave import given, then, when

from behave_flask import attempts
from behave_flask.steps import matrix, snapshots, tasks  # noqa: F401
from library import MEMBERS, Book


@given('the library has "{title}"')
def step_has(context, title):
    context.world.create(Book(title=title), title)


@given('{who} has borrowed "{title}"')
def step_has_borrowed(context, who, title):
    with context.world.stage.data() as session:
        session.get_one(Book, context.world.thing(title)).reader = who.lower()


@when('{who} borrows "{title}"')
def step_borrows(context, who, title):
    context.world.do(who, "borrow a book", id=context.world.thing(title))


@when('{who} tries to borrow "{title}"')
def step_tries_to_borrow(context, who, title):
    context.world.attempt(who, "borrow a book", id=context.world.thing(title))


@when("{who} looks around")
def step_looks(context, who):
    context.world.do(who, "look around")


@then("{who} gets it")
@attempts.judges
def step_gets_it(context, who):
    context.world.outcome_of(who).must_be("allowed")


@then("{who} is told that it is {word}")
@attempts.judges
def step_outcome(context, who, word):
    context.world.outcome_of(who).must_be(word)


@then('{who} is told by e-mail "{subject}"')
def step_mail(context, who, subject):
    context.world.stage.mailbox.take(MEMBERS[who.lower()], subject)
