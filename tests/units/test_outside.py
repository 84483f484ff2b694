"""The outside world over HTTP: what nobody arranged is refused and named, what nobody called is named."""

import re
from collections.abc import Iterator

import pytest
import requests

from behave_flask.core.errors import UnverifiedSideEffect
from behave_flask.core.protocols import Ledger
from behave_flask.ledgers.outside_calls import OutsideWorld

WEATHER = "https://weather.example/v1/now"


@pytest.fixture
def outside() -> Iterator[OutsideWorld]:
    world = OutsideWorld()
    world.activate()
    yield world
    world.deactivate()


def the_finding(outside: OutsideWorld) -> str:
    (finding,) = outside.findings()
    return re.sub(r"(test_outside\.py):\d+", r"\1", finding)


def test_an_arranged_call_is_answered_recorded_and_leaves_nothing_to_mention(outside: OutsideWorld) -> None:
    stub = outside.stub("post", WEATHER, name="the weather for Berlin", json={"temp": 7}, status_code=201)

    answer = requests.post(f"{WEATHER}?City=Berlin", json={"unit": "C"}, headers={"X-Key": "k"}, timeout=1)

    assert (answer.status_code, answer.json()) == (201, {"temp": 7})
    (call,) = outside.calls
    assert (call.method, call.url, call.stub) == ("POST", f"{WEATHER}?City=Berlin", "the weather for Berlin")
    assert call.json == {"unit": "C"}
    assert call.headers["X-Key"] == "k"
    assert outside.calls_to(stub) == [call]
    assert outside.findings() == []


def test_an_unknown_call_is_refused_and_named_even_when_the_service_swallows_the_refusal(
    outside: OutsideWorld,
) -> None:
    for _ in range(3):
        with pytest.raises(requests.exceptions.ConnectionError, match="no step of this scenario arranged it"):
            requests.get("https://Tracker.example/Ping?a=1", timeout=1)

    assert the_finding(outside) == (
        "the service called GET https://tracker.example/Ping?a=1, which no step arranged"
        " (tests/units/test_outside.py) (3 times)"
    )
    assert outside.calls == []


def test_a_stub_that_is_never_called_is_named(outside: OutsideWorld) -> None:
    outside.stub("GET", WEATHER, name="the weather for Berlin", json={})

    assert outside.findings() == [f"“the weather for Berlin” was arranged but never called (GET {WEATHER})"]


def test_a_presupposed_stub_may_stay_unused(outside: OutsideWorld) -> None:
    outside.stub("GET", WEATHER, name="the weather anywhere", presupposed=True, json={})

    assert outside.findings() == []


def test_a_row_of_answers_that_is_not_used_up_is_named(outside: OutsideWorld) -> None:
    answers = [{"status_code": 503}, {"json": {"temp": 7}}]
    outside.stub("GET", WEATHER, name="the weather, at the second try", response_list=answers)

    assert requests.get(WEATHER, timeout=1).status_code == 503
    assert outside.findings() == [
        "“the weather, at the second try” was arranged with 2 answers, of which the service asked for 1"
    ]
    assert requests.get(WEATHER, timeout=1).json() == {"temp": 7}
    assert outside.findings() == []


def test_a_call_that_fails_as_arranged_counts_as_called(outside: OutsideWorld) -> None:
    stub = outside.stub("GET", WEATHER, name="a weather service that hangs", exc=requests.ReadTimeout)

    with pytest.raises(requests.ReadTimeout):
        requests.get(WEATHER, timeout=1)

    assert len(outside.calls_to(stub)) == len(outside.calls) == 1
    assert outside.findings() == []


def test_a_stub_may_ask_for_headers_and_body_and_what_does_not_match_is_unknown(
    outside: OutsideWorld,
) -> None:
    stub = outside.stub(
        "POST",
        "https://pay.example/charges",
        name="the charge",
        request_headers={"Idempotency-Key": "order-1"},
        additional_matcher=lambda request: request.json() == {"cents": 250},
        json={"state": "paid"},
    )

    with pytest.raises(requests.ConnectionError):
        requests.post("https://pay.example/charges", json={"cents": 999}, timeout=1)
    key = {"Idempotency-Key": "order-1"}
    requests.post("https://pay.example/charges", json={"cents": 250}, headers=key, timeout=1)

    assert len(outside.calls_to(stub)) == 1
    assert the_finding(outside) == (
        "the service called POST https://pay.example/charges, which no step arranged"
        " (tests/units/test_outside.py)"
    )


def test_calls_to_several_stubs_keep_their_order(outside: OutsideWorld) -> None:
    outside.stub("GET", "https://a.example/", name="a", text="1")
    outside.stub("GET", "https://b.example/", name="b", text="2")
    for host in "abba":
        requests.get(f"https://{host}.example/", timeout=1)

    assert [call.stub for call in outside.calls] == ["a", "b", "b", "a"]


def test_clearing_forgets_stubs_and_findings_but_stays_closed_to_the_network(outside: OutsideWorld) -> None:
    outside.stub("GET", WEATHER, name="the weather", json={})
    requests.get(WEATHER, timeout=1)
    outside.clear()

    assert (outside.calls, outside.findings()) == ([], [])
    with pytest.raises(requests.ConnectionError, match="no step of this scenario arranged it"):
        requests.get(WEATHER, timeout=1)


def test_what_was_found_stays_readable_after_closing_and_is_gone_at_the_next_opening() -> None:
    world = OutsideWorld()
    world.activate()
    world.stub("GET", WEATHER, name="the weather", json={})
    world.deactivate()
    assert len(world.findings()) == 1

    world.activate()
    found = world.findings()
    world.deactivate()
    assert found == []


def test_clearing_a_closed_world_empties_its_books() -> None:
    world = OutsideWorld()
    world.activate()
    world.stub("GET", WEATHER, name="the weather", json={})
    world.deactivate()
    world.clear()

    assert world.findings() == []


def test_opening_twice_or_arranging_while_closed_is_an_error(outside: OutsideWorld) -> None:
    with pytest.raises(RuntimeError, match="open already"):
        outside.activate()
    with pytest.raises(RuntimeError, match="open it before arranging “the weather”"):
        OutsideWorld().stub("GET", WEATHER, name="the weather")


def test_unmentioned_lists_the_findings_of_any_ledger(outside: OutsideWorld) -> None:
    outside.stub("GET", WEATHER, name="the weather", json={})
    ledger: Ledger = outside

    assert str(UnverifiedSideEffect([*ledger.findings(), "an e-mail"])) == (
        "Not verified by any step of this scenario:\n"
        f"  - “the weather” was arranged but never called (GET {WEATHER})\n"
        "  - an e-mail"
    )
