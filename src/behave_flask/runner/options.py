"""What a run is asked for on the command line, as far as behave itself does not read it."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from behave.configuration import Configuration

from behave_flask.core.errors import UsageError
from behave_flask.runner.timeout import SCENARIO_TIMEOUT_S


@dataclass(frozen=True)
class Options:
    """`-D timeout=SECONDS`, and the `Shard` of `-D shard=2/5`."""

    timeout: float
    shard: Any

    @classmethod
    def read(cls, config: Configuration) -> "Options":
        """Read them.

        :raises UsageError: for what cannot be, and where Python takes out every `assert` of what it runs.
        """
        if not __debug__:
            raise UsageError(
                "Python runs with -O or PYTHONOPTIMIZE, which takes every assert out of steps and service:"
                " they could not fail. Run it without."
            )
        if config.jobs < 1:  # which behave takes, and would run in one
            raise UsageError("-j takes a number of processes from 1 on, not 0.")
        given = config.userdata.get("shard")
        return cls(_timeout(config.userdata), _shard(given) if given is not None else None)


def _shard(given: str) -> Any:
    from behave_flask.parallel.shards import Shard  # a whole run can do without

    return Shard.parse(given)


def _timeout(options: MutableMapping[str, str]) -> float:
    if "limit" in options:
        print("-D limit= is called -D timeout= now; the old name goes away with the next version.")
        options.setdefault("timeout", options.pop("limit"))
    given = options.get("timeout", str(SCENARIO_TIMEOUT_S))
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise UsageError(f"-D timeout= takes a number of seconds above 0, not {given!r}.")
    return seconds
