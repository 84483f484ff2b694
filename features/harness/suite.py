"""The run as a whole: stage, seed, snapshots, the end of each scenario; `environment.py` delegates to it."""

import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import factory.random
from behave.configuration import Configuration
from behave.model import Feature, Scenario, Status

from features.harness.closing import Unmentioned
from features.harness.snapshots import Snapshots
from features.harness.stage import Stage

OPTIONS = {"stage", "seed", "snapshots"}


class UsageError(Exception):
    """The command line asks for something that there is not; the message says what there is."""


class Suite:
    """One run of behave on one stage."""

    def __init__(self, config: Configuration, stages: Mapping[str, Callable[[], Stage]]) -> None:
        """Read what `-D` said: `stage=NAME`, `seed=NUMBER`, `snapshots=update`.

        Raises UsageError for anything else.
        """
        options = config.userdata
        _refuse_unknown("-D", options, OPTIONS)
        name = options.get("stage", "embedded")
        _refuse_unknown("-D stage=", [name], stages)
        update = options.get("snapshots", "check")
        _refuse_unknown("-D snapshots=", [update], {"check", "update"})
        self.seed = int(options.get("seed") or random.randrange(1_000_000))
        self.stage = stages[name]()
        self._update = update == "update"
        self.snapshots = Snapshots(self._update)
        self._folder = Path(config.base_dir)
        self._whole = not (config.tags or config.name or _is_part(config.paths, self._folder))

    def start(self) -> None:
        """Get the stage ready and say what it is."""
        print(f"Stage: {self.stage.start()}. Seed: {self.seed}.")

    def open_feature(self, feature: Feature) -> None:
        """Turn to the snapshots of a feature."""
        self.snapshots.open_feature(Path(feature.filename).absolute())

    def open_scenario(self, scenario: Scenario) -> None:
        """Begin a scenario whose data depend on the seed and its title alone, so that it can be repeated."""
        factory.random.reseed_random(f"{self.seed} {scenario.name}")
        self.stage.open()

    def close_scenario(self, scenario: Scenario) -> None:
        """End a scenario. Raises Unmentioned for whatever a passed one did and no step spoke of."""
        findings = self.stage.close()
        if scenario.status == Status.passed and findings:
            raise Unmentioned(findings)

    def how_to_repeat(self, scenario: Scenario) -> str:
        """Return the command that runs this scenario again with the same data."""
        return f"behave -D seed={self.seed} {scenario.location}"

    def close_feature(self, feature: Feature) -> None:
        """Raise Unmentioned for snapshots that no scenario of a feature that ran whole has looked at."""
        passed = all(scenario.status == Status.passed for scenario in feature.walk_scenarios())
        self._report_snapshots(self.snapshots.finish_feature(whole=passed))

    def stop(self) -> None:
        """Put the stage away. Raises Unmentioned for rows, or snapshot files, that are left over."""
        if self._whole:
            self._report_snapshots(self.snapshots.orphans(self._folder))
        if findings := self.stage.stop():
            raise Unmentioned(findings)

    def _report_snapshots(self, findings: list[str]) -> None:
        if findings and not self._update:
            raise Unmentioned(findings)
        for finding in findings:
            print(f"Removed: {finding}")


def _refuse_unknown(what: str, given: Any, known: Any) -> None:
    for name in given:
        if name not in known:
            raise UsageError(f"{what} does not know {name!r}; it knows {', '.join(sorted(known))}.")


def _is_part(paths: list[Any], folder: Path) -> bool:
    return any(Path(str(path)).absolute() != folder for path in paths)
