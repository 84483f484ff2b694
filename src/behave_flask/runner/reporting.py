"""behave's own runner with an account of the run, against which every report of it is held.

Errors around features and the run are written down here: behave only prints them. An error in `before_all`
ends the run at once; behave would go on and print a summary in which the features have passed.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial, wraps
from typing import Any

from behave.exception import ConfigError
from behave.model import Feature, Rule, Scenario, Status
from behave.reporter.junit import JUnitReporter
from behave.reporter.summary import AbstractSummaryReporter
from behave.runner import Runner as BehaveRunner
from behave.runner_util import print_undefined_step_snippets

from behave_flask.core import behave_internals, clock, console, paths, text, threads
from behave_flask.core.behave_internals.rows import Folding
from behave_flask.core.errors import UnverifiedSideEffect, UsageError
from behave_flask.model import evidence, failures, pending_steps
from behave_flask.model.cleaning import Tidy, TidyFeatures
from behave_flask.model.feature_files import UnreadableFeature
from behave_flask.model.retries import Tries
from behave_flask.model.run_record import RunRecord, title_of
from behave_flask.model.running_step import StepsAtWork, is_own
from behave_flask.reports import junit, previous_run, rerun
from behave_flask.reports.guarded import CheckedReport, Unwritten, name_of
from behave_flask.runner.calls import GuardedCalls
from behave_flask.runner.interrupts import Interrupts

SHOWN_AT_MOST = 20
_LAYERS = ("scenario", "rule", "feature")


class ReportingRunner(BehaveRunner):
    """A runner that knows what its reports have to tell."""

    _raised: Exception | None = None

    def __init__(self, config: Any) -> None:
        """See to it that whatever is raised is told of. Raises UsageError for options that cannot be."""
        console.prepare()
        paths.begin(config)
        super().__init__(config)
        behave_internals.install()
        self.unwritten = Unwritten(self._count_unwritten)
        self.interrupts, self.has_begun = Interrupts(), False
        self.calls = GuardedCalls(self.interrupts, self._cleanup_failed)
        self.at_work = StepsAtWork(self.undefined_steps)
        self.tries = Tries()
        self.unreadable: list[UnreadableFeature] = []
        if config.dry_run:  # it plays nothing, so it reports nothing
            config.reporters[:] = [each for each in config.reporters if not isinstance(each, JUnitReporter)]
        else:
            self.unwritten.attempt("What the last run left", lambda: previous_run.take_away(config))
        try:
            self.read_options()
        except UsageError as error:
            self._refused(error)
            raise

    def read_options(self) -> None:
        """Read what the run is asked for.

        :raises UsageError: for what cannot be, and where Python takes out every `assert` of what it runs.
        """
        if not __debug__:
            raise UsageError(
                "Python runs with -O or PYTHONOPTIMIZE, which takes every assert out of steps and service:"
                " they could not fail. Run it without."
            )

    def load_hooks(self, filename: str | None = None) -> None:
        """Load the hooks, so that what one raises is known here; behave itself keeps the message only."""
        super().load_hooks(filename)
        self.hooks["after_step"] = self.at_work.naming_unknown(self.hooks.get("after_step"))
        self.add_hooks()
        for name, hook in self.hooks.items():
            if name.startswith(("before_", "after_")):
                self.hooks[name] = self._remembering(name, hook)

    def run(self) -> bool:
        """Run all, and tell whether the run failed, whatever ends it; threads that go on are named."""
        known = threading.enumerate()
        with self.interrupts.watched():
            failed = self._run_to_the_end()
        if left := threads.going_on(known):
            print(*left, sep="\n")
            if self.config.show_snippets and self.undefined_steps:
                print_undefined_step_snippets(self.undefined_steps)
            threads.end_process(failed)
        return failed

    def _run_to_the_end(self) -> bool:
        try:
            return bool(failures.tame(super().run, lambda _: None))
        except Exception as error:
            if not self.has_begun:
                self._refused(error)
            raise

    def _refused(self, error: Exception) -> None:
        if not self.config.dry_run:
            self.unwritten.attempt("The rerun list", lambda: previous_run.not_begun(self.config, error))
            self.unwritten.say()

    def add_hooks(self) -> None:
        """Put the runner's own hooks around those of the suite; for subclasses."""

    def run_model(self, features: Iterable[Feature] | None = None) -> bool:
        """Run the features, tell whether the run failed or its reports differ from it, and report it."""
        if self.config.dry_run:
            return bool(super().run_model(features))
        self.open_reports()
        return self.close_reports(bool(super().run_model(features)))

    def close_reports(self, failed: bool) -> bool:
        """Hold the reports against the run, and write those that come last; tell whether the run failed."""
        failed = self.judge(failed) or bool(self.unwritten)
        if "suite" in self.context:
            self.unwritten.attempt(
                "The owner's page",
                lambda: self.context.suite.report(self.features, failed, self.calls.why_aborted),
            )
        self.write_more(failed)
        failed = self.unwritten.say() or failed
        again = self.record.to_repeat()
        if failed and not again:  # nobody knows which scenario it was
            again = self.record.planned
        outcome = rerun.RED if failed else rerun.GREEN
        self.unwritten = Unwritten(self._count_unwritten)
        self.unwritten.attempt("The rerun list", lambda: rerun.write(self.config, outcome, again))
        return self.unwritten.say() or failed

    def write_more(self, failed: bool) -> None:
        """Write what a run leaves beside its reports; for subclasses."""

    def _count_unwritten(self) -> None:
        """Let the run be red, also the one of which this is a worker."""
        self.hook_failures += 1

    def open_reports(self) -> None:
        """Begin the account of this run, before anything of it is played."""
        self._began = clock.monotonic()
        self.has_begun = True
        self.record = RunRecord(self.features, self.config)
        for each in self.unreadable:
            self.record.note(f"reading {os.path.relpath(each.file, self.record.folder)}", None, each)
        self._open_reports()

    def run_hook(self, hook_name: str, *args: Any) -> bool:
        """Run a hook, and tell whether it passed. Raises whatever is raised in `before_all`."""
        if hook_name == "before_all":
            return self._run_before_all()
        if args and not hook_name.endswith(("_tag", "_step")):
            evidence.turn_to(args[0])
        self._before_hook(hook_name, *args)
        self._raised = None
        passed: bool = super().run_hook(hook_name, *args)
        if self._raised:
            self._note(hook_name, args[0] if args else None, self._raised)
        if hook_name == "after_all" and not self.config.dry_run:
            self._say_how_long()
        if hook_name == "after_step":
            self.at_work.end(self.scenario_at_work(), args[0])
            pending_steps.note(self.scenario_at_work(), args[0])
        return passed

    def _before_hook(self, hook_name: str, *args: Any) -> None:
        scenario = self.scenario_at_work()
        if hook_name == "before_scenario":
            self.tries.begin(args[0])
        elif hook_name == "after_scenario":
            pending_steps.skip(args[0])
        elif hook_name == "before_step":
            self.at_work.begin(scenario, args[0])
        if hook_name.endswith("_step") and scenario is not None and is_own(scenario, args[0]):
            self.tries.watch_step(scenario, args[0], begins=hook_name == "before_step")

    def scenario_at_work(self) -> Scenario | None:
        """Return the scenario that is being run; none in a hook around it all."""
        return getattr(self.context, "scenario", None)

    def _run_before_all(self) -> bool:
        if not self.should_run_hook("before_all"):
            return True
        try:
            with self.context.use_with_user_mode():
                self.hooks["before_all"](self.context)
        except ConfigError:
            raise
        except Exception as error:
            self.record.note("before_all", None, error)
            self._close_reports()
            raise
        finally:
            self.unwritten.attempt(
                "The rerun list",
                lambda: rerun.write(self.config, rerun.UNFINISHED, self.record.planned),
            )
        return True

    def _remembering(self, name: str, hook: Callable[..., None]) -> Callable[..., None]:
        @wraps(hook)
        def run(*args: Any) -> None:
            try:
                self.calls.call(args[0], partial(hook, *args))
            except UnverifiedSideEffect as error:
                if name != "after_scenario":
                    self._raised = error
                    raise
                failures.fail(args[1], name, error)
                self.tries.note(args[1], name, text.of(error))
            except Exception as error:
                self._raised = error
                raise

        return run

    def _note(self, hook_name: str, statement: Any, error: Exception) -> None:
        """Write down what a hook raised, for the run if it is no scenario's or step's own."""
        where = hook_name
        if hook_name.endswith("_tag"):
            where = f"{hook_name} @{statement}"
            statement = next(getattr(self.context, layer) for layer in _LAYERS if layer in self.context)
        if statement is not None:
            failures.add(statement, where, error)
        if scenario := self.scenario_at_work():
            self.tries.note(scenario, where, text.describe(error))
        if statement is None or isinstance(statement, Feature | Rule):
            self.record.note(hook_name, statement, error)

    def _cleanup_failed(self, layer: str, cleanup: Callable[[], Any], error: Exception) -> None:
        """Write down what a cleanup raised; behave keeps neither its message nor its trace."""
        statement: Any = getattr(self.context, layer) if layer in _LAYERS else None
        if statement is not None:
            failures.add(statement, f"cleanup {behave_internals.name_of(cleanup)}", error)
        if layer != "scenario":
            self.record.note("cleanup", statement, error)
            return
        self.tries.note(statement, "cleanup", text.describe(error))
        if statement.exception is None:
            statement.exception, statement.exc_traceback = error, error.__traceback__
            statement.error_message = f"CLEANUP-ERROR: {text.describe(error)}"

    def _say_how_long(self) -> None:
        """Give the summary the time of the whole run; behave counts to the end of the first feature."""
        for reporter in self.config.reporters:
            if isinstance(reporter, AbstractSummaryReporter):
                reporter.duration = clock.monotonic() - self._began

    def _open_reports(self) -> None:
        """Let the reports of this run know what there is to tell; none of them can end the run."""
        reporters = [
            junit.TruthfulJUnit(self.config, self.record) if type(reporter) is JUnitReporter else reporter
            for reporter in self.config.reporters
        ]
        self.formatters.insert(0, Tidy())
        self.config.reporters[:] = [TidyFeatures(), *reporters, Folding(self.config)]
        for report in (*self.formatters, *self.config.reporters):
            self.unwritten.guard(report)
            if isinstance(report, CheckedReport):
                report.begin(self.record)

    def _close_reports(self) -> None:
        """Write the reports of a run that could not begin."""
        for formatter in self.formatters:
            formatter.close()
        for reporter in self.config.reporters:
            if isinstance(reporter, JUnitReporter):
                for feature in self.features:
                    reporter.feature(feature)
                reporter.end()

    def judge(self, failed: bool) -> bool:
        """Hold the reports against the run, and tell whether the run failed or a report differs from it."""
        findings = self._differences()
        if findings:
            print("\nThe reports of this run cannot be trusted:")
            for finding in findings[:SHOWN_AT_MOST]:
                print(f"  - {finding}")
            if len(findings) > SHOWN_AT_MOST:
                print(f"  … and {len(findings) - SHOWN_AT_MOST} more")
        if not failed:
            for unnoticed in self._unnoticed():
                findings.append(unnoticed)
                print(f"\n{unnoticed}")
        return failed or bool(findings)

    def _unnoticed(self) -> Iterator[str]:
        """Say what the exit code of this run does not, as behave gives it: what failed, or never ran."""
        for scenario in self.record.failed():
            yield f"{scenario.location} “{title_of(scenario)}” failed, and whoever ran it let it pass."
        if any(each.status == Status.untested for each in self.record.planned):
            yield "Not all that was planned has run, and nothing says why."

    def _differences(self) -> list[str]:
        found: list[str] = []
        for report in (*self.formatters, *self.config.reporters):
            if isinstance(report, CheckedReport):
                found += self.unwritten.attempt(name_of(report), report.differences, instead=[])
        return found
