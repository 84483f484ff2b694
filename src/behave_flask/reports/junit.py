"""behave's JUnit files, with what they leave out: why something was skipped, and errors around features.

Without this, a scenario that never ran is a case without failure, error or skip: passed, to most readers.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from socket import gethostname
from typing import NamedTuple
from xml.etree import ElementTree

from behave.configuration import Configuration
from behave.model import Feature, Scenario
from behave.reporter.junit import CDATA, ElementTreeWithCDATA, JUnitReporter

from behave_flask.core import clock, paths, text
from behave_flask.model import expected_failures
from behave_flask.model.results import BROKEN, FAILED, PASSED, SKIPPED, Result
from behave_flask.model.run_record import THE_RUN, Fault, RunRecord
from behave_flask.reports.guarded import CheckedReport

MESSAGE_AT_MOST = 2_000  # characters of the attribute `message`; the text beside it holds more
FILE_NAME_AT_MOST = 200  # bytes: file systems take 255, with what stands before and behind it
EXAMPLE = "example"  # the property that says which example a case is
_ELEMENTS = {"error": BROKEN, "failure": FAILED, "skipped": SKIPPED}


class TruthfulJUnit(CheckedReport, JUnitReporter):
    """A case for each scenario that the run was to play, and one for each error around them.

    Each says in which file, and at which line of it, its scenario or row stands.
    """

    def __init__(self, config: Configuration, record: RunRecord) -> None:
        """Write nothing yet."""
        super().__init__(config)
        self._record = record
        self.folder = paths.absolute(config.junit_directory)

    def differences(self) -> list[str]:
        """Return what the files in the folder say otherwise than the run."""
        return self._record.differences("JUnit", (case[:3] for case in cases(self.folder)))

    def begin(self, _record: RunRecord) -> None:
        """Empty the folder: what an earlier run wrote is not this run's."""
        for file in self.folder.glob("TESTS-*.xml"):
            file.unlink()

    def feature(self, feature: Feature) -> None:
        """Write the file of a feature, unless nothing of it was to run."""
        scenarios = [each for each in feature.walk_scenarios() if self._record.includes(each)]
        if not scenarios:
            return
        faults = [fault for fault in self._record.lone_faults if fault.feature is feature]
        place = self._record.place(feature)
        cases = [self._case(each, self._record.result(each)) for each in scenarios]
        suite = _suite(place, [*cases, *(_case_of_fault(place, each) for each in faults)])
        suite.set("time", str(round(sum(float(each.get("time", 0)) for each in cases), 6)))
        if self.show_timestamp:
            suite.set("timestamp", clock.now().replace(tzinfo=None).isoformat())  # of here, as JUnit has it
        if self.show_hostname:
            suite.set("hostname", gethostname())
        self._write(suite, f"TESTS-{_short(self._record.path(feature))}.xml")

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
        if faults := [fault for fault in self._record.lone_faults if fault.feature is None]:
            suite = _suite(THE_RUN, [_case_of_fault(THE_RUN, fault) for fault in faults])
            self._write(suite, "TESTS-the-run.xml")

    def _case(self, scenario: Scenario, result: Result) -> ElementTree.Element:
        case = ElementTree.Element(
            "testcase",
            classname=self._record.place(scenario.feature),
            name=result.title,
            status=result.behave_status,
            time=str(result.duration),
            file=scenario.filename,
            line=str(scenario.line),
        )
        if result.state == SKIPPED:
            skipped = ElementTree.SubElement(case, "skipped")
            skipped.set("message", text.clean(result.reason, MESSAGE_AT_MOST))
            if result.failed_as_expected:
                skipped.set("type", expected_failures.TAG)
        elif result.state != PASSED:
            case.append(self._problem(scenario, result))
        captured = scenario.captured
        written = self.describe_scenario(scenario) if self.show_scenarios else ""
        if captured.stdout:
            written += f"\nCaptured stdout:\n{captured.stdout}\n"
        ElementTree.SubElement(case, "system-out").append(CDATA(written))
        errors = [("stderr", captured.stderr), ("log", captured.log)]
        if error_output := "".join(f"\nCaptured {name}:\n{output}\n" for name, output in errors if output):
            ElementTree.SubElement(case, "system-err").append(CDATA(error_output))
        _add_tries(result, case)
        properties = ElementTree.SubElement(case, "properties")
        ElementTree.SubElement(properties, "property", name=EXAMPLE, value=str(result.id))
        return case

    def _problem(self, scenario: Scenario, result: Result) -> ElementTree.Element:
        """Return the element for all that went wrong, in steps, hooks and cleanups."""
        found, steps = result.failures, list(scenario.all_steps)
        tag = "failure" if result.state == FAILED else "error"
        message = text.clean("\n\n".join(each.message for each in found), MESSAGE_AT_MOST)
        element = ElementTree.Element(tag, type=found[0].kind, message=message)
        lines = []
        for each in found:
            if each.step is not None:
                step = steps[each.step]
                lines.append(f"Failing step: {self.describe_step(step).rstrip()}\nLocation: {step.location}")
            lines.append(each.whole)
        element.append(CDATA("\n" + text.clean("\n".join(lines))))
        return element


def _add_tries(result: Result, case: ElementTree.Element) -> None:
    """Add what went wrong in earlier tries, as Maven's Surefire has it for tests that are run again."""
    kind = "flakyFailure" if result.is_flaky else "rerunFailure"
    for line in result.tries:
        message = text.clean(line, MESSAGE_AT_MOST)
        element = ElementTree.SubElement(case, kind, type=kind, message=message)
        ElementTree.SubElement(element, "stackTrace").text = line


def _suite(name: str, cases: Sequence[ElementTree.Element]) -> ElementTree.Element:
    """Return the cases with how many there are of each kind."""
    suite = ElementTree.Element("testsuite", name=name, tests=str(len(cases)))
    for count, tag in (("errors", "error"), ("failures", "failure"), ("skipped", "skipped")):
        suite.set(count, str(sum(case.find(tag) is not None for case in cases)))
    suite.extend(cases)
    return suite


class Case(NamedTuple):
    """What a JUnit file says of an example, as any reader of JUnit takes it; without `key`, of a hook."""

    place: str
    title: str
    state: str
    key: str


def cases(folder: Path) -> Iterator[Case]:
    """Yield what the JUnit files of a folder say."""
    for file in sorted(folder.glob("TESTS-*.xml")):
        for case in ElementTree.parse(file).iter("testcase"):  # noqa: S314 (our own file)
            found = [_ELEMENTS[child.tag] for child in case if child.tag in _ELEMENTS]
            example = case.find(f"properties/property[@name='{EXAMPLE}']")
            key = "" if example is None else example.get("value", "")
            yield Case(case.get("classname", ""), case.get("name", ""), (found or [PASSED])[0], key)


def _case_of_fault(where: str, fault: Fault) -> ElementTree.Element:
    case = ElementTree.Element("testcase", classname=where, name=fault.title, status="hook_error", time="0")
    problem = fault.failure
    message = text.clean(problem.message, MESSAGE_AT_MOST)
    error = ElementTree.SubElement(case, "error", type=problem.kind, message=message)
    error.text = problem.whole
    return case


def _short(name: str) -> str:
    """Return a name that a file system takes; a cut one is distinguished by a number made of the whole."""
    encoded = os.fsencode(name)
    if len(encoded) <= FILE_NAME_AT_MOST:
        return name
    number = hashlib.sha256(encoded).hexdigest()[:12]
    return f"{encoded[:FILE_NAME_AT_MOST].decode(errors='ignore')}-{number}"
