"""What every book kept during a scenario has in common, so that the suite can close them all alike.

A ledger writes down what the service did to the world around it. Whatever no step verified by the end of the
scenario is a finding, and findings fail the scenario by name.
"""

from collections.abc import Sequence
from typing import Protocol


class Ledger(Protocol):
    """A book of side effects, kept for one scenario at a time."""

    def findings(self) -> list[str]:
        """What no step verified, one plain sentence each; empty when all is accounted for."""
        ...

    def clear(self) -> None:
        """Forget everything, ready for the next scenario."""
        ...


class UnverifiedSideEffect(AssertionError):
    """The service did something that no step spoke of, or a step arranged something in vain."""

    def __init__(self, findings: Sequence[str], whose: str = "this scenario") -> None:
        """Takes the findings of all ledgers, at least one, and whose they are."""
        self.findings = list(findings)
        listed = "".join("\n  - " + finding.replace("\n", "\n    ") for finding in self.findings)
        super().__init__(f"Not verified by any step of {whose}:{listed}")
