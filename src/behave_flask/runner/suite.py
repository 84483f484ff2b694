"""The run as a whole: stage, seed, snapshots, the end of each scenario; `environment.py` delegates to it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from behave.configuration import Configuration
from behave.model import Feature, Scenario, Status, Step
from behave.model_type import FileLocation

from behave_flask.browser.driver import TAG, Browser, Visits
from behave_flask.core import clock, paths, text
from behave_flask.core.errors import UnverifiedSideEffect, refuse_unknown
from behave_flask.core.stage import EMBEDDED, Stage
from behave_flask.ledgers.snapshots import Snapshots
from behave_flask.ledgers.uncaught_exceptions import UncaughtExceptions
from behave_flask.lint import checks
from behave_flask.model import evidence
from behave_flask.model.evidence import Witness, Witnessed
from behave_flask.model.results import PASSED, UNCHECKED, Failure
from behave_flask.model.run_record import RunRecord, by_id
from behave_flask.model.running_step import is_own
from behave_flask.parallel.forking import Forkable
from behave_flask.reports import allure_results, living_documentation, permission_table, rerun
from behave_flask.reports.permission_table import Grid, Legend
from behave_flask.reports.previous_run import MATRIX_PAGE
from behave_flask.runner import furnishing, selection
from behave_flask.runner.furnishing import Furnishing
from behave_flask.runner.options import OPTIONS
from behave_flask.runner.order import read_order

DEFAULT_STAGE = EMBEDDED


class Suite(Forkable):
    """One run of behave on one stage.

    Example::

        def before_all(context):
            context.suite = Suite(context.config, {"embedded": build_stage})
            context.suite.start()
    """

    def __init__(
        self,
        config: Configuration,
        stages: Mapping[str, Callable[[], Stage]],
        matrix: tuple[Path, Legend] | None = None,
    ) -> None:
        """Read what `-D` asks for: `stage=`, `order=random`, `seed=`, `snapshots=update` and others.

        :param config: behave's configuration, `context.config`.
        :param stages: by name, what builds each stage; the default is "embedded".
        :param matrix: the folder of the features that hold a permission matrix, and how it is shown.
        :raises UsageError: for anything else.
        """
        self._config, options = config, config.userdata
        refuse_unknown("-D", options, OPTIONS)
        self._stage_name = options.get("stage", DEFAULT_STAGE)
        refuse_unknown("-D stage=", [self._stage_name], stages)
        update = options.get("snapshots", "check")
        refuse_unknown("-D snapshots=", [update], {"check", "update"})
        furnish = options.get("furnish", furnishing.ONCE)
        refuse_unknown("-D furnish=", [furnish], {furnishing.ONCE, furnishing.EACH})
        refuse_unknown("-D unapproved=", [options.get(checks.UNAPPROVED, "tell")], {"tell", "refuse"})
        refuse_unknown("-D attachments=", [options.get(allure_results.ATTACHMENTS, "all")], {"all", "failed"})
        self._order = read_order(options)
        self.seed = int(options["seed"])
        self.stage = stages[self._stage_name]()
        self._witness = Witness(self.stage)
        self._update = update == "update"
        self.snapshots = Snapshots(self._update)
        self.whole_features = self._update  # two processes cannot write to one file
        self.used_snapshots: dict[str, list[str]] = {}  # by feature file
        self._is_shard = "shard" in options
        self._worker = 0
        self._repeat_shown = False
        self._feature: Feature | None = None
        self._scenario_is_open = False
        self._left: list[str] = []
        self._notes: list[str] = []
        self._left_out: dict[str, list[FileLocation]] = {}  # places, by the tag for which they are left out
        self._uncaught = UncaughtExceptions()
        once = furnish == furnishing.ONCE
        self.furnishing = Furnishing(self.stage, self.seed, once, self._uncaught.findings)
        self._browser = Browser()
        self.visits: Visits | None = None
        self._matrix = matrix
        self._record: RunRecord
        self._rows = permission_table.rows_of(paths.absolute(matrix[0]), matrix[1]) if matrix else []
        self._reports = paths.absolute(config.junit_directory).parent
        self._folder = paths.absolute(config.base_dir)
        self._whole = selection.is_whole(config)

    def start(self) -> None:
        """Get the stage ready and say what it is. If that fails, put it away again."""
        self._uncaught.activate()
        try:
            self._stage = self.stage.start()
        except BaseException:
            with suppress(Exception):  # what went wrong first is what counts
                self.stage.stop()
            raise
        order = " Order: random." if self._order == "random" else ""
        print(f"Stage: {self._stage}. Seed: {self.seed}.{order}")

    def begin(self, record: RunRecord) -> None:
        """Note in the record of a run where it takes place; the package calls it after `before_all`.

        :param record: what became of each example, as it comes.
        """
        self._record = record
        record.surroundings.update({"Stage": self._stage, "Seed": str(self.seed)})

    def begin_feature(self, feature: Feature) -> None:
        """Turn to the snapshots of a feature, and leave out what cannot be played on this stage.

        :param feature: the one that begins.
        """
        not_here = self.stage.unsupported_tags
        for scenario in feature.walk_scenarios():
            tag = next((tag for tag in not_here if tag in scenario.effective_tags), None)
            done = tag and scenario.skip_reason == not_here[tag]  # by the worker that had it
            if tag and (done or scenario.should_run(self._config)):
                checks.skip_unsupported(scenario, not_here[tag])
                self._left_out.setdefault(tag, []).append(scenario.location)
        self.snapshots.open_feature(paths.absolute(feature.filename))
        self._feature = feature

    def begin_scenario(self, scenario: Scenario) -> None:
        """Begin a scenario whose data depend on the seed and its title alone, so that it can be repeated.

        :param scenario: the one that begins.
        """
        self._end_abandoned()
        self._scenario_is_open = True
        self.furnishing.begin(scenario)
        self._uncaught.begin()
        self._witness.begin()
        self._repeat_shown = False
        needed = TAG in scenario.effective_tags
        self.visits = Visits(self._browser, self.stage.address) if needed else None

    def _end_abandoned(self) -> None:
        """End a scenario of which `after_scenario` raised before it did so; it is broken by that already."""
        if self._scenario_is_open:
            self._scenario_is_open = False
            if self.visits:
                self.visits.close()
            self.stage.end_scenario()

    def end_step(self, scenario: Scenario, step: Step, world: Witnessed) -> None:
        """Show what the service did in a step; for one that failed, print and show what explains it.

        What a nested step did is shown with the step that ran it, and so is what explains its failure.

        :param scenario: the one that runs.
        :param step: the one that has ended, or a nested step of it.
        :param world: whose `exchanges` and `report()` are shown.
        """
        self._witness.look(world.exchanges)
        if is_own(scenario, step) and step.status in (Status.failed, Status.error):
            state = _report_of(world, text.of(step.exception))
            evidence.attach("the world", state)
            print(state)
            self._show_pages(scenario)
            print(self.explain(scenario))

    def end_scenario(self, scenario: Scenario, world: Witnessed | None = None) -> None:
        """End a scenario. Raises UnverifiedSideEffect for whatever a passed one did and no step spoke of.

        :param scenario: the one that ends.
        :param world: what the report shows of it; None if the scenario could not begin.
        """
        self._scenario_is_open = False
        findings = [*self._leave(scenario), *self.stage.end_scenario(), *self._uncaught.take()]
        if scenario.status == Status.passed and findings:
            if world:
                evidence.attach("the world", _report_of(world))
            error = UnverifiedSideEffect(findings)
            print(error, self._how_to_repeat(scenario), sep="\n")  # behave's formatters show no more
            raise error

    def _leave(self, scenario: Scenario) -> list[str]:
        """Close everybody's pages, and return what went wrong on them."""
        if self.visits is None:
            return []
        if scenario.status == Status.passed:
            self.visits.settle()
        findings = self.visits.findings()
        if findings and scenario.status == Status.passed:
            self._show_pages(scenario)
        self.visits.close()
        return findings

    def _show_pages(self, scenario: Scenario) -> None:
        """Keep how the pages of a scenario look, of which something is wrong."""
        for file in self.visits.show(self._reports / "browser", scenario.name) if self.visits else ():
            print(f"Kept: {paths.shown(file)}")

    def explain(self, scenario: Scenario) -> str:
        """Return, for a step that failed, what may lie behind it, and the command that repeats it.

        :param scenario: the one whose step failed.
        """
        found = [*(self.visits.findings() if self.visits else ()), *self.stage.unverified()]
        found += self._uncaught.findings()
        unverified = "".join(f"\n  - {finding}" for finding in found)
        happened = [f"Not verified so far:{unverified}"] if unverified else []
        shown, self._repeat_shown = self._repeat_shown, True
        return "\n".join(happened if shown else [*happened, self._how_to_repeat(scenario)])

    def _how_to_repeat(self, scenario: Scenario) -> str:
        """Return the command that runs this scenario again with the same data."""
        return f"To repeat: {rerun.command(self._config, str(scenario.location))}"

    def end_feature(self, feature: Feature) -> None:
        """Raise UnverifiedSideEffect for unused snapshots of a feature that ran whole.

        A worker sees a piece of the feature; the whole is judged when all pieces are together.
        """
        self.furnishing.forget()
        if self._worker:
            return
        is_open = self._feature is feature
        self._feature = None
        if not is_open:  # `before_feature` raised before that
            return
        self.used_snapshots[feature.filename] = sorted(self.snapshots.used())
        results = map(self._record.result, feature.walk_scenarios())
        whole = not self._is_shard and all(each.state == PASSED for each in results)
        if findings := self._unless_removed(self.snapshots.finish_feature(whole)):
            raise UnverifiedSideEffect(findings, "this feature")

    def note(self, line: str) -> None:
        """Keep a line that the run prints at its end.

        :param line: the line.
        """
        self._notes.append(line)

    def stop(self) -> None:
        """Say what was noted, and put the stage away.

        Raises UnverifiedSideEffect for rows, or snapshot files, that are left over.
        """
        self._end_abandoned()
        self._browser.stop()
        findings = self.stage.stop() + self._uncaught.take() + self._left
        self._uncaught.deactivate()
        if self._whole:
            findings += self._unless_removed(self.snapshots.orphans(self._folder))
        played = sum(each.promise != UNCHECKED for each in self._record.results)
        total = played + sum(map(len, self._left_out.values()))
        for tag, places in self._left_out.items():
            why = f"@{tag}: {self.stage.unsupported_tags[tag]}"
            self.note(f"Not played ({why}): {len(places)} of {total} scenarios:\n{_by_file(places)}")
        for line in self._notes:
            print(line)
        if findings:
            raise UnverifiedSideEffect(findings, "this run")

    def report(self, failed: bool, why_aborted: Sequence[str] = ()) -> None:
        """Write the owner's page, when all is over and every result is final.

        :param failed: whether behave calls the run failed.
        :param why_aborted: the reasons why it was ended before its end.
        """
        whole = self._was_whole()
        about = living_documentation.About(clock.now(), self._stage, self.seed, failed, whole)
        early = [(None, Failure.of_text("The run was ended early", why)) for why in why_aborted]
        written = living_documentation.write(
            self._reports,
            self._folder,
            by_id(self._record.results),
            about,
            hook_failures=[*self._record.hook_failures, *early],
            grid=self._grid(),
        )
        for reason in written.unreadable:
            print(f"Cannot be read, so the page does not say what it promises: {reason}")
        print(f"What is promised, and what of it holds: {paths.shown(written.file)}")

    def draw_matrix(self) -> None:
        """Draw the permission matrix, if any row of it was run, when all is over."""
        drawn = self._grid()
        if drawn and (drawn.counts[permission_table.HOLDS] or drawn.counts[permission_table.BROKEN]):
            file = self._reports / MATRIX_PAGE
            permission_table.write(file, drawn, permission_table.caption(self._stage))
            print(f"Who may do what, as a picture: {paths.shown(file)}")

    def _grid(self) -> Grid | None:
        if self._matrix is None:
            return None
        return permission_table.draw(self._rows, by_id(self._record.results), self._matrix[1])

    def _was_whole(self) -> bool:
        """Return whether this run was to play everything, and has come to its end."""
        ended = not any(each.never_ran for each in self._record.results)
        return self._whole and ended and not self._is_shard

    def shard_manifest(self) -> dict[str, Any]:
        """Return what the merge of several machines needs of this run, as values for JSON.

        `snapshots`: for each feature file, the entries that were looked at. `run`: what the owner's page
        shows besides the examples. Folders are seen from here.
        """
        run: dict[str, Any] = {
            "stage": self._stage,
            "seed": self.seed,
            "whole": self._whole,
            "features": paths.shown(self._folder),
            "language": self._config.lang,
        }
        if self._matrix:
            folder, legend = self._matrix
            run["matrix"] = {
                "folder": paths.shown(folder),
                "legend": asdict(legend),
            }
        return {"snapshots": self.used_snapshots, "run": run}

    # what forked workers need

    def before_fork(self) -> None:
        """Release what processes cannot share."""
        self.stage.before_fork()

    def after_fork(self, worker: int) -> None:
        """Make the stage take up what is a worker's own."""
        self._worker = worker
        self.stage.after_fork(worker)

    def collect(self) -> tuple[list[str], set[str]]:
        """Return the notes, and the names of the snapshots that were looked at."""
        notes, self._notes = self._notes, []
        return notes, self.snapshots.used()

    def merge(self, feature: Feature, collected: list[tuple[list[str], set[str]]]) -> None:
        """Take the notes and the snapshots of a feature's pieces, for `end_feature` to judge."""
        self.begin_feature(feature)
        for notes, used in collected:
            self._notes += notes
            self.snapshots.use(used)

    def teardown_worker(self) -> list[str]:
        """Put a worker's browser and stage away, and return what was left over."""
        self._end_abandoned()
        self._browser.stop()
        return self.stage.stop() + self._uncaught.take()

    def add_findings(self, findings: list[str]) -> None:
        """Take what workers left over, for `stop` to judge."""
        self._left += findings

    def _unless_removed(self, unused: list[str]) -> list[str]:
        """Return what is unused; nothing when updating, which has removed it."""
        if not self._update:
            return unused
        for finding in unused:
            self.note(f"Removed: {finding}")
        return []


def _by_file(places: Iterable[FileLocation]) -> str:
    """Return a line for each file, with its lines."""
    lines: dict[str, list[int]] = {}
    for place in sorted(places):
        lines.setdefault(str(place.filename), []).append(place.line)
    return "\n".join(f"  {file}:{', '.join(map(str, found))}" for file, found in lines.items())


def _report_of(world: Witnessed, message: str = "") -> str:
    """Return what the world says of itself; what it raises instead, for the scenario has failed already."""
    try:
        return text.clean(world.report(message=message))
    except Exception as error:  # noqa: BLE001 (it asks the suite's own things)
        return text.clean(f"The state of the world could not be put into words.\n{text.trace_of(error)}")
