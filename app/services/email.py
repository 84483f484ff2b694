"""Mail, by SMTP."""

import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from smtplib import SMTP

from app.config import Settings
from app.models import utcnow

TIMEOUT_SECONDS = 10


class EmailService:
    """Hands mail to the configured server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, to: str, subject: str, body: str) -> None:
        """Send a plain text mail to one address.

        :raises OSError: the server cannot be reached; ``smtplib.SMTPException`` is one.
        """
        message = EmailMessage()
        message["From"] = self._settings.mail_sender
        message["To"] = Address(addr_spec=to)
        message["Subject"] = subject
        message["Date"] = format_datetime(utcnow())  # RFC 5322 requires it
        message.set_content(body)
        with SMTP(self._settings.mail_server, self._settings.mail_port, timeout=TIMEOUT_SECONDS) as server:
            self._open(server)
            server.send_message(message, to_addrs=[to])  # to nobody else, whatever the header is read as

    def _open(self, server: SMTP) -> None:
        if self._settings.mail_starttls:
            server.starttls(context=ssl.create_default_context())
        if self._settings.mail_username:
            password = self._settings.mail_password
            server.login(self._settings.mail_username, password.get_secret_value() if password else "")
