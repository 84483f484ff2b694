"""What became of an example is worked out once, and everything that tells of it tells the same."""

import ast
import json
import pickle
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from reported import plant, play

from behave_flask.core import paths
from behave_flask.model.results import BROKEN, FAILED, PASSED, SKIPPED, ExampleId, Failure, Result
from behave_flask.model.run_record import by_id

ROW = ExampleId("Buying", "Who pays", "<who> buys <what>", (("who", "Ann"), ("what", "“tea”")))


def result(state: str, *failures: Failure, example: ExampleId = ROW) -> Result:
    return Result(
        example, "buying.feature:7", "Ann buys “tea”", state, failures, 0.5, "why", ("Try 1: a",), state
    )


# Nobody works it out a second time

OF_BEHAVE = {"status", "error_message", "exception", "exc_traceback", "skip_reason", "hook_failed"}
MAKING_TEXT = {"describe", "trace_of", "frames_of"}  # of what was raised
ROOMS = ("cli", "lint", "mutation", "parallel", "reports", "runner")
ALLOWED = {
    "mutation/trial.py": "plays copies of scenarios, which are no examples of the run",
    "parallel/assembly.py": "puts what workers send into behave's model, for behave's own formatters",
    "parallel/worker.py": "makes a feature's model as it was, when a piece of it is over",
    "reports/guarded.py": "says which report could not be written, and why",
    "runner/furnishing.py": "looks whether a Background has passed, while its scenario is running",
    "runner/hooks.py": "stands between behave and hooks, while a scenario is running",
    "runner/suite.py": "ends steps and scenarios, while a scenario is running",
    "runner/timeout.py": "looks whether a scenario was broken off, while it is running",
}


def second_derivations(folder: Path) -> Iterator[str]:
    """Yield each place that reads from behave's model what a `Result` says, or makes text of an error."""
    for room in ROOMS:
        for file in sorted((folder / room).rglob("*.py")):
            name = file.relative_to(folder).as_posix()
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                words = OF_BEHAVE | MAKING_TEXT if name not in ALLOWED else set[str]()
                if isinstance(node, ast.Attribute) and node.attr in words:
                    yield f"{name}:{node.lineno}: .{node.attr}"


def test_what_became_of_an_example_is_read_from_its_result_alone() -> None:
    assert list(second_derivations(paths.PACKAGE)) == []


@pytest.mark.parametrize(
    "line",
    [
        "red = [each for each in feature.walk_scenarios() if each.status.has_failed()]",
        "say(step.error_message)",
        "say(text.describe(error))",
    ],
)
def test_a_second_derivation_is_found(tmp_path: Path, line: str) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports/another.py").write_text(f"def report(feature, step, error):\n    {line}\n")
    (found,) = second_derivations(tmp_path)
    assert found.startswith("reports/another.py:2: .")


def test_each_exception_is_needed() -> None:
    for name in ALLOWED:
        tree = ast.parse((paths.PACKAGE / name).read_text(encoding="utf-8"))
        attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert attributes & (OF_BEHAVE | MAKING_TEXT), f"{name} needs no exception any more"


# What it is


@pytest.mark.parametrize("sent", [pickle.dumps, json.dumps], ids=["to the run", "to the merge"])
def test_a_result_that_is_sent_arrives_as_it_was(sent: Callable[[Any], Any]) -> None:
    whole = result(FAILED, Failure("Then it is", "KeyError", "KeyError: 'a'", "a", "b", "c", "d", "e", 3))
    if sent is pickle.dumps:
        assert pickle.loads(pickle.dumps(whole)) == whole
    else:
        assert Result.from_json(json.loads(json.dumps(whole.to_json()))) == whole


def test_an_example_is_the_same_whatever_the_order_of_its_columns() -> None:
    turned = replace(ROW, cells=ROW.cells[::-1])
    assert (turned, hash(turned), turned.anchor) == (ROW, hash(ROW), ROW.anchor)
    assert str(ExampleId.read(str(ROW))) == str(ROW)
    assert ROW.filled == "Ann buys “tea”"


@pytest.mark.parametrize("states", [(PASSED, BROKEN), (BROKEN, PASSED), (SKIPPED, BROKEN), (PASSED, SKIPPED)])
def test_of_two_that_say_the_same_the_one_counts_that_does_not_hold(states: tuple[str, str]) -> None:
    failure = Failure.of_text("Then it is", "it is not")
    results = [result(state, *([failure] if state == BROKEN else [])) for state in states]
    assert by_id(results)[ROW].promise != "holds"
    assert (by_id(results)[ROW].promise == "is broken") == (BROKEN in states)


# What is made of it in a run

FEATURE = """
Feature: plain
  Scenario: one
    Given a cleanup that fails
    Then it fails
  Scenario: two
    Given something
"""


def test_whatever_changes_behaves_model_later_all_reports_say_what_was(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    hooks = """
from behave.model import Status


def after_feature(context, feature):
    for scenario in feature.walk_scenarios():
        scenario.set_status(Status.passed)
        for step in scenario.all_steps:
            step.status, step.error_message, step.exception = Status.passed, None, None
"""
    run = play(behave, plant(tmp_path, hooks, plain=FEATURE))
    assert run.statuses == {"one": "broken", "two": "passed"}
    assert run.cases == {"one": "cleanup_error", "two": "passed"}
    assert [line.rpartition("/")[2] for line in run.again[2:]] == ["plain.feature:3"]
    assert run.code == 1


def test_a_cleanup_that_fails_beside_a_step_is_shown_with_it(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    plant(tmp_path, plain=FEATURE)
    shown = play(behave, tmp_path, "-f", "behave_flask.reports.progress:Live", "specs").output
    failure = shown.partition("✗ one")[2].partition("To repeat")[0]
    assert "failed as planted" in failure
    assert "CLEANUP-ERROR: RuntimeError: cleanup as planted" in failure


def test_a_hook_that_fails_around_a_step_is_told_once(tmp_path: Path, behave: Callable[..., Any]) -> None:
    hooks = "def after_step(context, step):\n    raise RuntimeError('hook as planted')\n"
    run = play(behave, plant(tmp_path, hooks, plain="Feature: a\n  Scenario: one\n    Given something\n"))
    assert run.result("one")["statusDetails"]["message"].count("hook as planted") == 1


def test_the_time_of_a_scenario_is_one_number(tmp_path: Path, behave: Callable[..., Any]) -> None:
    play(behave, plant(tmp_path, plain=FEATURE))
    reports = tmp_path / "reports"
    planned = [json.loads(line) for line in (reports / "times.jsonl").read_text().splitlines()]
    (file,) = (reports / "junit").glob("*.xml")
    cases = {
        case.find("properties/property[@name='example']").get("value"): float(case.get("time", -1))  # type: ignore[union-attr]
        for case in ElementTree.parse(file).iter("testcase")
    }
    assert dict(planned) == cases
    assert len(cases) == 2


def test_a_step_that_nobody_wrote_is_told_though_a_type_of_the_suite_raises(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    folder = plant(tmp_path, plain="Feature: a\n  Scenario: one\n    Given three things of gold\n")
    with (folder / "specs/steps/planted.py").open("a") as file:
        file.write(
            "\nfrom behave import register_type\n\n\ndef number(text):\n    return int(text)\n\n\n"
            "number.pattern = r'\\d+'\n\n\ndef raising(text):\n    raise SystemExit(text)\n\n\n"
            "register_type(Number=number, Metal=raising)\n\n\n"
            "@given('{number:Number} things of {metal:Metal}')\n"
            "def things(context, number, metal):\n    pass\n"
        )
    run = play(behave, folder)
    assert run.statuses == {"one": "broken"}
    assert "no step says “three things of gold”." in run.result("one")["statusDetails"]["message"]
