"""The list of what has to run again, kept from the moment a run begins, and the command that runs it.

Until a run has ended, everything that it was to play is on its list; so a run that was killed leaves no list
that is too short.
"""

import os
import shlex
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from behave.configuration import Configuration

KEPT = ("stage", "seed")  # what `-D` asked for that a second run needs to be the same
NOT_BEGUN, UNFINISHED, RED, GREEN = "did not begin", "did not end", "failed", "passed"
_AS_NAMED = {"encoding": "utf-8", "errors": "surrogateescape"}  # names of files, whatever bytes they are


def file_of(config: Configuration) -> Path:
    """Return where the list stands: beside the other reports."""
    return Path(config.junit_directory).parent / "rerun.txt"


def write(config: Configuration, outcome: str, again: Iterable[str]) -> None:
    """Write how a run ended, its options, and the places of what has to run again."""
    options = [f"-D{name}={config.userdata[name]}" for name in KEPT if name in config.userdata]
    lines = [f"# {outcome}", f"# {shlex.join(options)}", *again]
    file = file_of(config)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n", **_AS_NAMED)


def command(config: Configuration, place: str) -> str:
    """Return the command that repeats the scenario of a place with the same data, as a shell takes it."""
    given = [f"{name}={config.userdata[name]}" for name in reversed(KEPT) if name in config.userdata]
    options = [part for each in given for part in ("-D", each)]
    return shlex.join(["behave", *options, place])


def arguments(file: Path) -> list[str]:
    """Return what to give to `behave` to run a list again; nothing if the run passed.

    Ends with one line where there is no list, or an empty one though the run failed.
    """
    if not file.exists():
        sys.exit(f"There is nothing to run again: {file} is not there. Run `behave` first.")
    outcome, options, *places = [line.removeprefix("# ") for line in file.read_text(**_AS_NAMED).splitlines()]
    if places:
        return [*shlex.split(options), *places]
    if outcome.startswith(NOT_BEGUN):
        sys.exit(f"The last run {outcome}\nRun everything again: `behave`.")
    if outcome != GREEN:
        sys.exit(f"The last run {outcome}, but no scenario is on its list. Run everything again: `behave`.")
    return []


def unfinished(file: Path) -> str | None:
    """Return what is wrong with a run that ended without a word, whatever its exit code; None if none is."""
    outcome = file.read_text(**_AS_NAMED).partition("\n")[0] if file.exists() else "# left no list"
    if outcome in (f"# {RED}", f"# {GREEN}"):
        return None
    return f"The run {outcome.removeprefix('# ')}: not all that it planned was reported. See {file}."


def run(options: Sequence[str]) -> None:
    """Become a run of `behave` on the list of the last run; print that there is none if that passed.

    :param options: of behave, besides those of the last run.
    """
    again = arguments(file_of(Configuration(options)))
    if again:
        os.execv(sys.executable, [sys.executable, "-m", "behave", *again, *options])  # noqa: S606
    print("Nothing to run again: the last run passed.")


def has_ended(options: Sequence[str]) -> str | None:
    """Return what is wrong with the run of these options of behave, if it has ended without a word."""
    config = Configuration(options)
    return None if config.dry_run else unfinished(file_of(config))
