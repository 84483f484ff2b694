"""Words for e-mail: who gets which.

For example::

    Then ann@example.com gets the e-mail "Welcome"
    And the e-mail says "Hello, Ann"
"""

from typing import Any

from behave import then


@then('{address} gets the e-mail "{subject}"')
def step_mail(context: Any, address: str, subject: str) -> None:
    """Check that somebody got a mail, once for each time that it is said."""
    context.world.mail = context.world.stage.mailbox.take(address, subject)


@then('the e-mail says "{text}"')
def step_mail_says(context: Any, text: str) -> None:
    """Check what stands in the mail that was spoken of last, in its text or on its page."""
    mail = context.world.mail
    assert text in mail.body or text in mail.html, f"{mail} says:\n{mail.body or mail.html}"


@then("nobody gets an e-mail")
def step_no_mail(context: Any) -> None:
    """Check that no mail was sent in this scenario."""
    sent = context.world.stage.mailbox.sent
    assert not sent, "Sent were: " + ", ".join(map(str, sent))
