"""The ways of testing that are compared, each as a whole process on the same N examples of the matrix.

This module stays small, and imports nothing of the suite: see `bench.examples`.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

# Of the environment in which the benchmark is started: with these Python compiles all anew, and writes each
# line for itself.
_SLOWING = {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
ROOT = Path(__file__).resolve().parent.parent
SLICE = 10.0  # seconds after which a run makes way; the suite's own limit for a scenario that hangs is longer
OTHERS = ROOT / "bench/others"


@dataclass(frozen=True)
class Way:
    """How the examples are run.

    :param name: what the tables call it.
    :param kind: in which kind of folder, of those in `bench.examples`.
    :param arguments: what follows `python -m`.
    :param most: what it may cost at most at 1,000 examples, as a multiple of the baseline; None for others.
    """

    name: str
    kind: str
    arguments: tuple[str, ...]
    most: float | None = None


_BEHAVE = ("behave", "features/matrix")
_PYTEST = ("pytest", "--rootdir=.", "-c", "pytest.ini")
_SAVEPOINTS = f"{OTHERS}/test_savepoints.py"
_REPORTS = ("-p", "allure_pytest.plugin", "--alluredir=allure", "--clean-alluredir", "--junitxml=junit.xml")
_BEHAVEX = ("behavex", "features", "--parallel-processes=2", "--parallel-scheme=feature", "--no-report")
BASELINE = Way("bare loop (baseline)", "data", ("bench.baseline",))
SUITE = [
    Way("behave, all checks on", "without-allure", (*_BEHAVE, "--no-junit"), 1.25),
    Way("behave with Allure, attachments, JUnit", "suite", _BEHAVE, 1.50),
    Way("behave -j 2 with the same reports", "suite", (*_BEHAVE, "-j", "2"), 0.80),
]
ONCE = [  # the shop is furnished once for the rows of a feature
    Way("behave, furnished once", "without-allure-once", (*_BEHAVE, "--no-junit")),
    Way("behave, furnished once, with the same reports", "suite-once", _BEHAVE),
    Way("behave -j 2, furnished once, with the same reports", "suite-once", (*_BEHAVE, "-j", "2")),
]
WAYS = [
    BASELINE,
    *SUITE,
    *ONCE,
    Way("pytest, savepoints", "data", (*_PYTEST, _SAVEPOINTS)),
    Way("pytest, savepoints, with Allure, JUnit", "data", (*_PYTEST, *_REPORTS, _SAVEPOINTS)),
    Way("pytest, create_all/drop_all", "data", (*_PYTEST, f"{OTHERS}/test_create_drop.py")),
    Way("pytest-bdd, savepoints", "data", (*_PYTEST, "-p", "pytest_bdd.plugin", f"{OTHERS}/test_bdd.py")),
    Way("BehaveX, 2 processes", "behavex", _BEHAVEX),
]


@dataclass(frozen=True)
class Run:
    """One whole process with those that it started, as the operating system saw it.

    :param way: its name.
    :param seconds: from its start to its end, by the clock, without those in which it was stopped.
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


def environment_of(place: Path) -> dict[str, str]:
    """Return the environment in which a way runs in its folder."""
    return {name: value for name, value in os.environ.items() if name not in _SLOWING} | {
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(place),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "BENCH_ROWS": str(place / "rows.json"),
        "BENCH_FEATURE": str(place / "matrix.feature"),
        "BENCH_REQUESTS": str(place / "requests"),
    }


def run(way: Way, place: Path, size: int, between: Callable[[], None] | None = None) -> Run:
    """Run a way in its folder. Raises RuntimeError with what it said at last if it is not green.

    :param between: is called every `SLICE` seconds, while the run with all its processes is stopped.
    """
    requests, log = place / "requests", place / "log"
    requests.unlink(missing_ok=True)
    with log.open("wb") as output:
        begun = time.monotonic_ns()
        process = subprocess.Popen(
            [sys.executable, "-m", *way.arguments],
            cwd=place,
            env=environment_of(place),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            stopped = _stop_for(between, process.pid) if between else 0.0
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        seconds = (time.monotonic_ns() - begun) / 1e9 - stopped
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        log_text = log.read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"{way.name} ended with code {process.returncode}:\n{log_text[-5000:]}")
    moments = [int(line) for line in requests.read_text(encoding="ascii").split()]
    return Run(
        way=way.name,
        examples=size,
        seconds=seconds,
        cpu=used.ru_utime + used.ru_stime,
        mebibytes=used.ru_maxrss / 1024,
        first=(min(moments) - begun) / 1e9,
        requests=len(moments),
    )


def _stop_for(between: Callable[[], None], session: int) -> float:
    """Stop a session for each call, until its first process ends; return for how many seconds in all."""
    stopped = 0.0
    while not _ends_within(SLICE, session):
        begun = time.monotonic()
        os.killpg(session, signal.SIGSTOP)
        try:
            between()
        finally:
            os.killpg(session, signal.SIGCONT)
        stopped += time.monotonic() - begun
    return stopped


def _ends_within(seconds: float, pid: int) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return True
        time.sleep(0.01)
    return False


def require_parity(runs: Sequence[Run]) -> None:
    """Raise RuntimeError if one of several runs has made other requests than the first: it did other work."""
    for each in runs:
        if each.requests != runs[0].requests:
            raise RuntimeError(
                f"{each.way} made {each.requests} requests, {runs[0].way} made {runs[0].requests}."
            )


def chosen(ways: Sequence[Way], parts: Sequence[str]) -> list[Way]:
    """Return the first way, which the others are held against, and those whose names have one of the parts.

    Raises ValueError for a part that is in no name.
    """
    for part in parts:
        if not any(part in way.name for way in ways):
            raise ValueError(f"No way is called {part!r}. There are: {'; '.join(way.name for way in ways)}.")
    return [way for way in ways if way == ways[0] or any(part in way.name for part in parts)]


def played(runs: Sequence[Run], ways: Sequence[Way]) -> list[Way]:
    """Return the ways of which there are runs, in their order."""
    return [way for way in ways if any(run.way == way.name for run in runs)]


def at(runs: Sequence[Run], way: Way, size: int) -> list[Run]:
    """Return the runs of a way at a size, in their order."""
    return [run for run in runs if (run.way, run.examples) == (way.name, size)]


def sizes_of(runs: Sequence[Run]) -> list[int]:
    """Return the numbers of examples that there are, the smallest first."""
    return sorted({run.examples for run in runs})
