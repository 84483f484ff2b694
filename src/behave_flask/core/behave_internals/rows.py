"""The rows of outlines and their steps, made in less time and memory than behave takes.

behave makes a whole scenario of each row before anything runs, with steps of its own, and keeps them all.
Here a row has its steps from when they are first asked for until its feature is reported. Then it is folded:
what became of them is kept, and they are made again for whoever asks.

To behave an outline whose rows never ran has passed, and a feature in which a plain scenario comes after it
has failed, after `--stop` and with `--dry-run`. Here they are untested, as the rows are.

behave copies a step by Python's `copy`. That walks through all that a step holds, and leaves a dictionary of
its own in each copy; objects whose attributes are set one by one share theirs (PEP 412).
"""

import copy
from array import array
from collections.abc import Iterable, Iterator
from operator import attrgetter
from sys import intern
from types import SimpleNamespace
from typing import Any

from behave.capture import CaptureSinkAsCollector, ManyCaptured
from behave.model import (
    Examples,
    Feature,
    Scenario,
    ScenarioOutline,
    ScenarioOutlineBuilder,
    Status,
    Step,
    Tag,
)
from behave.model import Row as Cells
from behave.model_type import FileLocation
from behave.reporter.base import Reporter

from behave_flask.core.behave_internals.compatibility import relies_on

_init = Cells.__init__
_come_to = ScenarioOutline.compute_status


def make_lean() -> None:
    """Patch behave, so that it makes rows, judges outlines and copies steps in the way of this module."""
    ScenarioOutlineBuilder.make_scenario_for = _made
    Step.__copy__ = Step.__deepcopy__ = _copied
    Cells.__init__ = _filled
    ScenarioOutline.compute_status = _judged


@relies_on(
    "behave.model:Scenario.__init__(self, filename, line, keyword, name, tags=None, steps=None,"
    " description=None, parent=None, background=None, background_steps=None)"
    " with _background_steps, _use_background, _row, hook_failed, was_dry_run",
    "behave.model:Scenario.background_steps(self) with _background_steps",
    "behave.model:Scenario.reset(self) with _row",
    "behave.model_core:TagAndStatusStatement.__init__(self, filename, line, keyword, name, tags, parent=None)"
    " with _cached_status, should_skip, skip_reason",
)
class Row(Scenario):
    """A row of an outline, which reads as the scenario that behave makes of it. behave/behave#285."""

    # What is its outline's, and of what behave sets on each scenario what is mostly never set otherwise.
    feature = property(attrgetter("parent.feature"))
    background = property(attrgetter("parent.background"))
    keyword = property(attrgetter("parent.keyword"))
    description = property(attrgetter("parent.description"))
    exception = exc_traceback = error_message = skip_reason = None
    should_skip = False
    _use_background = True

    def __init__(
        self, outline: ScenarioOutline, examples: Examples, row: Cells, name: str, tags: list[Any]
    ) -> None:
        """Accept the row with its title and tags; all else is its outline's, or is made when it is needed."""
        self.parent, self._examples, self._row = outline, examples, row
        self.name, self.tags = name, tags
        self._steps: list[Step] | None = None
        self._background_steps: list[Step] | None = None
        self._sink: CaptureSinkAsCollector | None = None
        self.seconds: array[float] | None = None  # of each step, when the steps are gone
        self._cached_status = Status.untested
        self.hook_failed = self.was_dry_run = False
        # What the package notes later: with an attribute more, each row would get a dictionary of its own.
        self.accounted_for: Any = None
        self.in_allure = False

    @property
    def location(self) -> FileLocation:
        """Where the row stands."""
        return FileLocation(self.parent.filename, self._row.line)

    @property
    def captured(self) -> ManyCaptured:
        """What was printed in it."""
        return self.capture_sink.collector

    @property
    def capture_sink(self) -> CaptureSinkAsCollector:
        """What takes what is printed in it."""
        if self._sink is None:
            self._sink = CaptureSinkAsCollector(store_on_success=self.STORE_CAPTURED_ON_SUCCESS)
        return self._sink

    @property
    def steps(self) -> list[Step]:
        """The outline's steps with the cells of this row."""
        if self._steps is None:
            steps = self._filled_in(self.parent.steps)
            self._steps = self._unfolded(steps, slice(-len(steps), None))
        return self._steps

    @property
    def background_steps(self) -> list[Step]:
        """The background's steps, with the cells of this row where they ask for them."""
        if self._background_steps is None:
            steps = super().background_steps
            if ScenarioOutlineBuilder.has_parametrized_steps(steps):
                steps = self._filled_in(steps)
            self._background_steps = self._unfolded(steps, slice(len(steps)))
        return self._background_steps

    @property
    def duration(self) -> float:
        """The seconds that its steps took."""
        return sum(self.seconds or ()) if self._steps is None else super().duration

    def compute_status(self) -> Status:
        """Return what the steps come to; those that nobody has asked for have not run."""
        if self._steps is not None or self.seconds or self.hook_failed or not self.parent.steps:
            return super().compute_status()
        return Status.untested

    def reset(self) -> None:
        """Be as before the run, and still this row: behave forgets which one it was."""
        row = self._row
        super().reset()
        self._row = row

    def fold(self) -> bool:
        """Release the steps if they say no more than the scenario's status and how long they took.

        Tells whether they are gone.
        """
        steps = list(self.all_steps) if self._steps is not None else []
        alike = {step.status for step in steps} == {self.status}
        if alike and not any(map(_tells, (self, *steps))):
            self.become(array("d", [step.duration for step in steps]))
        return self._steps is None and self.seconds is not None

    def become(self, seconds: "array[float]") -> None:
        """Be a scenario that was folded after its steps took so long."""
        self.seconds = seconds
        self._steps = self._background_steps = self._sink = None

    def _unfolded(self, steps: list[Step], taken: slice) -> list[Step]:
        """Return steps that were just made as they were when they were let go of."""
        if self.seconds:
            for step, seconds in zip(steps, self.seconds[taken], strict=True):
                step.status, step.duration = self._cached_status, seconds
        return steps

    def _filled_in(self, steps: Iterable[Step]) -> list[Step]:
        row, examples = self._row, self._examples
        params = {
            "examples.name": ScenarioOutlineBuilder.render_template(examples.name or "", row),
            "examples.index": str(examples.index),
            "row.index": str(row.index),
            "row.id": row.id,
        }
        return [ScenarioOutlineBuilder.make_step_for_row(step, row, params) for step in steps]


class Folding(Reporter):
    """The last reporter: a feature that all others have reported is folded."""

    def feature(self, feature: Feature) -> None:
        """Fold all its rows."""
        fold(feature.walk_scenarios())


def fold(scenarios: Iterable[Scenario]) -> None:
    """Fold those of the scenarios that are rows."""
    for scenario in scenarios:
        if isinstance(scenario, Row):
            scenario.fold()


def _tells(item: Scenario | Step) -> bool:
    """Return whether there is more to say of a scenario or a step than its status."""
    return item.error_message is not None or item.exception is not None or item.captured.has_output()


@relies_on(
    "behave.model:ScenarioOutlineBuilder.make_scenario_for(self, example, row, scenario_template, params)",
    "behave.model:ScenarioOutlineBuilder.make_step_for_row(cls, outline_step, row, params=None)",
)
def _made(
    builder: ScenarioOutlineBuilder,
    examples: Examples,
    row: Cells,
    outline: ScenarioOutline,
    params: dict[str, str],
) -> Row:
    params["examples.name"] = caption = builder.render_template(examples.name or "", row, params)
    title = builder.annotation_schema.format(
        name=builder.render_template(outline.name, row, params),
        examples=SimpleNamespace(name=caption, index=examples.index, id=caption),
        row=SimpleNamespace(name=row.id, index=row.index, id=row.id),
    )
    tags = dict.fromkeys(_tags_of_row(builder, [*outline.tags, *examples.tags], row, params))
    return Row(outline, examples, row, title, list(tags))


def _tags_of_row(
    builder: ScenarioOutlineBuilder, written: Iterable[Tag], row: Cells, params: dict[str, str]
) -> Iterator[Tag]:
    """Yield the tags as they are written, with the cells of a row where they ask for them.

    behave takes out of each what is no letter and none of a few signs, so that an address loses its slashes
    (behave/behave#513, #1021, #1240). A tag that asks for a column which is not there is left out, as behave
    does.
    """
    for tag in written:
        if not builder.is_parametrized_tag(tag):
            yield tag
            continue
        filled = "_".join(builder.render_template(tag, row, params).split())  # no tag has a space
        if not builder.is_parametrized_tag(filled):
            yield Tag(filled, tag.line)


@relies_on("behave.model:ScenarioOutline.compute_status(self) with _scenarios")
def _judged(outline: ScenarioOutline) -> Status:
    """Return what the rows come to: to behave, rows that never ran have passed. No issue known."""
    status = _come_to(outline)
    if status == Status.passed and any(row.status == Status.untested for row in outline.scenarios):
        return Status.untested
    return status


@relies_on("behave.model:Row.__init__(self, headings, cells, line=None, comments=None)")
def _filled(
    row: Cells, headings: list[str], cells: list[str], line: int | None = None, comments: Any = None
) -> None:
    same = [intern(cell) if type(cell) is str else cell for cell in cells]  # most are in other rows too
    _init(row, headings, same, line, comments)
    row.index, row.id = 0, ""  # added later, as behave does, they would give each row a dictionary of its own


@relies_on(
    "behave.model_core:BasicStatement.__init__(self, filename, line, keyword, name)"
    " with _captured, _capture_sink",
    "behave.model:copy_steps(steps) with copy",
)
def _copied(step: Step, memo: dict[int, Any] | None = None) -> Step:
    """Return a step with a table and an output of its own; behave's copies of a background share both.

    No issue known.
    """
    new = Step.__new__(type(step))
    for name, value in vars(step).items():
        setattr(new, name, value)
    new.table = copy.deepcopy(step.table, memo)
    new._captured = ManyCaptured()
    new._capture_sink = CaptureSinkAsCollector(new._captured, step._capture_sink.store_on_success)
    return new
