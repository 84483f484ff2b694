"""The weather: what the provider answers, in words, and what it was asked."""

import gzip
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

from requests.exceptions import ConnectionError as Refused
from requests.exceptions import ConnectTimeout, ReadTimeout

from behave_flask import Outcome
from features.support.inputs import field_values
from features.support.world.providers import WEATHER
from features.support.world.world import World

ACTION = "see the weather"
LARGEST_ANSWER = 64 * 1024  # bytes, which the shop reads of what others say


def _slow_down(wait: str) -> dict[str, Any]:
    return {"status_code": 429, "headers": {"Retry-After": wait}, "json": {"error": "rate limited"}}


def _says(**members: Any) -> dict[str, Any]:
    return {"json": {"temp": 22, "condition": "sunny"} | members}


def _long(size: int) -> dict[str, Any]:
    return {"text": '{"temp": 22, "condition": "sunny"}'.ljust(size)}


class _CutOff(BytesIO):
    """An answer whose connection is reset before its end."""

    def read(self, _size: int | None = -1, /) -> bytes:
        raise ConnectionResetError

    read1 = read


# What may be wrong with the weather provider, as it then answers. Its clock is that of the scenario.
TROUBLES: dict[str, dict[str, Any]] = {
    "is too slow": {"exc": ReadTimeout},
    "is too slow to be reached": {"exc": ConnectTimeout},
    "refuses the connection": {"exc": Refused},
    "has a fault of its own": {"status_code": 500},
    "is overloaded": {"status_code": 503},
    "is overloaded for 30 seconds": {"status_code": 503, "headers": {"Retry-After": "30"}},
    "asks us to slow down": {"status_code": 429, "json": {"error": "rate limited"}},
    "asks us to wait 2 minutes": _slow_down("120"),
    "asks us to wait until five past noon": _slow_down("Mon, 02 Mar 2026 13:05:00 +0100"),
    "asks us to wait until ten past noon": _slow_down("Mon, 02 Mar 2026 12:10:00 -0000"),
    "asks us to wait a day": _slow_down("86400"),
    "asks us to wait a day and a second": _slow_down("86401"),
    "asks us to wait no time": _slow_down("0"),
    "asks us to wait a year": _slow_down("31536000"),
    "asks us to wait until yesterday": _slow_down("Sun, 01 Mar 2026 12:00:00 GMT"),
    "asks us to wait for a moment": _slow_down("a moment"),
    "names a year beyond all calendars": _slow_down(f"Mon, 02 Mar {10**20} 12:10:00 GMT"),
    "is cut off in the middle": {"body": _CutOff(b'{"temp": 22, ')},
    "packs what was asked plain": {
        "content": gzip.compress(b'{"temp": 22, "condition": "sunny"}'),
        "headers": {"Content-Encoding": "gzip"},
    },
    "answers with a page": {"text": "<html>Sunny!</html>"},
    "breaks off": {"text": '{"temp": 22, "cond'},
    "answers with a list": {"json": [22, "sunny"]},
    "leaves out the degrees": {"json": {"condition": "sunny"}},
    "leaves out everything": {"json": {}},
    "leaves out the sky": {"json": {"temp": 22}},
    "writes the degrees as text": _says(temp="22"),
    "calls the degrees true": _says(temp=True),
    "knows no degrees": _says(temp=None),
    "gives degrees that are no number": {"text": '{"temp": NaN, "condition": "sunny"}'},
    "gives endless degrees": {"text": '{"temp": 1e999, "condition": "sunny"}'},
    "gives degrees of another world": _says(temp=1001),
    "gives degrees below all that is cold": _says(temp=-1001),
    "gives an empty sky": _says(condition="  "),
    "gives the sky as a number": _says(condition=7),
    "describes the sky in 81 letters": _says(condition="a" * 81),
    "writes in letters that nobody can read": {"content": b'{"temp": 22, "condition": "\xff\xfe"}'},
    "says as much as the shop reads": _long(LARGEST_ANSWER),
    "says a letter more than the shop reads": _long(LARGEST_ANSWER + 1),
    "answers without weather": {"status_code": 204},
    "sends us elsewhere": {"status_code": 302, "headers": {"Location": "https://elsewhere.example.com"}},
    "does not know us": {"status_code": 401},
    "does not understand us": {"status_code": 400},
    "does not like us": {"status_code": 499},
}


def becomes(world: World, degrees: float, condition: str) -> None:
    """Let the weather be this from now on, in every city."""
    temp = int(degrees) if degrees.is_integer() else degrees
    answer = {"temp": temp, "condition": condition, "humidity": 40}
    world.stage.outside.stub("GET", WEATHER, name=f"{degrees} degrees, {condition}", json=answer)


def ask(world: World, who: str, city: Any) -> Outcome:
    """Let somebody ask, or try to, for the weather in a city, or in none if it is `field_values.ABSENT`."""
    query = {} if city is field_values.ABSENT else {"city": city}
    return world.attempt(who, ACTION, query=query)


def shown(world: World, who: str, degrees: float, condition: str, city: str) -> None:
    """Check that somebody was told this weather, and nothing else."""
    outcome = world.outcome_of(who).must_succeed()
    expected = {"city": city, "temp": degrees, "condition": condition}
    if outcome.body != expected:
        raise AssertionError(f"{who} should have been told {expected}.\n{world.outcome.exchange}")


def asked(world: World, times: int, city: str) -> None:
    """Check how often the provider was asked in all, each time for this city and with the shop's key."""
    calls = [call for call in world.stage.outside.calls if call.url.startswith(WEATHER)]
    questions = [
        (
            call.method,
            parse_qs(urlsplit(call.url).query),
            "X-Api-Key" in call.headers and call.headers.get("Accept-Encoding") == "identity",
        )
        for call in calls
    ]
    if questions != [("GET", {"city": [city]}, True)] * times:
        raise AssertionError(f"The weather provider should be asked {times} times for {city}: {questions}")
