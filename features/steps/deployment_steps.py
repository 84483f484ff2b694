"""What stands around the shop when it serves customers."""

from behave import then, when

from behave_flask.lint.attempts import judges
from features.support.areas import deployment, settings
from features.support.shop import inspection

# when


@when("a browser asks a shop that trusts {proxies:d} proxy, through two that say who asked them")
@when("a browser asks a shop that trusts {proxies:d} proxies, through two that say who asked them")
def step_ask_through_proxies(context, proxies):
    context.world.note(deployment.SeenRequest(*inspection.seen_behind(proxies, deployment.FORWARDED)))


@when("somebody who has not signed in tries to post, and the line {ends:LineEnd} in the middle")
def step_hang_up(context, ends):
    context.world.note(deployment.AnswerInTheMiddle(inspection.answered_in_the_middle("/api/posts", **ends)))


@when("somebody who has not signed in tries to post {sent:d} letters, announcing {announced:d}")
def step_announce(context, announced, sent):
    deployment.announce(context.world, announced, sent)


@when("somebody tries to post {sent:d} letters without saying how many will come")
def step_send_in_pieces(context, sent):
    deployment.announce(context.world, None, sent)


@when("the shop sends a mail by a mail server that {server:MailServer}")
def step_send_mail(context, server):
    handed = inspection.handed_to_mail_server(settings.environment(deployment.MAIL_SERVERS[server]))
    context.world.note(deployment.HandedMail(handed))


@when("the worker begins that does the background work")
def step_begin_work(context):
    context.world.note(deployment.KnownWork(inspection.work_known()))


# then


@then("the mail server is told as recorded")
def step_handed(context):
    deployment.handed_as_recorded(context.suite.snapshots, context.scenario.name, context.world)


@then("the shop is served as recorded")
def step_served(context):
    context.suite.snapshots.check(context.scenario.name, inspection.how_served())


@then("the shop has told them to {demand:Demand}, and goes on")
@judges
def step_goes_on(context, demand):
    deployment.goes_on(context.world, demand)


@then("the shop has heard {letters:d} of them before it hangs up")
@judges
def step_heard(context, letters):
    deployment.letters_read_are(context.world, letters)


@then("the shop takes it to come from {who:Sender} over {line:Line} to {host}")
def step_seen_as(context, who, line, host):
    deployment.seen_as(context.world, who, line, host)


@then("it knows how to do")
def step_knows_work(context):
    deployment.knows_work(context.world, {row["work"] for row in context.table})
