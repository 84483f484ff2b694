"""Words for the time: when a scenario plays, and that time goes by. They need time-machine.

For example::

    Given it is 2026-03-01 12:00
    When 15 minutes go by
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from behave import given, register_type, when
from parse import with_pattern

from behave_flask.core.extras import requires_extra

with requires_extra("time"):
    import time_machine

_UNITS = ("second", "minute", "hour", "day", "week")


@with_pattern(rf"\d+ (?:{'|'.join(_UNITS)})s?")
def _span(text: str) -> timedelta:
    """Read "15 minutes"."""
    number, unit = text.split()
    return timedelta(**{f"{unit.rstrip('s')}s": int(number)})


@with_pattern(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?")
def _moment(text: str) -> datetime:
    """Read "2026-03-01 12:00", in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


register_type(TimeSpan=_span, Moment=_moment)


@given("it is {moment:Moment}")
def step_it_is(context: Any, moment: datetime) -> None:
    """Set the clock of the service and the test, which goes on from there until the scenario ends."""
    _travel(context, moment)


@when("{span:TimeSpan} go by")
@when("{span:TimeSpan} goes by")
def step_go_by(context: Any, span: timedelta) -> None:
    """Set the clock forward."""
    _travel(context, datetime.now(UTC) + span)


def _travel(context: Any, moment: datetime) -> None:
    """Travel, until the scenario ends."""
    traveller = time_machine.travel(moment)
    traveller.start()
    context.add_cleanup(traveller.stop, layer="scenario")
    if set_clock := getattr(context.world.stage, "set_clock", None):
        set_clock(moment)
