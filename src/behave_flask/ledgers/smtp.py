"""Mail that the service sends by `smtplib`, as Flask-Mail and Flask-Mailman do: taken in, and never sent."""

import smtplib
from collections.abc import Callable, Iterable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast
from unittest.mock import patch

from flask import Flask

from behave_flask.core.protocols import Mail

_ACCEPTED = (250, b"OK")


class SMTPCapture:
    """Takes the place of every mail server for a scenario, whoever connects to it by `smtplib`."""

    def __init__(self, take: Callable[[Mail], None]) -> None:
        """Begin closed.

        :param take: takes each mail, once for each recipient; what it raises, the service is told.
        """
        self._take = take
        self._patch: Any = None

    def activate(self) -> None:
        """Answer in the place of mail servers from now on."""
        if self._patch is None:
            self._patch = patch.multiple(smtplib.SMTP, **cast(Any, self._answers()))
            self._patch.start()

    def deactivate(self) -> None:
        """Let `smtplib` reach its servers again."""
        if self._patch is not None:
            self._patch.stop()
            self._patch = None

    def _answers(self) -> dict[str, Callable[..., Any]]:
        def sendmail(
            _server: Any, _from: str, to: str | Iterable[str], message: str | bytes, *_: Any, **__: Any
        ) -> dict[str, Any]:
            content = message.encode() if isinstance(message, str) else message
            parsed = message_from_bytes(content, policy=policy.default)
            for recipient in [to] if isinstance(to, str) else to:
                self._take(_mail(recipient, parsed))
            return {}

        def accepted(*_: Any, **__: Any) -> tuple[int, bytes]:
            return _ACCEPTED

        names = ("ehlo", "helo", "login", "noop", "quit", "rset", "starttls")
        return {
            **dict.fromkeys(names, accepted),
            "connect": lambda *_, **__: (220, b"ready"),
            "ehlo_or_helo_if_needed": lambda *_: None,
            "has_extn": lambda *_: True,
            "close": lambda *_: None,
            "sendmail": sendmail,
        }


def send_really(app: Flask) -> None:
    """Make Flask-Mail and Flask-Mailman send what they would keep to themselves in a test."""
    if (mail := app.extensions.get("mail")) is not None and hasattr(mail, "suppress"):
        mail.suppress = False
    if (mailman := app.extensions.get("mailman")) is not None and getattr(mailman, "backend", "") == "locmem":
        mailman.backend = "smtp"


def _mail(recipient: str, message: EmailMessage) -> Mail:
    text, page = (message.get_body((kind,)) for kind in ("plain", "html"))
    attached = tuple(part.get_filename() or part.get_content_type() for part in message.iter_attachments())
    return Mail(
        recipient,
        str(message["Subject"] or ""),
        text.get_content() if text else "",
        page.get_content() if page else "",
        attached,
    )
