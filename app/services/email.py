"""Mail, by SMTP."""

import hashlib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from smtplib import SMTP
from typing import Any

from app.config import Settings
from app.models import utcnow
from app.services.deadline import Deadline

LONGEST_SESSION = 30.0  # seconds: a server that says a letter now and then is not waited for


class Session(SMTP):
    """What is said to a mail server: for its time-out each time, and in all for `LONGEST_SESSION`."""

    _deadline: Deadline | None = None

    def connect(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Connect, which the constructor does."""
        self._deadline = Deadline(LONGEST_SESSION, lambda: self.sock)
        try:
            return super().connect(*args, **kwargs)
        except OSError:
            self._deadline.cancel()
            raise

    def close(self) -> None:
        """Close the connection."""
        super().close()
        if self._deadline:
            self._deadline.cancel()


class EmailService:
    """Hands mail to the configured server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, to: str, subject: str, body: str) -> None:
        """Send a plain text mail to one address; the same mail again has the same Message-ID.

        :raises OSError: the server cannot be reached; ``smtplib.SMTPException`` is one.
        """
        message = EmailMessage()
        message["From"] = self._settings.mail_sender
        message["To"] = Address(addr_spec=to)
        message["Subject"] = subject
        message["Date"] = format_datetime(utcnow())  # RFC 5322 requires it
        message["Message-ID"] = self._id_of(to, subject, body)
        message.set_content(body)
        where = self._settings.mail_server, self._settings.mail_port
        with Session(*where, timeout=self._settings.mail_timeout_seconds) as server:
            self._open(server)
            server.send_message(message, to_addrs=[to])  # to nobody else, whatever the header is read as

    def _id_of(self, *parts: str) -> str:
        """Return what mail programs know a mail by that was sent twice (RFC 5322, 3.6.4)."""
        digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
        return f"<{digest}@{self._sender_domain()}>"

    def _sender_domain(self) -> str:
        message = EmailMessage()
        message["From"] = self._settings.mail_sender
        return str(message["From"].addresses[0].domain)

    def _open(self, server: SMTP) -> None:
        if self._settings.mail_starttls:
            server.starttls(context=ssl.create_default_context())
        if self._settings.mail_username:
            password = self._settings.mail_password
            server.login(self._settings.mail_username, password.get_secret_value() if password else "")
