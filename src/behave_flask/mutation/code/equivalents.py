"""Mutants that nobody could notice, since they do what the code did: listed in a file, each with its reason.

```toml
[[equivalent]]
file = "app/services/outside.py"
from = "return seconds if 0 <= seconds <= DAY else None"
to = ["return seconds if 0 < seconds <= DAY else None"]
reason = "A wait of no seconds is none."
```

`to` may be left out: then every mutant of these lines is meant. Space around lines does not count.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from behave_flask.mutation.code.making import Mutant


@dataclass(frozen=True)
class Entry:
    """One of the file's entries."""

    file: str
    before: str
    after: Sequence[str]
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.before}"


def read(file: Path) -> list[Entry]:
    """Return the entries of the file; none, if there is no file.

    :raises ValueError: an entry is not complete.
    """
    if not file.exists():
        return []
    entries = tomllib.loads(file.read_text(encoding="utf-8")).get("equivalent", [])
    return [_entry(file, number, each) for number, each in enumerate(entries, 1)]


def _entry(file: Path, number: int, entry: Mapping[str, object]) -> Entry:
    for word in ("file", "from", "reason"):
        if not str(entry.get(word, "")).strip():
            raise ValueError(f"{file}: entry {number} has no `{word}`. Each says file, from, to and reason.")
    to = entry.get("to", [])
    after = [to] if isinstance(to, str) else to if isinstance(to, list) else []
    return Entry(
        str(entry["file"]),
        _plain(str(entry["from"])),
        [_plain(str(each)) for each in after],
        str(entry["reason"]),
    )


def _plain(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def sort_out(mutants: Iterable[Mutant], entries: Iterable[Entry]) -> tuple[dict[str, str], list[str]]:
    """Return the reason of each mutant that is listed, by its id, and what no mutant answers to."""
    by_line: dict[tuple[str, str], list[Entry]] = {}
    idle = set()
    for entry in entries:
        by_line.setdefault((entry.file, entry.before.splitlines()[0]), []).append(entry)
        idle |= {(str(entry), after) for after in entry.after or [""]}
    reasons: dict[str, str] = {}
    for mutant in mutants:
        for entry in _near(mutant, by_line):
            after = mutant.changed("+")
            if mutant.changed("-") == entry.before and (not entry.after or after in entry.after):
                reasons[mutant.id] = entry.reason
                idle.discard((str(entry), after if entry.after else ""))
    return reasons, [f"{what} -> {after}" if after else what for what, after in sorted(idle)]


def _near(mutant: Mutant, entries: Mapping[tuple[str, str], list[Entry]]) -> list[Entry]:
    """Return the entries that may mean a mutant, without making it."""
    return [each for line in mutant.lines for each in entries.get((mutant.file, line.strip()), ())]
