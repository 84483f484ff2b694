"""`behave-flask mutants code`: which mutants are played, and what is printed."""

import multiprocessing
import random
import signal
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn

from behave_flask.core.errors import UsageError
from behave_flask.mutation.code import equivalents, making, playing, reach
from behave_flask.mutation.code.choosing import Chooser
from behave_flask.mutation.code.making import Mutant
from behave_flask.mutation.code.other_stage import OtherStage, with_lines
from behave_flask.mutation.code.scoring import Score, Trials, count
from behave_flask.mutation.code.session import KILLED, Result, Session

FOLDER = Path("reports/mutants")


@dataclass(frozen=True)
class Settings:
    """What `[tool.mutants]` in pyproject.toml says.

    :ivar package: the folder of the code to mutate, or one module.
    :ivar exclude: patterns of files in it that are left as they are.
    :ivar equivalents: the file that lists what nobody could notice.
    :ivar suite: folders and files; when one of them changes, survivors are tried again.
    :ivar last: a tag of scenarios that are slow, and are played last.
    :ivar at_least: percent, below which the command is red.
    """

    package: str
    exclude: Sequence[str] = ()
    equivalents: str = "equivalents.toml"
    suite: Sequence[str] = ("features",)
    last: str = "slow"
    at_least: float = 0.0

    @classmethod
    def read(cls, file: Path) -> "Settings":
        """Read them. Raises UsageError where there are none, or others than there are."""
        try:
            return cls(**tomllib.loads(file.read_text(encoding="utf-8"))["tool"]["mutants"])
        except (OSError, KeyError, TypeError) as error:
            raise UsageError(
                f"{file} needs a section [tool.mutants] with the `package` to mutate: {error}"
            ) from None


@dataclass(frozen=True)
class Asked:
    """What a run of the mutants is asked for.

    :ivar files: no mutants but those of these files; none for all.
    :ivar since: only lines that have changed since this commit of git.
    :ivar sample: only so many, drawn at random.
    :ivar seed: of the drawing.
    :ivar processes: how many play at once.
    :ivar fresh: whether what is known from before is tried again.
    :ivar stage: another stage, on which survivors are played as well.
    """

    files: Sequence[str]
    since: str | None
    sample: int | None
    seed: int
    processes: int
    fresh: bool
    stage: str | None = None


def run(asked: Asked) -> int:
    """Play the mutants and print what became of them, in a process of its own.

    :returns: the exit code: 0 if the score is reached and no entry is idle, 1 if not.
    :raises UsageError: if they cannot be played.
    """
    settings = Settings.read(Path("pyproject.toml"))
    signal.signal(signal.SIGTERM, _stop)  # what runs is ended, too
    signal.signal(signal.SIGINT, _stop)
    multiprocessing.set_start_method("fork")
    try:
        return _score(asked, settings)
    except (RuntimeError, ValueError) as error:
        raise UsageError(str(error)) from error
    except KeyboardInterrupt:
        print(f"Stopped. The same command goes on from here: {FOLDER}/session.sqlite keeps what is known.")
        return 130


def _score(asked: Asked, settings: Settings) -> int:
    files = making.modules(settings.package, settings.exclude)
    everyone = list(making.find(files))
    reasons, idle = equivalents.sort_out(everyone, equivalents.read(Path(settings.equivalents)))
    chosen = _chosen(asked, everyone, files)
    played = [each for each in chosen if each.id not in reasons]
    results = _Player(asked, settings, files).play(played) if played else {}
    score = count(chosen, results, reasons)
    _report(played, results, score, asked)
    for each in idle:
        print(f"{settings.equivalents}: no mutant is this any more, take the entry out: {each}")
    if score.percent < settings.at_least:
        print(f"Below the {settings.at_least:g} % that [tool.mutants] asks for.")
    return int(bool(idle) or score.percent < settings.at_least)


def _chosen(asked: Asked, everyone: list[Mutant], files: Sequence[str]) -> list[Mutant]:
    if unknown := {*asked.files} - {*files}:
        raise UsageError(f"No such file is mutated: {', '.join(sorted(unknown))}")
    chosen = [each for each in everyone if not asked.files or each.file in asked.files]
    if asked.since:
        chosen = making.since(asked.since, chosen)
    random.Random(asked.seed).shuffle(chosen)  # what a run that was stopped has played is a sample, too
    return chosen[: asked.sample]


class _Player:
    """Plays mutants on the suite's default stage, and what survives on another one, if that is asked for."""

    def __init__(self, asked: Asked, settings: Settings, files: Sequence[str]) -> None:
        self._asked, self._settings = asked, settings
        self._suite = reach.digest(map(Path, settings.suite))
        self._of = f"{self._suite} {reach.digest(map(Path, files))}"
        self._session = Session(FOLDER / "session.sqlite")

    def play(self, mutants: Sequence[Mutant]) -> Mapping[str, Result]:
        """Return what became of each mutant. Raises UsageError where the suite is red without any."""
        try:
            if self._asked.fresh:
                self._session.forget(each.id for each in mutants)
            found = self._on_default(mutants)
            left = [each for each in mutants if found[each.id].state != KILLED]
            return {**found, **self._on_other(left)} if self._asked.stage and left else found
        finally:
            self._session.close()

    def _on_default(self, mutants: Sequence[Mutant]) -> Mapping[str, Result]:
        known = self._session.known(self._suite)
        if all(each.id in known for each in mutants):
            return known
        return self._trials(self._reach()).run(mutants, known)

    def _on_other(self, survivors: Sequence[Mutant]) -> Mapping[str, Result]:
        name = self._asked.stage or ""
        known = self._session.known(self._suite, name)
        if all(each.id in known for each in survivors):
            return {each.id: known[each.id] for each in survivors}
        seen = with_lines(self._reach(name), self._reach())
        with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
            stage = OtherStage(name, self._settings.package, folder)
            return self._trials(seen, stage).run(survivors, known)

    def _trials(self, seen: reach.Reach, stage: OtherStage | None = None) -> Trials:
        playing.preload(seen.modules)
        chooser, processes = Chooser(seen), self._asked.processes
        trials = Trials(chooser, self._session, self._suite, processes, partial(print, flush=True), stage)
        if not trials.check():
            raise UsageError(
                "The suite is red without any mutant when a part of it is played: any would be killed."
            )
        return trials

    def _reach(self, stage: str = "") -> reach.Reach:
        """Return which scenario runs what, from before or by playing all."""
        file = FOLDER / f"reach{stage and '-'}{stage}.json"
        if known := reach.load(file, self._of):
            return known
        where = f" on the stage {stage}" if stage else ""
        print(f"Playing the suite once{where}, to see which scenario runs what ...", flush=True)
        pool = playing.Pool(1)
        pool.begin(
            "reach", partial(reach.collect, self._settings.package, self._settings.last, stage), 3600.0
        )
        found = None
        while pool.busy:
            found = next((result for _, result in pool.ended()), None)
        if not isinstance(found, reach.Reach):
            raise UsageError(f"The suite could not be played to its end{where}: see what `behave` says.")
        if found.failed:
            failures = [f"  {place}: {message.strip()[:300]}" for place, message in found.failed.items()]
            raise UsageError("\n".join([f"The suite is red without any mutant{where}:", *failures]))
        reach.keep(file, self._of, found)
        return found


def _report(mutants: Sequence[Mutant], results: Mapping[str, Result], score: Score, asked: Asked) -> None:
    alive = [each for each in mutants if each.id in results and results[each.id].state != KILLED]
    survivors = [
        f"{results[each.id].state}: {each}\n"
        for each in sorted(alive, key=lambda each: (each.file, each.line))
    ]
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "survivors.txt").write_text("\n".join(survivors), encoding="utf-8")
    print("", *survivors, sep="\n")
    if asked.sample is not None:
        print(f"A sample: {len(mutants):,} drawn with seed {asked.seed}.")
    print(score)


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt
