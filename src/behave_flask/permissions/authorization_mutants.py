"""Authorization mutants: a service without one of its guards, whose rows, and no others, must fail then.

A project names its guards in a function, and `behave-flask mutants authorization MODULE:FUNCTION` plays the
features without each in turn. Every run is a fork of a process that has loaded the service once. The
service's code is not touched: a guard is switched off from outside, in that run alone.
"""

import contextlib
import io
import multiprocessing
import os
import pkgutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from behave.configuration import Configuration
from behave.formatter.base import StreamOpener
from behave.model import Status
from behave.runner_plugin import RunnerPlugin

from behave_flask.core.errors import UsageError, refuse_unknown
from behave_flask.model.results import Result

Title = tuple[str, str]  # the feature's file name, and the scenario's name


@dataclass(frozen=True)
class Mutant:
    """The service without one of its guards.

    :ivar kind: of guard, such as "role": a run may be asked for some kinds alone.
    :ivar guard: the guard's name, for the report.
    :ivar without: switches the guard off inside the block.
    :ivar rows: the scenarios that say what it does; all of them, and nothing else, must fail without it.
    :ivar features: the files that are played.
    :ivar prints: what the run must print as well.
    """

    kind: str
    guard: str
    without: Callable[[], AbstractContextManager[Any]]
    rows: frozenset[Title]
    features: tuple[Path, ...]
    prints: str = ""


@dataclass(frozen=True)
class Judged:
    """What became of a mutant: how many scenarios were played, which failed, and what was printed."""

    mutant: Mutant
    played: int
    failed: frozenset[Title]
    output: str

    @property
    def killed(self) -> bool:
        """Whether exactly the guard's own rows failed, in a run that played some."""
        return self.played > 0 and self.failed == self.mutant.rows and self.mutant.prints in self.output

    def __str__(self) -> str:
        if not self.played:
            return f"NOT RUN   {self.mutant.guard}: {self.output}"
        if self.killed:
            return f"killed    {self.mutant.guard} ({len(self.failed)} rows)"
        rows, printed = self.mutant.rows, self.mutant.prints
        green = [f"    stayed green: {title}" for _, title in sorted(rows - self.failed)]
        others = [f"    went red for no reason: {title}" for _, title in sorted(self.failed - rows)]
        silent = [] if printed in self.output else [f"    did not print: {printed}"]
        return "\n".join([f"SURVIVED  {self.mutant.guard}", *green, *others, *silent])


def run(where: str, kinds: Sequence[str], quick: bool) -> int:
    """Play the mutants of a project, and print what became of each.

    :param where: the function that returns them, as `module:function`.
    :param kinds: no mutants but of these kinds of guards; none for all.
    :param quick: one mutant of each kind.
    :returns: the exit code: 0 if all were killed, 1 if not.
    :raises UsageError: if there is no such function or kind.
    """
    by_kind: dict[str, list[Mutant]] = {}
    for mutant in _found(where):
        by_kind.setdefault(mutant.kind, []).append(mutant)
    refuse_unknown("behave-flask mutants authorization", kinds, by_kind)
    chosen = [mutant for kind in kinds or by_kind for mutant in by_kind[kind][-1 if quick else 0 :]]
    for result in play(_unchanged(chosen)):
        if not result.killed:
            print(f"No mutant says anything, because the features fail without one.\n{result}")
            return 1
    killed = 0
    for number, result in enumerate(play(chosen), 1):
        print(f"{number:4}/{len(chosen)} {result}", flush=True)
        killed += result.killed
    print(f"Authorization mutants: {len(chosen)}, killed: {killed}, survived: {len(chosen) - killed}.")
    return 0 if killed == len(chosen) > 0 else 1


def _found(where: str) -> list[Mutant]:
    try:
        function = pkgutil.resolve_name(where)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(f"There is no function {where}, as in features.guards:mutants: {error}") from error
    return list(function())


def _unchanged(mutants: Collection[Mutant]) -> list[Mutant]:
    """Return what plays the same features of the service as it is."""
    every = dict.fromkeys(mutant.features for mutant in mutants)
    return [Mutant("", "no guard is switched off", nullcontext, frozenset(), features) for features in every]


def _play(features: Sequence[Path]) -> tuple[dict[Title, bool], str]:
    """Play features in this process, and return which scenarios passed and what was printed.

    To be called once a process: behave keeps the steps that it has loaded.
    """
    output = io.StringIO()
    options = ["--no-junit", "--no-color", "--no-summary"]
    with tempfile.TemporaryDirectory() as reports, contextlib.redirect_stdout(output):
        config = Configuration([*map(str, features), *options, f"--junit-directory={reports}/junit"])
        config.format, config.outputs = ["plain"], [StreamOpener(stream=output)]
        runner = RunnerPlugin().make_runner(config)
        runner.run()
    passed = {
        (Path(feature.filename).name, scenario.name): Result.of(scenario).behave_status == Status.passed.name
        for feature in runner.features
        for scenario in feature.walk_scenarios()
    }
    return passed, output.getvalue()


def play(mutants: Collection[Mutant], processes: int = os.cpu_count() or 1) -> Iterator[Judged]:
    """Play each mutant in a run of its own, and yield the results as they come.

    :param processes: how many runs at once.
    """
    waiting = list(mutants)
    running: dict[Connection, Mutant] = {}
    while waiting or running:
        while waiting and len(running) < processes:
            mutant = waiting.pop(0)
            running[_begin(mutant)] = mutant
        ready = wait(list(running))
        for connection in [each for each in running if each in ready]:
            yield Judged(running.pop(connection), *_end(connection))


def _begin(mutant: Mutant) -> Connection:
    ours, theirs = multiprocessing.Pipe(duplex=False)
    multiprocessing.get_context("fork").Process(target=_play_mutant, args=(mutant, theirs)).start()
    theirs.close()
    return ours


def _play_mutant(mutant: Mutant, connection: Connection) -> None:
    with mutant.without():
        passed, output = _play(mutant.features)
    connection.send((len(passed), frozenset(title for title, ok in passed.items() if not ok), output))


def _end(connection: Connection) -> tuple[int, frozenset[Title], str]:
    """Return what a run sent; one that died has sent nothing."""
    try:
        result: tuple[int, frozenset[Title], str] = connection.recv()
        return result
    except EOFError:
        return 0, frozenset(), "the run died, see above."
