"""What stands around the shop when it serves customers: proxies, the worker, the mail server, gunicorn."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from behave_flask.ledgers.snapshots import Snapshots
from features.support.shop import inspection
from features.support.world.world import World

SENDERS = {"the browser": "203.0.113.9", "the first proxy": "198.51.100.7", "the last proxy": "127.0.0.1"}
# What two proxies have added, each what it has seen itself.
FORWARDED = {
    "X-Forwarded-For": f"{SENDERS['the browser']}, {SENDERS['the first proxy']}",
    "X-Forwarded-Proto": "https, http",
    "X-Forwarded-Host": "shop.example.com, first.example.com",
}
MAIL_SERVERS = {
    "takes what comes": {},
    "asks who is there": {"MAIL_USERNAME": "shop", "MAIL_PASSWORD": "a password", "MAIL_PORT": "587"},
    "asks for a name alone": {"MAIL_USERNAME": "shop"},
    "talks in secret": {"MAIL_STARTTLS": "true"},
}
LINE_ENDS: dict[str, dict[str, Any]] = {
    "is shut": {},
    "breaks, who never said how much will come": {"error": ConnectionResetError, "in_chunks": True},
}
DEMANDS = {"sign in": 401, "say how much will come": 411}
A_MOMENT = timedelta(seconds=60)


@dataclass(frozen=True)
class SeenRequest:
    """Where the shop took a request to come from, by which scheme, and to which host."""

    address: str | None
    scheme: str
    host: str


@dataclass(frozen=True)
class HandedMail:
    """All that a mail server was told."""

    values: dict[str, Any]


@dataclass(frozen=True)
class KnownWork:
    """The background work that the worker knows."""

    names: set[str]


@dataclass(frozen=True)
class AnswerInTheMiddle:
    """The status with which the shop answered whoever hung up in the middle."""

    status: int


@dataclass(frozen=True)
class HeardLetters:
    """How many letters of a request the shop has read."""

    number: int


def announce(world: World, announced: int | None, sent: int) -> None:
    """Let somebody who has not signed in announce so many letters of a post, or none, and send so many."""
    world.note(HeardLetters(inspection.letters_heard("/api/posts", announced, sent)))


def letters_read_are(world: World, letters: int) -> None:
    """Check how many letters the shop has read of what somebody sent who was refused."""
    found = world.noted(HeardLetters).number
    if found != letters:
        raise AssertionError(f"The shop has heard {found} letters, not {letters}.")


def goes_on(world: World, status: int) -> None:
    """Check that whoever has hung up was refused, as if they had not."""
    found = world.noted(AnswerInTheMiddle).status
    if found != status:
        raise AssertionError(f"The shop answered {found}, not {status}.")


def seen_as(world: World, who: str, scheme: str, host: str) -> None:
    """Check where the shop took the request to come from, over which line, and to whom."""
    expected = SeenRequest(SENDERS[who], scheme, host)
    if (found := world.noted(SeenRequest)) != expected:
        raise AssertionError(f"The shop has seen {found}, not {expected}.")


def handed_as_recorded(snapshots: Snapshots, title: str, world: World) -> None:
    """Compare all that the mail server was told with its snapshot, and its date with now."""
    handed = world.noted(HandedMail).values
    date = parsedate_to_datetime(handed["headers"].pop("Date"))
    if abs(datetime.now(UTC) - date) > A_MOMENT:
        raise AssertionError(f"The mail is of {date}.")
    snapshots.check(title, handed)


def knows_work(world: World, expected: set[str]) -> None:
    """Check what background work the worker knows."""
    found = world.noted(KnownWork).names
    if found != expected:
        raise AssertionError(f"The worker knows {sorted(found)}.")
