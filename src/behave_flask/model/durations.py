"""How long each scenario took in the last run: to hand the slowest out first, and to balance machines.

`behave-flask slow` lists the scenarios that are much slower than the others.
"""

import json
import statistics
from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from behave.model import Scenario

from behave_flask.core.errors import UsageError
from behave_flask.model.results import ExampleId, Result

UNKNOWN = 0.02  # seconds, where no scenario was ever timed
SLOW = 10  # times the median


class Times:
    """What is known of earlier runs, by example, in seconds."""

    def __init__(self, file: Path) -> None:
        """Read the file when it is first asked for: most runs go without."""
        self._file = file

    @cached_property
    def _seconds(self) -> dict[str, float]:
        """The seconds of each example, as far as the file is there and can be read."""
        found: dict[str, float] = {}
        with suppress(OSError, ValueError, TypeError), self._file.open(encoding="ascii") as lines:
            for line in lines:
                key, seconds = json.loads(line)
                found[str(ExampleId.read(key))] = float(seconds)
        return found

    @cached_property
    def _usual(self) -> float:
        return statistics.median(self._seconds.values()) if self._seconds else UNKNOWN

    def of(self, scenario: Scenario) -> float:
        """Return how long a scenario will take, as far as one can know."""
        return self._seconds.get(str(ExampleId.of(scenario)), self._usual) if self._seconds else UNKNOWN

    def slow(self) -> list[tuple[float, ExampleId]]:
        """Return what took over ten times the median, the slowest first, with its seconds."""
        slow = {key: seconds for key, seconds in self._seconds.items() if seconds > SLOW * self._usual}
        return [(slow[key], ExampleId.read(key)) for key in sorted(slow, key=lambda each: -slow[each])]

    def __bool__(self) -> bool:
        return bool(self._seconds)

    def __str__(self) -> str:
        slow = self.slow()
        lines = [f"{seconds:8.3f} s  {each.feature}: {each.filled}" for seconds, each in slow]
        summary = (
            f"{len(slow)} of {len(self._seconds)} scenarios took over {SLOW} times the median of"
            f" {self._usual:.3f} s."
        )
        return "\n".join([*lines, summary])

    def write(self, results: Iterable[Result]) -> None:
        """Write them to their file with what has run since: an example a line."""
        newer = {str(each.id): each.duration for each in results if each.has_run}
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".new")
        with draft.open("w", encoding="ascii") as file:
            file.writelines(f"{json.dumps(each)}\n" for each in (self._seconds | newer).items())
        draft.replace(self._file)


def report(file: Path) -> str:
    """Return which scenarios were slow in the run that wrote a file of times.

    :raises UsageError: if no run has been timed there.
    """
    times = Times(file)
    if not times:
        raise UsageError(f"No run has been timed: {file} has none. Run the suite first.")
    return str(times)
