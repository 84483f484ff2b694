"""An e-mail service that sends nothing and remembers everything, put in by the service's configuration.

A mail that no step verifies is a finding, and so is a mail that could not have been sent as it stood.
"""

import re

from behave_flask.core.protocols import Mail

# One address and nothing else; whether it exists is not for a mailbox to say.
_ADDRESS = re.compile(r"[^\s@,;:<>()\"]+@[^\s@,;:<>()\"]+\.[^\s@,;:<>()\".]+")
_LINE_BREAK = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")


class RecordingEmailService:
    """Takes the place of a sending service: the same `send`, no post."""

    def __init__(self) -> None:
        self._sent: list[Mail] = []
        self._unread: list[Mail] = []
        self._refused: list[str] = []
        self._failure: Exception | None = None

    def send(self, to: str, subject: str, body: str) -> None:
        """Take a mail in.

        Raises TypeError or ValueError, written down as well, for what no mail server would take: no text,
        a recipient that is not one address, a subject that is empty or has a line break. Raises what
        `fail_with` was given.
        """
        self.receive(Mail(to, subject, body))

    def receive(self, mail: Mail) -> None:
        """Take in a mail that is made already. Raises as `send` does."""
        try:
            _check(mail.to, mail.subject, mail.body)
        except (TypeError, ValueError) as error:
            self._refused.append(f"an e-mail that cannot be sent: {error}")
            raise
        if self._failure is not None:
            raise self._failure
        self._sent.append(mail)
        self._unread.append(mail)

    def verify_all(self) -> None:
        """Mark everything that was sent as verified."""
        self._unread.clear()

    def fail_with(self, error: Exception | None) -> None:
        """Make every further `send` raise `error`; None mends the service."""
        self._failure = error

    @property
    def sent(self) -> list[Mail]:
        """All mails in order. Looking here verifies none of them."""
        return list(self._sent)

    def take(self, to: str, subject: str) -> Mail:
        """Return the first such mail not yet verified, and mark it as verified.

        Raises AssertionError that lists what was sent instead.
        """
        for mail in self._unread:
            if (mail.to, mail.subject) == (to, subject):
                self._unread.remove(mail)
                return mail
        raise AssertionError(f"There is no e-mail to {to}, “{subject}”. {self._account()}")

    def findings(self) -> list[str]:
        """The mails that no step verified, and those that could not have been sent."""
        return [str(mail) for mail in self._unread] + self._refused

    def clear(self) -> None:
        """Empty the mailbox and mend the service."""
        self._sent, self._unread, self._refused, self._failure = [], [], [], None

    def _account(self) -> str:
        if not self._sent:
            return "No e-mail was sent at all."
        unread = list(self._unread)
        listed = ""
        for mail in self._sent:
            listed += f"\n  - {mail}" + ("" if mail in unread else " (verified already)")
            if mail in unread:
                unread.remove(mail)
        return f"Sent were:{listed}"


def _check(to: object, subject: object, body: object) -> None:
    for name, value in (("recipient", to), ("subject", subject), ("body", body)):
        if not isinstance(value, str):
            raise TypeError(f"the {name} is not a text but {value!r}")
        if name == "recipient" and not _ADDRESS.fullmatch(value):
            raise ValueError(f"the recipient {value!r} is not one e-mail address")
        if name == "subject" and (not value.strip() or _LINE_BREAK.search(value)):
            raise ValueError(f"the subject {value!r} is empty or has a line break")
