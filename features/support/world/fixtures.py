"""Fixtures of an area, chosen by a tag on a feature, a rule or a scenario."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from behave.fixture import fixture

from features.support.world import providers

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday


@fixture(name="fixture.clock")
def clock(context: Any) -> Iterator[None]:
    """The scenario has a clock of its own; it starts on a Monday at noon and goes on when a step says so."""
    import time_machine  # it brings pytest with it, where there is one

    with time_machine.travel(NOON, tick=False) as traveller:
        context.world.clock = traveller
        yield


@fixture(name="fixture.payments")
def payments(context: Any) -> Iterator[None]:
    """The payment provider takes every charge and gives every refund, until a step says otherwise."""
    providers.payments_in_order(context.world.stage.outside)
    yield


FIXTURES = {"fixture.clock": clock, "fixture.payments": payments}
