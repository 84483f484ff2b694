"""What an answer means, in the words of the business; the only place that knows status codes.

Each word has one meaning. An error has to be a problem (RFC 9457) that repeats its status, a demand to sign
in has to say how (RFC 9110, 11.6.1), a request to slow down when to come back (RFC 6585, 4).
"""

from typing import Any

from features.harness.http import Exchange

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
WORDS = {status: word for word, status in MEANINGS.items()}


class Outcome:
    """The answer to one operation."""

    def __init__(self, exchange: Exchange, success: int) -> None:
        """Take the exchange and the exact status that the operation declares as its success."""
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
    def errors(self) -> dict[str, list[str]]:
        """What is wrong with which field, as the answer tells it; empty where it tells nothing."""
        errors: dict[str, list[str]] = self.body.get("errors", {}) if self.response.is_json else {}
        return errors

    def must_be(self, word: str) -> None:
        """Check the meaning and the form of the answer.

        Raises AssertionError with the whole exchange if it is another; ValueError for an unknown word.
        """
        if word != "allowed" and word not in MEANINGS:
            raise ValueError(f"An outcome cannot be {word!r}; it can be allowed, {', '.join(MEANINGS)}.")
        if self.word != word:
            raise AssertionError(f"Expected: {word}\nGot: {self.word}\n{self.exchange}")
        if flaw := self._flaw():
            raise AssertionError(f"The answer is {word}, but {flaw}\n{self.exchange}")

    def _flaw(self) -> str | None:
        status, headers = self.response.status, self.response.headers
        if status < 400:
            return None
        if self.response.type != "application/problem+json":
            return f"not a problem (RFC 9457): its type is {self.response.type!r}"
        if self.body.get("status") != status or not self.body.get("title"):
            return "its body does not repeat the status and a title"
        if status == 401 and "www-authenticate" not in headers:
            return "does not say how to sign in (WWW-Authenticate)"
        if status == 429 and not headers.get("retry-after", "").isdigit():
            return "does not say when to come back (Retry-After)"
        if status == 422 and not self.errors:
            return "names no field"
        return None
