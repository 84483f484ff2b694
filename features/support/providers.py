"""The shop's outside world, as its providers would answer: payments and the weather."""

from features.harness.outside import OutsideWorld, Stub

PAYMENTS = "https://payments.example.com/v1"
WEATHER = "https://api.weather.com/current"


def payments_in_order(outside: OutsideWorld) -> None:
    """Let every charge, refund and void succeed; a scenario need not use them."""
    outside.stub(
        "POST", f"{PAYMENTS}/charges", name="a charge", presupposed=True, status_code=201, json={"id": "ch_1"}
    )
    outside.stub(
        "POST", f"{PAYMENTS}/refunds", name="a refund", presupposed=True, status_code=201, json={"id": "re_1"}
    )
    outside.stub("POST", f"{PAYMENTS}/voids", name="a void", presupposed=True, status_code=204)


def fair_weather(outside: OutsideWorld, *, presupposed: bool = False) -> Stub:
    """Let the weather be 22 degrees and sunny, whatever the city."""
    return outside.stub(
        "GET",
        WEATHER,
        name="the weather",
        presupposed=presupposed,
        json={"temp": 22, "condition": "sunny"},
    )
