"""How a run is refused: before anything has run, with a line that says what there is instead."""

import difflib
from collections.abc import Iterable, Sequence

from behave.exception import ConfigError


class UsageError(ConfigError):
    """The run is asked for something that there is not; the message says what there is."""


def refuse_unknown(what: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Raise UsageError for the first that is given and not known; it lists what is."""
    choices = sorted(known)
    for name in given:
        if name not in choices:
            raise UsageError(f"{what} does not know {name!r}; it knows {', '.join(choices)}.")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return " Nearest are: ..." with up to three that look like the name; nothing if none does."""
    texts = {text.lower(): text for text in known}
    found = difflib.get_close_matches(name.lower(), texts, n=3, cutoff=0.4)
    return f" Nearest are: {', '.join(texts[each] for each in found)}." if found else ""


class NoPrompt(Exception):
    """`breakpoint()` stands where nobody can type anything."""


class UnverifiedSideEffect(AssertionError):
    """The service did something that no step spoke of, or a step arranged something in vain."""

    def __init__(self, findings: Sequence[str], whose: str = "this scenario") -> None:
        """Accept the findings of all ledgers, at least one, and whose they are."""
        self.findings = list(findings)
        listed = "".join("\n  - " + finding.replace("\n", "\n    ") for finding in self.findings)
        super().__init__(f"Not verified by any step of {whose}:{listed}")


class CannotKeep(AssertionError):
    """What a Background has made cannot be kept for the scenarios that follow; the message says why."""
