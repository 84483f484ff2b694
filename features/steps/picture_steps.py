"""Pictures that people show of themselves."""

from behave import given, then, when

from behave_flask import File
from features.support.areas import avatars
from features.support.inputs import pictures
from features.support.shop import stages

# given


@given("{who} shows a picture")
def step_shows(context, who):
    avatars.upload(context.world, who, pictures.file("PNG")).must_succeed()


@given("the shop has no folder for pictures yet")
def step_no_folder(context):
    context.add_cleanup(stages.take_folder_away(context.world.stage))


@given("the shop has lost its pictures")
def step_lost(context):
    stages.lose_pictures(context.world.stage)


# when


@when("{who} takes the picture away")
def step_remove(context, who):
    avatars.remove(context.world, who).must_succeed()


@when("{who} tries to take the picture away")
def step_try_to_remove(context, who):
    avatars.remove(context.world, who)


@when("{who} tries to upload by sending {form}")
def step_upload_by(context, who, form):
    context.world.attempt(who, "upload an avatar", **avatars.FORMS[form])


@when("{who} tries to upload {other:Other} called {name:Entry}, sent as {claim:Claim}")
def step_upload_other(context, who, other, name, claim):
    avatars.upload(context.world, who, File(name, other(), claim))


@when("{who} uploads {upload:Upload}")
def step_upload(context, who, upload):
    avatars.upload(context.world, who, upload()).must_succeed()


@when("{who} tries to upload {upload:Upload}")
def step_try_to_upload(context, who, upload):
    avatars.upload(context.world, who, upload())


@when("{who} uploads a PNG picture called {name:Entry}")
def step_upload_called(context, who, name):
    avatars.upload(context.world, who, pictures.file("PNG", name)).must_succeed()


@when("{who} uploads a {kind:Kind} picture of {size:Size}")
def step_upload_of_size(context, who, kind, size):
    avatars.upload_of_size(context.world, who, kind, size).must_succeed()


@when("{who} tries to upload a {kind:Kind} picture of {size:Size}")
def step_try_to_upload_of_size(context, who, kind, size):
    avatars.upload_of_size(context.world, who, kind, size)


@when("{who} uploads a {kind:Kind} picture of {width:d} x {height:d} pixels")
def step_upload_measured(context, who, kind, width, height):
    file = pictures.file(kind, content=pictures.picture(kind, width, height))
    avatars.upload(context.world, who, file).must_succeed()


@when("{who} looks at the picture of {whose:Unquoted}")
def step_look(context, who, whose):
    avatars.look(context.world, who, whose).must_succeed()


@when("{who} tries to look at the picture of {whose:Unquoted}")
def step_try_to_look(context, who, whose):
    avatars.look(context.world, who, whose)


@when("{who} asks whether the picture of {whose} is still the same")
def step_look_again(context, who, whose):
    avatars.look_again(context.world, who, whose)


# then


@then("the browser keeps it for nobody else, and asks each time")
def step_kept_by_browser(context):
    avatars.kept_by_browser(context.world)


@then("{who} is told that the picture is still the same")
def step_still_the_same(context, who):
    avatars.still_the_same(context.world, who)


@then("the picture of {whose} tells {who} nothing else")
def step_reveals_nothing_else(context, whose, who):
    avatars.reveals_nothing_else(context.world, who, whose)


@then("the shop keeps {count:Count} picture, under a name of its own")
@then("the shop keeps {count:Count} pictures, under names of its own")
def step_kept(context, count):
    avatars.kept(context.world, count)


@then("{who} finds no picture of {whose}")
def step_none_found(context, who, whose):
    avatars.none_found(context.world, who, whose)


@then("everybody finds the picture of {whose} as it was, a {kind:Kind} of {width:d} x {height:d} pixels")
def step_found(context, whose, kind, width, height):
    avatars.found_as_drawn(context.world, whose, kind, width, height)
