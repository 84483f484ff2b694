"""Which scenario another one depends on: narrows an order in which it fails to the pair.

`behave-flask bisect`; each try is a run of behave in a process of its own.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from behave.configuration import Configuration
from behave.formatter.base import Formatter
from behave.model import Scenario

from behave_flask.core.errors import UsageError
from behave_flask.model import feature_files
from behave_flask.model.run_record import RunRecord
from behave_flask.runner.order import read_seed

# What `bisect` says by itself, by behave's name in its configuration; and so `-D`.
_OF_ITS_OWN = {
    "jobs": "-j",
    "stop": "--stop",
    "dry_run": "--dry-run",
    "wip": "--wip",
    "format": "-f",
    "outfiles": "-o",
    "junit_directory": "--junit-directory",
}
_OF_THE_ORDER = ("order", "seed", "shard", "pdb")
_LINE = re.compile(r":\d+$")


class Played(NamedTuple):
    """A scenario that ran: where it stands, its title, and whether it passed."""

    place: str
    title: str
    passed: bool


class Trace(Formatter):
    """behave's formatter that writes down what ran, in the order in which it did."""

    name = "trace"
    description = "what ran, in order"

    def __init__(self, stream_opener: Any, config: Any) -> None:
        """Open the file that behave was told to write to."""
        super().__init__(stream_opener, config)
        self.stream = self.open()
        self._ran: list[Scenario] = []

    def begin(self, record: RunRecord) -> None:
        """Take the record that has what became of each scenario."""
        self._record = record

    def scenario(self, scenario: Scenario) -> None:
        """Note a scenario; how it ended is known at the end of its feature."""
        self._ran.append(scenario)

    def eof(self) -> None:
        """Write the scenarios of a feature."""
        ran, self._ran = self._ran, []
        for each in ran:
            passed = not self._record.result(each).is_bad
            self.stream.write(f"{Path(each.filename).resolve()}:{each.line}\t{passed}\t{each.name.strip()}\n")


@dataclass(frozen=True)
class Asked:
    """What is to be narrowed.

    :param wanted: the place of the scenario that failed; None for the first that did.
    :param options: of behave, that choose a part of the suite.
    :param part: files, folders and places that do.
    """

    seed: str
    wanted: str | None
    options: Sequence[str]
    part: Sequence[str]

    @classmethod
    def read(cls, seed: str, arguments: Sequence[str]) -> Asked:
        """Read a seed, and arguments of behave. Raises UsageError for what cannot be narrowed."""
        read_seed(seed)
        plain, config = Configuration([]), Configuration(list(arguments))
        for name, option in _OF_ITS_OWN.items():
            if getattr(config, name) != getattr(plain, name):
                raise UsageError(
                    f"{option} cannot be given here: each try is played in one process, to its end."
                )
        for name, _ in config.userdata_defines or ():
            if name in _OF_THE_ORDER:
                raise UsageError(f"-D {name}= cannot be given here: each try has an order of its own.")
        paths = [each for each in config.paths if each in arguments]
        places = [each for each in paths if _LINE.search(each)]
        for each in paths:
            _check(each)
        wanted = str(Path(places[0]).resolve()) if len(places) == 1 else None
        part = [str(Path(each).resolve()) for each in paths if wanted is None or each != places[0]]
        return cls(seed, wanted, [each for each in arguments if each not in paths], part)

    def all_of_it(self) -> Order:
        """Return the random order of all that is selected, the scenario that is wanted among it."""
        also = [self.wanted] if self.wanted else []
        return Order(["-D", "order=random", "-D", f"seed={self.seed}", *self.options], [*self.part, *also])

    def order(self, how: str) -> Order:
        """Return the order of the seed, `random` or `defined`, of what is asked for."""
        return Order(["-D", f"order={how}", "-D", f"seed={self.seed}", *self.options], self.part)


def _check(path: str) -> None:
    """Raise UsageError for a file that is not there, and a line on which no scenario begins."""
    file, _, line = path.partition(":") if _LINE.search(path) else (path, "", "")
    if not Path(file).exists():
        raise UsageError(f"There is no {file}.")
    if line and (feature := feature_files.parse(file)):
        begin = sorted(int(each.line) for each in feature.walk_scenarios())
        if int(line) not in begin:
            near = ", ".join(map(str, sorted(begin, key=lambda each: abs(each - int(line)))[:3]))
            raise UsageError(f"No scenario and no row begins at {path}. Nearest are lines {near}.")


class Order:
    """Runs of the suite in one order."""

    def __init__(self, options: Sequence[str], part: Sequence[str] = ()) -> None:
        """Accept behave's options, those of the order among them, and the files of a part of the suite."""
        self._options, self._part = options, part

    def run(self, places: Sequence[str] = ()) -> list[Played]:
        """Run these scenarios, or all, in a process of its own. Raises UsageError if nothing ran."""
        with tempfile.TemporaryDirectory() as folder:
            trace, asked = Path(folder, "trace"), Path(folder, "asked.txt")
            places = places or self._part
            asked.write_text("\n".join(sorted(places)), encoding="utf-8")
            command = [sys.executable, "-m", "behave", "--no-junit", "--no-summary", *self._options]
            command += [f"--junit-directory={folder}/junit"]  # the reports of the last run stay
            command += ["--format", f"behave_flask.runner.bisecting:{Trace.__name__}"]
            command += ["--outfile", str(trace), *([f"@{asked}"] if places else [])]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            ran = _read(trace.read_text(encoding="utf-8")) if trace.exists() else []
        if not ran:
            raise UsageError(f"behave ran no scenario:\n{done.stdout}{done.stderr}")
        return ran

    def passes(self, place: str, before: Sequence[str] = ()) -> bool:
        """Run a scenario after others, and return whether it passes."""
        return next(result.passed for result in self.run([*before, place]) if result.place == place)


def narrowed(items: Sequence[str], still: Callable[[Sequence[str]], bool]) -> list[str]:
    """Return few of the items of which something still holds that holds of all: mostly a single one.

    Binary search for the shortest beginning of which it holds; its last item counts, and the search goes on
    among those before it, until what was found is enough.
    """
    found: list[str] = []
    left = list(items)
    while not still(found):
        short, long = 0, len(left)  # it does not hold of left[:short], it holds of left[:long]
        while long - short > 1:
            middle = (short + long) // 2
            if still([*left[:middle], *found]):
                long = middle
            else:
                short = middle
        found.insert(0, left[long - 1])
        left = left[: long - 1]
    return found


def find(asked: Asked, say: Callable[[str], None]) -> int:
    """Narrow an order, say what comes of it, and return the exit code."""
    seed, wanted = asked.seed, asked.wanted
    shuffled = asked.order("random")
    ran = shuffled.run()
    failed = [result for result in ran if not result.passed and wanted in (None, result.place)]
    if not failed:
        who = f"{shown(wanted)} does not fail" if wanted else "Nothing fails"
        say(f"{who} in the order of seed {seed}: there is nothing to narrow.")
        return 2
    titles = {result.place: result.title for result in ran}
    victim = failed[0].place
    say(f"{_named(victim, titles)} fails as number {list(titles).index(victim) + 1} of {len(ran)}.")
    if shuffled.passes(victim):
        return _explain(shuffled, asked, victim, list(titles), titles, "fails", say)
    written = asked.order("defined")
    return _explain(written, asked, victim, [each.place for each in written.run()], titles, "passes", say)


def _explain(
    order: Order,
    asked: Asked,
    victim: str,
    places: Sequence[str],
    titles: dict[str, str],
    verdict: str,
    say: Callable[[str], None],
) -> int:
    """Narrow what goes before, in an order where the victim's verdict is another one than alone."""
    before = places[: places.index(victim)]
    alone = {"fails": "passes", "passes": "fails"}[verdict]

    def still(some: Sequence[str]) -> bool:
        return order.passes(victim, some) == (verdict == "passes")

    if not before or not still(before):
        say(f"It {alone} alone, and after what goes before it: it depends on no other scenario.")
        return 1
    say(f"It {alone} alone, and {verdict} after")
    found = narrowed(before, still)
    for place in found:
        say(f"  {_named(place, titles)}")
    selected = shlex.join([*asked.options, *(shown(place) for place in [*found, victim])])
    way = "random" if verdict == "fails" else "defined"
    say(f"To see it: behave -D order={way} -D seed={asked.seed} {selected}")
    return 0


def _read(trace: str) -> list[Played]:
    parts = (line.split("\t", 2) for line in trace.splitlines())
    return [Played(place, title, passed == "True") for place, passed, title in parts]


def shown(place: str) -> str:
    """Return a place as it is written in this folder."""
    path = Path(place)
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _named(place: str, titles: dict[str, str]) -> str:
    return f"{shown(place)} “{titles[place]}”"


def run(seed: str, arguments: Sequence[str]) -> int:
    """Narrow the order of a seed, and print what comes of it.

    :param arguments: of behave, as the run had them that failed; one place with a line is that of a scenario
        that failed, without which it is the first that did.
    :returns: the exit code: 0 if a dependency is found, 1 if not, 2 if there was nothing to narrow.
    :raises UsageError: for arguments that cannot be, before anything runs; and if behave ran no scenario.
    """
    return find(Asked.read(seed, arguments), print)
