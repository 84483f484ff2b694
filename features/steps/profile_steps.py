"""One's own account."""

from behave import when

from features.support.areas import profiles

# when


@when("{who} changes the {field:AccountField} to {entered:Entry}")
def step_change(context, who, field, entered):
    profiles.change(context.world, who, field, entered).must_succeed()


@when("{who} tries to change the {field:AccountField} to {entered:Entry}")
def step_try_to_change(context, who, field, entered):
    profiles.change(context.world, who, field, entered)


@when("{who} changes the {field:AccountField} to {entered:Entry}, giving the current password")
def step_change_proven(context, who, field, entered):
    profiles.change(context.world, who, field, entered, context.world.password).must_succeed()


@when("{who} tries to change the {field:AccountField} to {entered:Entry}, giving the current password")
def step_try_to_change_proven(context, who, field, entered):
    profiles.change(context.world, who, field, entered, context.world.password)


@when("{who} opens the profile")
def step_open(context, who):
    context.world.do(who, "see one's own profile")


@when(
    "{who} tries to change the {field:AccountField} to {entered:Entry}, giving the password {password:Entry}"
)
def step_change_unproven(context, who, field, entered, password):
    profiles.change(context.world, who, field, entered, password)
