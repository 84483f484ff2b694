"""The shop's own commands."""

import re

from behave import given, then, when

from behave_flask import Person
from behave_flask.core.stage import Printed
from behave_flask.lint.attempts import judges
from features.support.areas import commands
from features.support.shop import inspection

# given


@given("the demo data are loaded with the password {password:Entry}")
def step_demo_loaded(context, password):
    commands.run(context.world, "load-demo", "--password", password)


@given("the operators have made {email:Entry}, called {name:Entry}, an admin")
def step_have_made_admin(context, email, name):
    commands.make_admin(context.world, email, name, commands.PASSWORD)
    commands.succeeds(context.world, "")


# when


@when("the operators load the demo data with the password {password:Entry}")
def step_load_demo(context, password):
    commands.run(context.world, "load-demo", "--password", password)


@when("the operators make {email:Entry}, called {name:Entry}, an admin with the password {password:Entry}")
def step_make_admin(context, email, name, password):
    commands.make_admin(context.world, email, name, password)
    commands.succeeds(context.world, "")


@when(
    "the operators try to make {email:Entry}, called {name:Entry}, an admin"
    + " with the password {password:Entry}"
)
def step_try_to_make_admin(context, email, name, password):
    commands.make_admin(context.world, email, name, password)


@when(
    "the operators try to make {email:Entry} an admin,"
    + " and type the password {first:Entry} and then {second:Entry}"
)
def step_mistype(context, email, first, second):
    context.world.note_state()
    context.world.note(inspection.typed(["create-admin", email], first, second))


@when("{name} signs in as {email:Entry} with the password {password:Entry}")
def step_sign_in(context, name, email, password):
    outcome = context.world.do("an anonymous visitor", "sign in", json={"email": email, "password": password})
    context.world.people[name] = Person(name, outcome.body["token"])


@when("the operators ask what commands there are")
def step_ask_what(context):
    context.world.note(commands.OfferedCommands(*inspection.commands_offered()))


@when("the operators ask how {command} is used")
def step_ask_how(context, command):
    commands.run(context.world, command, "--help")


# then


@then("the command says {text:Entry}")
@judges
def step_succeeds(context, text):
    commands.succeeds(context.world, text)


@then('the command says why not: "{line}"')
@judges
def step_refused(context, line):
    commands.refused(context.world, line)


@then('the command asks for the password again: "{why}"')
@judges
def step_asks_again(context, why):
    commands.asks_again(context.world, why)


@then("there are {people:d} people, {products:d} products, {posts:d} posts and {orders:d} orders")
def step_demo(context, people, products, posts, orders):
    commands.has_demo(context.world, people, products, posts, orders)


@then("the operators have read under which id they find {name}")
def step_id(context, name):
    commands.tells_id(context.world, name)


@then('{name} has the role "{role}"')
def step_role(context, name, role):
    commands.has_role(context.world, name, role)


@then('they are told of "{names}"')
def step_offered(context, names):
    commands.offered_are(context.world, names.split(", "))


@then("db finds the changes of the shop's memory")
def step_finds_changes(context):
    commands.finds_changes(context.world)


@then("the command explains itself as recorded")
def step_explains(context):
    text = re.sub(r"^Usage: .*?(?=\S+ \[OPTIONS\])", "Usage: ", context.world.noted(Printed).text)
    context.suite.snapshots.check(
        context.scenario.name, {"code": context.world.noted(Printed).code, "text": text}
    )
