"""What people are told by e-mail."""

from behave import then

from features.support.areas import mail

# then


@then('{who} is told by e-mail "{subject}"')
def step_mailed(context, who, subject):
    mail.received(context.world, who, subject)


@then('the e-mail says "{text}"')
def step_mail_says(context, text):
    mail.says(context.world, text)


@then("the whole e-mail says")
def step_whole_mail(context):
    mail.says_all(context.world, context.text)


@then("the whole e-mail about {order:Order} says")
def step_whole_mail_about(context, order):
    mail.says_all(context.world, context.text, order)


@then("nobody is told anything by e-mail")
def step_no_mail(context):
    if sent := context.world.stage.mailbox.sent:
        raise AssertionError(f"Sent: {', '.join(map(str, sent))}.")


@then("nobody is told anything else by e-mail")
def step_no_other_mail(context):
    if more := context.world.stage.mailbox.findings():
        raise AssertionError(f"Sent as well: {', '.join(more)}.")
