"""Proof that every word of a Then is looked at: each is exchanged in turn, and its scenario must go red.

    behave-flask mutants sentences [--equivalents FILE] [options of behave] [features]

A mutant is a scenario in which one Then says something else (see `sentences`). It is killed if the scenario
goes red at that Then or after it. One that stays green has survived: nobody looks at that word. Those that
say the same as what is written stand in a file, with a reason (see `equivalents`).

A scenario is played once, and at each Then all of its changed sentences are tried before the one that is
written there. If it is green in spite of them, what failed has left nothing behind that the scenario looks
at: it is killed. What passed, and what failed in a scenario that did not stay green, is played by itself, in
the place of what is written. `--alone` plays every mutant so, which takes several times as long.
"""

import contextlib
import io
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from behave.configuration import Configuration
from behave.formatter.api import IFormatter
from behave.model import Feature, Scenario, Status
from behave.runner import the_step_registry

from behave_flask.core import behave_internals, clock
from behave_flask.model import expected_failures
from behave_flask.model.durations import Times
from behave_flask.model.results import Result
from behave_flask.mutation.equivalent_sentences import Equivalents
from behave_flask.mutation.sentences import Change, Vocabulary
from behave_flask.mutation.trial import KILLED, MIME, NOT_JUDGED, NOT_PLAYED, SURVIVED, Trial, Verdict, why
from behave_flask.parallel import pool
from behave_flask.runner import selection
from behave_flask.runner.runner import Runner

SEED = "1"  # the same data in each run, so that the same mutants survive
PROGRESS_S = 10.0  # between two lines where there is no terminal


class Mutant(NamedTuple):
    """A change and what became of it."""

    change: Change
    verdict: str
    why: str


class _Collector(IFormatter):
    """Takes the verdicts from the workers, and shows how far they are."""

    def __init__(self, screen: TextIO) -> None:
        self._screen = screen
        self._last_shown = clock.monotonic()
        self._played = self._all = 0
        self._scenario: Any = None
        self.verdicts: dict[int, Sequence[Verdict]] = {}  # by the identity of the trial

    def announce(self, trials: int) -> None:
        """Say how many scenarios there are."""
        self._all = trials
        self._screen.write(f"Sentences are changed in {trials} scenarios ...\n")
        self._screen.flush()

    def arrived(self, _: Scenario) -> None:
        """Count a scenario that has been judged."""
        self._played += 1
        terminal = self._screen.isatty()
        if terminal or clock.monotonic() > self._last_shown + PROGRESS_S:
            self._last_shown = clock.monotonic()
            line = f"{self._played} of {self._all} scenarios"
            self._screen.write(f"\r{line} " if terminal else f"  {line}\n")
            self._screen.flush()

    def scenario(self, scenario: Scenario) -> None:
        """Turn to the scenario that the next verdicts are of."""
        self._scenario = scenario

    def embedding(self, mime_type: str, data: Any) -> None:
        """Take the verdicts on a scenario's changes."""
        if mime_type == MIME:
            self.verdicts[id(self._scenario.feature)] = data

    def close(self) -> None:
        """End the line on a terminal."""
        if self._screen.isatty():
            self._screen.write("\n")


class Player(Runner):
    """Plays the scenarios that are asked for with changed sentences, in forked workers."""

    def __init__(
        self, config: Configuration, screen: TextIO, times: Times, *, values: int, alone: bool
    ) -> None:
        """Accept what behave is asked for, and where it shows how far it is.

        :param times: those of the last run of the suite, to begin with the slowest scenarios.
        :param values: how many other values are tried for each word.
        :param alone: whether each mutant is played by itself.
        """
        super().__init__(config)
        self._times = times
        self._values, self._alone = values, alone
        self._collector = _Collector(screen)
        self.mutants: list[Mutant] = []
        self.without_another: set[tuple[str, str]] = set()  # definitions, and their parameters
        self.left_out = 0

    @property
    def times(self) -> Times:
        """Those that it was given: its own reports are thrown away."""
        return self._times

    def run_model(self, features: Iterable[Feature] | None = None) -> bool:  # noqa: ARG002 (behave's)
        """Judge every mutant of what is asked for; return whether any was not killed."""
        self.prepare()
        trials = list(self._trials())
        self._collector.announce(len(trials))
        self.features[:], self.config.reporters[:], self.formatters = trials, [], [self._collector]
        self.record = self.reports.open()
        pool.run(self, trials, self.run_as_behave)
        for trial in trials:
            verdicts = self._collector.verdicts.get(id(trial)) or [_unheard(trial)] * len(trial.changes)
            for change, (verdict, reason) in zip(trial.changes, verdicts, strict=True):
                self.mutants.append(Mutant(change, verdict, reason))
        return any(mutant.verdict != KILLED for mutant in self.mutants)

    def _trials(self) -> Iterator[Trial]:
        """Yield a trial for each scenario that has changes."""
        others = selection.not_loaded(self.features, self.config)
        suite = [each for feature in (*self.features, *others) for each in feature.walk_scenarios()]
        words = Vocabulary(the_step_registry, suite)
        for scenario in self.chosen:
            if expected_failures.TAG in scenario.effective_tags:  # it fails as it is
                self.left_out += 1
                continue
            self.without_another.update(words.unchangeable(scenario))
            if changes := list(words.changes(scenario, self._values)):
                yield Trial.of(scenario, changes, alone=self._alone)


def _unheard(trial: Trial) -> Verdict:
    """Return the verdict on changes of a scenario that never began, or whose worker died."""
    scenario = trial.first.scenario
    result = Result.of(scenario)
    if result.behave_status == Status.skipped.name:
        return NOT_PLAYED, result.reason
    return NOT_JUDGED, why(scenario)


def play(arguments: Sequence[str], screen: TextIO, *, values: int, alone: bool) -> Player:
    """Judge all mutants of what behave is asked for by its arguments. Raises ConfigError if it cannot begin.

    To be called once a process: behave keeps the steps that it has loaded.
    """
    output = io.StringIO()
    jobs = f"--jobs={os.cpu_count() or 1}"
    config = Configuration(["--no-junit", "--no-summary", "--no-color", jobs, *arguments])
    config.format, config.outputs = [], []
    config.userdata.setdefault("seed", SEED)
    times = Times(Path(config.junit_directory).parent / "times.jsonl")
    with tempfile.TemporaryDirectory() as reports:  # those of the last run of the suite stay as they are
        config.junit_directory = f"{reports}/junit"
        player = Player(config, screen, times, values=values, alone=alone)
        try:
            with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
                player.run()
        except BaseException:
            screen.write(output.getvalue())
            raise
    return player


def report(player: Player, equivalents: Equivalents) -> bool:
    """Print what became of all mutants; return whether whatever survived has a reason."""
    mutants = player.mutants
    excused = {id(each) for each in mutants if equivalents.reasons.get(each.change.key)}
    wrong = [
        each
        for each in mutants
        if each.verdict == NOT_JUDGED or (each.verdict == SURVIVED and id(each) not in excused)
    ]
    judged = ((mutant.change.key, mutant.verdict == KILLED) for mutant in mutants)
    faults = [*equivalents.faults, *equivalents.idle(judged, whole=selection.is_whole(player.config))]
    for each in wrong:
        print(_shown(each))
    for fault in faults:
        print(f"{equivalents.file}: {fault}")
    for line in _summary(player, sum(each.verdict == SURVIVED for each in mutants if id(each) in excused)):
        print(line)
    return any(each.verdict == KILLED for each in mutants) and not wrong and not faults


def _shown(mutant: Mutant) -> str:
    """Return where a mutant stands, its scenario, and its sentence before and after."""
    change, verdict, reason = mutant
    scenario, step = change.scenario, change.step
    row = f", row {scenario.line}" if behave_internals.row_of(scenario) else ""
    return "\n".join(
        [
            f"{verdict.upper()}  {step.location}{row}: “{' '.join(scenario.name.split())}”",
            f"    {step.keyword} {change.before}",
            f"    {step.keyword} {change.after}",
            *([f"    {reason}"] if reason else []),
        ]
    )


def _summary(player: Player, excused: int) -> Iterator[str]:
    counts = Counter(mutant.verdict for mutant in player.mutants)
    for pattern, name in sorted(player.without_another):
        yield f"No other value is known for {name} in “{pattern}”."
    if player.left_out:
        yield f"Left out: {player.left_out} scenarios that are expected to fail."
    for reason, times in Counter(each.why for each in player.mutants if each.verdict == NOT_PLAYED).items():
        yield f"Not played: {times} mutants, {reason}."
    reasons = f" ({excused} of them with a reason)" if excused else ""
    unjudged = f", {counts[NOT_JUDGED]} not judged" if counts[NOT_JUDGED] else ""
    tried = counts[KILLED] + counts[SURVIVED]
    survived = f"survived: {counts[SURVIVED]}{reasons}{unjudged}"
    yield f"Sentence mutants: {tried}, killed: {counts[KILLED]}, {survived}."
    if not tried:
        yield "No Then was changed, so nothing was shown."


def run(arguments: Sequence[str], equivalents: Path | None, values: int, alone: bool) -> int:
    """Judge the mutants of what behave is asked for by its arguments, and print what became of them.

    :param equivalents: the file of those that say the same, with reasons.
    :param values: how many other values are tried for each word.
    :param alone: whether each mutant is played by itself.
    :returns: the exit code: 0 if every word is looked at, 1 if not.
    :raises ConfigError: if the run cannot begin.
    """
    reasons = Equivalents(equivalents)
    player = play(arguments, sys.stdout, values=values, alone=alone)
    return 0 if report(player, reasons) else 1
