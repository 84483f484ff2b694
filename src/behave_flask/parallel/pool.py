"""A run on several cores: forked workers run pieces of features; this process reports as if it had run all.

The workers are forked when the stage is ready, so nothing is imported or migrated twice. Each gets one piece
after the other, the slowest first, and tells what became of each scenario as soon as it is over. Here that is
put into behave's own model, and its formatters, reporters and summary see one feature after the other.
A formatter that says `in_workers` writes, in each worker, what is played there, and here what is left.
When a worker dies or hangs, only the running scenario is reported as broken; another worker takes the rest.
"""

import faulthandler
import gc
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from selectors import EVENT_READ, DefaultSelector
from typing import IO, Any

from behave.capture import Captured
from behave.model import Feature, Rule, Scenario, ScenarioOutline, Status

from behave_flask.core import behave_internals, clock, threads
from behave_flask.core.behave_internals.rows import fold
from behave_flask.core.errors import UsageError
from behave_flask.model import failures, wire
from behave_flask.model.durations import Stopwatch
from behave_flask.parallel.forking import Forkable
from behave_flask.parallel.pieces import Piece, only, pieces

PIECES_A_WORKER = 20  # so many that the last ones to end are small
SAID_AT_MOST = 200_000  # bytes of what a worker prints between two messages
LOG_AT_MOST = 20_000  # characters of what a worker that died has printed
DEATHS_AT_MOST = 10  # in a row: then it is not a scenario's fault
LAST_STEPS_TIMEOUT_S = 5.0  # seconds that a worker has for what comes after its last scenario
_BROKEN = (Status.hook_error, Status.cleanup_error)


@dataclass
class _Worker:
    process: Any
    connection: Connection
    log: IO[bytes]
    piece: Piece | None = None
    told: set[int] = field(default_factory=set)
    read: int = 0  # how much of the log is reported
    last_message_at: float = field(default_factory=clock.monotonic)

    def output(self, end: int | None = None) -> str:
        """Return what the worker has printed since the last call, or up to a place in its log."""
        log, begin = self.log.fileno(), self.read
        self.read = os.fstat(log).st_size if end is None else end
        length = self.read - begin
        if length <= SAID_AT_MOST:
            return os.pread(log, length, begin).decode(errors="replace")
        half = SAID_AT_MOST // 2
        first, last = os.pread(log, half, begin), os.pread(log, half, self.read - half)
        note = f"\n… ({length} bytes, of which the middle is left out) …\n"
        return first.decode(errors="replace") + note + last.decode(errors="replace")


@dataclass
class _Progress:
    """What is known of a feature so far."""

    scenarios: list[Scenario]
    pieces: int = 0
    events: dict[int, Sequence[wire.Event]] = field(default_factory=dict)
    output: dict[int, str] = field(default_factory=dict)
    around: list[str] = field(default_factory=list)
    collected: list[Any] = field(default_factory=list)
    failed: bool = False
    finished: bool = False


def run(
    runner: Any, features: Sequence[Feature], run_model: Callable[[Iterator[Feature]], bool], watch: Stopwatch
) -> bool:
    """Let behave's own `run_model` run the features, each by the workers. Return whether anything failed."""
    formatters = runner.formatters
    pool = _Pool(runner, features, watch)

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
    """Stands for the formatters in behave's own loop: they are called by the pool, but for their end."""

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
    """The workers, what is left to do, and what has come."""

    def __init__(self, runner: Any, features: Sequence[Feature], watch: Stopwatch) -> None:
        self._runner, self._features, self._watch = runner, features, watch
        self._formatters = runner.formatters
        self._suite: Forkable = Forkable()
        self._progress = [_Progress(feature.walk_scenarios()) for feature in features]
        self._queue: list[Piece] = []
        self._workers: list[_Worker] = []
        self._calls: dict[tuple[wire.Event, ...], tuple[wire.Event, ...]] = {}
        self._selector = DefaultSelector()  # of the workers' connections
        self._forked = self._deaths = 0
        self._cancelled = self._interrupted = False
        self._released = False

    # the run itself

    def open(self) -> None:
        """Cut the features into pieces and fork the workers. Raises UsageError if threads are running."""
        runner = self._runner
        if runner.aborted:
            return
        self._suite = getattr(runner.context, "suite", self._suite)
        selected = [feature.should_run(runner.config) for feature in self._features]
        times = runner.times
        seconds = [
            [times.of(scenario) for scenario in progress.scenarios] if chosen else []
            for progress, chosen in zip(self._progress, selected, strict=True)
        ]
        total = sum(map(sum, seconds))
        most = float("inf") if self._suite.whole_features else total / (runner.config.jobs * PIECES_A_WORKER)
        self._queue = [piece for piece in pieces(seconds, most) if selected[piece.feature]]
        for piece in self._queue:
            self._progress[piece.feature].pieces += 1
        self._suite.before_fork()
        self._released = True
        self._refuse_threads()
        gc.collect()
        gc.freeze()
        for _ in range(min(runner.config.jobs, len(self._queue))):
            self._fork()

    def play(self, number: int, _: Any) -> bool:
        """Wait, in the place of `Feature.run`, until a feature is run; return whether it failed.

        Whichever is complete meanwhile is reported.
        """
        feature, progress = self._features[number], self._progress[number]
        if not progress.pieces and not progress.finished:
            return self._skip(feature)
        try:
            while not progress.finished and not self._cancelled:
                self._listen()
        except KeyboardInterrupt:
            self._interrupt()
            raise
        return progress.failed

    def _interrupt(self) -> None:
        """Let each worker stop at the scenario that it is at and tell of it, as a run in one process does."""
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
            self.cancel()

    def cancel(self) -> None:
        """End all workers at once, and report what has come so far."""
        self._cancelled = True
        self._queue.clear()
        self.kill()
        for number, progress in enumerate(self._progress):
            if progress.events and not progress.finished:
                self._finish(number)

    def close(self) -> None:
        """Let the workers put their things away, and take back what was released."""
        try:
            while self._workers:
                self._listen()
        except KeyboardInterrupt:
            self.kill()
            self._runner.abort(reason="KeyboardInterrupt")
        if self._released:
            self._suite.after_fork(0)
            self._released = False

    def kill(self) -> None:
        """End whatever workers there are."""
        for worker in self._workers:
            worker.process.kill()
        while self._workers:
            self._remove(self._workers[0])

    def _skip(self, feature: Feature) -> bool:
        """Let behave itself pass over a feature that is not selected: no hook is run."""
        whole, self._runner.formatters = self._runner.formatters, self._formatters
        try:
            failed: bool = type(feature).run(feature, self._runner)
            return failed
        finally:
            self._runner.formatters = whole

    # workers

    def _fork(self) -> None:
        self._forked += 1
        ours, theirs = Pipe()
        log = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the worker)
        others = [ours, *(worker.connection for worker in self._workers)]
        process = get_context("fork").Process(
            target=_work,
            args=(self._runner, self._suite, self._features, self._forked, theirs, others, log),
            name=f"worker {self._forked}",
        )
        process.start()
        theirs.close()
        worker = _Worker(process, ours, log)
        self._workers.append(worker)
        self._selector.register(ours, EVENT_READ, worker)
        self._give(worker)

    def _give(self, worker: _Worker) -> None:
        """Give a worker the next piece; None lets it end."""
        worker.piece = self._queue.pop(0) if self._queue else None
        worker.told = set()
        with suppress(OSError):  # it has died: one hears of it next
            worker.connection.send(worker.piece)

    def _listen(self) -> None:
        """Take what workers have to tell, and see to those that have nothing more to tell."""
        for worker in [key.data for key, _ in self._selector.select(timeout=1.0)]:
            try:
                message = worker.connection.recv()
            except (EOFError, OSError):
                self._on_worker_death(worker)
            else:
                worker.last_message_at = clock.monotonic()
                self._take(worker, *message)
            if self._cancelled:
                return
        patience = 2 * self._runner.timeout + 2 * LAST_STEPS_TIMEOUT_S
        for worker in self._workers:
            if clock.monotonic() - worker.last_message_at > patience:
                worker.process.kill()

    def _take(self, worker: _Worker, kind: str, *told: Any) -> None:
        if kind == "scenario":
            failed = self._take_scenario(worker, *told)
        elif kind == "piece":
            failed = self._take_piece(worker, *told)
        else:
            findings, going_on = told
            self._suite.add_findings(findings)
            _say("".join(f"{line}\n" for line in going_on))
            self._remove(worker)
            return
        if failed and self._runner.config.stop:
            self.cancel()

    def _take_scenario(
        self, worker: _Worker, index: int, told: Any, events: Any, seconds: float, end: int
    ) -> bool:
        piece = _busy(worker)
        progress = self._progress[piece.feature]
        scenario = progress.scenarios[index]
        worker.told.add(index)
        self._deaths = 0
        wire.apply_scenario(scenario, told)
        if said := worker.output(end):
            progress.output[index] = said
        if events is not None:
            progress.events[index] = self._shared(events)
            self._watch.add(scenario, seconds)
            self._arrived(scenario)
        failed = bool(scenario.status.has_failed())
        progress.failed |= failed
        return failed

    def _shared(self, events: list[wire.Event]) -> Sequence[wire.Event]:
        """Return the same calls as they came from another scenario: most are alike, and there may be many."""
        calls = tuple(events)
        attached = any(name == "embedding" for name, _ in calls)
        return calls if attached else self._calls.setdefault(calls, calls)

    def _take_piece(
        self,
        worker: _Worker,
        failed: bool,
        around: list[wire.Payload],
        faults: list[tuple[str, int, wire.Payload]],
        hooks: int,
        harvest: Any,
        why_aborted: list[str],
    ) -> bool:
        piece = _busy(worker)
        if worker.told != set(piece.scenarios):
            raise RuntimeError(f"{worker.process.name} has not told of all scenarios that it was given.")
        number = piece.feature
        progress = self._progress[number]
        feature = self._features[number]
        for item, told in zip([feature, *feature.rules], around, strict=True):
            _join(item, told)
        for where, place, error in faults:
            self._runner.record.note_once(
                where, [feature, *feature.rules][place], wire.error_from_wire(error)
            )
        if (said := worker.output()) and said not in progress.around:
            progress.around.append(said)
        progress.collected.append(harvest)
        progress.failed |= failed
        self._runner.hook_failures += hooks
        self._end_piece(number)
        for why in why_aborted:
            self._runner.abort(why)
        if why_aborted and not self._interrupted:
            self.cancel()
        else:
            self._give(worker)
        return failed

    def _on_worker_death(self, worker: _Worker) -> None:
        """Report the scenario at which a worker died as broken, and let another one do the rest."""
        log = worker.output()
        if self._interrupted:
            worker.process.kill()
        self._remove(worker)
        why = "was stopped by Ctrl-C" if self._interrupted else _cause(worker.process.exitcode)
        if worker.piece is None:
            self._runner.hook_failures += 1
            _say(f"{worker.process.name} {why} when it put its things away.\n{log}")
            return
        number = worker.piece.feature
        left = [index for index in worker.piece.scenarios if index not in worker.told]
        progress = self._progress[number]
        if left:
            scenario = progress.scenarios[left[0]]
            _break(scenario, f"The process that ran this scenario {why}.\n{log[-LOG_AT_MOST:]}".rstrip())
            progress.events[left[0]] = [("step", place) for place, _ in enumerate(scenario.all_steps)]
            self._arrived(scenario)
        else:
            error = RuntimeError(f"The process that ended this feature {why}.\n{log}".rstrip())
            _break_feature(self._features[number], str(error))
            failures.add(self._features[number], "worker", error)
            self._runner.record.note_once("worker", self._features[number], error)
        progress.failed = True
        if left[1:] and not self._interrupted:
            self._queue.insert(0, Piece(number, left[1:]))
            progress.pieces += 1
        self._end_piece(number)
        self._deaths += 1
        if self._deaths > DEATHS_AT_MOST:
            self._runner.abort(reason=f"{self._deaths} workers have died one after the other.")
        if self._runner.config.stop or self._runner.aborted:
            self.cancel()
        elif self._queue and not self._interrupted:
            self._fork()

    def _remove(self, worker: _Worker) -> None:
        worker.process.join(LAST_STEPS_TIMEOUT_S)
        worker.process.kill()
        worker.process.join()
        self._selector.unregister(worker.connection)
        worker.connection.close()
        worker.log.close()
        self._workers.remove(worker)

    def _refuse_threads(self) -> None:
        """A thread holds locks that nobody gives back in a forked process (Python, `os.fork`)."""
        others = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
        if others:
            raise UsageError(
                f"-j cannot fork while other threads are running: {', '.join(others)}. Start them in a"
                " scenario, or in the stage's adopt()."
            )

    # reporting

    def _arrived(self, scenario: Scenario) -> None:
        for formatter in self._formatters:
            if arrived := getattr(formatter, "arrived", None):
                arrived(scenario)

    def _end_piece(self, number: int) -> None:
        self._progress[number].pieces -= 1
        if not self._progress[number].pieces:
            self._finish(number)

    def _finish(self, number: int) -> None:
        """Report a feature of which all has come that will come."""
        feature, progress = self._features[number], self._progress[number]
        progress.finished = True
        self._suite.merge(feature, progress.collected)
        undefined = (
            step
            for scenario in progress.scenarios
            for step in scenario.all_steps
            if step.status is Status.undefined
        )
        self._runner.undefined_steps.extend(undefined)
        self._tell("feature", feature)
        scenarios = {id(scenario): index for index, scenario in enumerate(progress.scenarios)}
        for item in feature.run_items:
            self._report(item, progress, scenarios)
        _say("".join(progress.around))
        if self._judge(feature):
            progress.failed = True
        for formatter in self._formatters:
            formatter.eof()
        progress.events, progress.output = {}, {}
        fold(progress.scenarios)  # the reporters' turn comes when those before it have had theirs

    def _tell(self, name: str, item: Feature | Rule) -> None:
        for formatter in self._formatters:
            if name == "feature":
                formatter.uri(item.filename)
            if call := getattr(formatter, name, None):
                call(item)
            if item.background:
                formatter.background(item.background)

    def _report(self, item: Any, progress: _Progress, scenarios: dict[int, int]) -> None:
        if isinstance(item, Rule):
            if not item.should_run_with_tags(self._runner.config.tag_expression):
                return
            self._tell("rule", item)
            for each in item.run_items:
                self._report(each, progress, scenarios)
            for formatter in self._formatters:
                if call := getattr(formatter, "rule_finished", None):
                    call()
            return
        for scenario in item.scenarios if isinstance(item, ScenarioOutline) else [item]:
            index = scenarios[id(scenario)]
            if index in progress.events:
                find_match = self._runner.step_registry.find_match
                wire.replay(scenario, progress.events[index], self._formatters, find_match)
            _say(progress.output.get(index, ""))

    def _judge(self, feature: Feature) -> bool:
        """Let the suite judge the feature as a whole, as its hook does in a run without workers."""
        hooks = self._runner.hooks
        self._runner.hooks = {"after_feature": lambda _, whole: self._suite.end_feature(whole)}
        try:
            passed = self._runner.run_hook_with_capture(
                "after_feature", feature, capture_sink=feature.capture_sink
            )
        finally:
            self._runner.hooks = hooks
        if not passed:
            feature.set_status(Status.hook_error)
        return not passed


def _say(text: str) -> None:
    if text:
        sys.stdout.write(text)
        sys.stdout.flush()


def _busy(worker: _Worker) -> Piece:
    if worker.piece is None:
        raise RuntimeError(f"{worker.process.name} tells of a piece that it was not given.")
    return worker.piece


def _cause(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with code {code}"


def _break(scenario: Scenario, why: str) -> None:
    """Report a scenario as broken that nobody can tell anything of."""
    scenario.set_status(Status.error)
    scenario.error_message = why
    scenario.exception = RuntimeError(why)
    failures.add(scenario, "worker", scenario.exception)
    scenario.captured.add_captured(Captured(stderr=why, name="worker", failed=True))


def _break_feature(feature: Feature, why: str) -> None:
    feature.hook_failed = True
    feature.error_message = "\n".join(filter(None, [feature.error_message, why]))
    feature.set_status(Status.hook_error)


def _join(item: Feature | Rule, told: wire.Payload) -> None:
    """Add to a feature or a rule what became of it in one piece; what every piece says is said once."""
    wire.add_failures(item, told)
    if (message := told.get("error_message")) and message not in (item.error_message or ""):
        if not item.error_message:
            wire.apply(item, {name: told[name] for name in ("exception", "trace") if name in told})
        item.error_message = "\n".join(filter(None, [item.error_message, message]))
        wire.add_captured(item, told)
    item.hook_failed |= told["hook_failed"]
    item.should_skip |= told["should_skip"]
    item.skip_reason = item.skip_reason or told["skip_reason"]
    if told["status"] in _BROKEN:
        item.set_status(told["status"])


# in a worker


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
    except BaseException:  # noqa: BLE001 (said in the log, which the run itself reports)
        sys.excepthook(*sys.exc_info())
        code = 1
    _flush()
    os._exit(code)  # nothing of the run itself is put away here


def _run_piece(
    runner: Any, suite: Forkable, feature: Feature, piece: Piece, connection: Connection, log: IO[bytes]
) -> None:
    scenarios = feature.walk_scenarios()
    waiting = list(piece.scenarios)

    def tell_until(begins: Scenario | None) -> None:
        while waiting and scenarios[waiting[0]] is not begins:
            scenario = scenarios[waiting[0]]
            _flush()
            scenario.status  # noqa: B018 (is worked out when it is first asked for)
            told = wire.scenario_to_wire(scenario)
            events = recorder.events.get(id(scenario))
            end = os.fstat(log.fileno()).st_size
            connection.send(("scenario", waiting.pop(0), told, events, watch.of(scenario), end))

    at_work, watch = runner.formatters, Stopwatch()
    recorder = wire.Recorder(tell_until)
    runner.formatters = [watch, *at_work, recorder]  # it tells of a scenario that they have written
    runner.hook_failures = 0
    with only(feature, {id(scenarios[index]) for index in piece.scenarios}):
        failed = type(feature).run(feature, runner)
    runner.formatters = at_work
    tell_until(None)
    around = [feature, *feature.rules]
    numbers = {id(item): number for number, item in enumerate(around)}
    told = [wire.to_wire(item) for item in around]
    faults = [
        (
            fault.where,
            numbers[id(fault.statement)],
            wire.error_to_wire(fault.error, fault.error.__traceback__),
        )
        for fault in runner.record.faults
        if fault.statement is not None  # those of the run were known before the workers began
    ]
    runner.record.faults.clear()
    for item in around:
        vars(item).pop("failures", None)
        item.error_message = item.exception = item.exc_traceback = None
        item.captured.reset()
    _flush()
    connection.send(
        ("piece", failed, told, faults, runner.hook_failures, suite.collect(), runner.calls.why_aborted)
    )


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
