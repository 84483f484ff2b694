"""Answers held by snapshots: what differs, what is missing and what nobody uses turns the suite red."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from planting import feature, replace

FIRST = """
  Scenario: a product
    When an admin manages to add a product by POST /api/products
    Then the answer is as recorded
"""
LAST = """
  Scenario: the weather
    When a user manages to see the weather by GET /api/weather
    Then the answer is as recorded
"""
# Just the words that this feature uses: one that no feature uses is red in a whole run.
STEPS = """
from behave import given, then, when

from features.support.checks import answers, permissions


@given("a shop with a member, a product, an order and a post")
def step_shop(context):
    permissions.furnish(context.world)


@when("{who} manages to {action} by {request:Request}")
def step_manage(context, who, action, request):
    permissions.MATRIX.attempt(context.world, who, action, request).must_succeed()


@then("the answer is as recorded")
def step_as_recorded(context):
    answers.as_recorded(context.suite.snapshots, context.scenario.name, context.world)
"""
SNAPSHOT = "features/planted/__snapshots__/planted.ambr"


@pytest.fixture
def project(tmp_path: Path, copy_project: Callable[[Path], Path], behave: Callable[..., Any]) -> Path:
    """A copy whose only feature has its snapshots."""
    project = copy_project(tmp_path / "project")
    for file in project.glob("features/*/*.feature"):
        shutil.rmtree(file.parent, ignore_errors=True)
    shutil.rmtree(project / "features/steps")
    (project / "features/steps").mkdir()
    (project / "features/steps/planted_steps.py").write_text(STEPS)
    path = feature(project, FIRST + LAST)
    assert behave(project, "-D", "snapshots=update", path).code == 0
    return project


def test_a_changed_field_is_shown_and_a_missing_snapshot_is_written_only_when_asked(
    project: Path, behave: Callable[..., Any]
) -> None:
    recorded = (project / SNAPSHOT).read_text()
    replace(project, "features/planted/planted.feature", "Scenario: the weather", "Scenario: the forecast")
    replace(
        project,
        "app/api/products.py",
        "    return ProductView.model_validate(product), 201, where",
        '    return ProductView.model_validate(product).model_copy(update={"stock": 4}), 201, where',
    )

    run = behave(project)
    changed, missing = run.case("a product").message, run.case("the forecast").message
    assert f"{SNAPSHOT}, entry “a product”, differs (- snapshot, + received)" in changed
    assert "-   'stock': 3," in changed
    assert "+   'stock': 4," in changed
    assert f"{SNAPSHOT} has no entry “the forecast”." in missing
    assert "Write it with: behave -D snapshots=update features/planted/planted.feature" in missing
    assert run.code == 1
    assert (project / SNAPSHOT).read_text() == recorded

    assert behave(project, "-D", "snapshots=update").code == 0
    assert behave(project).code == 0


def test_unused_snapshots_are_told_by_name_and_removed_when_asked(
    project: Path, behave: Callable[..., Any]
) -> None:
    orphan = project / "features/planted/__snapshots__/gone.ambr"
    shutil.copy(project / SNAPSHOT, orphan)
    replace(project, "features/planted/planted.feature", LAST, "")

    part = behave(project, "-n", "a product")
    assert part.code == 1
    assert f"{SNAPSHOT}: no scenario uses the entry “the weather”" in part.output
    assert "gone.ambr" not in part.output

    run = behave(project)
    assert f"{SNAPSHOT}: no scenario uses the entry “the weather”" in run.output
    assert "gone.ambr: there is no feature file gone.feature beside it" in run.output
    assert run.code == 1

    update = behave(project, "-D", "snapshots=update")
    assert f"Removed: {SNAPSHOT}: no scenario uses the entry “the weather”" in update.output
    assert update.code == 0
    assert not orphan.exists()
    assert behave(project).code == 0
