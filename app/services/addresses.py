"""E-mail addresses: read in one way wherever somebody enters one, and each the address of one recipient."""

from email.message import EmailMessage

from email_validator import EmailNotValidError, validate_email


class NoAddressError(ValueError):
    """It is not the address of one mailbox."""


def read(text: str) -> str:
    """Return an address as it is stored: in lower case, its domain in ASCII.

    :raises NoAddressError: for anything that is not the address of one mailbox.
    """
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise NoAddressError from error
    address = (found.ascii_email or found.normalized).lower()
    if recipients(address) != [address]:
        raise NoAddressError
    return address


def as_stored(text: str) -> str:
    """Return what an account with this address would be found by, whatever was entered."""
    try:
        return read(text.strip())
    except NoAddressError:
        return text.strip().lower()


def recipients(header: str) -> list[str]:
    """Return to whom a mail would go that has this in its `To`.

    What is allowed in an address may be read as something else there: `=?x?q?ann=40example.com=2c?=b@c.de` is
    an encoded word (RFC 2047), and holds the address of a stranger.
    """
    message = EmailMessage()
    try:
        message["To"] = header
        return [each.addr_spec for each in message["To"].addresses]
    except Exception:  # noqa: BLE001 (what it decodes to may raise anything)
        return []
