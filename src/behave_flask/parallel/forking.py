"""What a run has to do so that forked workers can share its work; see `parallel`."""

from typing import Any

from behave.model import Feature


class Forkable:
    """What a run has beside behave's model, and how it is shared out; this one has nothing."""

    whole_features = False  # whether a feature has to stay in one piece

    def before_fork(self) -> None:
        """Release what processes cannot share, before any is forked."""

    def after_fork(self, worker: int) -> None:
        """Take up what is this process's own: of a worker, numbered from 1, or of the run itself, 0."""

    def collect(self) -> Any:
        """Return, in a worker, what a piece of a feature brought."""

    def merge(self, feature: Feature, collected: list[Any]) -> None:
        """Take, in the run itself, what the pieces of a feature brought."""

    def end_feature(self, feature: Feature) -> None:
        """Judge, in the run itself, a feature as a whole."""

    def teardown_worker(self) -> list[str]:
        """Put away what is a worker's own, and return what was left over."""
        return []

    def add_findings(self, findings: list[str]) -> None:
        """Take what workers left over."""
