"""What the shop says of itself: whether it is well, and how it is to be used."""

from behave import given, then, when

from features.support.areas import background, health_and_docs

# given


@given("the shop's memory is out of reach")
def step_stop_database(context):
    context.world.stage.cut_off_database()


@given("all lines to the shop's memory are busy")
def step_lines_busy(context):
    health_and_docs.keep_lines_busy(context.world)


# when


@when("{who} asks whether the shop is well")
def step_ask(context, who):
    context.world.do(who, "ask whether the shop is well")


@when("{who} tries to ask whether the shop is well")
def step_try_to_ask(context, who):
    context.world.attempt(who, "ask whether the shop is well")


@when("{who} reads the description of the interface")
def step_describe(context, who):
    context.world.do(who, "read the description of the interface")


@when("{who} reads the documentation")
def step_document(context, who):
    context.world.do(who, "read the documentation")


# then


@then("it is there where the answer says")
def step_is_there(context):
    health_and_docs.found_at_location(context.world)


@then("it describes all that programs can ask of the shop, and nothing else")
def step_describes_everything(context):
    health_and_docs.describes_everything(context.world)


@then("the operators read in the log that the shop's memory does not answer")
def step_database_logged(context):
    background.logged(context.world, health_and_docs.DATABASE_DOWN)


@then("the operators read in the log that the shop's memory has no line left")
def step_no_line_logged(context):
    background.logged(context.world, health_and_docs.NO_LINE_LEFT)


@then("the page reads as recorded")
def step_reads_as_recorded(context):
    health_and_docs.reads_as_recorded(context.suite.snapshots, context.scenario.name, context.world)


@then("the page shows a browser everything without asking anybody else")
def step_loads_nothing(context):
    health_and_docs.page_loads_nothing(context.world)


@then("the page names every request of the description, and no other")
def step_names_everything(context):
    health_and_docs.page_names_everything(context.world)
