"""`make mutants`: the command line, and what it prints."""

import argparse
import multiprocessing
import os
import random
import signal
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from behave_flask.core.errors import UsageError
from behave_flask.mutation.code import equivalents, making, playing, reach
from behave_flask.mutation.code.choosing import Chooser
from behave_flask.mutation.code.making import Mutant
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Read what is asked for, play, and print. Return 0 if the score is reached and no entry is idle."""
    asked = _parser().parse_args(arguments)
    try:
        return _score(asked, Settings.read(Path("pyproject.toml")))
    except (UsageError, RuntimeError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"Stopped. The same command goes on from here: {FOLDER}/session.sqlite keeps what is known.")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mutants", description="how many small faults the features notice")
    parser.add_argument("--since", help="only lines that have changed since this commit of git")
    parser.add_argument("--sample", type=int, help="only so many, drawn at random")
    parser.add_argument("--seed", type=int, default=1, help="of the drawing (1)")
    parser.add_argument("--files", nargs="*", help="only these files")
    parser.add_argument(
        "--processes", type=int, default=os.cpu_count() or 1, help="at once (as many as cores)"
    )
    parser.add_argument("--fresh", action="store_true", help="try again what is known from before")
    return parser


def _score(asked: Any, settings: Settings) -> int:
    files = making.modules(settings.package, settings.exclude)
    everyone = list(making.find(files))
    reasons, idle = equivalents.sort_out(everyone, equivalents.read(Path(settings.equivalents)))
    chosen = _chosen(asked, everyone, files)
    played = [each for each in chosen if each.id not in reasons]
    results = _play(asked, settings, files, played) if played else {}
    score = count(chosen, results, reasons)
    _report(played, results, score, asked)
    for each in idle:
        print(f"{settings.equivalents}: no mutant is this any more, take the entry out: {each}")
    if score.percent < settings.at_least:
        print(f"Below the {settings.at_least:g} % that [tool.mutants] asks for.")
    return int(bool(idle) or score.percent < settings.at_least)


def _chosen(asked: Any, everyone: list[Mutant], files: Sequence[str]) -> list[Mutant]:
    if unknown := {*(asked.files or ())} - {*files}:
        raise UsageError(f"No such file is mutated: {', '.join(sorted(unknown))}")
    chosen = [each for each in everyone if not asked.files or each.file in asked.files]
    if asked.since:
        chosen = making.since(asked.since, chosen)
    random.Random(asked.seed).shuffle(chosen)  # what a run that was stopped has played is a sample, too
    return chosen[: asked.sample]


def _play(
    asked: Any, settings: Settings, files: Sequence[str], mutants: Sequence[Mutant]
) -> Mapping[str, Result]:
    suite = reach.digest(map(Path, settings.suite))
    session = Session(FOLDER / "session.sqlite")
    if asked.fresh:
        session.forget(each.id for each in mutants)
    known = session.known(suite)
    try:
        if all(each.id in known for each in mutants):
            return known
        seen = _reach(settings, f"{suite} {reach.digest(map(Path, files))}")
        playing.preload(seen.modules)
        trials = Trials(Chooser(seen), session, suite, asked.processes, lambda said: print(said, flush=True))
        if not trials.check():
            raise UsageError(
                "The suite is red without any mutant when a part of it is played: any would be killed."
            )
        return trials.run(mutants, known)
    finally:
        session.close()


def _reach(settings: Settings, of: str) -> reach.Reach:
    """Return which scenario runs what, from before or by playing all. Raises UsageError where that is red."""
    file = FOLDER / "reach.json"
    if known := reach.load(file, of):
        return known
    print("Playing the suite once, to see which scenario runs what ...", flush=True)
    pool = playing.Pool(1)
    pool.begin("reach", lambda: reach.collect(settings.package, settings.last), 3600.0)
    found = None
    while pool.busy:
        found = next((result for _, result in pool.ended()), None)
    if not isinstance(found, reach.Reach):
        raise UsageError("The suite could not be played to its end: see what `behave` says.")
    if found.failed:
        told = "\n".join(f"  {place}: {said.strip()[:300]}" for place, said in found.failed.items())
        raise UsageError(f"The suite is red without any mutant:\n{told}")
    reach.keep(file, of, found)
    return found


def _report(mutants: Sequence[Mutant], results: Mapping[str, Result], score: Score, asked: Any) -> None:
    alive = [each for each in mutants if each.id in results and results[each.id].state != KILLED]
    told = [
        f"{results[each.id].state}: {each}\n"
        for each in sorted(alive, key=lambda each: (each.file, each.line))
    ]
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "survivors.txt").write_text("\n".join(told), encoding="utf-8")
    print("", *told, sep="\n")
    if asked.sample is not None:
        print(f"A sample: {len(mutants):,} drawn with seed {asked.seed}.")
    print(score)


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)  # what runs is ended, too
    signal.signal(signal.SIGINT, _stop)
    multiprocessing.set_start_method("fork")
    sys.exit(main())
