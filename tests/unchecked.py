"""A runner for features that are not there to prove anything, so that they are not asked whether they do."""

from behave_flask.runner.runner import Runner


class Unchecked(Runner):
    """Refuses nothing before the run, and finds nothing at its end."""

    def prepare(self) -> None:
        """Choose nothing, and leave all in its order."""
        self.chosen, self.order = [], "defined"

    def conclude(self, failed: bool) -> bool:
        """Say what behave says."""
        return failed
