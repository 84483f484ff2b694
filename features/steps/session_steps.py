"""Signing in and out."""

from behave import given, then, when

from features.support.areas import sessions

# given


@given("{name} has also signed in on {device}")
def step_signed_in_on(context, name, device):
    sessions.sign_in_on(context.world, name, device)


@given("{name} has signed in {times:d} times")
def step_has_signed_in(context, name, times):
    sessions.have_signed_in(context.world, name, times)


@given("a wrong password has been entered {times:d} times for {name}")
def step_failed(context, times, name):
    sessions.fail(context.world, name, times)


@given("{name} has given a wrong current password {times:d} times")
def step_failed_to_prove(context, name, times):
    sessions.fail_to_prove(context.world, name, times)


@given("somebody has failed to sign in to {times:d} accounts, one after the other")
def step_failed_for_many(context, times):
    sessions.fail_for_many(context.world, times)


@given("{name} has an account without a password")
def step_without_password(context, name):
    context.world.join(name, name=name, email=f"{name.lower()}@example.com", without_password=True)


# when


@when("a wrong password is entered {times:d} times for {name}")
def step_fail(context, times, name):
    sessions.fail(context.world, name, times)


@when("{who} tries to sign in as {email}, and the work is watched that it makes")
def step_sign_in_watched(context, who, email):
    sessions.sign_in_watched(context.world, who, email)


@when("{who} signs in")
def step_sign_in(context, who):
    sessions.sign_in(context.world, who).must_succeed()


@when("{who} tries to sign in")
def step_try_to_sign_in(context, who):
    sessions.sign_in(context.world, who)


@when("{who} signs in with the {field:AccountField} {entered:Entry}")
def step_sign_in_with(context, who, field, entered):
    sessions.sign_in(context.world, who, **{field: entered}).must_succeed()


@when("{who} tries to sign in with the {field:AccountField} {entered:Entry}")
def step_try_to_sign_in_with(context, who, field, entered):
    sessions.sign_in(context.world, who, **{field: entered})


@when("{who} signs out")
def step_sign_out(context, who):
    sessions.sign_out(context.world, who).must_succeed()


@when("{who} tries to sign out")
def step_try_to_sign_out(context, who):
    sessions.sign_out(context.world, who)


# then


@then("it has made the work of checking one password")
def step_cost(context):
    sessions.cost_one_check(context.world)


@then("both are told the same")
def step_same_answer(context):
    sessions.answers_are_the_same(context.world)


@then("{name} cannot act any more, because this is {word:Word}")
def step_cannot_act(context, name, word):
    sessions.cannot_act(context.world, name, word)


@then("the shop knows of {count:Count} sign-in of {name}")
def step_known(context, count, name):
    sessions.known(context.world, name, count)


@then("{name} is signed in")
@then("{name} is still signed in")
def step_is_signed_in(context, name):
    sessions.is_signed_in(context.world, name)


@then("{name} has to sign in again")
def step_has_to_sign_in(context, name):
    sessions.cannot_act(context.world, name, "must sign in")
