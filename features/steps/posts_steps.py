"""What members publish and read."""

from behave import given, then, when

from features.support.areas import posts
from features.support.world.fixtures import NOON

# given


@given('{who} has published "{title}"')
def step_has_published(context, who, title):
    posts.has_published(context.world, who, title)


@given("{who} has published {count:d} posts")
def step_has_published_many(context, who, count):
    posts.has_published(context.world, who, *(f"Post {number}" for number in range(1, count + 1)))


# when


@when('{who} changes the {field} of the post "{title}" to {entered:Entry}')
def step_change(context, who, field, title, entered):
    posts.change(context.world, who, title, field, entered).must_succeed()


@when('{who} tries to change the {field} of the post "{title}" to {entered:Entry}')
def step_try_to_change(context, who, field, title, entered):
    posts.change(context.world, who, title, field, entered)


@when('{who} deletes the post "{title}"')
def step_delete(context, who, title):
    context.world.do(who, "delete a post", id=context.world.thing(title))


@when('{who} tries to delete the post "{title}"')
def step_try_to_delete(context, who, title):
    context.world.attempt(who, "delete a post", id=context.world.thing(title))


@when("{who} lists page {page} of the posts, {size} at a time")
def step_list_page(context, who, page, size):
    context.world.do(who, "list posts", query={"page": page, "per_page": size})


@when("{who} tries to list page {page} of the posts, {size} at a time")
def step_try_to_list_page(context, who, page, size):
    context.world.attempt(who, "list posts", query={"page": page, "per_page": size})


@when("{who} lists the posts")
def step_list(context, who):
    context.world.do(who, "list posts")


@when("{who} lists the posts of {author}")
def step_list_of(context, who, author):
    context.world.do(who, "list the posts of a user", id=context.world.account(author))


@when("{who} tries to list the posts of somebody who was never here")
def step_list_of_nobody(context, who):
    context.world.attempt(who, "list the posts of a user", id=999_999_999)


@when("{who} tries to list the posts of {author}")
def step_try_to_list_of(context, who, author):
    context.world.attempt(who, "list the posts of a user", id=context.world.account(author))


@when('{who} publishes "{title}", saying "{text}"')
def step_publish(context, who, title, text):
    posts.publish(context.world, who, {"title": title, "body": text}).must_succeed()


@when("{who} publishes a post with the {field} {entered:Entry}")
def step_publish_with(context, who, field, entered):
    posts.publish_with(context.world, who, field, entered).must_succeed()


@when("{who} tries to publish a post with the {field} {entered:Entry}")
def step_try_to_publish_with(context, who, field, entered):
    posts.publish_with(context.world, who, field, entered)


@when('{who} reads the post "{title}"')
def step_read(context, who, title):
    context.world.do(who, "read a post", id=context.world.thing(title))


@when('{who} tries to read the post "{title}"')
def step_try_to_read(context, who, title):
    context.world.attempt(who, "read a post", id=context.world.thing(title))


# then


@then("it was published at noon")
def step_published_at_noon(context):
    posts.published_at(context.world, NOON)


@then("the post was changed {span:Span} after it was published")
def step_changed_after(context, span):
    posts.changed_after(context.world, span)


@then('the post "{title}" now says {text:Entry}')
def step_says(context, title, text):
    posts.says(context.world, title, text)


@then('the post "{title}" is gone')
def step_gone(context, title):
    posts.is_gone(context.world, title)


@then('the post "{title}" is now called "{new}"')
def step_called(context, title, new):
    posts.is_called(context.world, title, new)
