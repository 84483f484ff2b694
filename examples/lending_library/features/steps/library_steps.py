from behave import given, then, when

from behave_flask import attempts
from features.support.world import PERMISSIONS
from library import MEMBERS, Book

attempts.told_by("tries to")


@given('the library has "{title}"')
def step_has(context, title):
    context.world.add(title)


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
def step_told(context, who, word):
    context.world.outcome_of(who).must_be(word)


@then('{who} is told by e-mail "{subject}"')
def step_told_by_mail(context, who, subject):
    context.world.stage.tasks.run_due()
    context.world.stage.mailbox.take(MEMBERS[who.lower()], subject)


@then("the answer is as recorded")
def step_as_recorded(context):
    context.suite.snapshots.check(context.scenario.name, context.world.outcome.body)


# who may do what


@when("{who} tries to {action} by {request}")
def step_tries(context, who, action, request):
    PERMISSIONS.attempt(context.world, who, action, request)


@then("{who} may {action}")
@attempts.judges
def step_may(context, who, action):
    PERMISSIONS.judge(context.world, who, "may", action)


@then("{who} must sign in to {action}")
@attempts.judges
def step_must_sign_in(context, who, action):
    PERMISSIONS.judge(context.world, who, "must sign in to", action)


@then("there is a row for everything that can be asked")
def step_complete(context):
    needed = [{"who": who, "request": "everything"} for who in PERMISSIONS.legend.columns]
    exempt = [
        {"request": "HEAD of everything", "who": "everybody", "reason": "is answered as GET is"},
        {"request": "OPTIONS of everything", "who": "everybody", "reason": "tells methods, and no data"},
    ]
    PERMISSIONS.completeness(context.world.stage, needed, exempt).check()
