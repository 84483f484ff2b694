"""How the operators set the shop up and start it."""

from behave import then, when

from behave_flask.lint.attempts import judges
from features.support.areas import health_and_docs, settings
from features.support.shop import schema

# when


@when("the operators compare the shop's memory with what the shop takes it for")
def step_compare(context):
    health_and_docs.compare_memory(context.world)


@when("the operators look at how a server is asked to keep the shop's memory")
def step_look_at_memory(context):
    context.world.note(health_and_docs.PostgresqlTables(schema.tables_on_postgresql()))


@when("the operators look at the settings of a shop for {purpose:Purpose}")
def step_look(context, purpose):
    settings.look(context.world, purpose)


@when("the operators look at the settings of a shop for customers with {setting:Setting} {entered:Entry}")
def step_look_with(context, setting, entered):
    settings.look(context.world, "customers", (setting, entered))


@when(
    "a shop with {setting:Setting} {entered:Entry} tries to charge while the payment provider"
    + " cannot be reached"
)
def step_charge_unreached(context, setting, entered):
    settings.charge_unreached(context.world, setting, entered)


@when(
    "a shop with {setting:Setting} {entered:Entry} tries to charge while the payment provider"
    + " answers a letter a second"
)
def step_charge_slowly(context, setting, entered):
    settings.charge_slowly(context.world, setting, entered)


@when("the operators look at whom a shop asks that has started for customers")
def step_look_whom(context):
    settings.look_whom_it_asks(context.world)


@when("the operators read what a shop says of the payment provider")
def step_read_of_provider(context):
    settings.read_of_provider(context.world)


@when('the operators try to start the shop as "{name}"')
def step_start_as(context, name):
    settings.start_as(context.world, name)


@when("the operators start the shop for customers")
def step_start(context):
    settings.start(context.world)
    settings.starts(context.world)


@when("the operators start the shop for customers with {setting:Setting} {entered:Entry}")
def step_start_with(context, setting, entered):
    settings.start(context.world, instead=(setting, entered))
    settings.starts(context.world)


@when("the operators try to start the shop for customers without {setting:Setting}")
def step_try_to_start_without(context, setting):
    settings.start(context.world, without=setting)


@when("the operators try to start the shop for customers with {setting:Setting} {entered:Entry}")
def step_try_to_start_with(context, setting, entered):
    settings.start(context.world, instead=(setting, entered))


# then


@then("the server is asked as recorded")
def step_memory_as_recorded(context):
    context.suite.snapshots.check(
        context.scenario.name, context.world.noted(health_and_docs.PostgresqlTables).statements
    )


@then("the settings are as recorded")
def step_as_recorded(context):
    settings.as_recorded(context.suite.snapshots, context.scenario.name, context.world)


@then('the shop does not start and names {setting}: "{why}"')
@judges
def step_refuses_to_start(context, setting, why):
    settings.refuses_to_start(context.world, setting, why)


@then("the shop does not start and says")
@judges
def step_says_why(context):
    settings.says_why(context.world, context.text)


@then("it waits {first:g} seconds before the second try, and {second:g} before the third")
@judges
def step_waited(context, first, second):
    settings.waited(context.world, [first, second])


@then('it gives up after {letters:d} letters, {tries:Times}, because of "{why}"')
@judges
def step_gave_up(context, letters, tries, why):
    settings.gave_up(context.world, letters, tries, why)


@then("it asks")
def step_asks(context):
    settings.asks(context.world, {row["for"]: row["by whom"] for row in context.table})


@then('it names "{address}", and not the key')
def step_names(context, address):
    settings.names_without_key(context.world, address)


@then("the shop starts")
def step_starts(context):
    settings.starts(context.world)


@then("they find no difference")
def step_no_difference(context):
    if found := context.world.noted(health_and_docs.SchemaDifferences).found:
        raise AssertionError("\n".join(["The database is not as the code has it:", *found]))
