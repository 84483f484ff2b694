"""What people are shown: lists and single things."""

from behave import then

from behave_flask.lint.attempts import judges
from features.support.checks import lists

# then


@then("{who} is shown")
@judges
def step_shown(context, who):
    lists.shown(context.world, who, context.table.headings, context.table)


@then("{who} is shown nothing")
@judges
def step_shown_nothing(context, who):
    lists.shown_nothing(context.world, who)


@then("{who} is shown page {page:d} of {pages:d}, with {count:d} of {total:d} in all")
@judges
def step_shown_page(context, who, page, pages, count, total):
    lists.shown_page(context.world, who, page, pages, count, total)
