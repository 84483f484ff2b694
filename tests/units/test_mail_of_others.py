"""Mail that services send by the libraries that they use: each recipient's is recorded, with all it has."""

import asyncio
import smtplib
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import aiosmtplib
import flask_mail
import flask_mailman
import pytest
from flask import Flask

from behave_flask.core.http import Request
from behave_flask.core.protocols import Mail
from behave_flask.databases.none import NoDatabase
from behave_flask.stages.embedded.stage import EmbeddedStage

pytestmark = pytest.mark.usefixtures("nothing_of_others")

PDF = ("slip.pdf", "application/pdf", b"%PDF")
EVERYBODY = ["ann@example.com", "bob@example.com", "cid@example.com", "dan@example.com"]


def by_flask_mail(app: Flask, mail: Any) -> None:
    message = flask_mail.Message(
        "Welcome, Zoë",
        sender="shop@example.com",
        recipients=[("Ann", "ann@example.com"), "bob@example.com"],
        cc=["cid@example.com"],
        bcc=["dan@example.com"],
        body="Hello",
        html="<p>Hello</p>",
    )
    message.attach(*PDF)
    mail.send(message)


def by_flask_mailman(app: Flask, mail: Any) -> None:
    message = flask_mailman.EmailMultiAlternatives(
        "Welcome, Zoë",
        "Hello",
        "shop@example.com",
        ["Ann <ann@example.com>", "bob@example.com"],
        cc=["cid@example.com"],
        bcc=["dan@example.com"],
    )
    message.attach_alternative("<p>Hello</p>", "text/html")
    message.attach(PDF[0], PDF[2], PDF[1])
    message.send()


def letter() -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"] = "Welcome, Zoë", "shop@example.com"
    message["To"], message["Cc"] = "Ann <ann@example.com>, bob@example.com", "cid@example.com"
    message["Bcc"] = "dan@example.com"
    message.set_content("Hello")
    message.add_alternative("<p>Hello</p>", subtype="html")
    message.add_attachment(PDF[2], maintype="application", subtype="pdf", filename=PDF[0])
    return message


def by_smtplib(app: Flask, mail: Any) -> None:
    with smtplib.SMTP("mail.example.com", 587) as server:
        server.starttls()
        server.login("shop", "secret")
        server.send_message(letter())


def by_smtp_ssl(app: Flask, mail: Any) -> None:
    with smtplib.SMTP_SSL("mail.example.com") as server:
        server.send_message(letter())


def by_aiosmtplib(app: Flask, mail: Any) -> None:
    asyncio.run(aiosmtplib.send(letter(), hostname="mail.example.com", port=587, start_tls=True))


def by_an_open_aiosmtplib(app: Flask, mail: Any) -> None:
    async def send() -> None:
        async with aiosmtplib.SMTP(hostname="mail.example.com") as server:
            await server.login("shop", "secret")
            await server.send_message(letter())

    asyncio.run(send())


WAYS = {  # what sends, and the extension that it uses
    "Flask-Mail": (by_flask_mail, flask_mail.Mail),
    "Flask-Mailman": (by_flask_mailman, flask_mailman.Mail),
    "smtplib": (by_smtplib, None),
    "smtplib by TLS": (by_smtp_ssl, None),
    "aiosmtplib": (by_aiosmtplib, None),
    "an open aiosmtplib": (by_an_open_aiosmtplib, None),
}


@pytest.fixture(params=WAYS)
def send(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """What makes a service that sends, in each way."""
    send, extension = WAYS[request.param]

    def made(testing: bool) -> Flask:
        app = Flask("mail")
        app.testing = testing
        mail = extension(app) if extension else None

        @app.post("/")
        def view() -> str:
            send(app, mail)
            return ""

        return app

    return made


@pytest.fixture(params=[False, True], ids=["", "TESTING"])
def stage(send: Callable[..., Flask], request: pytest.FixtureRequest) -> Iterator[EmbeddedStage]:
    opened = EmbeddedStage(send(request.param), database=NoDatabase())
    opened.start()
    opened.begin_scenario()
    yield opened
    opened.end_scenario()


def test_each_recipient_has_the_whole_mail(stage: EmbeddedStage) -> None:
    assert stage.send(Request("POST", "/")).status == 200
    assert sorted(mail.to for mail in stage.mailbox.sent) == EVERYBODY
    for to in EVERYBODY:
        mail = stage.mailbox.take(to, "Welcome, Zoë")
        assert (mail.body.strip(), mail.html.strip()) == ("Hello", "<p>Hello</p>")
        assert mail.attachments == ("slip.pdf",)
    assert stage.unverified() == []  # nor was a name looked up, for the number of the mail


def test_a_mail_that_no_step_verifies_is_named(stage: EmbeddedStage) -> None:
    stage.send(Request("POST", "/"))
    assert sorted(stage.unverified()) == [f"an e-mail to {to}, “Welcome, Zoë”" for to in EVERYBODY]


def test_a_server_that_refuses_is_told_to_the_service(stage: EmbeddedStage) -> None:
    stage.mailbox.fail_with(smtplib.SMTPServerDisconnected("gone"))
    if stage.app.testing:
        with pytest.raises(smtplib.SMTPServerDisconnected, match="gone"):
            stage.send(Request("POST", "/"))
    else:
        assert stage.send(Request("POST", "/")).status == 500
        assert "Exception on / [POST]" in stage.errors.take("Exception on /")
    assert stage.mailbox.sent == []


def test_an_object_in_the_configuration_is_replaced_by_the_mailbox() -> None:
    app = Flask("mail")
    app.config["POST_OFFICE"] = None

    @app.post("/")
    def view() -> str:
        app.config["POST_OFFICE"].send("ann@example.com", "Welcome", "Hello")
        return ""

    stage = EmbeddedStage(app, database=NoDatabase(), mail="POST_OFFICE")
    stage.start()
    stage.begin_scenario()
    stage.send(Request("POST", "/"))
    assert stage.mailbox.take("ann@example.com", "Welcome") == Mail("ann@example.com", "Welcome", "Hello")
    assert stage.end_scenario() == []


def test_after_the_scenario_aiosmtplib_is_as_it_was() -> None:
    before = aiosmtplib.SMTP.sendmail, aiosmtplib.SMTP.connect
    stage = EmbeddedStage(Flask("mail"), database=NoDatabase())
    stage.begin_scenario()
    assert aiosmtplib.SMTP.sendmail is not before[0]
    stage.end_scenario()
    assert (aiosmtplib.SMTP.sendmail, aiosmtplib.SMTP.connect) == before
