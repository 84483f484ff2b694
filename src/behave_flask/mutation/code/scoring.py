"""Play the mutants that nothing is known of yet, and count."""

import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from behave_flask.mutation.code import making, playing
from behave_flask.mutation.code.choosing import Chooser
from behave_flask.mutation.code.making import Mutant
from behave_flask.mutation.code.other_stage import OtherStage
from behave_flask.mutation.code.session import KILLED, NOT_COVERED, SURVIVED, Result, Session

SPARE_SECONDS, TIMES_AS_LONG = 40.0, 8  # than without a mutant, on a busy machine
IN_A_GROUP, ENOUGH = 10, 30  # mutants
SAY_EVERY = 15.0  # seconds


@dataclass(frozen=True)
class Score:
    """The result: how many mutants, and what became of them."""

    killed: int
    survived: int
    not_covered: int
    equivalent: int
    never_started: int
    other_stage: int

    @property
    def percent(self) -> float:
        """The killed among all that somebody could notice."""
        everyone = self.killed + self.survived + self.not_covered
        return 100.0 * self.killed / everyone if everyone else 100.0

    def __str__(self) -> str:
        everyone = self.killed + self.survived + self.not_covered
        other = f", {self.other_stage:,} on another stage alone" if self.other_stage else ""
        return (
            f"Score: {self.percent:.1f} % of {everyone:,} mutants killed: {self.killed:,} killed "
            f"({self.never_started:,} of them kept the service from starting{other}), "
            f"{self.survived:,} survived, {self.not_covered:,} not covered; "
            f"{self.equivalent:,} equivalents not counted."
        )


def count(mutants: Sequence[Mutant], results: Mapping[str, Result], equivalents: Mapping[str, str]) -> Score:
    """Count what became of mutants."""
    played = [results[each.id] for each in mutants if each.id in results and each.id not in equivalents]
    states = Counter(each.state for each in played)
    return Score(
        states[KILLED],
        states[SURVIVED],
        states[NOT_COVERED],
        sum(each.id in equivalents for each in mutants),
        sum(each.by == playing.NEVER_STARTED for each in played),
        sum(each.state == KILLED and bool(each.stage) for each in played),
    )


@dataclass
class _Run:
    """Mutants that are played together, no two in one line. Mostly it is one.

    :ivar rounds: what is still to be played.
    :ivar first: whether those that are likely to notice are played, before all others.
    :ivar group: that which this one was taken out of, to be played alone before the scenario that has failed.
    """

    mutants: list[Mutant]
    rounds: list[list[str]]
    first: bool = False
    group: "_Run | None" = None
    left: list[Mutant] = field(default_factory=list)
    pending: int = 0


class Trials:
    """Plays mutants, several at once, and writes down what becomes of each.

    First each is played alone, before those that are likely to notice. The few that are left are played in
    groups, since most of them survive: one long run tells it of all. If it fails, each is played alone before
    the scenario that has failed, and the others go on; where none fails alone, each goes on alone.
    """

    def __init__(
        self,
        chooser: Chooser,
        session: Session,
        suite: str,
        processes: int,
        say: Callable[[str], None],
        stage: OtherStage | None = None,
    ) -> None:
        """Accept where results are kept, the digest of the suite that they are of, and another stage."""
        self._chooser, self._session, self._suite, self._say = chooser, session, suite, say
        self._judging = stage.judging if stage else playing.judging
        self._stage = stage.name if stage else ""
        self._pool = playing.Pool(processes)
        self._waiting: deque[_Run] = deque()
        self._left: list[Mutant] = []
        self._results: dict[str, Result] = {}

    def check(self) -> bool:
        """Return whether the suite stays green in runs like those of the mutants, without any."""
        self._pool.begin("check", self._judging(self._chooser.quickest(), {}), SPARE_SECONDS)
        found: list[playing.Verdict] = []
        while not found:
            found = [verdict for _, verdict in self._pool.ended()]
        return not found[0].killed

    def run(self, mutants: Sequence[Mutant], known: Mapping[str, Result]) -> dict[str, Result]:
        """Play those that are not known, and return the results of all."""
        self._results = {each.id: known[each.id] for each in mutants if each.id in known}
        for each in mutants:
            if each.id in known:
                self._chooser.learn(each, known[each.id].by)
        self._waiting.extend(_Run([each], [], first=True) for each in mutants if each.id not in known)
        self._watch = _Watch(len(mutants), len(self._waiting), self._say)
        try:
            while self._waiting or self._left or self._pool.busy:
                self._go_on()
        finally:
            self._pool.stop()
        return self._results

    def _go_on(self) -> None:
        if not self._waiting or len(self._left) >= ENOUGH:  # not only in the end: from groups it learns, too
            self._group()
        while self._waiting and self._pool.free:
            self._begin(self._waiting.popleft())
        if self._pool.busy:
            for run, verdict in self._pool.ended():
                self._take(run, verdict)

    def _group(self) -> None:
        """Put together what is left, so that no two are in one line."""
        while self._left:
            group: list[Mutant] = []
            for each in self._left:
                if len(group) < IN_A_GROUP and not any(map(each.overlaps, group)):
                    group.append(each)
            self._left = [each for each in self._left if each not in group]
            self._waiting.appendleft(_Run(group, self._chooser.rest(group)))

    def _begin(self, run: _Run) -> None:
        places = self._chooser.first(run.mutants[0]) if run.first else run.rounds.pop(0)
        if not places:
            self._keep(run.mutants[0], Result(NOT_COVERED))
            return
        limit = SPARE_SECONDS + TIMES_AS_LONG * self._chooser.seconds(places)
        work = self._judging(places, making.together(run.mutants))
        self._pool.begin((run, places), work, limit)

    def _take(self, key: tuple[_Run, list[str]], verdict: playing.Verdict) -> None:
        run, places = key
        if run.group:
            self._take_alone(run, run.group, verdict)
        elif verdict.killed and len(run.mutants) == 1:
            self._keep(run.mutants[0], Result(KILLED, verdict.by))
        elif verdict.killed:
            self._split(run, places, verdict.by)
        elif run.rounds:
            self._begin(run)
        elif run.first and self._chooser.rest(run.mutants, places):
            self._left += run.mutants
        else:
            for each in run.mutants:
                self._keep(each, Result(SURVIVED))

    def _split(self, group: _Run, places: list[str], by: str) -> None:
        """Play each of a group alone before the scenario that has failed, or before all, if it was none."""
        group.pending, group.left = len(group.mutants), list(group.mutants)
        rounds = self._chooser.rest(group.mutants)
        if self._chooser.knows(by):
            rounds, group.rounds = [[by]], [self._chooser.after(places, by), *group.rounds]
        self._waiting.extendleft(_Run([each], list(rounds), group=group) for each in group.mutants)

    def _take_alone(self, run: _Run, group: _Run, verdict: playing.Verdict) -> None:
        if not verdict.killed and run.rounds:
            self._begin(run)
            return
        (mutant,) = run.mutants
        if verdict.killed:
            self._keep(mutant, Result(KILLED, verdict.by))
            group.left.remove(mutant)
        group.pending -= 1
        if group.pending or not group.left:
            return
        if len(group.left) < len(group.mutants) and group.rounds:
            self._waiting.appendleft(_Run(group.left, group.rounds))
        else:  # it takes several of them, or none has failed again: then they are no group
            self._waiting.extend(_Run([each], self._chooser.rest([each])) for each in group.left)

    def _keep(self, mutant: Mutant, result: Result) -> None:
        result = replace(result, stage=self._stage)
        self._results[mutant.id] = result
        self._chooser.learn(mutant, result.by)
        self._session.keep(mutant.id, result, self._suite, str(mutant))
        if result.state != KILLED:
            self._say(f"{result.state}: {mutant}")
        self._watch.show(result)


class _Watch:
    """Says from time to time how far it is, and how long it will take."""

    def __init__(self, everyone: int, waiting: int, say: Callable[[str], None]) -> None:
        self._left, self._done, self._say = waiting, 0, say
        self._states: Counter[str] = Counter()
        self._began = self._last_shown = time.monotonic()
        say(f"{everyone:,} mutants, of which {everyone - waiting:,} are known from before.")

    def show(self, result: Result) -> None:
        self._states[result.state] += 1
        self._done += 1
        self._left -= 1
        now = time.monotonic()
        if now > self._last_shown + SAY_EVERY:
            self._last_shown = now
            left = (now - self._began) / self._done * self._left
            counts = ", ".join(f"{number:,} {state}" for state, number in self._states.most_common())
            self._say(f"{self._done:,} played: {counts}. {self._left:,} left, about {left / 60:.0f} min.")
