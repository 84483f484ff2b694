"""The part of a run that a change touches: `-D changed`."""

from __future__ import annotations

from pathlib import Path

from behave.configuration import Configuration
from behave.model import Feature

from behave_flask.model.results import ExampleId
from behave_flask.model.run_record import RunRecord
from behave_flask.parallel.pieces import keep_only
from behave_flask.runner import selection
from behave_flask.runner.changed import affected
from behave_flask.runner.changed.project import Project
from behave_flask.runner.changed.reach_file import ReachFile
from behave_flask.runner.changed.recorder import Recorder
from behave_flask.runner.changed.sayings import says


class ChangedPart:
    """Chooses what is played, sees what that runs, and remembers it for the next time."""

    def __init__(self, commit: str, folder: Path) -> None:
        """Accept the commit since which something changed, and the folder of the reports; begin to measure.

        :raises UsageError: without git, and for a commit that it does not know.
        """
        self._project, self._commit = Project(), commit
        self._reach = ReachFile.read(folder / "reach.json")
        self.recorder = Recorder()

    def take(self, features: list[Feature], config: Configuration) -> bool:
        """Leave of the features what is touched, say why, and return whether that is anything."""
        found = affected.find(selection.selected(features, config), self._reach, self._project, self._commit)
        print(found.why)
        mine = {id(each) for each in found.scenarios}
        self._says = {str(ExampleId.of(each)): says(each) for each in found.scenarios}  # before any is played
        for feature in features:
            keep_only(feature, mine)
        features[:] = [each for each in features if each.run_items]
        return bool(features)

    def remember(self, record: RunRecord) -> None:
        """Write down what the scenarios have run that passed."""
        self._reach.steps |= affected.defined_steps()
        self.recorder.write(self._reach, self._project, record, self._says)
