"""The reports of a run: opened before anything is played, and held against the run when it is over."""

import os
from collections.abc import Iterator
from typing import Any

from behave.exception import ConfigError
from behave.reporter.junit import JUnitReporter
from behave.reporter.summary import AbstractSummaryReporter

from behave_flask.core import behave_internals, clock
from behave_flask.model.cleaning import Tidy, TidyFeatures
from behave_flask.model.run_record import RunRecord
from behave_flask.reports import junit, previous_run, rerun
from behave_flask.reports.guarded import CheckedReport, Unwritten, name_of

SHOWN_AT_MOST = 20


class RunReports:
    """What a runner leaves to be read: formatters, reporters, the owner's page, times, the list for rerun."""

    def __init__(self, runner: Any) -> None:
        """Accept away what the last run left; a dry run plays nothing, so it reports nothing."""
        self._runner, self._config = runner, runner.config
        self._unwritten = Unwritten(self._count_unwritten)
        self.have_begun = False
        reporters = self._config.reporters
        if self._config.dry_run:
            reporters[:] = [each for each in reporters if not isinstance(each, JUnitReporter)]
        else:
            self._unwritten.attempt("What the last run left", lambda: previous_run.take_away(self._config))

    def refuse(self, error: Exception) -> None:
        """Say on the list for rerun why this run could not begin."""
        if not self._config.dry_run:
            self._unwritten.attempt("The rerun list", lambda: previous_run.not_begun(self._config, error))
            self._unwritten.say()

    def make_formatters(self) -> list[Any]:
        """Make the formatters that are asked for; one that cannot be made is a report that is not written."""
        made = []
        for name, make in behave_internals.formatter_makers(self._config):
            try:
                made.append(make())
            except Exception as error:
                if isinstance(error, ConfigError) or self._config.dry_run:
                    raise
                self._unwritten.note(name.replace(":", "."), error)
        return made

    def open(self) -> RunRecord:
        """Begin the record of this run, and show it to the reports; none of them can end the run."""
        runner = self._runner
        self._began = clock.monotonic()
        self.have_begun = True
        self._record = record = RunRecord(runner.features, self._config)
        for each in runner.unreadable:
            record.note(f"reading {os.path.relpath(each.file, record.folder)}", None, each)
        reporters = [
            junit.TruthfulJUnit(self._config, record) if type(reporter) is JUnitReporter else reporter
            for reporter in self._config.reporters
        ]
        runner.formatters.insert(0, Tidy())
        self._config.reporters[:] = [TidyFeatures(), *reporters]
        for report in self._all():
            self._unwritten.guard(report)
            if begin := getattr(report, "begin", None):
                begin(record)
        return record

    def list_everything(self) -> None:
        """Make the list for rerun hold all that is planned, until the run has ended."""
        self._unwritten.attempt(
            "The rerun list",
            lambda: rerun.write(self._config, rerun.UNFINISHED, self._record.places),
        )

    def abandon(self) -> None:
        """Write the reports of a run of which `before_all` has failed."""
        for formatter in self._runner.formatters:
            formatter.close()
        for reporter in self._config.reporters:
            if isinstance(reporter, JUnitReporter):
                for feature in self._runner.features:
                    reporter.feature(feature)
                reporter.end()

    def say_how_long(self) -> None:
        """Set the time of the whole run in the summary; behave counts to the end of the first feature."""
        for reporter in self._config.reporters:
            if isinstance(reporter, AbstractSummaryReporter):
                reporter.duration = clock.monotonic() - self._began

    def close(self, failed: bool) -> bool:
        """Hold the reports against the run, and write those that come last; return whether the run failed."""
        runner = self._runner
        failed = self._judge(failed) or bool(self._unwritten)
        if "suite" in runner.context:
            suite, why = runner.context.suite, runner.calls.why_aborted
            self._unwritten.attempt("The picture of the matrix", suite.draw_matrix)
            self._unwritten.attempt("The owner's page", lambda: suite.report(failed, why))
        self._unwritten.attempt(
            "The times of the scenarios", lambda: runner.write_times(self._record, failed)
        )
        failed = self._unwritten.say() or failed
        again = self._record.to_repeat()
        if failed and not again:  # nobody knows which scenario it was
            again = self._record.places
        outcome = rerun.RED if failed else rerun.GREEN
        self._unwritten = Unwritten(self._count_unwritten)
        self._unwritten.attempt("The rerun list", lambda: rerun.write(self._config, outcome, again))
        return self._unwritten.say() or failed

    def _all(self) -> list[Any]:
        return [*self._runner.formatters, *self._config.reporters]

    def _count_unwritten(self) -> None:
        """Fail the run, also the one of which this is a worker."""
        self._runner.hook_failures += 1

    def _judge(self, failed: bool) -> bool:
        """Hold the reports against the run, and return whether the run failed or a report differs from it."""
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

    def _differences(self) -> list[str]:
        found: list[str] = []
        for report in self._all():
            if isinstance(report, CheckedReport):
                found += self._unwritten.attempt(name_of(report), report.differences, instead=[])
        return found

    def _unnoticed(self) -> Iterator[str]:
        """Say what the exit code of this run does not, as behave gives it: what failed, or never ran."""
        results = self._record.results
        for each in results:
            if each.is_bad:
                yield f"{each.place} “{each.title}” failed, and whoever ran it let it pass."
        if any(each.never_ran for each in results):
            yield "Not all that was planned has run, and nothing says why."
