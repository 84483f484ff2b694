"""The recording mailbox: what is verified, what is not, and what no mail server would take."""

import pytest

from behave_flask.core.protocols import Mail
from behave_flask.ledgers.mailbox import RecordingEmailService

ANN = "ann@shop.example"


@pytest.fixture
def mailbox() -> RecordingEmailService:
    return RecordingEmailService()


def test_a_mail_taken_is_mentioned(mailbox: RecordingEmailService) -> None:
    mailbox.send(ANN, "Welcome!", "Hello Ann")

    assert mailbox.take(ANN, "Welcome!") == Mail(ANN, "Welcome!", "Hello Ann")
    assert mailbox.findings() == []
    assert len(mailbox.sent) == 1


def test_a_mail_that_nobody_mentioned_is_named_and_looking_at_all_mentions_none(
    mailbox: RecordingEmailService,
) -> None:
    mailbox.send(ANN, "Welcome!", "Hello Ann")
    assert mailbox.sent

    assert mailbox.findings() == [f"an e-mail to {ANN}, “Welcome!”"]


def test_the_second_of_two_equal_mails_is_not_mentioned_by_taking_the_first(
    mailbox: RecordingEmailService,
) -> None:
    mailbox.send(ANN, "Welcome!", "Hello")
    mailbox.send(ANN, "Welcome!", "Hello")
    mailbox.take(ANN, "Welcome!")

    assert mailbox.findings() == [f"an e-mail to {ANN}, “Welcome!”"]


def test_a_missing_mail_is_told_with_what_was_sent_instead(mailbox: RecordingEmailService) -> None:
    with pytest.raises(AssertionError, match="No e-mail was sent at all"):
        mailbox.take(ANN, "Welcome!")

    mailbox.send(ANN, "Welcome!", "Hello")
    mailbox.send(ANN, "Goodbye", "Hello")
    mailbox.take(ANN, "Welcome!")
    with pytest.raises(AssertionError) as caught:
        mailbox.take(ANN, "Welcome!")

    assert str(caught.value) == (
        f"There is no e-mail to {ANN}, “Welcome!”. Sent were:\n"
        f"  - an e-mail to {ANN}, “Welcome!” (verified already)\n"
        f"  - an e-mail to {ANN}, “Goodbye”"
    )


@pytest.mark.parametrize(
    ("to", "subject", "body", "words"),
    [
        (None, "Hello", "x", "the recipient is not a text but None"),
        (ANN, 5, "x", "the subject is not a text but 5"),
        (ANN, "Hello", b"x", "the body is not a text but b'x'"),
        ("ann", "Hello", "x", "'ann' is not one e-mail address"),
        ("ann@shop", "Hello", "x", "'ann@shop' is not one e-mail address"),
        ("a@b.example, c@d.example", "Hello", "x", "is not one e-mail address"),
        ("Ann <a@b.example>", "Hello", "x", "is not one e-mail address"),
        ("a@b.example\nBcc: all@b.example", "Hello", "x", "is not one e-mail address"),
        ("a@b.example\n", "Hello", "x", "is not one e-mail address"),
        (ANN, "Hello\r\nBcc: all@b.example", "x", "is empty or has a line break"),
        (ANN, " ", "x", "is empty or has a line break"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_found_even_when_the_refusal_is_swallowed(
    mailbox: RecordingEmailService, to: object, subject: object, body: object, words: str
) -> None:
    with pytest.raises((TypeError, ValueError)):
        mailbox.send(to, subject, body)  # type: ignore[arg-type]

    (finding,) = mailbox.findings()
    assert finding.startswith("an e-mail that cannot be sent: ")
    assert words in finding
    assert mailbox.sent == []


def test_a_broken_service_fails_until_it_is_mended(mailbox: RecordingEmailService) -> None:
    mailbox.fail_with(ConnectionError("the post is closed"))
    with pytest.raises(ConnectionError, match="the post is closed"):
        mailbox.send(ANN, "Welcome!", "Hello")
    assert (mailbox.sent, mailbox.findings()) == ([], [])

    mailbox.fail_with(None)
    mailbox.send(ANN, "Welcome!", "Hello")
    assert len(mailbox.sent) == 1


def test_clearing_empties_and_mends(mailbox: RecordingEmailService) -> None:
    mailbox.send(ANN, "Welcome!", "Hello")
    mailbox.fail_with(ConnectionError())
    mailbox.clear()

    mailbox.send(ANN, "Again", "Hello")
    assert mailbox.findings() == [f"an e-mail to {ANN}, “Again”"]
