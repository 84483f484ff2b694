"""A run on several cores: forked workers run pieces of features; this process reports as if it had run all.

The workers are forked when the stage is ready, so nothing is imported or migrated twice. Each gets one piece
after the other, the slowest first, and sends what became of each scenario as soon as it is over (`assembly`).
A formatter that says `in_workers` writes, in each worker, what is played there, and here what is left.
When a worker dies or hangs, only the running scenario is reported as broken; another worker takes the rest.
"""

import gc
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from selectors import EVENT_READ, DefaultSelector
from typing import Any

from behave.model import Feature

from behave_flask.core import behave_internals, clock
from behave_flask.core.errors import UsageError
from behave_flask.parallel.assembly import Assembly, write
from behave_flask.parallel.pieces import Piece, pieces
from behave_flask.parallel.worker import LAST_STEPS_TIMEOUT_S, Worker

PIECES_A_WORKER = 20  # so many that the last ones to end are small
LOG_AT_MOST = 20_000  # characters of what a worker that died has printed
ENDS_WITHIN_S = 1.0  # for a thread that has nothing to do any more
DEATHS_AT_MOST = 10  # in a row: then it is not a scenario's fault


def run(runner: Any, features: Sequence[Feature], run_model: Callable[[Iterator[Feature]], bool]) -> bool:
    """Make behave's own `run_model` run the features, each by the workers. Return whether anything failed."""
    formatters = runner.formatters
    pool = _Pool(runner, features)

    def opened() -> Iterator[Feature]:
        try:
            pool.open()
        except UsageError:
            runner.run_hook_with_capture("after_all")
            raise
        yield from features
        pool.close()

    runner.formatters = [_AtTheEnd(formatters)]
    for number, feature in enumerate(features):
        behave_internals.replace_run(feature, partial(pool.play, number))
    try:
        return run_model(opened())
    finally:
        pool.kill()
        runner.formatters = formatters


class _AtTheEnd:
    """Stands for the formatters in behave's own loop: the assembly calls them, but for their end."""

    def __init__(self, formatters: list[Any]) -> None:
        self._formatters = formatters

    def uri(self, uri: str) -> None:
        pass

    def close(self) -> None:
        for formatter in self._formatters:
            formatter.close()

    def in_workers(self) -> list[Any]:
        """Return those that work where a scenario is played, and pass over it when they are called here."""
        return [each for each in self._formatters if getattr(each, "in_workers", False)]


class _Pool:
    """The workers, and what is left to do."""

    def __init__(self, runner: Any, features: Sequence[Feature]) -> None:
        self._runner, self._features = runner, features
        self._assembly = Assembly(runner, features)
        self._queue: list[Piece] = []
        self._workers: list[Worker] = []
        self._selector = DefaultSelector()  # of the workers' connections
        self._forked = self._deaths = 0
        self._cancelled = self._interrupted = False
        self._released = False
        self._on: dict[str, Callable[..., None]] = {  # by the kind of a message
            "scenario": self._on_scenario,
            "piece": self._on_piece,
            "end": self._on_end,
        }

    def open(self) -> None:
        """Cut the features into pieces and fork the workers. Raises UsageError if threads are running."""
        runner, assembly = self._runner, self._assembly
        if runner.aborted:
            return
        suite = assembly.suite = getattr(runner.context, "suite", assembly.suite)
        selected = [feature.should_run(runner.config) for feature in self._features]
        times = runner.times
        seconds = [
            [times.of(scenario) for scenario in progress.scenarios] if chosen else []
            for progress, chosen in zip(assembly.features, selected, strict=True)
        ]
        total = sum(map(sum, seconds))
        most = float("inf") if suite.whole_features else total / (runner.config.jobs * PIECES_A_WORKER)
        self._queue = [piece for piece in pieces(seconds, most) if selected[piece.feature]]
        for piece in self._queue:
            assembly.features[piece.feature].pieces += 1
        suite.before_fork()
        self._released = True
        _refuse_threads()
        for _ in range(min(runner.config.jobs, len(self._queue))):
            self._fork()

    def play(self, number: int, _: Any) -> bool:
        """Wait, in the place of `Feature.run`, until a feature is run; return whether it failed.

        Whichever is complete meanwhile is reported.
        """
        progress = self._assembly.features[number]
        if not progress.pieces and not progress.finished:
            return self._assembly.skip(progress.feature)
        try:
            while not progress.finished and not self._cancelled:
                self._listen()
        except KeyboardInterrupt:
            self._interrupt()
            raise
        return progress.failed

    def _interrupt(self) -> None:
        """Make each worker stop at the scenario that it is at and report it, as a run in one process does."""
        self._interrupted = True
        self._queue.clear()
        deadline = clock.monotonic() + 2 * LAST_STEPS_TIMEOUT_S
        try:
            for worker in self._workers:
                self._runner.interrupts.pass_on(worker.process.pid)
            while self._workers and clock.monotonic() < deadline:
                self._listen()
            for worker in list(self._workers):  # it does not come back to Python
                self._on_worker_death(worker)
        finally:
            self._cancel()

    def _cancel(self) -> None:
        """End all workers at once, and report what has come so far."""
        self._cancelled = True
        self._queue.clear()
        self.kill()
        self._assembly.finish_begun()

    def close(self) -> None:
        """Make the workers put their things away, and take back what was released."""
        try:
            while self._workers:
                self._listen()
        except KeyboardInterrupt:
            self.kill()
            self._runner.abort(reason="KeyboardInterrupt")
        if self._released:
            self._assembly.suite.after_fork(0)
            self._released = False

    def kill(self) -> None:
        """End whatever workers there are."""
        for worker in self._workers:
            worker.process.kill()
        while self._workers:
            self._remove(self._workers[0])

    def _fork(self) -> None:
        self._forked += 1
        worker = Worker.fork(self._runner, self._assembly.suite, self._features, self._forked, self._workers)
        self._workers.append(worker)
        self._selector.register(worker.connection, EVENT_READ, worker)
        self._give(worker)

    def _give(self, worker: Worker) -> None:
        worker.give(self._queue.pop(0) if self._queue else None)

    def _remove(self, worker: Worker) -> None:
        self._selector.unregister(worker.connection)
        worker.end()
        self._workers.remove(worker)

    def _listen(self) -> None:
        """Receive what workers send, and see to those that send nothing more."""
        for worker in [key.data for key, _ in self._selector.select(timeout=1.0)]:
            try:
                kind, *message = worker.connection.recv()
            except (EOFError, OSError):
                self._on_worker_death(worker)
            else:
                worker.last_message_at = clock.monotonic()
                self._on[kind](worker, *message)
            if self._cancelled:
                return
        patience = 2 * self._runner.options.timeout + 2 * LAST_STEPS_TIMEOUT_S
        for worker in self._workers:
            if clock.monotonic() - worker.last_message_at > patience:
                worker.process.kill()

    def _on_scenario(
        self, worker: Worker, index: int, result: Any, payload: Any, events: Any, end: int
    ) -> None:
        self._deaths = 0
        worker.done.add(index)
        number, output = worker.busy_with.feature, worker.output(end)
        failed = self._assembly.add_scenario(number, index, result, payload, events, output)
        self._cancel_on(failed)

    def _on_piece(self, worker: Worker, failed: bool, *message: Any) -> None:
        *around, why_aborted = message
        if worker.left:
            raise RuntimeError(f"{worker.process.name} has not reported all scenarios that it was given.")
        self._assembly.add_piece(worker.busy_with.feature, worker.output(), failed, *around)
        for why in why_aborted:
            self._runner.abort(why)
        if why_aborted and not self._interrupted:
            self._cancel()
        else:
            self._give(worker)
        self._cancel_on(failed)

    def _on_end(self, worker: Worker, findings: list[str], going_on: list[str]) -> None:
        self._assembly.suite.add_findings(findings)
        write("".join(f"{line}\n" for line in going_on))
        self._remove(worker)

    def _cancel_on(self, failed: bool) -> None:
        if failed and self._runner.config.stop:
            self._cancel()

    def _on_worker_death(self, worker: Worker) -> None:
        """Report the scenario at which a worker died as broken, and let another one do the rest."""
        log = worker.output()
        if self._interrupted:
            worker.process.kill()
        self._remove(worker)
        why = "was stopped by Ctrl-C" if self._interrupted else _cause(worker.process.exitcode)
        if worker.piece is None:
            self._runner.hook_failures += 1
            write(f"{worker.process.name} {why} when it put its things away.\n{log}")
            return
        number, left = worker.piece.feature, worker.left
        if left:
            message = f"The process that ran this scenario {why}.\n{log[-LOG_AT_MOST:]}".rstrip()
            self._assembly.break_scenario(number, left[0], message)
        else:
            self._assembly.break_feature(
                number, f"The process that ended this feature {why}.\n{log}".rstrip()
            )
        if left[1:] and not self._interrupted:
            self._queue.insert(0, Piece(number, left[1:]))
            self._assembly.features[number].pieces += 1
        self._assembly.end_piece(number)
        self._deaths += 1
        if self._deaths > DEATHS_AT_MOST:
            self._runner.abort(reason=f"{self._deaths} workers have died one after the other.")
        if self._runner.config.stop or self._runner.aborted:
            self._cancel()
        elif self._queue and not self._interrupted:
            self._fork()


def _refuse_threads() -> None:
    """A thread holds locks that nobody gives back in a forked process (Python, `os.fork`)."""
    gc.unfreeze()
    gc.collect()  # a pool that nobody holds any more ends its threads by that
    gc.freeze()
    others = []
    for thread in set(threading.enumerate()) - {threading.main_thread()}:
        thread.join(ENDS_WITHIN_S)
        others += [thread.name] if thread.is_alive() else []
    if others:
        raise UsageError(
            f"-j cannot fork while other threads are running: {', '.join(others)}. Let the"
            " factory leave them out for the suite, or start them in a scenario."
        )


def _cause(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with code {code}"
