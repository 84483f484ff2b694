"""Accounts: opened by oneself or by an admin, seen by everybody, managed by admins."""

from behave import given, then, when

from features.support.areas import accounts

# given


@given("Nina has registered")
def step_has_registered(context):
    accounts.joined(context.world)


@given("Nina has registered with the e-mail {entered:Entry}")
def step_has_registered_with(context, entered):
    accounts.joined(context.world, entered)


@given("{number:d} people have registered from one place")
def step_have_registered(context, number):
    accounts.many_joined(context.world, number)


@given("{who} has opened an account for Nina")
def step_has_opened(context, who):
    accounts.opened(context.world, who)


@given("the password of {name} is kept in an old way")
def step_keep_in_an_old_way(context, name):
    accounts.keep_in_an_old_way(context.world, name)


@given("there are {number:d} other members")
def step_members(context, number):
    accounts.make_members(context.world, number)


@given("{name} has placed an order and published a post")
def step_order_and_post(context, name):
    accounts.make_order_and_post(context.world, name)


# when


@when("{who} deletes the account of {whose}")
def step_delete(context, who, whose):
    accounts.delete(context.world, who, whose).must_succeed()


@when("{who} tries to delete the account of {whose}")
def step_try_to_delete(context, who, whose):
    accounts.delete(context.world, who, whose)


@when("{who} tries to {action} an account that was never there")
def step_unknown(context, who, action):
    context.world.attempt(who, f"{action} a user", id=999_999_999, json={} if action == "change" else None)


@when("{who} tries to {measure:Measure} {whose:Unquoted}")
def step_measure(context, who, measure, whose):
    accounts.take_measure(context.world, who, measure, whose)


@when("{who} looks at the account of {whose}")
def step_look_at(context, who, whose):
    accounts.look_at(context.world, who, whose).must_succeed()


@when("{who} tries to look at the account of {whose}")
def step_try_to_look_at(context, who, whose):
    accounts.look_at(context.world, who, whose)


@when("{who} opens the list of users")
def step_look_at_list(context, who):
    accounts.look_at_list(context.world, who).must_succeed()


@when("{who} opens page {page} of the users, {per_page} on each")
def step_look_at_page(context, who, page, per_page):
    accounts.look_at_list(context.world, who, page=page, per_page=per_page).must_succeed()


@when("{who} tries to open page {page} of the users, {per_page} on each")
def step_try_to_look_at_page(context, who, page, per_page):
    accounts.look_at_list(context.world, who, page=page, per_page=per_page)


@when("{who} opens an account for Nina")
def step_open(context, who):
    accounts.open_for(context.world, who).must_succeed()


@when("{who} opens an account for Nina with the {field:AccountField} {entered:Entry}")
def step_open_with(context, who, field, entered):
    accounts.open_with(context.world, who, field, entered).must_succeed()


@when("{who} tries to open an account for Nina with the {field:AccountField} {entered:Entry}")
def step_try_to_open_with(context, who, field, entered):
    accounts.open_with(context.world, who, field, entered)


@when("{who} registers as Nina")
def step_register(context, who):
    accounts.register(context.world, who).must_succeed()


@when("{who} tries to register as Nina")
def step_try_to_register(context, who):
    accounts.register(context.world, who)


@when("{who} registers as Nina with the {field:AccountField} {entered:Entry}")
def step_register_with(context, who, field, entered):
    accounts.register_with(context.world, who, field, entered).must_succeed()


@when("{who} tries to register with the {field:AccountField} {entered:Entry}")
def step_try_to_register_with(context, who, field, entered):
    accounts.register_with(context.world, who, field, entered)


@when("{who} tries to register by sending {body}")
def step_register_with_body(context, who, body):
    content, content_type = accounts.BODIES[body]
    context.world.attempt(who, "register", body=content, content_type=content_type)


@when("{who} sets the {field:AccountField} of {whose} to {entered:Entry}")
def step_set(context, who, field, whose, entered):
    accounts.change(context.world, who, whose, field, entered).must_succeed()


@when("{who} tries to set the {field:AccountField} of {whose} to {entered:Entry}")
def step_try_to_set(context, who, field, whose, entered):
    accounts.change(context.world, who, whose, field, entered)


# then


@then("{name} has no account any more")
def step_gone(context, name):
    accounts.gone(context.world, name)


@then("{who} can read the post, which names no author any more")
def step_post_without_author(context, who):
    accounts.post_without_author(context.world, who)


@then("{who} finds the order of {name} in the books")
def step_kept_for_the_books(context, who, name):
    accounts.kept_for_the_books(context.world, who, name)


@then("those who joined first come first")
def step_in_order(context):
    accounts.in_order_of_joining(context.world)


@then("{who:Unquoted} {sees:Sees} the {field:AccountField} of {whose}")
def step_sees(context, who, sees, field, whose):
    accounts.sees(context.world, who, whose, field, sees)


@then("the password of {name} is kept in a new way")
def step_kept_in_a_new_way(context, name):
    accounts.kept_in_a_new_way(context.world, name)


@then("the {field:AccountField} of {name} is {entered:Entry}")
def step_holds(context, field, name, entered):
    accounts.holds(context.world, name, field, entered)


@then('there is one account with the e-mail "{email}"')
def step_one_account(context, email):
    accounts.only_one(context.world, email)
