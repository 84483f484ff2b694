"""behave's own runner, but for what would make green say too much, and for what behave only promises.

Before the run it refuses what selects nothing and features that prove nothing; at its end it is red for step
definitions without use, and in CI for what was left out. A run that cannot begin ends at once and says why:
after an error in `before_all` behave would go on, and print a summary in which the features have passed.
`--jobs`, which behave accepts and ignores, means that many processes, and a scenario that hangs is stopped.
When a run is over, after the last hook and the last clean-up, the suite reports it.
"""

import gc
from collections.abc import Iterable, MutableMapping
from typing import Any

from behave.model import Feature
from behave.model_type import FileLocation
from behave.runner import Context, the_step_registry

from behave_flask.browser import driver
from behave_flask.core import behave_internals, paths
from behave_flask.core.errors import UsageError as UsageError
from behave_flask.lint import checks
from behave_flask.model import expected_failures, feature_files, pending_steps, retries
from behave_flask.model.durations import Stopwatch, Times
from behave_flask.model.feature_files import UnreadableFeature
from behave_flask.runner import selection
from behave_flask.runner.order import read_order, shuffle
from behave_flask.runner.reporting import ReportingRunner
from behave_flask.runner.timeout import SCENARIO_TIMEOUT_S, ScenarioTimer


class Runner(ReportingRunner):
    """Set as `runner` in `behave.ini`."""

    def read_options(self) -> None:
        """Read `--jobs`, `-D timeout=SECONDS` and `-D shard=2/5`. Raises UsageError for what is none."""
        super().read_options()
        config = self.config
        if config.jobs < 1:  # which behave takes, and would run in one
            raise UsageError("-j takes a number of processes from 1 on, not 0.")
        given = config.userdata.get("shard")
        self._shard = _shard(given) if given is not None else None
        self.timeout = _timeout(config.userdata)
        self.timer = ScenarioTimer(self.timeout)
        self._reports = paths.absolute(config.junit_directory).parent

    @property
    def times(self) -> Times:
        """How long each scenario took in the last run; read anew by whoever plans, for there may be many."""
        return Times(self._reports / "times.jsonl")

    def run(self) -> bool:
        """Run all, and do not look for garbage until all is loaded: that is to stay."""
        gc.disable()
        try:
            return bool(super().run())
        finally:
            gc.enable()

    def feature_locations(self) -> list[FileLocation]:
        """Return the files, with or without a line, that are asked for: each once, though places overlap."""
        return paths.once(super().feature_locations())

    def run_with_paths(self) -> bool:
        """Load what is asked for, but for what cannot be read, and run it; tell whether the run failed."""
        feature_files.use_language(self.config.lang)
        self.context = Context(self)
        self.load_hooks()
        self.load_step_definitions()
        for each in feature_files.load(self._places()):
            (self.unreadable if isinstance(each, UnreadableFeature) else self.features).append(each)
        for each in self.unreadable:
            print(f"Cannot be read: {each}")
        self.formatters = behave_internals.make_formatters(self.config)
        return self.run_model()

    def _places(self) -> list[FileLocation]:
        return [place for place in self.feature_locations() if not self.config.exclude(place.filename)]

    def add_hooks(self) -> None:
        """Have a scenario that hangs stopped."""
        self.timer.watch(self.hooks)

    def run_model(self, features: Iterable[Feature] | None = None) -> bool:
        """Run what is asked for; give back whether the run failed. Raises UsageError if it cannot begin."""
        self.prepare()
        part = self._take_part()
        features = list(self.features if features is None or part else features)
        if self.config.dry_run:
            return self.conclude(bool(self._run_as_behave(features)))
        self.open_reports()
        self._watch, self._part = Stopwatch(), part
        return self.close_reports(self.conclude(self._play(features, self._watch)))

    def write_more(self, failed: bool) -> None:
        """Write the times of the scenarios, or what a part of a run leaves for the others."""
        self.unwritten.attempt("The times of the scenarios", lambda: self._write_times(failed))

    def _write_times(self, failed: bool) -> None:
        if part := self._part:  # the times stay: the other parts are to be planned from the same
            suite = self.context.suite.shard_manifest() if "suite" in self.context else {}
            beside = [fault.title for fault in self.record.faults]
            part.write(self._reports, self._watch.seconds, failed, beside, suite)
        else:
            self.times.write(self._watch.seconds)

    def _take_part(self) -> Any:
        """Leave of the features what `-D shard=` says; None for a run that is no part of another."""
        if not self._shard:
            return None
        part = self._shard.take(list(self.features), self.times, self.config)
        (self._reports / "shard.json").unlink(missing_ok=True)
        self.features[:] = part.features
        return part

    def prepare(self) -> None:
        """Refuse what could not go red, and put the rest in order, before anything runs."""
        self.order = read_order(self.config.userdata)
        broken = {each.file for each in self.unreadable}
        places = [place for place in self._places() if feature_files.file_of(place) not in broken]
        if self.features or not broken:
            selection.check(self.features, self.config, places)
        self.chosen = selection.selected(self.features, self.config)
        checks.refuse(self.features, self.chosen, places, in_ci=checks.in_ci())
        expected_failures.watch(self.chosen)
        if said := driver.left_out(self.features, self.config):
            print(said)
        if self.order == "random":
            shuffle(self.features, self.config.userdata["seed"], self.base_dir)
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)  # a request makes thousands of objects that die by themselves
        gc.enable()

    def conclude(self, failed: bool) -> bool:
        """Say what is only known at the end, and give back whether the run failed after all."""
        findings = checks.report_skipped(self.chosen) if checks.in_ci() and not self.config.dry_run else []
        if not self._shard:
            findings += checks.nothing_played(self.chosen)
        is_whole = selection.is_whole(self.config) and not self.aborted and not self._shard
        if is_whole and not self.unreadable:
            findings += checks.unused(the_step_registry.steps, self.features)
        for line in [
            *expected_failures.told(self.chosen),
            *pending_steps.told(self.chosen),
            *retries.told(self.chosen),
            *findings,
        ]:
            print(line)
        if (failed or findings) and self.order == "random":
            seed = self.config.userdata["seed"]
            print(f"In the same order: behave -D order=random -D seed={seed}")
            print(f"Does it depend on another scenario? behave-flask bisect {seed}")
        return failed or bool(findings or self.unreadable)

    def _play(self, features: list[Feature], watch: Stopwatch) -> bool:
        """Run in as many processes as `--jobs` says, and take the time of each scenario."""
        selected = [
            each for feature in features for each in feature.walk_scenarios() if each.should_run(self.config)
        ]
        for formatter in self.formatters:
            if plan := getattr(formatter, "plan", None):
                plan(selected, self.times)
        if self.config.jobs > 1:
            from behave_flask.parallel import pool  # a run in one process can do without

            return bool(pool.run(self, features, self._run_as_behave, watch))
        self.formatters.append(watch)
        return self._run_as_behave(features)

    def _run_as_behave(self, features: Iterable[Feature]) -> bool:
        """Let behave itself run them, without what this class and the one above put around it."""
        failed: bool = super(ReportingRunner, self).run_model(features)
        return failed

    def run_hook(self, hook_name: str, *args: Any) -> bool:
        """Run a hook, and tell whether it passed. Raises whatever is raised in `before_all`."""
        passed = super().run_hook(hook_name, *args)
        if hook_name == "after_step":
            expected_failures.excuse(self.scenario_at_work(), args[0])
        return passed


def _shard(given: str) -> Any:
    from behave_flask.parallel.shards import Shard  # a whole run can do without

    return Shard.parse(given)


def _timeout(options: MutableMapping[str, str]) -> float:
    if "limit" in options:
        print("-D limit= is called -D timeout= now; the old name goes away with the next version.")
        options.setdefault("timeout", options.pop("limit"))
    given = options.get("timeout", str(SCENARIO_TIMEOUT_S))
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise UsageError(f"-D timeout= takes a number of seconds above 0, not {given!r}.")
    return seconds
