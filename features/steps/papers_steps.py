"""What the shop says of itself: whether it is well, and how it is to be used."""

from behave import given, then, when

from features.support import background, papers

# given


@given("the shop's memory is out of reach")
def step_stop_database(context):
    papers.stop_database(context.world)


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


@then("it describes all that programs can ask of the shop, and nothing else")
def step_describes_everything(context):
    papers.describes_everything(context.world)


@then("the operators read in the log that the shop's memory does not answer")
def step_database_logged(context):
    background.logged(context.world, papers.DATABASE_DOWN)


@then("the page reads as recorded")
def step_reads_as_recorded(context):
    papers.reads_as_recorded(context.suite.snapshots, context.scenario.name, context.world)


@then("the page shows a browser everything without asking anybody else")
def step_loads_nothing(context):
    papers.page_loads_nothing(context.world)


@then("the page names every request of the description, and no other")
def step_names_everything(context):
    papers.page_names_everything(context.world)
