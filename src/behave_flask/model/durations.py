"""How long each scenario took in the last run: to hand the slowest out first, and to balance machines.

`behave-flask slow` lists the scenarios that are much slower than the others.
"""

import json
import statistics
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from itertools import chain
from pathlib import Path

from behave.formatter.api import IFormatter
from behave.model import Scenario

from behave_flask.core import clock
from behave_flask.core.errors import UsageError

UNKNOWN = 0.02  # seconds, where no scenario was ever timed
SLOW = 10  # times the median
Seconds = dict[str, dict[str, float]]


class Stopwatch(IFormatter):
    """A formatter that times each scenario from its beginning to that of the next one, hooks and all."""

    def __init__(self) -> None:
        self.seconds: Seconds = {}
        self._running: Scenario | None = None
        self._since = 0.0

    def scenario(self, scenario: Scenario) -> None:
        """Stop the last scenario and begin this one, unless it is the same again."""
        if scenario is self._running:
            return
        self.eof()
        self._running, self._since = scenario, clock.monotonic()

    def eof(self) -> None:
        """Stop the last scenario of a feature."""
        if self._running:
            self.add(self._running, clock.monotonic() - self._since)
        self._running = None

    def of(self, scenario: Scenario) -> float:
        """Return the seconds of a scenario that has run; 0 for another."""
        return self.seconds.get(scenario.filename, {}).get(scenario.name, 0.0)

    def add(self, scenario: Scenario, seconds: float) -> None:
        """Write down what was measured elsewhere."""
        self.seconds.setdefault(scenario.filename, {})[scenario.name] = round(seconds, 4)

    def close(self) -> None:
        """Nothing is open."""


class Times:
    """What is known of earlier runs, by feature file and title, in seconds."""

    def __init__(self, file: Path) -> None:
        """Read the file when it is first asked for: most runs go without."""
        self._file = file

    @cached_property
    def _seconds(self) -> Seconds:
        return dict(_read(self._file))

    @cached_property
    def _usual(self) -> float:
        known = [each for titles in self._seconds.values() for each in titles.values()]
        return statistics.median(known) if known else UNKNOWN

    def of(self, scenario: Scenario) -> float:
        """Return how long a scenario will take, as far as one can know."""
        return self._seconds.get(scenario.filename, {}).get(scenario.name, self._usual)

    def slow(self) -> list[tuple[float, str, str]]:
        """Return what took over ten times the median, the slowest first: seconds, feature file, title."""
        return sorted(
            (
                (seconds, file, title)
                for file, titles in self._seconds.items()
                for title, seconds in titles.items()
                if seconds > SLOW * self._usual
            ),
            reverse=True,
        )

    def __bool__(self) -> bool:
        return any(self._seconds.values())

    def __str__(self) -> str:
        count = sum(map(len, self._seconds.values()))
        lines = [f"{seconds:8.3f} s  {file}: {title}" for seconds, file, title in self.slow()]
        summary = (
            f"{len(lines)} of {count} scenarios took over {SLOW} times the median of {self._usual:.3f} s."
        )
        return "\n".join([*lines, summary])

    def write(self, newer: Seconds) -> None:
        """Write them to their file with what was measured since: a feature a line, as there may be many."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".new")
        written = set()
        with draft.open("w", encoding="ascii") as file:
            for name, titles in chain(_read(self._file), newer.items()):
                if name not in written:
                    print(json.dumps([name, titles | newer.get(name, {})]), file=file)
                    written.add(name)
        draft.replace(self._file)


def _read(file: Path) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield each feature with the seconds of its scenarios, as far as the file is there and can be read."""
    with suppress(OSError, ValueError, TypeError), file.open(encoding="ascii") as lines:
        for line in lines:
            name, titles = json.loads(line)
            yield name, dict(titles)


def report(file: Path) -> str:
    """Return which scenarios were slow in the run that wrote a file of times.

    :raises UsageError: if no run has been timed there.
    """
    times = Times(file)
    if not times:
        raise UsageError(f"No run has been timed: {file} has none. Run the suite first.")
    return str(times)
