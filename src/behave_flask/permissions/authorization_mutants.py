"""Proof that the matrix is alive: each guard is switched off in turn, and its rows, and no others, go red.

Every run is a fork of a process that has loaded the service once. The service's code is not touched: a guard
is switched off from outside, in that run alone.
"""

import contextlib
import io
import multiprocessing
import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path

from behave.configuration import Configuration
from behave.formatter.base import StreamOpener
from behave.model import Status
from behave.runner_plugin import RunnerPlugin

Title = tuple[str, str]  # the feature's file name, and the scenario's name


@dataclass(frozen=True)
class Guard:
    """One check of the service.

    :param name: what it guards, for the report.
    :param off: switches it off inside the block.
    :param rows: the scenarios that say what it does; all of them, and nothing else, must fail without it.
    """

    name: str
    off: Callable[[], AbstractContextManager[None]]
    rows: frozenset[Title]


@dataclass(frozen=True)
class Proof:
    """What came of switching a guard off."""

    guard: Guard
    ran: int
    red: frozenset[Title]
    said: str

    @property
    def caught(self) -> bool:
        """Whether exactly the guard's own rows failed, in a run that looked at some."""
        return self.ran > 0 and self.red == self.guard.rows

    def __str__(self) -> str:
        if not self.ran:
            return f"NOT RUN   {self.guard.name}: {self.said}"
        if self.caught:
            return f"caught    {self.guard.name} ({len(self.red)} rows)"
        green = [f"\n    stayed green: {title}" for _, title in sorted(self.guard.rows - self.red)]
        others = [f"\n    went red for no reason: {title}" for _, title in sorted(self.red - self.guard.rows)]
        return "".join([f"SURVIVED  {self.guard.name}", *green, *others])


def run(paths: Sequence[Path]) -> tuple[dict[Title, bool], str]:
    """Run features in this process, and return which scenarios passed and what the run said.

    To be called once a process: behave keeps the steps that it has loaded.
    """
    said = io.StringIO()
    options = ["--no-junit", "--no-color", "--no-summary"]
    with tempfile.TemporaryDirectory() as reports, contextlib.redirect_stdout(said):
        config = Configuration([*map(str, paths), *options, f"--junit-directory={reports}/junit"])
        config.format, config.outputs = ["plain"], [StreamOpener(stream=said)]
        runner = RunnerPlugin().make_runner(config)
        runner.run()
    passed = {
        (Path(feature.filename).name, scenario.name): scenario.status == Status.passed
        for feature in runner.features
        for scenario in feature.walk_scenarios()
    }
    return passed, said.getvalue()


def prove(paths: Sequence[Path], guards: Collection[Guard], processes: int | None = None) -> Iterator[Proof]:
    """Switch each guard off in a run of its own, and yield the proofs as they come.

    :param processes: how many runs at once; without it, one a core.
    """
    waiting = list(guards)
    running: dict[Connection, Guard] = {}
    while waiting or running:
        while waiting and len(running) < (processes or os.cpu_count() or 1):
            guard = waiting.pop(0)
            running[_begin(paths, guard)] = guard
        ready = wait(list(running))
        for connection in [each for each in running if each in ready]:
            yield Proof(running.pop(connection), *_end(connection))


def _begin(paths: Sequence[Path], guard: Guard) -> Connection:
    ours, theirs = multiprocessing.Pipe(duplex=False)
    multiprocessing.get_context("fork").Process(target=_run_without, args=(paths, guard, theirs)).start()
    theirs.close()
    return ours


def _run_without(paths: Sequence[Path], guard: Guard, connection: Connection) -> None:
    with guard.off():
        passed, said = run(paths)
    connection.send((len(passed), frozenset(title for title, ok in passed.items() if not ok), said))


def _end(connection: Connection) -> tuple[int, frozenset[Title], str]:
    """Return what a run sent; one that died has sent nothing."""
    try:
        result: tuple[int, frozenset[Title], str] = connection.recv()
        return result
    except EOFError:
        return 0, frozenset(), "the run died, see above."
