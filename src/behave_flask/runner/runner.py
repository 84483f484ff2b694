"""behave's own runner, but for what would make green say too much, and for what behave only promises.

Before the run it refuses what selects nothing and features that prove nothing; at its end it is red for step
definitions without use, and in CI for what was left out. A run that cannot begin ends at once and says why:
after an error in `before_all` behave would go on, and print a summary in which the features have passed.
`--jobs`, which behave accepts and ignores, means that many processes, and a scenario that hangs is stopped.
When a run is over, after the last hook and the last clean-up, the suite reports it.
"""

import gc
import shlex
import threading
from collections.abc import Iterable
from typing import Any

from behave.model import Feature, Scenario
from behave.model_type import FileLocation
from behave.runner import Context, the_step_registry
from behave.runner import Runner as BehaveRunner
from behave.runner_util import print_undefined_step_snippets

from behave_flask.browser import driver
from behave_flask.core import behave_internals, console, paths, threads
from behave_flask.core.errors import UsageError as UsageError
from behave_flask.core.extras import telling_where_to_look
from behave_flask.lint import checks
from behave_flask.model import evidence, failures, feature_files, step_suggestions
from behave_flask.model.durations import Times
from behave_flask.model.feature_files import UnreadableFeature
from behave_flask.model.run_record import RunRecord
from behave_flask.runner import selection
from behave_flask.runner.calls import GuardedCalls
from behave_flask.runner.debugging import Debugger
from behave_flask.runner.hooks import Hooks
from behave_flask.runner.interrupts import Interrupts
from behave_flask.runner.options import Options
from behave_flask.runner.order import read_order, shuffle
from behave_flask.runner.run_reports import RunReports
from behave_flask.runner.timeout import ScenarioTimer


class Runner(BehaveRunner):
    """behave's runner, with all that this package sees to.

    Example, in `behave.ini`::

        runner = behave_flask:Runner
    """

    def __init__(self, config: Any) -> None:
        """See to it that whatever is raised is reported. Raises UsageError for options that cannot be."""
        console.prepare()
        paths.begin(config)
        super().__init__(config)
        self.unreadable: list[UnreadableFeature] = []
        self.record: RunRecord | None = None  # of a dry run there is none
        self.evidence = evidence.begin_run()
        self.reports = RunReports(self)
        try:
            behave_internals.install()
            behave_internals.replace_snippets(step_suggestions.snippet)
            self.options = Options.read(config)
            self._folder = paths.absolute(config.junit_directory).parent
            self._changed = self._only_changed() if self.options.changed else None
        except UsageError as error:
            self.reports.refuse(error)
            raise
        self.interrupts, self.timer = Interrupts(), ScenarioTimer(self.options.timeout)
        self._hooks = Hooks(self)
        self._debugger = Debugger(self)
        post_mortem = self._debugger.look_at if self.options.pdb else None
        self.calls = GuardedCalls(self.interrupts, self._hooks.note_cleanup, self._end_scenario, post_mortem)

    def _only_changed(self) -> Any:
        from behave_flask.runner.changed.part import ChangedPart  # other runs can do without git and coverage

        return ChangedPart(str(self.options.changed), self._folder)

    @property
    def times(self) -> Times:
        """How long each scenario took in the last run; read anew by whoever plans, for there may be many."""
        return Times(self._folder / "times.jsonl")

    def load_hooks(self, filename: str | None = None) -> None:
        """Load the hooks, and put around them what the run does."""
        super().load_hooks(filename)
        self._hooks.wrap(self.hooks)

    def feature_locations(self) -> list[FileLocation]:
        """Return the files, with or without a line, that are asked for: each once, though places overlap."""
        return paths.once(super().feature_locations())

    def run(self) -> bool:
        """Run all, and return whether the run failed, whatever ends it; threads that go on are named."""
        known = threading.enumerate()
        gc.disable()  # until all is loaded: no later look goes through that
        try:
            with self.interrupts.watched(), self._debugger.installed():
                failed = failures.tame(super().run, lambda _: None)
        except Exception as error:
            if not self.reports.have_begun:
                self.reports.refuse(error)
            raise
        finally:
            gc.enable()
        if left := threads.going_on(known):
            print(*left, sep="\n")
            if self.config.show_snippets and self.undefined_steps:
                print_undefined_step_snippets(self.undefined_steps)
            threads.end_process(failed)
        return bool(failed)

    def run_with_paths(self) -> bool:
        """Load what is asked for, but for what cannot be read, and run it; return whether the run failed."""
        feature_files.use_language(self.config.lang)
        self.context = Context(self)
        with telling_where_to_look():
            self.load_hooks()
            self.load_step_definitions()
        for each in feature_files.load(self._places()):
            (self.unreadable if isinstance(each, UnreadableFeature) else self.features).append(each)
        for each in self.unreadable:
            print(f"Cannot be read: {each}")
        self.formatters = self.reports.make_formatters()
        return self.run_model()

    def _places(self) -> list[FileLocation]:
        return [place for place in self.feature_locations() if not self.config.exclude(place.filename)]

    def run_model(self, features: Iterable[Feature] | None = None) -> bool:
        """Run what is asked for; return whether the run failed. Raises UsageError if it cannot begin."""
        self.prepare()
        if self._changed and not self._changed.take(self.features, self.config):
            return bool(self.unreadable)
        self._part = self._take_part()
        features = list(self.features if features is None or self._part else features)
        if self.config.dry_run:
            return self.conclude(self.run_as_behave(features))
        self.record = self.reports.open()
        try:
            return self.reports.close(self.conclude(self._play(features)))
        finally:
            if self._changed:
                self._changed.remember(self.record)

    def prepare(self) -> None:
        """Refuse what could not go red, and put the rest in order, before anything runs."""
        self.order = read_order(self.config.userdata)
        broken = {each.file for each in self.unreadable}
        places = [place for place in self._places() if feature_files.file_of(place) not in broken]
        if self.features or not broken:
            selection.check(self.features, self.config, places)
        self.chosen = selection.selected(self.features, self.config)
        checks.refuse(self.features, self.chosen, places, in_ci=checks.in_ci())
        if without_browser := driver.left_out(self.features, self.config):
            print(without_browser)
        if self.order == "random":
            shuffle(self.features, self.config.userdata["seed"], self.base_dir)
        gc.freeze()
        gc.enable()

    def conclude(self, failed: bool) -> bool:
        """Say what is only known at the end, and return whether the run failed after all."""
        shard = self.options.shard
        findings = list[str]()
        if self.record and checks.in_ci():
            findings += checks.report_skipped(self.record)
        if self.record and not shard:
            findings += checks.nothing_played(self.record)
        whole = selection.is_whole(self.config) and not (
            shard or self.aborted or self.unreadable or self._changed
        )
        if whole:
            findings += checks.unused(the_step_registry.steps, self.features)
        unapproved = checks.unapproved(self.chosen)
        if self.config.userdata.get(checks.UNAPPROVED) == "refuse":
            findings += unapproved
            unapproved = []
        closing = self.record.closing_lines() if self.record else ()
        for line in [*unapproved, *closing, *findings]:
            print(line)
        if (failed or findings) and self.order == "random":
            seed, part = self.config.userdata["seed"], selection.narrowing(self.config)
            print(
                "In the same order:",
                shlex.join(["behave", "-D", "order=random", "-D", f"seed={seed}", *part]),
            )
            print("Does it depend on another scenario?", shlex.join(["behave-flask", "bisect", seed, *part]))
        return failed or bool(findings or self.unreadable)

    def _take_part(self) -> Any:
        """Leave of the features what `-D shard=` says; None for a run that is no part of another."""
        if not self.options.shard:
            return None
        part = self.options.shard.take(list(self.features), self.times, self.config)
        (self._folder / "shard.json").unlink(missing_ok=True)
        self.features[:] = part.features
        return part

    def write_times(self, record: RunRecord, failed: bool) -> None:
        """Write the times of the scenarios, or what a part of a run leaves for the others."""
        if part := self._part:  # the times stay: the other parts are to be planned from the same
            suite = self.context.suite.shard_manifest() if "suite" in self.context else {}
            part.write(self._folder, record, failed, suite)
        else:
            self.times.write(record.results)

    def _play(self, features: list[Feature]) -> bool:
        """Run in as many processes as `--jobs` says."""
        selected = selection.selected(features, self.config)
        for formatter in self.formatters:
            if plan := getattr(formatter, "plan", None):
                plan(selected, self.times)
        if self.config.jobs > 1:
            from behave_flask.parallel import pool  # a run in one process can do without

            return bool(pool.run(self, features, self.run_as_behave))
        return self.run_as_behave(features)

    def _end_scenario(self, scenario: Scenario, seconds: float) -> None:
        if self._changed:
            self._changed.recorder.end()
        if self.record:
            self.record.end(scenario, seconds)

    def run_as_behave(self, features: Iterable[Feature]) -> bool:
        """Make behave itself run them, without what `run_model` here puts around it."""
        return bool(super().run_model(features))

    def run_hook(self, hook_name: str, *args: Any) -> bool:
        """Run a hook, and return whether it passed. Raises whatever is raised in `before_all`."""
        if hook_name == "before_all":
            return self._hooks.run_before_all()
        run = super().run_hook
        if self._changed and self.context and "scenario" in self.context and self.context.scenario:
            self._changed.recorder.begin(self.context.scenario)
        passed = self._hooks.run(hook_name, args, lambda: bool(run(hook_name, *args)))
        if hook_name == "after_all" and not self.config.dry_run:
            self.reports.say_how_long()
        return passed
