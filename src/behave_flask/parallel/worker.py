"""A worker of `-j`: its process, as the pool sees it, and what runs in it."""

import faulthandler
import os
import sys
import tempfile
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from typing import IO, Any

from behave.model import Feature, Scenario

from behave_flask.core import clock, threads
from behave_flask.model import wire
from behave_flask.parallel.forking import Forkable
from behave_flask.parallel.pieces import Piece, only

OUTPUT_AT_MOST = 200_000  # bytes of what a worker prints between two messages
LAST_STEPS_TIMEOUT_S = 5.0  # that a worker has for what comes after its last scenario


@dataclass(eq=False)
class Worker:
    """A forked process, what it is to play and what it has reported."""

    process: Any
    connection: Connection
    log: IO[bytes]
    piece: Piece | None = None
    done: set[int] = field(default_factory=set)  # the scenarios of the piece that it has reported
    read: int = 0  # how much of the log is reported
    last_message_at: float = field(default_factory=clock.monotonic)

    @classmethod
    def fork(
        cls,
        runner: Any,
        suite: Forkable,
        features: Sequence[Feature],
        number: int,
        others: Iterable["Worker"],
    ) -> "Worker":
        """Begin a worker.

        :param others: those that there are, whose connections are not its own.
        """
        ours, theirs = Pipe()
        log = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the worker)
        not_its_own = [ours, *(worker.connection for worker in others)]
        process = get_context("fork").Process(
            target=_work,
            args=(runner, suite, features, number, theirs, not_its_own, log),
            name=f"worker {number}",
        )
        process.start()
        theirs.close()
        return cls(process, ours, log)

    @property
    def busy_with(self) -> Piece:
        """The piece that it was given."""
        if self.piece is None:
            raise RuntimeError(f"{self.process.name} reports a piece that it was not given.")
        return self.piece

    @property
    def left(self) -> list[int]:
        """The scenarios of its piece which it has not reported yet."""
        return [index for index in self.busy_with.scenarios if index not in self.done]

    def give(self, piece: Piece | None) -> None:
        """Send it the next piece; None lets it end."""
        self.piece, self.done = piece, set()
        with suppress(OSError):  # it has died: one hears of it next
            self.connection.send(piece)

    def output(self, end: int | None = None) -> str:
        """Return what it has printed since the last call, or up to a place in its log."""
        log, begin = self.log.fileno(), self.read
        self.read = os.fstat(log).st_size if end is None else end
        length = self.read - begin
        if length <= OUTPUT_AT_MOST:
            return os.pread(log, length, begin).decode(errors="replace")
        half = OUTPUT_AT_MOST // 2
        first, last = os.pread(log, half, begin), os.pread(log, half, self.read - half)
        note = f"\n… ({length} bytes, of which the middle is left out) …\n"
        return first.decode(errors="replace") + note + last.decode(errors="replace")

    def end(self) -> None:
        """Wait until it has ended, and not for long."""
        self.process.join(LAST_STEPS_TIMEOUT_S)
        self.process.kill()
        self.process.join()
        self.connection.close()
        self.log.close()


# in its process


def _work(
    runner: Any,
    suite: Forkable,
    features: Sequence[Feature],
    number: int,
    connection: Connection,
    others: list[Connection],
    log: IO[bytes],
) -> None:
    """Run pieces until there are none, or until the run itself is gone."""
    runner.formatters = runner.formatters[0].in_workers()
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__  # not those of a progress bar
    runner.interrupts.watch_in_worker()
    for each in others:
        each.close()
    for number_of_output, output in ((1, sys.stdout), (2, sys.stderr)):
        os.dup2(log.fileno(), number_of_output)
        with suppress(AttributeError):  # who has replaced it sees to it
            output.reconfigure(line_buffering=True, encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    faulthandler.enable(log)
    runner.timer.fatal_log = log
    code = 0
    try:
        suite.after_fork(number)
        while (piece := connection.recv()) is not None:
            _run_piece(runner, suite, features[piece.feature], piece, connection, log)
        runner.timer.arm()
        left = suite.teardown_worker()
        runner.timer.disarm()
        connection.send(("end", left, threads.going_on([threading.main_thread()])))
    except (EOFError, BrokenPipeError):
        code = 1
    except BaseException:  # noqa: BLE001 (noted in the log, which the run itself reports)
        sys.excepthook(*sys.exc_info())
        code = 1
    _flush()
    os._exit(code)  # nothing of the run itself is put away here


def _run_piece(
    runner: Any, suite: Forkable, feature: Feature, piece: Piece, connection: Connection, log: IO[bytes]
) -> None:
    scenarios = feature.walk_scenarios()
    waiting = list(piece.scenarios)

    def send_until(begins: Scenario | None) -> None:
        while waiting and scenarios[waiting[0]] is not begins:
            scenario = scenarios[waiting[0]]
            _flush()
            result = runner.record.result(scenario)
            payload = wire.scenario_to_wire(scenario)
            events = recorder.events.get(id(scenario))
            end = os.fstat(log.fileno()).st_size
            connection.send(("scenario", waiting.pop(0), result, payload, events, end))

    at_work, recorder = runner.formatters, wire.Recorder(send_until)
    runner.formatters = [*at_work, recorder]  # it reports a scenario that they have written
    runner.hook_failures = 0
    with only(feature, {id(scenarios[index]) for index in piece.scenarios}):
        failed = type(feature).run(feature, runner)
    runner.formatters = at_work
    send_until(None)
    around = [feature, *feature.rules]
    numbers = {id(item): number for number, item in enumerate(around)}
    payloads = [wire.to_wire(item) for item in around]
    faults = [
        (each.where, numbers[id(each.statement)], each.has_scenarios, each.failure)
        for each in runner.record.faults
        if each.statement is not None  # those of the run were known before the workers began
    ]
    runner.record.faults.clear()
    for item in around:
        item.error_message = item.exception = item.exc_traceback = None
        item.captured.reset()
    _flush()
    why_aborted = runner.calls.why_aborted
    connection.send(("piece", failed, payloads, faults, runner.hook_failures, suite.collect(), why_aborted))


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
