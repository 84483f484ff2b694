"""The ways of testing that are compared, each as a whole process on the same N examples of the matrix."""

import csv
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from pygal.style import CleanStyle

from features.harness.matrix import HEADINGS, rows_in
from features.support.completeness import FOLDER
from features.support.words import VERDICTS

ROOT = Path(__file__).resolve().parent.parent
OTHERS = ROOT / "bench/others"
FIRST = 0.7  # seconds to the first request, at most
BEHAVEX_FEATURES = 10  # it hands out whole features: one alone would leave a process idle
_HEAD = """Feature: Who may do what{part}

  Background:
    Given a shop with a member, a product, an order and a post

  Scenario Outline: <number>: <who> <verdict> <action>
    When <who> tries to <action> by <request>
    Then <who> <verdict> <action>

    Examples: rows of the matrix, over and over
"""

_COUNTED = """
from bench import counting

counting.begin()
"""

Cells = tuple[str, ...]


def examples(count: int) -> list[Cells]:
    """Return so many examples, made of the rows of `features/access`, each with a number of its own."""
    rows = [tuple(getattr(row, name) for name in HEADINGS) for row in rows_in(FOLDER)]
    return [(str(number), *row) for number, row in enumerate(islice(cycle(rows), count), start=1)]


def feature(cells: list[Cells], part: str = "") -> str:
    """Return a feature with these examples."""
    lines = [f"      | {' | '.join(each)} |\n" for each in [("number", *HEADINGS), *cells]]
    return _HEAD.format(part=part) + "".join(lines)


def of_the_suite(folder: Path, cells: list[Cells]) -> None:
    """Make a folder in which `behave` is this suite, with its configuration, hooks and steps."""
    (folder / "features").mkdir()
    shutil.copy(ROOT / "behave.ini", folder)
    hooks = (ROOT / "environment.py").read_text(encoding="utf-8")
    (folder / "environment.py").write_text(f"{hooks}\n\n{_COUNTED}", encoding="utf-8")
    for name in ("features/environment.py", "features/steps"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "features/matrix.feature").write_text(feature(cells), encoding="utf-8")


def of_the_suite_alone(folder: Path, cells: list[Cells]) -> None:
    """The same without Allure; JUnit is left out on the command line."""
    of_the_suite(folder, cells)
    lines = (folder / "behave.ini").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(("format =", "outfiles ="))]
    (folder / "behave.ini").write_text("".join(kept), encoding="utf-8")


def of_pytest(folder: Path, cells: list[Cells]) -> None:
    """Make a folder with the examples as data, and as the feature for pytest-bdd."""
    rows = [(number, who, VERDICTS[verdict], *rest) for number, who, verdict, *rest in cells]
    (folder / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    (folder / "matrix.feature").write_text(feature(cells), encoding="utf-8")
    shutil.copy(OTHERS / "pytest.ini", folder)


def of_behavex(folder: Path, cells: list[Cells]) -> None:
    """Make a folder with the examples in some features, and steps that do the bare work."""
    (folder / "features").mkdir()
    for name in ("environment.py", "steps"):
        (folder / "features" / name).symlink_to(OTHERS / "behavex" / name)
    for part in range(min(BEHAVEX_FEATURES, len(cells))):
        text = feature(cells[part::BEHAVEX_FEATURES], f", part {part}")
        (folder / f"features/part_{part}.feature").write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Way:
    """How the examples are run.

    :param name: what the tables call it.
    :param arguments: what follows `python -m`.
    :param make: makes the folder in which it runs.
    :param most: what it may cost at most at 1,000 examples, as a multiple of the floor; None for others' ways.
    """

    name: str
    arguments: tuple[str, ...]
    make: Callable[[Path, list[Cells]], None]
    most: float | None = None


_BEHAVE = ("behave", "features/matrix.feature")
_PYTEST = ("pytest", "--rootdir=.", "-c", "pytest.ini")
FLOOR = Way("bare loop (the floor)", ("bench.floor",), of_pytest)
SUITE = [
    Way("behave, all checks on", (*_BEHAVE, "--no-junit"), of_the_suite_alone, 1.25),
    Way("behave with Allure, attachments, JUnit", _BEHAVE, of_the_suite, 1.50),
    Way("behave -j 2 with the same reports", (*_BEHAVE, "-j", "2"), of_the_suite, 0.80),
]
WAYS = [
    FLOOR,
    *SUITE,
    Way("pytest, savepoints", (*_PYTEST, f"{OTHERS}/test_savepoints.py"), of_pytest),
    Way("pytest, create_all/drop_all", (*_PYTEST, f"{OTHERS}/test_create_drop.py"), of_pytest),
    Way("pytest-bdd, savepoints", (*_PYTEST, "-p", "pytest_bdd.plugin", f"{OTHERS}/test_bdd.py"), of_pytest),
    Way(
        "BehaveX, 2 processes",
        ("behavex", "features", "--parallel-processes=2", "--parallel-scheme=feature", "--no-report"),
        of_behavex,
    ),
]


@dataclass(frozen=True)
class Run:
    """One whole process with those that it started, as the operating system saw it.

    :param way: its name.
    :param seconds: from its start to its end, by the clock.
    :param cpu: seconds of processor time, of all its processes.
    :param mebibytes: the most memory that one of its processes had.
    :param first: seconds from its start to the first request to the shop.
    :param requests: how many requests the shop has handled.
    """

    way: str
    examples: int
    seconds: float
    cpu: float
    mebibytes: float
    first: float
    requests: int


def prepare(folder: Path, ways: list[Way], cells: list[Cells]) -> None:
    """Make a folder for each way, afresh, named by its place in the list."""
    shutil.rmtree(folder, ignore_errors=True)
    for number, way in enumerate(ways):
        place = folder / str(number)
        place.mkdir(parents=True)
        way.make(place, cells)


def run(way: Way, place: Path, size: int) -> Run:
    """Run a way in its folder. Raises RuntimeError with what it said at last if it is not green."""
    requests = place / "requests"
    requests.unlink(missing_ok=True)
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "BENCH_ROWS": str(place / "rows.json"),
        "BENCH_FEATURE": str(place / "matrix.feature"),
        "BENCH_REQUESTS": str(requests),
    }
    with (place / "log").open("wb") as log:
        begun = time.monotonic_ns()
        process = subprocess.Popen(
            [sys.executable, "-m", *way.arguments], cwd=place, env=environment, stdout=log, stderr=log
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = (time.monotonic_ns() - begun) / 1e9
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = (place / "log").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"{way.name} ended with code {process.returncode}:\n{said[-2000:]}")
    moments = [int(line) for line in requests.read_text().split()]
    return Run(
        way.name,
        size,
        seconds,
        used.ru_utime + used.ru_stime,
        used.ru_maxrss / 1024,
        (min(moments) - begun) / 1e9,
        len(moments),
    )


def require_parity(runs: Sequence[Run]) -> None:
    """Raise RuntimeError if one of several runs has made fewer requests than the first: it did less work."""
    for each in runs:
        if each.requests < runs[0].requests:
            raise RuntimeError(
                f"{each.way} made {each.requests} requests, {runs[0].way} made {runs[0].requests}."
            )


def at(runs: Sequence[Run], way: Way, size: int) -> list[Run]:
    """Return the runs of a way at a size, in their order."""
    return [run for run in runs if (run.way, run.examples) == (way.name, size)]


def about(runs: Sequence[Run]) -> str:
    """Return a sentence on where and how the runs were made."""
    rounds = max(sum(run.way == each.way and run.examples == each.examples for each in runs) for run in runs)
    return (
        f"{date.today():%d %B %Y}, Python {platform.python_version()}, {os.cpu_count()} cores, whole processes in"  # noqa: DTZ011
        f" turn, medians of {rounds} rounds. Only ratios hold.\n"
    )


def write_runs(file: Path, runs: Sequence[Run]) -> None:
    """Write every single run into a CSV file."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(asdict(runs[0]))
        for each in runs:
            writer.writerow(f"{value:.3f}" if isinstance(value, float) else value for value in astuple(each))


def plain_style() -> dict[str, Any]:
    """Return how charts look: a picture that asks for nothing on the network."""
    return {
        "style": CleanStyle(font_family="sans-serif"),
        "js": [],
        "width": 1000,
        "print_values": True,
        "legend_at_bottom": True,
        "include_x_axis": True,
        "disable_xml_declaration": True,
    }
