"""Steps that stop, move or replace the clock, and never undo it: the run's own times stay real."""

import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from played import Played

FREEZE_THE_RUN = """
from freezegun import freeze_time
before_the_freeze = before_all


def before_all(context):
    freeze_time("1999-12-24", tz_offset=-9).start()
    before_the_freeze(context)
"""
TRAVEL = """
import time
import time_machine
from zoneinfo import ZoneInfo
from datetime import datetime
from behave import given, then

@given("it is {year:d} in Tokyo")
def step_travel(context, year):
    there = datetime(year, 1, 1, tzinfo=ZoneInfo("Asia/Tokyo"))
    context.travel = time_machine.travel(there, tick=False)
    context.travel.start()

@then("the clock says {year:d}")
def step_year(context, year):
    assert datetime.now().year == year and time.localtime().tm_year == year
"""
TRAVELLING = """Feature: The clock

  Scenario: The far future
    Given it is 2199 in Tokyo
    Then the clock says 2199

  Scenario: The past
    Given it is 1971 in Tokyo
    Then the clock says 1971
"""


def test_no_time_of_a_scenario_is_in_any_report(
    lay: Callable[..., Path], play: Callable[..., Played]
) -> None:
    began = time.time()
    run = play(lay("18-freezegun"), "features/case", "-D", "timeout=2")
    assert run.verdicts == {
        "New year": ("passed", "passed"),
        "Christmas": ("passed", "passed"),
        "Today": run.verdicts["Today"],  # whether it comes after Christmas is up to the order
        "It hangs in another time": ("error", "broken"),
    }, run.output
    assert "Stopped after 2 s" in run.junit["It hangs in another time"].text
    _has_real_times(run, began)


def test_a_run_that_is_frozen_from_its_first_hook_on(
    lay: Callable[..., Path], play: Callable[..., Played]
) -> None:
    folder = lay("18-freezegun")
    with (folder / "features/environment.py").open("a") as file:
        file.write(FREEZE_THE_RUN)
    began = time.time()
    run = play(folder, "features/case", "-n", "New year", "-n", "Christmas")
    assert run.code == 0, run.output
    _has_real_times(run, began)


def test_a_run_that_travels_to_another_time_zone(library: Path, play: Callable[..., Played]) -> None:
    (library / "features/case").mkdir()
    (library / "features/case/a.feature").write_text(TRAVELLING)
    (library / "features/steps/travel_steps.py").write_text(TRAVEL)
    began = time.time()
    run = play(library, "features/case")
    assert run.code == 0, run.output
    _has_real_times(run, began)


@pytest.mark.parametrize("workers", [()], ids=["plain"])
def test_the_next_run_plans_with_real_times(lay: Callable[..., Path], play: Callable[..., Played]) -> None:
    folder = lay("18-freezegun")
    began = time.time()
    run = play(folder, "features/case", "-n", "New year")
    lasted = time.time() - began
    lines = (run.reports / "times.jsonl").read_text().splitlines()
    seconds = [json.loads(line)[1] for line in lines]
    assert seconds
    assert all(0 <= each <= lasted for each in seconds), seconds


def _has_real_times(run: Played, began: float) -> None:
    """Every moment that the reports name is within the run, and nothing took longer than the run."""
    ended = time.time()
    for result in run.allure.values():
        moments = [result["start"], result["stop"]]
        for step in result["steps"]:
            moments += [step["start"], step["stop"]]
        assert all(1000 * began - 1 <= each <= 1000 * ended + 1 for each in moments), result
    for file in (run.reports / "junit").glob("*.xml"):
        _has_real_junit_times(ElementTree.parse(file).getroot(), began, ended)
    assert run.page is not None
    days = {f"{datetime.fromtimestamp(each).astimezone():%d %B %Y}" for each in (began, ended)}
    assert any(f"Checked {day}, " in run.page for day in days), run.page[-3000:]


def _has_real_junit_times(suite: Any, began: float, ended: float) -> None:
    timestamp = datetime.fromisoformat(suite.get("timestamp")).timestamp()
    assert began - 1 <= timestamp <= ended + 1, suite.attrib
    for timed in (suite, *suite.iter("testcase")):
        # A feature's time is the sum of what two workers took at the same time.
        assert 0 <= float(timed.get("time")) <= 2 * (ended - began), timed.attrib
