"""behave's JUnit files, with what they leave out: why something was skipped, and errors around features.

Without this, a scenario that never ran is a case without failure, error or skip: passed, to most readers.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from socket import gethostname
from typing import Any
from xml.etree import ElementTree

from behave.configuration import Configuration
from behave.model import Feature, Scenario
from behave.reporter.junit import CDATA, ElementTreeWithCDATA, FeatureReportData, JUnitReporter

from behave_flask.core import clock, paths, text
from behave_flask.model import expected_failures, problems, retries
from behave_flask.model.run_record import (
    BROKEN,
    FAILED,
    PASSED,
    SKIPPED,
    THE_RUN,
    Fault,
    Line,
    RunRecord,
    reason,
    title_of,
    verdict_on,
)
from behave_flask.reports.guarded import CheckedReport

MESSAGE_AT_MOST = 2_000  # characters of the attribute `message`; the text beside it holds more
FILE_NAME_AT_MOST = 200  # bytes: file systems take 255, with what stands before and behind it
_ELEMENTS = {"error": BROKEN, "failure": FAILED, "skipped": SKIPPED}


class TruthfulJUnit(CheckedReport, JUnitReporter):
    """A case for each scenario that the run was to play, and one for each error around them.

    Each says in which file, and at which line of it, its scenario or row stands.
    """

    show_skipped_always = True

    def __init__(self, config: Configuration, record: RunRecord) -> None:
        """Write nothing yet."""
        super().__init__(config)
        self._record = record
        self.folder = paths.absolute(config.junit_directory)

    def differences(self) -> list[str]:
        """Return what the files in the folder say otherwise than the run."""
        return self._record.differences("JUnit", read(self.folder))

    def begin(self, _record: RunRecord) -> None:
        """Empty the folder: what an earlier run wrote is not this run's."""
        for file in self.folder.glob("TESTS-*.xml"):
            file.unlink()

    def make_feature_filename(self, feature: Feature) -> str:
        """Return the name of a feature's file from its folder: behave's depends on how it was asked for."""
        return self._record.path(feature)

    def feature(self, feature: Feature) -> None:
        """Write the file of a feature, unless nothing of it was to run."""
        if not any(self._record.includes(scenario) for scenario in feature.walk_scenarios()):
            return
        name = self.make_feature_filename(feature)
        report = FeatureReportData(feature, name)
        self._process_run_items_for(feature, report)
        suite = ElementTree.Element(
            "testsuite",
            name=self._record.place(feature),
            tests=str(report.counts_tests),
            errors=str(report.counts_errors),
            failures=str(report.counts_failed),
            skipped=str(report.counts_skipped),
            time=str(round(feature.duration, 6)),
        )
        if self.show_timestamp:
            suite.set("timestamp", clock.now().replace(tzinfo=None).isoformat())  # of here, as JUnit has it
        if self.show_hostname:
            suite.set("hostname", gethostname())
        suite.extend(report.testcases)
        self._write(suite, f"TESTS-{_short(name)}.xml")

    def _write(self, suite: ElementTree.Element, name: str) -> None:
        """Write a file whole or not at all, every text of it in a form that XML can hold."""
        for element in suite.iter():
            element.text = element.text and text.visible(element.text)
            for key, value in element.items():
                element.set(key, text.visible(value))
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f"{name}.new"
        ElementTreeWithCDATA(suite).write(draft, "UTF-8", xml_declaration=True)
        draft.replace(self.folder / name)

    def end(self) -> None:
        """Write the errors around the run itself."""
        if faults := [fault for fault in self._record.faults if fault.feature is None]:
            count = str(len(faults))
            suite = ElementTree.Element("testsuite", name=THE_RUN, tests=count, errors=count)
            suite.extend(_case(THE_RUN, fault) for fault in faults)
            self._write(suite, "TESTS-the-run.xml")

    def _process_scenario(self, scenario: Scenario, report: object) -> None:
        if not self._record.includes(scenario):
            return
        super()._process_scenario(scenario, report)
        case = report.testcases[-1]  # type: ignore[attr-defined]
        case.set("classname", self._record.place(scenario.feature))
        case.set("name", title_of(scenario))
        case.set("file", scenario.filename)
        case.set("line", str(scenario.line))
        self._agree(scenario, case, report)
        self._tell_tries(scenario, case)
        if (skipped := case.find("skipped")) is not None:
            skipped.set("message", text.clean(reason(scenario), MESSAGE_AT_MOST))

    def _agree(self, scenario: Scenario, case: ElementTree.Element, report: Any) -> None:
        """Say of a scenario what the run says of it, where behave's own reporter says nothing."""
        verdict = verdict_on(scenario)
        if verdict == PASSED or any(_ELEMENTS.get(each.tag) == verdict for each in case):
            return
        if verdict == SKIPPED:
            kind = {"type": expected_failures.TAG} if expected_failures.excused(scenario) is not None else {}
            case.insert(0, ElementTree.Element("skipped", kind))
            report.counts_skipped += 1
        elif verdict == FAILED:
            case.insert(0, self._make_problem_description_for("failure", scenario, None))
            report.counts_failed += 1
        else:
            case.insert(0, self._make_problem_description_for("error", scenario, None))
            report.counts_errors += 1

    def _tell_tries(self, scenario: Scenario, case: ElementTree.Element) -> None:
        """Say what went wrong in earlier tries, as Maven's Surefire has it for tests that are run again."""
        kind = "flakyFailure" if retries.is_flaky(scenario) else "rerunFailure"
        for said in retries.lines(scenario):
            told = ElementTree.SubElement(case, kind, type=kind, message=text.clean(said, MESSAGE_AT_MOST))
            ElementTree.SubElement(told, "stackTrace").text = said

    def _make_problem_description_for(
        self, element_name: str, scenario: Scenario, _step: object
    ) -> ElementTree.Element:
        """Return the element for what went wrong: behave's own leaves out what hooks said after a step."""
        found = problems.of(scenario)
        element = ElementTree.Element(element_name, type=found[0].kind)
        element.set("message", text.clean("\n\n".join(each.message for each in found), MESSAGE_AT_MOST))
        lines = []
        for each in found:
            if each.step:
                step = self.describe_step(each.step).rstrip()
                lines.append(f"Failing step: {step}\nLocation: {each.step.location}")
            lines.append(each.whole)
        element.append(CDATA("\n" + text.clean("\n".join(lines))))
        return element

    def _process_run_items_for(self, parent: object, report: object) -> None:
        super()._process_run_items_for(parent, report)
        for fault in self._record.faults:
            if fault.statement is parent:
                where = self._record.place(fault.feature)
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
    problem = problems.of_error(fault.error)
    message = text.clean(problem.message, MESSAGE_AT_MOST)
    error = ElementTree.SubElement(case, "error", type=problem.kind, message=message)
    error.text = problem.whole
    return case


def _short(name: str) -> str:
    """Return a name that a file system takes; a cut one is told apart by a number made of the whole."""
    encoded = os.fsencode(name)
    if len(encoded) <= FILE_NAME_AT_MOST:
        return name
    number = hashlib.sha256(encoded).hexdigest()[:12]
    return f"{encoded[:FILE_NAME_AT_MOST].decode(errors='ignore')}-{number}"
