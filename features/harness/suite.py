"""The run as a whole: stage, seed, snapshots, the end of each scenario; `environment.py` delegates to it."""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import factory.random
from behave.configuration import Configuration
from behave.model import Feature, Scenario, Status

from features.harness import grid, wording
from features.harness.browser import TAG, Browser, Visits
from features.harness.closing import Unmentioned
from features.harness.grid import Legend
from features.harness.matrix import rows_in
from features.harness.runner import UsageError
from features.harness.snapshots import Snapshots
from features.harness.stage import Stage

OPTIONS = {"stage", "seed", "snapshots"}
DEFAULT_STAGE = "embedded"


class Suite:
    """One run of behave on one stage."""

    def __init__(
        self,
        config: Configuration,
        stages: Mapping[str, Callable[[], Stage]],
        matrix: tuple[Path, Legend] | None = None,
    ) -> None:
        """Read what `-D` said: `stage=NAME`, `seed=NUMBER`, `snapshots=update`.

        :param matrix: the folder of the features that hold a permission matrix, and how it is shown.
        :raises UsageError: for anything else.
        """
        options = config.userdata
        _refuse_unknown("-D", options, OPTIONS)
        self._stage_name = options.get("stage", DEFAULT_STAGE)
        _refuse_unknown("-D stage=", [self._stage_name], stages)
        update = options.get("snapshots", "check")
        _refuse_unknown("-D snapshots=", [update], {"check", "update"})
        self.seed = _seed(options.get("seed"))
        self.stage = stages[self._stage_name]()
        self._update = update == "update"
        self.snapshots = Snapshots(self._update)
        self._notes: list[str] = []
        self._browser = Browser()
        self.visits: Visits | None = None
        self._matrix, self._states = matrix, dict[str, str]()
        self._reports = Path(config.junit_directory).parent
        self._folder = Path(config.base_dir)
        self._whole = not (config.tags or config.name or _is_part(config.paths, self._folder))

    def start(self) -> None:
        """Get the stage ready and say what it is. If that fails, put it away again."""
        try:
            self._stage = self.stage.start()
        except BaseException:
            with suppress(Exception):  # what went wrong first is what counts
                self.stage.stop()
            raise
        print(f"Stage: {self._stage}. Seed: {self.seed}.")

    def open_feature(self, feature: Feature) -> None:
        """Turn to the snapshots of a feature."""
        self.snapshots.open_feature(Path(feature.filename).absolute())

    def open_scenario(self, scenario: Scenario) -> None:
        """Begin a scenario whose data depend on the seed and its title alone, so that it can be repeated."""
        factory.random.reseed_random(f"{self.seed} {scenario.name}")
        self.stage.open()
        needed = TAG in scenario.effective_tags
        self.visits = Visits(self._browser, self.stage.address()) if needed else None

    def close_scenario(self, scenario: Scenario) -> None:
        """End a scenario. Raises Unmentioned for whatever a passed one did and no step spoke of."""
        findings = [*self._leave(scenario), *self.stage.close()]
        for step in scenario.all_steps:
            if step.status == Status.undefined:
                self.note(wording.unknown(step))
        if scenario.status == Status.passed and findings:
            print(self._how_to_repeat(scenario))
            raise Unmentioned(findings)

    def _leave(self, scenario: Scenario) -> list[str]:
        """Let everybody leave their pages, and keep how those look if something is wrong with them."""
        if self.visits is None:
            return []
        findings = self.visits.findings()
        if findings or scenario.status != Status.passed:
            for file in self.visits.keep(self._reports / "browser", scenario.name):
                print(f"Kept: {file}")
        self.visits.close()
        return findings

    def explain(self, scenario: Scenario) -> str:
        """Return, for a step that failed, what may lie behind it, and the command that repeats it."""
        found = [*(self.visits.findings() if self.visits else ()), *self.stage.unmentioned()]
        unmentioned = "".join(f"\n  - {finding}" for finding in found)
        happened = f"Not mentioned so far:{unmentioned}\n" if unmentioned else ""
        return happened + self._how_to_repeat(scenario)

    def _how_to_repeat(self, scenario: Scenario) -> str:
        """Return the command that runs this scenario again with the same data."""
        stage = f" -D stage={self._stage_name}" if self._stage_name != DEFAULT_STAGE else ""
        return f"To repeat: behave -D seed={self.seed}{stage} {scenario.location}"

    def close_feature(self, feature: Feature) -> None:
        """Raise Unmentioned for snapshots that no scenario of a feature that ran whole has looked at."""
        scenarios = list(feature.walk_scenarios())
        self._states |= {place: state for each in scenarios for place, state in _state(each)}
        passed = all(scenario.status == Status.passed for scenario in scenarios)
        if findings := self._unless_removed(self.snapshots.finish_feature(whole=passed)):
            raise Unmentioned(findings, "This feature")

    def note(self, line: str) -> None:
        """Keep a line that the run says at its end."""
        self._notes.append(line)

    def stop(self) -> None:
        """Say what was noted, and put the stage away.

        Raises Unmentioned for rows, or snapshot files, that are left over.
        """
        self._browser.stop()
        findings = self.stage.stop()
        self._draw_matrix()
        if self._whole:
            findings += self._unless_removed(self.snapshots.orphans(self._folder))
        for line in self._notes:
            print(line)
        if findings:
            raise Unmentioned(findings, "This run")

    def _unless_removed(self, unused: list[str]) -> list[str]:
        """Return what is unused; nothing when updating, which has removed it."""
        if not self._update:
            return unused
        for finding in unused:
            self.note(f"Removed: {finding}")
        return []

    def _draw_matrix(self) -> None:
        """Draw the matrix, if any row of it was run."""
        folder, legend = self._matrix or (None, None)
        rows = rows_in(folder) if folder else []
        if legend and any(row.place in self._states for row in rows):
            file = self._reports / "who-may-do-what.html"
            grid.write(file, rows, self._states, legend, grid.caption(self._stage))
            self.note(f"Who may do what, as a picture: {file}")


def _refuse_unknown(what: str, given: Any, known: Any) -> None:
    for name in given:
        if name not in known:
            raise UsageError(f"{what} does not know {name!r}; it knows {', '.join(sorted(known))}.")


def _state(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Give the place of a scenario that ran, and whether what it says holds."""
    place = f"{Path(scenario.filename).name}:{scenario.line}"
    if scenario.status == Status.passed:
        yield place, grid.HOLDS
    elif scenario.status not in (Status.skipped, Status.untested):
        yield place, grid.BROKEN


def _seed(given: str | None) -> int:
    if given is None:
        return random.randrange(1_000_000)
    if not (given.isascii() and given.isdigit()):
        raise UsageError(f"-D seed= takes a whole number, not {given!r}.")
    return int(given)


def _is_part(paths: list[Any], folder: Path) -> bool:
    return any(Path(str(path)).absolute() != folder for path in paths)
