"""Mail that the service sends by `smtplib`, as Flask-Mail and Flask-Mailman do, or aiosmtplib: never sent."""

import smtplib
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from importlib.util import find_spec
from typing import Any

from flask import Flask

from behave_flask.core.protocols import Mail
from behave_flask.core.replacing import replaced

_ACCEPTED, _READY = (250, b"OK"), (220, b"ready")
_COMMANDS = ("ehlo", "helo", "login", "noop", "quit", "rset", "starttls")


class SMTPCapture:
    """Takes the place of every mail server for a scenario, whoever connects to it."""

    def __init__(self, take: Callable[[Mail], None]) -> None:
        """Begin closed.

        :param take: takes each mail, once for each recipient; what it raises, the service is told.
        """
        self._take = take
        self._taken = ExitStack()
        self._is_open = False

    def activate(self) -> None:
        """Answer in the place of mail servers from now on."""
        if not self._is_open:
            self._is_open = True
            self._taken.enter_context(replaced(smtplib.SMTP, **self._answers()))
            if find_spec("aiosmtplib"):
                import aiosmtplib

                self._taken.enter_context(replaced(aiosmtplib.SMTP, **self._awaited()))

    def deactivate(self) -> None:
        """Let mail reach its servers again."""
        self._taken.close()
        self._is_open = False

    def _sendmail(
        self, _server: Any, _from: str, to: str | Iterable[str], message: str | bytes, *_: Any, **__: Any
    ) -> dict[str, Any]:
        content = message.encode() if isinstance(message, str) else message
        parsed = message_from_bytes(content, policy=policy.default)
        for recipient in [to] if isinstance(to, str) else to:
            self._take(_mail(parseaddr(recipient)[1] or recipient, parsed))
        return {}

    def _answers(self) -> dict[str, Callable[..., Any]]:
        """Return the methods of `smtplib.SMTP` that talk to a server, as they answer here."""

        def sendmail(*arguments: Any, **keywords: Any) -> dict[str, Any]:
            return self._sendmail(*arguments, **keywords)

        return {
            **dict.fromkeys(_COMMANDS, lambda *_, **__: _ACCEPTED),
            "connect": lambda *_, **__: _READY,
            "ehlo_or_helo_if_needed": lambda *_: None,
            "has_extn": lambda *_: True,
            "close": lambda *_: None,
            "sendmail": sendmail,
        }

    def _awaited(self) -> dict[str, Callable[..., Any]]:
        """Return the same for aiosmtplib."""

        async def accepted(*_: Any, **__: Any) -> tuple[int, str]:
            return 250, "OK"

        async def sendmail(*arguments: Any, **keywords: Any) -> tuple[dict[str, Any], str]:
            return self._sendmail(*arguments, **keywords), "OK"

        return {
            **dict.fromkeys((*_COMMANDS, "connect", "_ehlo_or_helo_if_needed"), accepted),
            "supports_extension": lambda *_: True,
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
