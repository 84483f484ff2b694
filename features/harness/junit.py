"""behave's JUnit files, with what they leave out: why something was skipped, and errors around features.

Without this, a scenario that never ran is a case without failure, error or skip: passed, to most readers.
"""

import traceback
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

from behave.configuration import Configuration
from behave.model import Feature, Scenario
from behave.reporter import junit as behaves_own
from behave.reporter.junit import JUnitReporter

from features.harness import clock, expected
from features.harness.account import (
    BROKEN,
    FAILED,
    PASSED,
    SKIPPED,
    THE_RUN,
    Account,
    Fault,
    Line,
    reason,
    title_of,
)

_ELEMENTS = {"error": BROKEN, "failure": FAILED, "skipped": SKIPPED}


class _Timestamp:
    """What behave's reporter asks for the time, in place of a `datetime` that a scenario may have frozen."""

    @staticmethod
    def now() -> datetime:
        """Return the real time here, without a zone, as JUnit has it."""
        return clock.now().replace(tzinfo=None)


behaves_own.datetime = _Timestamp


class TruthfulJUnit(JUnitReporter):
    """A case for each scenario that the run was to play, and one for each error around them."""

    show_skipped_always = True

    def __init__(self, config: Configuration, account: Account) -> None:
        """Begin with an empty folder: what an earlier run wrote is not this run's."""
        super().__init__(config)
        self._account = account
        self.folder = Path(config.junit_directory)
        for file in self.folder.glob("TESTS-*.xml"):
            file.unlink()

    def make_feature_filename(self, feature: Feature) -> str:
        """Return the name of a feature's file from its folder: behave's depends on how it was asked for."""
        return self._account.place(feature).removesuffix(f".{feature.name}")

    def feature(self, feature: Feature) -> None:
        """Write the file of a feature, unless nothing of it was to run."""
        if any(self._account.includes(scenario) for scenario in feature.walk_scenarios()):
            super().feature(feature)

    def end(self) -> None:
        """Write the errors around the run itself."""
        if faults := [fault for fault in self._account.faults if fault.feature is None]:
            count = str(len(faults))
            suite = ElementTree.Element("testsuite", name=THE_RUN, tests=count, errors=count)
            suite.extend(_case(THE_RUN, fault) for fault in faults)
            self.folder.mkdir(parents=True, exist_ok=True)
            ElementTree.ElementTree(suite).write(self.folder / "TESTS-the-run.xml", "UTF-8")

    def _process_scenario(self, scenario: Scenario, report: object) -> None:
        if not self._account.includes(scenario):
            return
        super()._process_scenario(scenario, report)
        case = report.testcases[-1]  # type: ignore[attr-defined]
        case.set("name", title_of(scenario))
        if expected.excused(scenario) is not None:
            case.insert(0, ElementTree.Element("skipped", type=expected.TAG))
            report.counts_skipped += 1  # type: ignore[attr-defined]
        if (skipped := case.find("skipped")) is not None:
            skipped.set("message", reason(scenario))

    def _process_run_items_for(self, parent: object, report: object) -> None:
        super()._process_run_items_for(parent, report)
        for fault in self._account.faults:
            if fault.statement is parent:
                where = self._account.place(fault.feature)
                report.testcases.append(_case(where, fault))  # type: ignore[attr-defined]
                report.counts_tests += 1  # type: ignore[attr-defined]
                report.counts_errors += 1  # type: ignore[attr-defined]


def read(folder: Path) -> Iterator[Line]:
    """Yield what the JUnit files of a folder say, as any reader of JUnit takes it."""
    for file in sorted(folder.glob("TESTS-*.xml")):
        for case in ElementTree.parse(file).iter("testcase"):  # noqa: S314 (our own file)
            found = [_ELEMENTS[child.tag] for child in case if child.tag in _ELEMENTS]
            yield case.get("classname", ""), case.get("name", ""), (found or [PASSED])[0]


def _case(where: str, fault: Fault) -> ElementTree.Element:
    case = ElementTree.Element("testcase", classname=where, name=fault.title, status="hook_error", time="0")
    error = ElementTree.SubElement(case, "error", type=type(fault.error).__name__, message=str(fault.error))
    error.text = "".join(traceback.format_exception(fault.error))
    return case
