"""What became of each example before this run, kept beside the owner's page.

A run of a part leaves the others as they were last seen, with the date. What has changed is shown since the
last whole run.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FORMAT = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """One example as earlier runs have seen it.

    :param title: its feature and title, for when it is gone.
    :param whole: its state in the last whole run; None if that had no such example.
    :param state: its state when a run last checked it; None if none ever did.
    :param at: when that was, in words.
    """

    title: str
    whole: str | None = None
    state: str | None = None
    at: str = ""


@dataclass(frozen=True)
class Memory:
    """All examples that earlier runs have seen, by their ids.

    :param since: the date and the stage of the last whole run, in words; empty if there was none.
    """

    since: str = ""
    examples: Mapping[str, Seen] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> "Memory":
        """Read what was written; nothing where no run was before, or none that can be read."""
        try:
            content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            if content["format"] != FORMAT:
                return cls()
            return cls(
                str(content["since"]), {name: Seen(**seen) for name, seen in content["examples"].items()}
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def write(self, file: Path) -> None:
        """Write it, whole or not at all."""
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(".new")
        with draft.open("w", encoding="ascii") as output:
            output.writelines(self._lines())
        draft.replace(file)

    def _lines(self) -> Iterator[str]:
        """Write an example a line, so that two files can be compared."""
        yield f'{{"format": {FORMAT}, "since": {json.dumps(self.since)}, "examples": {{'
        for number, (name, seen) in enumerate(self.examples.items()):
            yield f"{',' if number else ''}\n{json.dumps(name)}: {json.dumps(asdict(seen))}"
        yield "\n}}\n"
