"""What an answer means, in the words of the business; the only place that knows status codes.

Each word has one meaning. An error has to be a problem (RFC 9457) that repeats its status, a demand to sign
in has to say how (RFC 9110, 11.6.1), a request to slow down when to come back (RFC 6585, 4).
"""

from collections.abc import Collection, Mapping
from html.parser import HTMLParser
from typing import Any, Self
from urllib.parse import urlsplit

from behave_flask.core.http import Exchange

MEANINGS = {
    "must sign in": 401,
    "declined": 402,
    "forbidden": 403,
    "does not exist": 404,
    "not a thing one can do": 405,
    "in conflict": 409,
    "too large": 413,
    "of the wrong type": 415,
    "invalid": 422,
    "slowed down": 429,
    "unavailable": 503,
    "unreadable": 400,
    "of unknown length": 411,
    "accepted for later": 202,
}
SEE_OTHER = 303
ELSEWHERE = "sent elsewhere"  # by a redirect where success is none
WORDS = {status: word for word, status in MEANINGS.items()}


class Outcome:
    """What the answer to one operation means, in the words of the business.

    Example::

        Outcome(exchange, success=201).must_be("allowed")
    """

    def __init__(self, exchange: Exchange, success: int) -> None:
        """Wrap an exchange.

        :param exchange: who asked what, and the answer.
        :param success: the exact status that the operation declares as its success.
        """
        self.exchange = exchange
        self.response = exchange.response
        self._success = success

    @property
    def word(self) -> str:
        """What the answer means; a status that means nothing here is returned as it is."""
        if self.response.status == self._success:
            return "allowed"
        return WORDS.get(self.response.status, f"a plain {self.response.status}")

    @property
    def body(self) -> Any:
        """The answer's JSON. Raises AssertionError if it is none."""
        return self.response.json

    @property
    def reason(self) -> str | None:
        """The reason that the answer gives, as people read it."""
        reason: str | None = _fields(self.body).get("detail")
        return reason

    @property
    def errors(self) -> dict[str, list[str]]:
        """What is wrong with which field, by the answer; empty where it names none."""
        errors: dict[str, list[str]] = _fields(self.body).get("errors", {}) if self.response.is_json else {}
        return errors

    def must_be(self, word: str) -> None:
        """Check the meaning and the form of the answer.

        :param word: "allowed", or another of `MEANINGS`, such as "forbidden".
        :raises AssertionError: with the whole exchange, if it is another.
        :raises ValueError: for an unknown word.
        """
        if word != "allowed" and word not in MEANINGS:
            raise ValueError(f"An outcome cannot be {word!r}; it can be allowed, {', '.join(MEANINGS)}.")
        if self.word != word:
            raise AssertionError(f"Expected: {word}\nGot: {self.word}\n{self.exchange}")
        if flaw := self._flaw():
            raise AssertionError(f"The answer is {word}, but {flaw}\n{self.exchange}")

    def must_succeed(self) -> Self:
        """Check that what was asked for is done, which a plain verb says: "Ann cancels her order".

        :returns: this outcome.
        :raises AssertionError: with the whole exchange, if it is not.
        """
        self.must_be("allowed")
        return self

    def _flaw(self) -> str | None:
        status, headers = self.response.status, self.response.headers
        if status < 400:
            return None
        if self.response.type != "application/problem+json":
            return f"not a problem (RFC 9457): its type is {self.response.type!r}"
        try:
            problem = _fields(self.body)
        except AssertionError:
            return "its body is no JSON"
        if problem.get("status") != status or not problem.get("title"):
            return "its body does not repeat the status and a title"
        if status == 401 and "www-authenticate" not in headers:
            return "does not say how to sign in (WWW-Authenticate)"
        if status == 429 and not headers.get("retry-after", "").isdigit():
            return "does not say when to come back (Retry-After)"
        if status == 422 and not self.errors:
            return "names no field"
        return None


class PlainOutcome(Outcome):
    """The answer of a service that tells by statuses and redirects alone, in whatever form.

    For example::

        PlainOutcome(exchange, 302, words={400: "invalid"}, sign_in=["/login"])
    """

    def __init__(
        self,
        exchange: Exchange,
        success: int,
        *,
        words: Mapping[int, str] | None = None,
        sign_in: Collection[str] = (),
        in_vain: bool | None = None,
    ) -> None:
        """Wrap an exchange.

        :param exchange: who asked what, and the answer.
        :param success: the status of its success, as the operation says; one redirect is as good as another.
        :param words: what statuses mean that mean something else here, as `{400: "invalid"}`.
        :param sign_in: the paths to which somebody is sent who has to sign in.
        :param in_vain: whether the operation should have changed something, and nothing has changed: where
            success and refusal are the same redirect, or the same page, that is a refusal. If something has,
            it is done, even where one is sent to sign in afterwards, as by a form to register.
        """
        super().__init__(exchange, success)
        self._words, self._sign_in, self._in_vain = words or {}, sign_in, in_vain

    @property
    def word(self) -> str:
        """What the answer means."""
        status = self.response.status
        place = urlsplit(self.response.headers.get("location", "")).path
        if _is_redirect(status) and place in self._sign_in and self._in_vain is not False:
            return "must sign in"
        if status == self._success or (_is_redirect(status) and _is_redirect(self._success)):
            return "forbidden" if self._in_vain else "allowed"
        if _is_redirect(status) and status not in self._words:
            return ELSEWHERE
        return self._words.get(status) or super().word

    def must_be(self, word: str) -> None:
        """Check the meaning of the answer, also by a word of this service's own. Raises as `Outcome` does."""
        if word not in (*self._words.values(), ELSEWHERE):
            super().must_be(word)
        elif self.word != word:
            raise AssertionError(f"Expected: {word}\nGot: {self.word}\n{self.exchange}")

    def _flaw(self) -> str | None:
        return None


def _is_redirect(status: int) -> bool:
    return status in (301, 302, 303, 307, 308)


def _fields(body: Any) -> dict[str, Any]:
    """Return what a JSON object says; nothing of a list, a text or a number."""
    return body if isinstance(body, dict) else {}


class PageOutcome(Outcome):
    """The answer to one operation on a page: a page of the same status, or a redirect (RFC 9110, 15.4.4).

    A page names what is wrong with a field in an element with `data-field`, and gives its reasons within one
    of the role `alert`.
    """

    def __init__(self, exchange: Exchange, success: int, sign_in: str) -> None:
        """Accept what `Outcome` takes, and the path of the page to which a visitor is sent to sign in."""
        super().__init__(exchange, success)
        self._sign_in = sign_in

    @property
    def word(self) -> str:
        """What the answer means: to be sent to the page for signing in is having to sign in."""
        place = urlsplit(self.response.headers.get("location", "")).path
        return (
            "must sign in" if self.response.status == SEE_OTHER and place == self._sign_in else super().word
        )

    @property
    def errors(self) -> dict[str, list[str]]:
        """What is wrong with which field, by the page."""
        return self._alert.fields

    @property
    def reason(self) -> str | None:
        """The first sentence of the page's alert, if there is one."""
        return next(iter(self._alert.alert), None)

    @property
    def _alert(self) -> "_AlertParser":
        parser = _AlertParser()
        parser.feed(self.response.body.decode(errors="backslashreplace"))
        return parser

    def _flaw(self) -> str | None:
        status = self.response.status
        if status < 400:
            return None
        if self.response.type != "text/html":
            return f"not a page: its type is {self.response.type!r}"
        if status == 429 and not self.response.headers.get("retry-after", "").isdigit():
            return "does not say when to come back (Retry-After)"
        if status == 422 and not self.errors:
            return "names no field"
        return None if self.reason else "gives no reason in an alert"


class _AlertParser(HTMLParser):
    """Reads the alert of a page: its sentences, and those about a field by the field's name."""

    def __init__(self) -> None:
        super().__init__()
        self.alert: list[str] = []
        self.fields: dict[str, list[str]] = {}
        self._depth = 0
        self._field: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element."""
        given = dict(attrs)
        if tag == "div":
            self._depth += 1 if self._depth or given.get("role") == "alert" else 0
        self._field = given.get("data-field") or self._field

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag == "div" and self._depth:
            self._depth -= 1
        if tag == "li":
            self._field = None

    def handle_data(self, data: str) -> None:
        """Take what stands in the alert."""
        if self._depth and (text := data.strip()):
            if self._field is None:
                self.alert.append(text)
            else:
                self.fields.setdefault(self._field, []).append(text)
