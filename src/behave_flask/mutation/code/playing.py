"""Runs of behave for mutants, each in a fork of a process that has imported everything but the service.

The mutated module is compiled from memory in place of the file: nothing on disk changes. A run ends at its
first failure, and is ended from outside, with all that it has started, when its time is up.
"""

import contextlib
import importlib
import importlib.abc
import importlib.util
import io
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import CodeType
from typing import Any

from behave.configuration import Configuration
from behave.formatter.base import StreamOpener
from behave.runner_plugin import RunnerPlugin

from behave_flask.model.results import Result


@dataclass(frozen=True)
class Verdict:
    """What became of a run.

    :ivar killed: whether it failed.
    :ivar by: the scenario that failed, as file:line, or what else it was.
    """

    killed: bool
    by: str = ""


NEVER_STARTED = "never started"


class _Mutated(SourceFileLoader):
    """Loads one module from a text in place of its file."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        return compile(self._source, self.path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the mutated modules before anybody else does."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._files = {_module(Path(file)): (str(Path(file).absolute()), sources[file]) for file in sources}

    def find_spec(self, fullname: str, *_: Any) -> ModuleSpec | None:
        if fullname not in self._files:
            return None
        file, source = self._files[fullname]
        folders = [str(Path(file).parent)] if Path(file).name == "__init__.py" else None
        loader = _Mutated(fullname, file, source)
        return importlib.util.spec_from_file_location(
            fullname, file, loader=loader, submodule_search_locations=folders
        )


def _module(file: Path) -> str:
    return ".".join((file.parent if file.name == "__init__.py" else file.with_suffix("")).parts)


def behave(
    places: Sequence[str], options: Sequence[str] = (), prepare: Callable[[Any], None] = lambda _: None
) -> Any:
    """Run behave in this process, and return its runner. To be called once a process: behave keeps its steps.

    :param prepare: gets the runner before it runs.
    """
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        quiet = ["--no-junit", "--no-color", "--no-summary", f"--junit-directory={folder}/reports/junit"]
        config = Configuration([*options, *quiet, *places])
        config.format, config.outputs = ["null"], [StreamOpener(stream=io.StringIO())]
        runner = RunnerPlugin().make_runner(config)
        if reports := getattr(runner, "reports", None):  # of this package: nobody will read them
            reports.close = lambda failed: failed
        prepare(runner)
        runner.failed = runner.run()
    return runner


def judge(places: Sequence[str], options: Sequence[str] = ()) -> Verdict:
    """Play scenarios in this process until one fails, and return what became of it."""
    try:
        runner = behave(places, ["--stop", "-D", "timeout=30", *options])
    except BaseException:  # noqa: BLE001 - whatever the mutant does, SystemExit too
        return Verdict(killed=True, by=NEVER_STARTED)
    for feature in runner.features:
        for each in feature.walk_scenarios():
            if Result.of(each).is_bad:
                return Verdict(killed=True, by=place_of(each))
    return Verdict(killed=bool(runner.failed), by="the run")


def place_of(scenario: Any) -> str:
    """Return where a scenario stands, as behave takes it."""
    return f"{os.path.relpath(scenario.filename)}:{scenario.line}"


def _in_child(work: Callable[[], Any], theirs: Connection) -> None:
    os.setsid()  # browsers and whatever else a run starts are ended with it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    theirs.send(work())


@dataclass
class _Run:
    process: Any
    ends: float


class Pool:
    """Runs at once, each in a fork of this process."""

    def __init__(self, processes: int) -> None:
        """Accept how many at once."""
        self._processes = processes
        self._running: dict[Connection, tuple[Any, _Run]] = {}

    @property
    def free(self) -> bool:
        """Whether one more may begin."""
        return len(self._running) < self._processes

    @property
    def busy(self) -> bool:
        """Whether any runs."""
        return bool(self._running)

    def begin(self, key: Any, work: Callable[[], Any], seconds: float) -> None:
        """Begin a run that has so many seconds."""
        ours, theirs = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.get_context("fork").Process(target=_in_child, args=(work, theirs))
        process.start()
        theirs.close()
        self._running[ours] = key, _Run(process, time.monotonic() + seconds)

    def ended(self) -> Iterator[tuple[Any, Any]]:
        """Wait for a moment, and yield what has ended: its key, and what it came to.

        That is a Verdict for one that died, and for one that had to be ended.
        """
        ready = wait(list(self._running), timeout=1.0)
        for ours, (key, run) in [*self._running.items()]:
            result: Any = Verdict(killed=True, by="it took too long")
            if ours in ready:
                try:
                    result = ours.recv()
                except EOFError:
                    result = Verdict(killed=True, by="its process died")
            elif time.monotonic() < run.ends:
                continue
            del self._running[ours]
            _end(run.process)
            ours.close()
            yield key, result

    def stop(self) -> None:
        """End all that runs."""
        for _, run in self._running.values():
            _end(run.process)
        self._running.clear()


def _end(process: Any) -> None:
    """End a run and all that it has started and left."""
    process.join(timeout=0.5)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.join()


def judging(places: Sequence[str], sources: Mapping[str, str]) -> Callable[[], Verdict]:
    """Return the work of a run: play these scenarios, with other sources in the place of some files'."""

    def work() -> Verdict:
        sys.meta_path.insert(0, _Finder(sources))
        return judge(places)

    return work


def preload(names: Iterable[str]) -> None:
    """Import what every run needs, once, before the forks."""
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
