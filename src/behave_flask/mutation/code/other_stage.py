"""Survivors are played again on another stage, which may notice what the first cannot: locks, a real worker.

The processes of such a stage read the service's code from the disk. So each run has a folder of its own,
which looks like the project but for the mutated modules.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from behave_flask.mutation.code import playing
from behave_flask.mutation.code.reach import Reach

_LEFT_OUT = {"reports", "__pycache__"}


@dataclass(frozen=True)
class OtherStage:
    """A stage of the suite other than its default.

    :param name: as `-D stage=` takes it.
    :param package: the folder of the code that is mutated, or one module.
    :param folder: where the runs have their folders.
    """

    name: str
    package: str
    folder: str

    def judging(self, places: Sequence[str], sources: Mapping[str, str]) -> Callable[[], playing.Verdict]:
        """Return the work of a run on this stage, with other sources in the place of some files'."""

        def work() -> playing.Verdict:
            own = Path(tempfile.mkdtemp(dir=self.folder))
            lay_out(own, self.package, sources)
            os.chdir(own)
            sys.path.insert(0, str(own))
            return playing.judge(places, ["-D", f"stage={self.name}"])

        return work


def lay_out(folder: Path, package: str, sources: Mapping[str, str]) -> None:
    """Make a folder look like the project: a copy of the code that is mutated, and links to all else."""
    mutated = Path(package).parts[0]
    for entry in Path.cwd().iterdir():
        if entry.name == mutated and entry.is_dir():
            shutil.copytree(entry, folder / mutated, ignore=shutil.ignore_patterns(*_LEFT_OUT))
        elif entry.name == mutated:
            shutil.copy(entry, folder / mutated)
        elif entry.name not in _LEFT_OUT:
            (folder / entry.name).symlink_to(entry)
    for file, source in sources.items():
        (folder / file).write_text(source, encoding="utf-8")


def with_lines(there: Reach, first: Reach) -> Reach:
    """Return who runs what on another stage, where lines cannot be measured.

    That is who was seen to run it on the first stage, and whoever is played on the other one alone.
    """
    numbers = {place: number for number, place in enumerate(there.seconds)}
    moved = [numbers.get(place) for place in first.seconds]
    alone = [number for place, number in numbers.items() if place not in first.seconds]

    def translated(scenarios: Sequence[int]) -> list[int]:
        known = [each if each < 0 else moved[each] for each in scenarios]
        return [each for each in known if each is not None]

    lines = {
        file: {line: translated(scenarios) for line, scenarios in found.items()}
        for file, found in first.lines.items()
    }
    return replace(there, lines=lines, anywhere=alone)
