"""The shop's outside world, as its providers would answer: payments and the weather."""

import re
from collections.abc import Callable
from itertools import count
from typing import Any

from requests.exceptions import ConnectionError as Refused
from requests.exceptions import ReadTimeout

from behave_flask.core.protocols import OutsideCalls

PAYMENTS = "https://payments.example.com/v1"
WEATHER = "https://api.weather.com/current"

# What may be wrong with the payment provider, as it then answers whatever it is asked.
TROUBLES: dict[str, dict[str, Any]] = {
    "is too slow": {"exc": ReadTimeout},
    "cannot be reached": {"exc": Refused},
    "has a fault of its own": {"status_code": 500},
    "is being repaired": {"status_code": 503, "headers": {"Retry-After": "120"}},
    "asks us to slow down": {"status_code": 429, "headers": {"Retry-After": "7"}},
    "answers nonsense": {"status_code": 201, "text": "<html>Thank you!</html>"},
    "answers with a list": {"status_code": 201, "json": ["ch_1"]},
    "gives no number": {"status_code": 201, "json": {}},
    "gives a number that is none": {"status_code": 201, "json": {"id": 1}},
    "gives an endless number": {"status_code": 201, "json": {"id": "c" * 65}},
    "never stops talking": {"status_code": 201, "json": {"id": "ch_1", "news": "and then, " * 7_000}},
    "sends us elsewhere": {"status_code": 302, "headers": {"Location": "https://elsewhere.example.com"}},
    "does not know us": {"status_code": 401, "json": {"reason": "unknown key"}},
    "does not understand us": {"status_code": 400, "json": {"reason": "no such field"}},
    "does not like us": {"status_code": 499},
    "has moved away": {"status_code": 404},
    "declines without a reason": {"status_code": 402, "json": {}},
}

# Why the provider may refuse to give money back, and the status with which it says so.
REFUSALS = {
    "the charge is too old": 409,
    "the shop's balance is too low": 402,
}

# What the provider may come to, in words: the status and the body of its answer to a charge.
THOUGHTS: dict[str, tuple[int, dict[str, str]]] = {
    "takes the money": (201, {"id": "ch_1"}),
    "declines": (402, {"reason": "the card has expired"}),
}


def payments_in_order(outside: OutsideCalls) -> None:
    """Let every charge, refund and void succeed; a scenario need not use them."""
    outside.stub(
        "POST", f"{PAYMENTS}/charges", name="a charge", presupposed=True, status_code=201, json={"id": "ch_1"}
    )
    outside.stub(
        "POST", f"{PAYMENTS}/refunds", name="a refund", presupposed=True, status_code=201, json={"id": "re_1"}
    )
    outside.stub("POST", f"{PAYMENTS}/voids", name="a void", presupposed=True, status_code=204)


def payments_in_trouble(outside: OutsideCalls, trouble: str) -> None:
    """Let the payment provider have one of TROUBLES. Raises KeyError for another."""
    everything = re.compile(re.escape(PAYMENTS))
    outside.stub("POST", everything, name=f"a payment provider that {trouble}", **TROUBLES[trouble])


def charge_taken_late(outside: OutsideCalls) -> None:
    """Let the first try of a charge fail, and the second succeed."""
    answers = [{"status_code": 503}, {"status_code": 201, "json": {"id": "ch_1"}}]
    outside.stub("POST", f"{PAYMENTS}/charges", name="a charge at the second try", response_list=answers)


def charge_answered_late(outside: OutsideCalls, times: int) -> None:
    """Let a charge be taken at each try, and so often nobody hear of it in time."""
    answers = [*[{"exc": ReadTimeout}] * times, {"status_code": 201, "json": {"id": "ch_1"}}]
    outside.stub("POST", f"{PAYMENTS}/charges", name="a charge answered too late", response_list=answers)


def charge_broken_off(outside: OutsideCalls) -> None:
    """Let the shop fall over its own feet at the moment in which it asks for a charge."""
    fault = ZeroDivisionError("the shop stumbles over a wire")
    outside.stub("POST", f"{PAYMENTS}/charges", name="a charge that the shop stumbles over", exc=fault)


def charge_answered_twice(outside: OutsideCalls, meanwhile: Callable[[], None]) -> None:
    """Let the provider think about the first try until something has happened that tries once more."""
    tries = count(1)

    def think(_request: Any, context: Any) -> dict[str, str]:
        if next(tries) == 1:
            meanwhile()
        context.status_code = 201
        return {"id": "ch_1"}

    outside.stub("POST", f"{PAYMENTS}/charges", name="a charge that is asked for twice", json=think)


def charge_declined(outside: OutsideCalls, reason: str) -> None:
    """Let the customer's payment be refused."""
    outside.stub(
        "POST",
        f"{PAYMENTS}/charges",
        name="a declined charge",
        status_code=402,
        json={"reason": reason},
    )


def charge_overtaken(outside: OutsideCalls, word: str, meanwhile: Callable[[int], None]) -> None:
    """Let something happen to an order while the provider thinks about its charge.

    :param word: one of THOUGHTS, what the provider comes to in the end.
    :param meanwhile: is given the number of the order.
    """
    status, answer = THOUGHTS[word]

    def think(request: Any, context: Any) -> dict[str, str]:
        meanwhile(int(request.json()["reference"].removeprefix("order ")))
        context.status_code = status
        return answer

    outside.stub("POST", f"{PAYMENTS}/charges", name="a charge that takes its time", json=think)


def refund_refused(outside: OutsideCalls, reason: str) -> None:
    """Let the provider refuse to give money back, for one of REFUSALS. Raises KeyError for another."""
    outside.stub(
        "POST",
        f"{PAYMENTS}/refunds",
        name="a refused refund",
        status_code=REFUSALS[reason],
        json={"reason": reason},
    )


def fair_weather(outside: OutsideCalls, *, presupposed: bool = False) -> None:
    """Arrange the weather: 22 degrees and sunny, whatever the city."""
    outside.stub(
        "GET",
        WEATHER,
        name="the weather",
        presupposed=presupposed,
        json={"temp": 22, "condition": "sunny"},
    )
