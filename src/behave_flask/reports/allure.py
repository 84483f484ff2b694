"""Allure results that cannot be greener than the run, built from allure-behave's own parts.

allure-behave's formatter follows step events, and misses what happens around them: hooks,
cleanups, rules, scenarios that never ran. This one writes each scenario after it has ended, from behave's
final word on it.
Format: https://allurereport.org/docs/how-it-works-test-result-file/
"""

# mypy: allow-untyped-calls
# allure-behave carries no types.

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from behave.configuration import Configuration
from behave.formatter.base import Formatter, StreamOpener
from behave.model import Feature, Scenario, ScenarioOutline, Step

from behave_flask.core import clock, paths, text
from behave_flask.core.extras import requires_extra
from behave_flask.model import evidence
from behave_flask.model.results import (
    BROKEN,
    FAILED,
    PASSED,
    SKIPPED,
    ExampleId,
    Failure,
    Result,
    rule_of,
    state_of_step,
    title_of,
)
from behave_flask.model.run_record import THE_RUN, Fault, RunRecord
from behave_flask.reports.allure_results import (
    ASIDE,
    ATTACHMENTS,
    ISSUES,
    PLACE,
    default_folder,
    put_aside,
    read,
)
from behave_flask.reports.allure_run import describe
from behave_flask.reports.guarded import CheckedReport

with requires_extra("allure"):
    from allure_behave import utils
    from allure_commons.mapping import labels_set, parse_tag
    from allure_commons.model2 import (
        ATTACHMENT_PATTERN,
        TEST_CASE_PATTERN,
        Attachment,
        Label,
        Link,
        Parameter,
        Status,
        StatusDetails,
        TestResult,
        TestStepResult,
    )
    from allure_commons.types import AttachmentType, LabelType, Severity
    from allure_commons.utils import md5, platform_label, uuid4

NAME_AT_MOST = 200  # characters of an attachment's name
WRITTEN = "in_allure"  # the attribute of a scenario that holds its result as it is written

_STATUS = {PASSED: Status.PASSED, FAILED: Status.FAILED, BROKEN: Status.BROKEN, SKIPPED: Status.SKIPPED}
_EXTENSIONS = {
    evidence.TEXT: "txt",
    evidence.HTML: "html",
    evidence.PNG: "png",
    AttachmentType.CSV.mime_type: "csv",
}


class AllureFormatter(CheckedReport, Formatter):
    """Set as a `format` in `behave.ini`, with the folder of the results as its entry in `outfiles`."""

    name = "allure"
    description = "Allure results that agree with the run"
    in_workers = True  # under -j each worker writes what it has played; see `parallel`

    def __init__(self, stream_opener: StreamOpener, config: Configuration) -> None:
        """Write nothing yet."""
        super().__init__(stream_opener, config)
        self.folder = paths.absolute(stream_opener.name or default_folder(config))
        self._aside = self.folder / ASIDE
        self._all = config.userdata.get(ATTACHMENTS, "all") == "all"
        self._feature: Feature | None = None
        self._scenario: Scenario | None = None
        self._began = 0
        self._record: RunRecord | None = None

    def begin(self, record: RunRecord) -> None:
        """Take what the run sets out to do, once, and empty the folder of what an earlier run wrote."""
        self._record = record
        evidence.listen()
        put_aside(self.folder)

    def differences(self) -> list[str]:
        """Return what the results in the folder say otherwise than the run, and what Allure would mix up."""
        if self._record is None:
            return []
        return self._record.differences("Allure", read(self.folder)) + collisions(self._record.planned)

    def feature(self, feature: Feature) -> None:
        """A feature begins."""
        self._feature = feature

    def rule(self, _rule: Any) -> None:
        """A rule begins."""
        self._end_scenario()

    def scenario(self, scenario: Scenario) -> None:
        """A scenario begins; the one before it has ended, with its hooks and cleanups.

        One that is run again is written after its last try.
        """
        if scenario is self._scenario:
            return
        self._end_scenario()
        self._scenario, self._began = scenario, clock.milliseconds()

    def eof(self) -> None:
        """A feature has ended: what it did not run is written too."""
        self._end_scenario()
        if self._feature:
            for scenario in self._feature.walk_scenarios():
                self._write(scenario, clock.milliseconds())
        self._feature = None

    def close(self) -> None:
        """The run has ended: write what it never reached, what failed around it, and where it ran."""
        self._end_scenario()
        if self._record:
            for scenario in self._record.planned:
                self._write(scenario, clock.milliseconds())
            for fault in self._record.lone_faults:
                self._report(_fault(fault, self._record.place(fault.feature)))
            describe(self.folder, self._record.surroundings)
            shutil.rmtree(self._aside, ignore_errors=True)
        super().close()

    def _end_scenario(self) -> None:
        if self._scenario:
            self._write(self._scenario, self._began)
        self._scenario = None

    def _write(self, scenario: Scenario, begun: int) -> None:
        """Write a scenario that was to run, once, in whichever process; again if it was played again."""
        if not self._record or not self._record.includes(scenario):
            return
        result = self._record.result(scenario)
        if getattr(scenario, WRITTEN, None) != result:
            setattr(scenario, WRITTEN, result)
            self._report(self._result(scenario, result, self._record, begun))
            for holder in (scenario, *scenario.all_steps):
                evidence.forget(holder)

    def _report(self, result: TestResult) -> None:
        """Write a result as allure-commons does, in one go: it hands json.dump each comma to the file."""
        written = json.dumps(result, ensure_ascii=False, default=_filled)
        self._save(TEST_CASE_PATTERN.format(prefix=result.uuid), written)

    def _save(self, name: str, content: str | bytes) -> None:
        """Write a file, whole or not at all: over the one of that name that was put aside, then moved here.

        On ext4 without a journal a new file takes eight times as long where many were removed a moment ago.
        """
        draft = self._aside / name
        with draft.open("r+b" if draft.exists() else "xb") as file:
            file.write(content if isinstance(content, bytes) else content.encode(errors="backslashreplace"))
            file.truncate()
        draft.replace(self.folder / name)

    def _result(self, scenario: Scenario, result: Result, record: RunRecord, begun: int) -> TestResult:
        identity = history_id(result.id)
        shown = self._all or result.is_bad
        issues = self.config.userdata.get(ISSUES)
        links = [parse_tag(tag, issue_pattern=issues) for tag in _tags(scenario)]
        uuid = md5(text.visible(str(scenario.location)))  # what a worker wrote before it died gives way
        names = map(f"{uuid}-{{}}".format, count(1))
        return TestResult(
            uuid=uuid,
            name=result.title,
            fullName=f"{record.place(scenario.feature)}: {result.title}",
            titlePath=[*utils.get_title_path(scenario), *filter(None, [result.id.rule])],
            historyId=identity,
            testCaseId=identity,
            description="\n".join(scenario.description) or None,
            status=_STATUS[result.state],
            statusDetails=_details(result),
            labels=_labels(scenario, record),
            links=[link for link in links if isinstance(link, Link)],
            parameters=[Parameter(name=name, value=value) for name, value in result.id.cells],
            steps=list(self._steps(scenario, result, begun, shown, names)),
            attachments=self._attached(evidence.of(scenario) if shown else [], names)
            + (self._attached(_captured(scenario), names) if result.is_bad else []),
            start=begun,
            stop=begun + round(1000 * result.duration),
        )

    def _steps(
        self, scenario: Scenario, result: Result, begun: int, shown: bool, names: Iterator[str]
    ) -> Iterator[TestStepResult]:
        seconds = 0.0
        for number, step in enumerate(scenario.all_steps):
            failures = [each for each in result.failures if each.step == number]
            start = begun + round(1000 * seconds)
            seconds += step.duration
            yield TestStepResult(
                name=f"{step.keyword} {step.name}",
                status=_STATUS[state_of_step(step)],
                statusDetails=_failed_with(failures) if failures else None,
                attachments=self._attached(_spelled_out(step), names)
                + self._attached(evidence.of(step) if shown else [], names),
                start=start,
                stop=begun + round(1000 * seconds),
            )

    def _attached(self, pieces: Iterable[evidence.Piece], names: Iterator[str]) -> list[Attachment]:
        """Write each piece into a file of the next name, and return what points to it.

        Also what is the same: Allure 3 shows a file with the first result that names it, and no other.
        """
        found = []
        for piece in pieces:
            file = ATTACHMENT_PATTERN.format(prefix=next(names), ext=_EXTENSIONS.get(piece.type, "attach"))
            self._save(file, piece.render())
            found.append(Attachment(name=text.clean(piece.name, NAME_AT_MOST), source=file, type=piece.type))
        return found


def _filled(part: Any) -> dict[str, Any]:
    """Return the fields of a part of a result that are filled in, as allure-commons writes them."""
    return {name: value for name, value in vars(part).items() if value or value is False}


def history_id(example: ExampleId) -> str:
    """Return what makes an example the same one in the next run: feature, rule, title as written, cells.

    Neither its line nor its row's number nor the caption of its Examples: they change when a neighbour does.
    """
    return str(md5(str(example)))


def collisions(scenarios: Iterable[Scenario]) -> list[str]:
    """Return a sentence for each two scenarios that Allure would take for one, run twice."""
    seen: dict[str, Scenario] = {}
    found = []
    for scenario in scenarios:
        first = seen.setdefault(history_id(ExampleId.of(scenario)), scenario)
        if first is not scenario:
            found.append(
                f"{first.location} and {scenario.location} have the same feature, rule, title and cells"
                f" (“{title_of(scenario)}”): Allure would show the second as a retry of the first"
            )
    return found


def _tags(scenario: Scenario) -> list[str]:
    """Return the tags of a scenario and all that it stands in, the nearest last.

    Those of an outline are its rows' already, with their cells where they ask for them.
    """
    tags: list[str] = []
    statement = scenario
    while statement is not None:
        if not isinstance(statement, ScenarioOutline):
            tags = [*(str(tag) for tag in statement.tags if str(tag) not in tags), *tags]
        statement = statement.parent
    return tags


def _labels(scenario: Scenario, record: RunRecord) -> list[Label]:
    tags = [parse_tag(tag) for tag in _tags(scenario)]
    labels = [Label(LabelType.SEVERITY, Severity.NORMAL), *(each for each in tags if isinstance(each, Label))]
    area = paths.absolute(scenario.filename).parent
    if area != record.folder and not any(label.name == LabelType.EPIC for label in labels):
        labels.append(Label(LabelType.EPIC, area.name.replace("_", " ").capitalize()))
    if rule := rule_of(scenario):
        labels.append(Label(LabelType.STORY, rule.name))
    return [
        *labels_set(labels),
        Label(LabelType.FEATURE, scenario.feature.name),
        Label(PLACE, record.place(scenario.feature)),
        Label(LabelType.FRAMEWORK, "behave"),
        Label(LabelType.LANGUAGE, platform_label()),
    ]


def _details(result: Result) -> StatusDetails | None:
    """Return why a scenario is not green: its step, and whatever its hooks and cleanups raised after it."""
    if result.state == SKIPPED:
        return StatusDetails(message=text.clean(result.reason), known=result.failed_as_expected or None)
    if result.state == PASSED:
        return StatusDetails(message=text.clean(result.reason), flaky=True) if result.is_flaky else None
    return _failed_with(result.failures)


def _failed_with(found: Sequence[Failure]) -> StatusDetails:
    return StatusDetails(
        message="\n\n".join(each.message for each in found),
        trace="\n".join(each.trace for each in found if each.trace) or None,
    )


def _spelled_out(step: Step) -> Iterator[evidence.Piece]:
    if step.text:
        yield evidence.Piece("text", str(step.text))
    if step.table:
        yield evidence.Piece("table", utils.step_table(step), AttachmentType.CSV.mime_type)


def _captured(scenario: Scenario) -> Iterator[evidence.Piece]:
    captured = scenario.captured
    for name in ("stdout", "stderr", "log"):
        if output := getattr(captured, name):
            yield evidence.Piece({"log": "the log"}.get(name, f"what it printed ({name})"), output)


def _fault(fault: Fault, place: str) -> TestResult:
    """Return a result for an error that no scenario carries."""
    moment = clock.milliseconds()
    return TestResult(
        uuid=uuid4(),
        name=fault.title,
        fullName=f"{place}: {fault.title}",
        historyId=md5(f"{place}: {fault.title}"),
        testCaseId=md5(f"{place}: {fault.title}"),
        titlePath=[place],
        status=Status.BROKEN,
        statusDetails=_failed_with([fault.failure]),
        labels=[
            Label(PLACE, place),
            Label(LabelType.FEATURE, fault.feature.name if fault.feature else THE_RUN),
            Label(LabelType.SEVERITY, Severity.BLOCKER),
            Label(LabelType.FRAMEWORK, "behave"),
        ],
        start=moment,
        stop=moment,
    )
