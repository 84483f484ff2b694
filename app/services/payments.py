"""Money, by way of the payment provider's HTTP API.

Every call carries an `Idempotency-Key`: sent again with the same key, it is answered again and done once.
"""

import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated

from pydantic import BaseModel, StringConstraints

from app.config import Settings
from app.services.outside import Answer, Outside, Unavailable

log = logging.getLogger(__name__)
TRIES = 3
CURRENCY = "EUR"


class PaymentDeclined(Exception):
    """The provider said no; the text is its reason, in one line."""


class PaymentsUnavailable(Unavailable):
    """The provider said neither yes nor no, and may have done it: ask again with the same key."""


class _Made(BaseModel):
    """What the provider made: a charge or a refund."""

    id: Annotated[str, StringConstraints(pattern="^[!-~]{1,64}$")]


class _Refusal(BaseModel):
    reason: Annotated[str, StringConstraints(min_length=1)]


class PaymentService:
    """The payment provider. Amounts are whole cents."""

    def __init__(self, settings: Settings) -> None:
        self._provider = Outside(
            base=str(settings.payments_url),
            headers={"Authorization": f"Bearer {settings.payments_key.get_secret_value()}"},
            timeout=settings.outside_timeout_seconds,
            tries=TRIES,
            pause=settings.outside_retry_pause_seconds,
        )

    def charge(self, key: str, amount_cents: int, reference: str) -> str:
        """Charge the customer once for this key, and return the charge's id.

        :raises PaymentDeclined: the customer's payment is refused.
        :raises PaymentsUnavailable: nobody knows yet.
        """
        body = {"amount_cents": amount_cents, "currency": CURRENCY, "reference": reference}
        return self._make("/charges", key, body, refusals=(402,))

    def refund(self, key: str, charge_id: str, amount_cents: int) -> str:
        """Give back a part of a charge once for this key, and return the refund's id.

        :raises PaymentDeclined: the provider refuses.
        :raises PaymentsUnavailable: nobody knows yet.
        """
        body = {"charge_id": charge_id, "amount_cents": amount_cents}
        return self._make("/refunds", key, body, refusals=(402, 409))

    def void(self, key: str) -> None:
        """Give back what was charged under this key, if anything, and have later charges under it refused.

        :raises PaymentsUnavailable: nobody knows yet.
        """
        answer = self._ask("/voids", key, {})
        if answer.status != 204:
            raise _unexpected("/voids", answer)

    def _make(self, path: str, key: str, body: Mapping[str, object], refusals: tuple[int, ...]) -> str:
        answer = self._ask(path, key, body)
        with suppress(Unavailable):  # what cannot be read is as unexpected as any other answer
            if answer.status == 201:
                return answer.read(_Made).id
            if answer.status in refusals:
                raise PaymentDeclined(_one_line(answer.read(_Refusal).reason))
        raise _unexpected(path, answer)

    def _ask(self, path: str, key: str, body: Mapping[str, object]) -> Answer:
        try:
            return self._provider.ask("POST", path, headers={"Idempotency-Key": key}, json=body)
        except Unavailable as error:
            log.warning("The payment provider is unavailable: %s", error)
            raise PaymentsUnavailable(str(error), error.retry_after) from error


def _unexpected(path: str, answer: Answer) -> PaymentsUnavailable:
    """A 4xx is our own fault (a wrong key, a changed API) and stays until somebody looks."""
    level = logging.ERROR if answer.status >= 400 else logging.WARNING
    log.log(level, "The payment provider gave an answer that is not known: POST %s: %s", path, answer.status)
    return PaymentsUnavailable(f"POST {path}: {answer.status}")


def _one_line(reason: str) -> str:
    """Keep of the provider's words what can be stored and shown."""
    words = "".join(c if c.isprintable() else " " for c in reason).split()
    return " ".join(words)[:200].rstrip(". ") or "no reason given"
