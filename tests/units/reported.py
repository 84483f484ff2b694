"""Tiny features, run by the real behave with the package's runner, and the reports that they leave."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

PROJECT = Path(__file__).resolve().parents[2]
SETTINGS = """
[behave]
runner = tests.unchecked:Unchecked
default_format = plain
format = {formatter}
outfiles = reports/allure-results
show_skipped = false
junit = true
junit_directory = reports/junit
"""
STEPS = """
from behave import given, then, when

from behave_flask.model import evidence


@given("something")
def something(context):
    pass


@given("a list")
@given("a text")
def given_data(context):
    assert context.table or context.text


@when("it breaks")
def breaks(context):
    raise RuntimeError("broken as planted")


@then("it fails")
def fails(context):
    raise AssertionError("failed as planted")


@then("it is skipped")
def skipped(context):
    context.scenario.skip("not ready, as planted")


@then("it shows “{text}”")
def shows(context, text):
    evidence.attach("what it shows", text)


@given("a cleanup that fails")
def cleanup(context):
    context.add_cleanup(raising, layer="scenario")


def raising():
    raise RuntimeError("cleanup as planted")
"""


@dataclass
class Reports:
    """What a run left: exit code and output, Allure's results, JUnit's cases by title, what to run again."""

    code: int
    output: str
    results: list[dict[str, Any]]
    cases: dict[str, str]
    again: list[str]
    folder: Path

    def result(self, name: str) -> dict[str, Any]:
        """The one result of this name."""
        found = [result for result in self.results if result["name"] == name]
        assert len(found) == 1, f"{len(found)} results for {name!r} in:\n{self.output}"
        return found[0]

    @property
    def statuses(self) -> dict[str, str]:
        """The status of each result, by name."""
        return {result["name"]: result["status"] for result in self.results}

    def attached(self, holder: dict[str, Any]) -> dict[str, str]:
        """What is attached to a result or a step, by name."""
        results = self.folder / "reports/allure-results"
        return {
            each["name"]: (results / each["source"]).read_text() for each in holder.get("attachments", [])
        }


def plant(
    folder: Path,
    hooks: str = "",
    formatter: str = "behave_flask.reports.allure:AllureFormatter",
    **features: str,
) -> Path:
    """Write a project with these features and hooks."""
    (folder / "specs/steps").mkdir(parents=True, exist_ok=True)
    (folder / "behave.ini").write_text(SETTINGS.format(formatter=formatter))
    (folder / "specs/steps/planted.py").write_text(STEPS)
    (folder / "specs/environment.py").write_text(hooks)
    for name, text in features.items():
        (folder / f"specs/{name}.feature").write_text(text)
    return folder


def play(behave: Callable[..., Any], folder: Path, *arguments: str, **environment: str) -> Reports:
    """Run the features and read the reports."""
    run = behave(
        folder,
        "--junit-directory=reports/junit",
        *(arguments or ["specs"]),
        PYTHONPATH=f"{folder}:{PROJECT}",
        **environment,
    )
    reports = folder / "reports"
    results = [json.loads(file.read_text()) for file in (reports / "allure-results").glob("*-result.json")]
    list_ = reports / "rerun.txt"
    return Reports(
        run.code,
        run.output,
        results,
        {
            case.get("name", ""): case.get("status", "")
            for file in (reports / "junit").glob("*.xml")
            for case in ElementTree.parse(file).iter("testcase")
        },
        list_.read_text().splitlines() if list_.exists() else [],
        folder,
    )
