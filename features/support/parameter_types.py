"""The parameter types of the steps: an unknown word is an error, never the happy path."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import TypeVar

from behave import register_type
from parse import with_pattern

from behave_flask import attempts
from behave_flask.core.outcomes import MEANINGS
from features.support.areas import deployment, race_conditions, settings, weather
from features.support.checks import malformed_requests
from features.support.checks.permissions import LEGEND
from features.support.inputs import field_values, pictures
from features.support.inputs.words import (
    ACCOUNT_FIELDS,
    COUNTS,
    ORDER_STATUSES,
    SPANS,
    TASKS,
    TIMES,
)
from features.support.pages.channels import DOORS
from features.support.pages.forms import FORMS, THINGS
from features.support.pages.page_actions import BROWSERS
from features.support.pages.page_objects import PAGES
from features.support.world.providers import THOUGHTS, TROUBLES

T = TypeVar("T")
MB = 1024 * 1024


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


# The fields of the forms, as features call them.
FORM_FIELDS = {
    "city": "city",
    "e-mail": "email",
    "name": "name",
    "password": "password",
    "picture": "avatar",
    "pieces": "quantity",
}

attempts.phrases("tries to", "try to")
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
    Verdict=one_of({verdict: verdict for verdict in LEGEND.verdicts}),
    Word=one_of({word: word for word in MEANINGS}),
    Task=one_of(TASKS),
    Span=span,
    Cents=cents,
    Size=size,
    Entry=field_values.entry,
    Order=order,
    Product=product,
    OrderStatus=one_of(ORDER_STATUSES),
    Count=one_of(COUNTS),
    Times=one_of(TIMES),
    Thought=one_of({words: words for words in THOUGHTS}),
    Trouble=one_of({words: words for words in TROUBLES}),
    Happens=one_of({words: words for words in race_conditions.EVENTS}),
    Line=one_of({"an open line": "http", "a secure line": "https"}),
    Loaded=one_of({words: words for words in malformed_requests.LOADS}),
    Fault=one_of(malformed_requests.FAULTS),
    LineEnd=one_of(deployment.LINE_ENDS),
    Demand=one_of(deployment.DEMANDS),
    MailServer=one_of({words: words for words in deployment.MAIL_SERVERS}),
    Mistake=one_of({words: words for words in malformed_requests.MISTAKES}),
    Purpose=one_of({words: words for words in settings.PURPOSES}),
    Sender=one_of({who: who for who in deployment.SENDERS}),
    Setting=one_of({words: words for words in settings.NAMES}),
    WeatherTrouble=one_of({words: words for words in weather.TROUBLES}),
    Browser=one_of({words: words for words in BROWSERS}),
    Books=one_of({words.lower(): words for words in ("Users", "Orders")}),
    Door=one_of(DOORS),
    DoorField=one_of({"name": "name", "e-mail": "email", "password": "password"}),
    Form=one_of({words: words for words in FORMS}),
    FormField=one_of(FORM_FIELDS),
    Listed=one_of({words: words for words in THINGS}),
    Lost=one_of({"everything": "everything"} | {f"the {words}": name for words, name in FORM_FIELDS.items()}),
    Page=one_of(PAGES),
)
