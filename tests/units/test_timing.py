"""Which scenarios are much slower than the others."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from behave_flask.model.durations import Times
from behave_flask.model.results import ExampleId, Result

PROJECT = Path(__file__).resolve().parents[2]
USUAL = {f"Ann buys a loaf ({number})": 0.01 for number in range(9)}


def ran(**features: dict[str, float]) -> list[Result]:
    """What became of examples that took some seconds."""
    return [
        Result(ExampleId(feature, None, title), "", title, "passed", (), seconds, "", (), "passed")
        for feature, titles in features.items()
        for title, seconds in titles.items()
    ]


def listed(file: Path) -> subprocess.CompletedProcess[str]:
    """Run what `make slow` runs."""
    command = [sys.executable, "-m", "behave_flask", "slow", str(file)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60)


def test_what_took_over_ten_times_the_median_is_listed_slowest_first(tmp_path: Path) -> None:
    slow = {"Ben waits": 0.11, "Cleo almost waits": 0.1, "Dan sleeps": 2.5}
    Times(tmp_path / "times.jsonl").write(ran(Buying=USUAL, Waiting=slow))
    done = listed(tmp_path / "times.jsonl")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "   2.500 s  Waiting: Dan sleeps",
        "   0.110 s  Waiting: Ben waits",
        "2 of 12 scenarios took over 10 times the median of 0.010 s.",
    ]


def test_a_run_without_a_slow_scenario_says_so(tmp_path: Path) -> None:
    Times(tmp_path / "times.jsonl").write(ran(Buying=USUAL))
    assert listed(tmp_path / "times.jsonl").stdout == (
        "0 of 9 scenarios took over 10 times the median of 0.010 s.\n"
    )


@pytest.mark.parametrize("written", [None, "", "[1]"])
def test_without_a_timed_run_nothing_is_called_slow(tmp_path: Path, written: str | None) -> None:
    file = tmp_path / "times.jsonl"
    if written is not None:
        file.write_text(written)
    done = listed(file)
    assert done.returncode == 2
    assert done.stderr == f"No run has been timed: {file} has none. Run the suite first.\n"


def test_what_is_measured_takes_the_place_of_what_was_known_and_the_rest_stays(tmp_path: Path) -> None:
    file = tmp_path / "times.jsonl"
    Times(file).write(ran(Buying=USUAL, Waiting={"Ben waits": 0.01, "Eve": 0.9}))
    Times(file).write(ran(Waiting={"Ben waits": 0.7, "Cleo waits": 0.8}, New={"Dan": 0.01}))
    assert [line.split(" s  ")[1] for line in listed(file).stdout.splitlines()[:-1]] == [
        "Waiting: Eve",
        "Waiting: Cleo waits",
        "Waiting: Ben waits",
    ]
    assert "3 of 13 scenarios" in listed(file).stdout
    assert len(file.read_text().splitlines()) == 13


def test_a_file_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    file = tmp_path / "times.jsonl"
    Times(file).write(ran(Buying=USUAL, Waiting={"Ben waits": 0.7}))
    file.write_text(file.read_text()[:-5])
    assert listed(file).stdout == "0 of 9 scenarios took over 10 times the median of 0.010 s.\n"


def test_what_did_not_run_leaves_its_time_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "times.jsonl"
    Times(file).write(ran(Buying=USUAL, Waiting={"Ben waits": 0.7}))
    (skipped,) = ran(Waiting={"Ben waits": 0.0001})
    Times(file).write([replace(skipped, state="skipped")])
    assert "0.700 s  Waiting: Ben waits" in listed(file).stdout


def test_a_row_keeps_its_time_whatever_the_order_of_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "times.jsonl"
    (one,) = ran(Buying={"<who> buys <what>": 0.7})
    for seconds, cells in (
        (0.7, (("who", "Ann"), ("what", "tea"))),
        (0.9, (("what", "tea"), ("who", "Ann"))),
    ):
        example = ExampleId("Buying", None, "<who> buys <what>", cells)
        Times(file).write([replace(one, id=example, duration=seconds)])
    assert len(file.read_text().splitlines()) == 1
    assert ExampleId.read(str(example)).filled == "Ann buys tea"
