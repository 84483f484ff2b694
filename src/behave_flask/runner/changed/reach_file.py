"""What each scenario has run when it passed last, from run to run: `reports/reach.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

Part = tuple[str, str, str]  # a file, the name of a part of it, and what names its content


@dataclass(frozen=True)
class Seen:
    """What a scenario has run.

    :ivar says: names its steps with all that hangs on them, and the snapshots of its feature.
    :ivar ran: the parts that it has run, with those that ran before any scenario.
    """

    says: str
    ran: frozenset[Part]


@dataclass
class ReachFile:
    """What is known from earlier runs.

    :ivar seen: the scenarios that have passed, by the text of their id.
    :ivar steps: the step definitions that there were, by file and name.
    """

    file: Path
    seen: dict[str, Seen] = field(default_factory=dict)
    steps: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def read(cls, file: Path) -> ReachFile:
        """Read a file; one that is not there, or damaged, knows nothing."""
        try:
            kept = json.loads(file.read_text(encoding="utf-8"))
            parts: list[Part] = [(path, name, says) for path, name, says in kept["parts"]]
            common = frozenset(parts[number] for number in kept["common"])
            seen = {
                key: Seen(says, common.union(parts[number] for number in ran))
                for key, (says, ran) in kept["seen"].items()
            }
            return cls(file, seen, {(path, name) for path, name in kept["steps"]})
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return cls(file)

    @property
    def common(self) -> frozenset[Part]:
        """What each scenario has run."""
        ran = [each.ran for each in self.seen.values()]
        return frozenset.intersection(*ran) if ran else frozenset()

    def write(self) -> None:
        """Write it in one move: a run that is ended meanwhile leaves the one before."""
        common = self.common
        every = sorted({part for each in self.seen.values() for part in each.ran})
        numbers = {part: number for number, part in enumerate(every)}
        kept = {
            "steps": sorted(self.steps),
            "parts": list(numbers),
            "common": [numbers[part] for part in sorted(common)],
            "seen": {
                key: (each.says, sorted(numbers[part] for part in each.ran - common))
                for key, each in self.seen.items()
            },
        }
        self.file.parent.mkdir(parents=True, exist_ok=True)
        beside = self.file.with_suffix(".new")
        beside.write_text(json.dumps(kept), encoding="utf-8")
        beside.replace(self.file)
