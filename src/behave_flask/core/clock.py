"""The run's own clock, which no scenario can stop, move or replace.

freezegun replaces the functions of `time` and `datetime` in every module, time-machine changes what they
return, and a step may leave either on for the rest of the run. Both leave the system's monotonic clock alone:
whatever the package measures or dates comes from that and from what the wall clock showed on import, which is
before any code of the suite is loaded.
"""

import time
from datetime import datetime

_system_clock = time.clock_gettime
_at = datetime.fromtimestamp  # bound to the real class: freezegun replaces every name of the class itself
_ZONE = datetime.now().astimezone().tzinfo
_OFFSET = time.time() - _system_clock(time.CLOCK_MONOTONIC)


def monotonic() -> float:
    """Return seconds that only go up, to take the difference of two."""
    return _system_clock(time.CLOCK_MONOTONIC)


def now() -> datetime:
    """Return the real date and time, in the time zone that the run began in."""
    return _at(monotonic() + _OFFSET, _ZONE)


def milliseconds() -> int:
    """Return the milliseconds since 1970, as Allure counts them."""
    return round(1000 * (monotonic() + _OFFSET))
