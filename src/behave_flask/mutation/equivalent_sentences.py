"""Mutants that say the same as what is written, each with its reason: a file in which lines may move.

[[equivalent]]
feature = "What a user sees"                 # its title
scenario = "Max sees the e-mail of Mia"      # its title; that of a row has its cells filled in
sentence = "Max sees the address of Mia"     # the changed one, as the run prints it
reason = "..."                               # why it says the same there
"""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from behave_flask.core.errors import UsageError

Key = tuple[str, str, str]  # the titles of feature and scenario, and the changed sentence
_NEEDED = {"feature", "scenario", "sentence", "reason"}


class Equivalents:
    """The entries of such a file."""

    def __init__(self, file: Path | None) -> None:
        """Read a file; without one there are no entries. Raises UsageError for what is no such file."""
        self.file = file
        entries = _entries(file) if file else []
        times = Counter(map(_key, entries))
        self.reasons: dict[Key, str] = {_key(entry): entry["reason"].strip() for entry in entries}
        self.faults = [f"stands there {times[key]} times: {shown(key)}" for key in times if times[key] > 1]
        self.faults += [f"has no reason: {shown(key)}" for key, reason in self.reasons.items() if not reason]

    def idle(self, found: Iterable[tuple[Key, bool]], *, whole: bool) -> Iterator[str]:
        """Say which entries excuse nothing.

        :param found: each mutant that was looked at, and whether it was killed.
        :param whole: all were looked at, so that one which was not is nowhere.
        """
        killed: dict[Key, list[bool]] = defaultdict(list)
        for key, is_killed in found:
            killed[key].append(is_killed)
        for key in self.reasons:
            if key not in killed and whole:
                yield f"there is no such mutant: {shown(key)}"
            elif key in killed and all(killed[key]):
                yield f"its mutant is killed: {shown(key)}"


def shown(key: Key) -> str:
    """Return what an entry is known by, in a line."""
    return ", ".join(f"“{part}”" for part in key)


def _entries(file: Path) -> list[dict[str, str]]:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{file} cannot be read: {error}") from error
    entries = document.pop("equivalent", [])
    if document or not isinstance(entries, list) or not all(map(_is_entry, entries)):
        raise UsageError(
            f"{file} has to be of tables [[equivalent]], each with {', '.join(sorted(_NEEDED))} as texts."
        )
    return entries


def _is_entry(entry: Any) -> bool:
    return (
        isinstance(entry, dict) and set(entry) == _NEEDED and all(isinstance(v, str) for v in entry.values())
    )


def _key(entry: dict[str, str]) -> Key:
    feature, scenario, sentence = (
        " ".join(entry[name].split()) for name in ("feature", "scenario", "sentence")
    )
    return feature, scenario, sentence
