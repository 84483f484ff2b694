"""The words that steps take, as registered types: an unknown word is an error, never the happy path."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import TypeVar

from behave import register_type
from parse import with_pattern

from behave_flask.core.outcomes import MEANINGS
from behave_flask.lint import attempts
from features.support import entries, mistakes, overtaking, pictures, plant, settings, weather
from features.support.providers import THOUGHTS, TROUBLES

T = TypeVar("T")
MB = 1024 * 1024

# What a person of the permission matrix is told, in the words of `behave_flask.core.outcomes`.
VERDICTS = {
    "may": "allowed",
    "may not": "forbidden",
    "must sign in to": "must sign in",
    "finds nothing when trying to": "does not exist",
}
TASKS = {
    "the welcome": "app.tasks.send_welcome",
    "the order confirmation": "app.tasks.send_order_confirmation",
    "the news of the refund": "app.tasks.send_refund_notice",
    "the news of the declined payment": "app.tasks.send_payment_declined",
}
# Fields whose name in the service differs from what the features call them, but for spaces.
FIELDS = {
    "e-mail": "email",
    "standing": "is_active",
    "number": "id",
    "picture": "avatar_url",
    "day of joining": "created_at",
}
ACCOUNT_FIELDS = FIELDS | {name: name for name in ("name", "password", "role", "nickname")}
ORDER_STATUSES = {
    "awaits payment": "awaiting_payment",
    "is paid": "paid",
    "was declined": "declined",
    "is cancelled": "cancelled",
    "is refunded": "refunded",
}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
COUNTS = {word: number for number, word in enumerate(_NUMBERS)}
TIMES = {"once": 1, "twice": 2, "three times": 3, "four times": 4, "six times": 6}
SPANS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


def one_of(words: Mapping[str, T]) -> object:
    """Return a type for `register_type` that takes exactly these words, the longest first."""

    @with_pattern("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    def look_up(text: str) -> T:
        return words[text]

    look_up.words = list(words)
    return look_up


@with_pattern(r"\d+(?:\.\d+)? (?:second|minute|hour|day)s?")
def span(text: str) -> timedelta:
    """Read "15 minutes" or "0.5 seconds"."""
    number, unit = text.split()
    return timedelta(seconds=float(number) * SPANS[unit.rstrip("s")])


@with_pattern(r"\d+\.\d\d EUR")
def cents(text: str) -> int:
    """Read "12.50 EUR" as whole cents."""
    return int(text.removesuffix(" EUR").replace(".", ""))


@with_pattern(r"(?:\d+ (?:MB|bytes)|5 MB and 1 byte)")
def size(text: str) -> int:
    """Read "5 MB", "5 MB and 1 byte" or "200 bytes" as bytes; a MB is 1024 x 1024 bytes here."""
    extra = 1 if text.endswith("and 1 byte") else 0
    number, unit = text.split()[:2]
    return int(number) * (MB if unit == "MB" else 1) + extra


@with_pattern(r"[^\"]+")
def unquoted(text: str) -> str:
    """Read a name, which no quoted text belongs to: a "may" in what somebody was told is no verdict."""
    return text


@with_pattern(r"(?:GET|POST|PATCH|DELETE) /\S*")
def request(text: str) -> str:
    """Read "GET /api/users"."""
    return text


@with_pattern(r"[A-Z]\w*'s order")
def order(text: str) -> str:
    """Read "Ann's order": the last one of hers that the scenario spoke of."""
    return text


@with_pattern(r"[A-Z]\w*(?: [A-Z]\w*)*")
def product(text: str) -> str:
    """Read the name of a product, whose words begin with capital letters."""
    return text


attempts.told_by("tries to", "try to")
register_type(
    Unquoted=unquoted,
    Request=request,
    Sees=one_of({"sees": True, "does not see": False}),
    Measure=one_of({word: word for word in ("delete", "suspend", "demote")}),
    Upload=one_of(pictures.UPLOADS),
    Other=one_of(pictures.OTHERS),
    Claim=one_of(pictures.CLAIMS),
    Kind=one_of({kind: kind for kind in pictures.TYPES}),
    AccountField=one_of(ACCOUNT_FIELDS),
    Verdict=one_of(VERDICTS),
    Word=one_of({word: word for word in MEANINGS}),
    Task=one_of(TASKS),
    Span=span,
    Cents=cents,
    Size=size,
    Entry=entries.entry,
    Order=order,
    Product=product,
    OrderStatus=one_of(ORDER_STATUSES),
    Count=one_of(COUNTS),
    Times=one_of(TIMES),
    Thought=one_of({words: words for words in THOUGHTS}),
    Trouble=one_of({words: words for words in TROUBLES}),
    Happens=one_of({words: words for words in overtaking.EVENTS}),
    Line=one_of({"an open line": "http", "a secure line": "https"}),
    Loaded=one_of({words: words for words in mistakes.LOADS}),
    MailServer=one_of({words: words for words in plant.MAIL_SERVERS}),
    Mistake=one_of({words: words for words in mistakes.MISTAKES}),
    Purpose=one_of({words: words for words in settings.PURPOSES}),
    Sender=one_of({words: words for words in ("the browser", "the proxy")}),
    Setting=one_of({words: words for words in settings.NAMES}),
    WeatherTrouble=one_of({words: words for words in weather.TROUBLES}),
)
