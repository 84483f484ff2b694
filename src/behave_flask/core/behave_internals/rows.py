"""Patches of how behave makes and judges the rows of an outline, and copies the steps of a background."""

import copy
from typing import Any

from behave.capture import CaptureSinkAsCollector, ManyCaptured
from behave.model import Row, Scenario, ScenarioOutline, ScenarioOutlineBuilder, Status, Step, Tag

from behave_flask.core.behave_internals.compatibility import relies_on

_reset_of_behave = Scenario.reset
_status_of_behave = ScenarioOutline.compute_status


def patch_rows() -> None:
    """Patch behave; done twice, it is done once."""
    ScenarioOutlineBuilder.make_row_tags = staticmethod(_make_row_tags)
    ScenarioOutline.compute_status = _compute_status
    Scenario.reset = _reset
    Step.__copy__ = _copy_step
    Step.__deepcopy__ = lambda step, _: _copy_step(step)


@relies_on("behave.model:ScenarioOutlineBuilder.make_row_tags(cls, template_tags, row, params=None)")
def _make_row_tags(template_tags: list[Tag], row: Row, params: dict[str, Any] | None = None) -> list[Tag]:
    """Return the tags as they are written, with the cells of a row where they ask for them, each once.

    behave takes out of each what is no letter and none of a few signs, so that an address loses its slashes
    (behave/behave#513, #1021, #1240). A tag that asks for a column which is not there is left out, as behave
    does.
    """
    builder, tags = ScenarioOutlineBuilder, list[Tag]()
    for tag in template_tags:
        if not builder.is_parametrized_tag(tag):
            tags.append(tag)
            continue
        filled = "_".join(builder.render_template(tag, row, params).split())  # no tag has a space
        if not builder.is_parametrized_tag(filled):
            tags.append(Tag(filled, tag.line))
    return list(dict.fromkeys(tags))


@relies_on("behave.model:ScenarioOutline.compute_status(self) with _scenarios")
def _compute_status(outline: ScenarioOutline) -> Status:
    """Return what the rows come to: to behave, rows that never ran have passed. No issue known.

    So it would call a feature failed in which a plain scenario comes after them, after `--stop` and with
    `--dry-run`.
    """
    status = _status_of_behave(outline)
    if status == Status.passed and any(row.status == Status.untested for row in outline.scenarios):
        return Status.untested
    return status


@relies_on("behave.model:Scenario.reset(self) with _row")
def _reset(scenario: Scenario) -> None:
    """Make a scenario as before its run: behave forgets which row of its outline it is. No issue known."""
    row = scenario._row
    _reset_of_behave(scenario)
    scenario._row = row


@relies_on(
    "behave.model_core:BasicStatement.__init__(self, filename, line, keyword, name)"
    " with _captured, _capture_sink",
    "behave.model:copy_steps(steps) with copy",
    "behave.model:ScenarioOutlineBuilder.make_step_for_row(cls, outline_step, row, params=None)"
    " with deepcopy",
)
def _copy_step(step: Step) -> Step:
    """Return a step with a table and an output of its own; behave's copies of a background share both.

    For the rows of an outline behave copies each step with all that it refers to, which takes longer than
    reading them. No issue known.
    """
    new = Step.__new__(type(step))
    vars(new).update(vars(step))
    new.table = copy.deepcopy(step.table)
    new._captured = ManyCaptured()
    new._capture_sink = CaptureSinkAsCollector(new._captured, step._capture_sink.store_on_success)
    return new
