"""What is known of each mutant so far, in a file: a run that was stopped goes on where it was."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

KILLED, SURVIVED, NOT_COVERED = "killed", "survived", "not covered"


@dataclass(frozen=True)
class Result:
    """What became of a mutant.

    :ivar state: killed, survived or not covered.
    :ivar by: what has killed it.
    :ivar stage: where that was, or where a survivor was played last; nothing for the default stage.
    """

    state: str
    by: str = ""
    stage: str = ""


class Session:
    """A file of results. A mutant is known by its module's text: what is changed is another mutant."""

    def __init__(self, file: Path) -> None:
        """Open the file, or make it."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.execute(
            "create table if not exists results"
            " (mutant text primary key, state text, killed_by text, suite text, diff text)"
        )

    def known(self, suite: str, stage: str = "") -> dict[str, Result]:
        """Return the results that still hold, by the mutant's id.

        A survivor is one of this suite only: it is tried again when a feature has changed.

        :param stage: one other than the default: survivors of the default alone are not known there.
        """
        found = {}
        for mutant, state, by, of in self._connection.execute(
            "select mutant, state, killed_by, suite from results"
        ):
            digest, _, there = of.partition(" ")
            if state == KILLED or (digest == suite and stage in ("", there)):
                found[mutant] = Result(state, by, there)
        return found

    def keep(self, mutant: str, result: Result, suite: str, diff: str) -> None:
        """Write down what became of a mutant."""
        row = (mutant, result.state, result.by, f"{suite} {result.stage}".strip(), diff)
        self._connection.execute("insert or replace into results values (?, ?, ?, ?, ?)", row)

    def forget(self, mutants: Iterable[str]) -> None:
        """Have these tried again."""
        self._connection.executemany("delete from results where mutant = ?", [(each,) for each in mutants])

    def close(self) -> None:
        """Release the file."""
        self._connection.close()
