"""A run cut into shards: each scenario in exactly one, evenly, and a merge that sees what is lost."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_same_as_one_process import EVERYTHING

from behave_flask.model.durations import Times
from behave_flask.model.results import ExampleId, Result

SHARDS = 3


@pytest.fixture(scope="module")
def project(new_specs: Callable[[], Any], behave: Callable[..., Any]) -> Any:
    """A project of 3 features with 30 scenarios, run in 3 shards, whose reports no test changes."""
    specs = new_specs()
    for name in "abc":
        specs.scenarios(name, **{f"{name}{number}": "nothing happens" for number in range(10)})
    run_shards(specs, behave)
    return specs


@pytest.fixture
def reports(project: Any, tmp_path: Path) -> Path:
    """A copy of the shards' reports, to plant faults in."""
    return Path(shutil.copytree(project.folder / "shards", tmp_path / "shards"))


def run_shards(specs: Any, behave: Callable[..., Any], *options: str) -> list[Any]:
    return [
        behave(
            specs.folder,
            "-D",
            f"shard={number}/{SHARDS}",
            f"--junit-directory=shards/{number}/junit",
            *options,
        )
        for number in range(1, SHARDS + 1)
    ]


def merge(specs: Any, *folders: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "behave_flask", "merge", *folders, "--into", "whole"],
        cwd=specs.folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(specs.folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout


def change(folder: Path, how: Callable[[Any], None]) -> None:
    file = folder / "shard.json"
    manifest = json.loads(file.read_text())
    how(manifest)
    file.write_text(json.dumps(manifest))


def test_every_scenario_runs_in_one_shard_and_the_merge_is_the_whole(project: Any, reports: Path) -> None:
    sizes = [
        len(json.loads((reports / str(number) / "shard.json").read_text())["ran"])
        for number in range(1, SHARDS + 1)
    ]
    assert sum(sizes) == 30
    assert max(sizes) - min(sizes) <= 3
    code, output = merge(project, *sorted(reports.iterdir()))
    assert output == "3 shards, 30 scenarios: 30 passed, each exactly once\n"
    assert code == 0
    assert len(project.ran()) == len(set(project.ran())) == 30
    suites = [file.read_text() for file in sorted((project.folder / "whole/junit").glob("*.xml"))]
    assert [re.findall(r'tests="(\d+)"', suite) for suite in suites] == [["10"]] * 3
    times = (project.folder / "whole/times.jsonl").read_text().splitlines()
    assert len(times) == 30


def test_shards_are_balanced_by_the_times_of_the_last_run(specs: Any, behave: Callable[..., Any]) -> None:
    specs.scenarios("a", **{f"a{number}": "nothing happens" for number in range(12)})
    specs.scenarios("b", slow="nothing happens")
    seconds = {("a", f"a{number}"): 0.1 for number in range(12)} | {("b", "slow"): 9.0}
    times = [
        Result(ExampleId(feature, None, title), "", title, "passed", (), each, "", (), "passed")
        for (feature, title), each in seconds.items()
    ]
    for number in range(1, SHARDS + 1):
        (specs.folder / f"shards/{number}").mkdir(parents=True)
        Times(specs.folder / f"shards/{number}/times.jsonl").write(times)
    run_shards(specs, behave)
    ran = [
        {
            each["title"]
            for each in json.loads((specs.folder / f"shards/{number}/shard.json").read_text())["ran"]
        }
        for number in range(1, SHARDS + 1)
    ]
    assert ran[0] == {"slow"}
    assert not ran[1] & ran[2]


def test_failures_hooks_tags_and_workers_go_through_shards(specs: Any, behave: Callable[..., Any]) -> None:
    for name, text in EVERYTHING.items():
        specs.feature(name, text)
    whole = behave(specs.folder)
    run_shards(specs, behave, "-j", "2")
    code, output = merge(specs, *sorted((specs.folder / "shards").iterdir()))
    assert code == 1
    assert "failed: specs/plain.feature:10  fails" in output
    broken = {case.scenario for case in whole.cases if case.status == "hook_error"}
    assert {"never runs", "not reached"} <= broken
    for title in broken:
        assert f"  {title}\n" in output
    assert "Shards are incomplete" not in output
    shutil.rmtree(specs.folder / "shards")
    run_shards(specs, behave, "--tags=@area", "-n", "fails")
    _, output = merge(specs, *sorted((specs.folder / "shards").iterdir()))
    assert output.endswith("3 shards, 1 scenarios: 1 failed, each exactly once\n")


FAULTS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "missing": (lambda shards: shutil.rmtree(shards / "2"), "shard 2/3 is missing"),
    "twice": (lambda shards: shutil.copytree(shards / "2", shards / "4"), "shard 2/3 is there 2 times"),
    "lost": (lambda shards: change(shards / "2", lambda manifest: manifest["ran"].pop()), "did not run"),
    "run twice": (
        lambda shards: change(shards / "2", lambda manifest: manifest["ran"].append(manifest["ran"][0])),
        "ran 2 times",
    ),
    "unknown": (
        lambda shards: change(
            shards / "2",
            lambda manifest: manifest["ran"].append(
                manifest["ran"][0] | {"place": "x:1", "id": str(ExampleId("x", None, "x"))}
            ),
        ),
        "x:1 was not to be run",
    ),
    "planned differently": (
        lambda shards: change(shards / "2", lambda manifest: manifest["everything"].pop()),
        "the shards had different features or selected differently",
    ),
    "of another number": (
        lambda shards: change(shards / "2", lambda manifest: manifest.update(of=2)),
        "the shards are parts of different numbers of shards",
    ),
    "not in JUnit": (
        lambda shards: next((shards / "2/junit").iterdir()).unlink(),
        "not in JUnit: ",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_lost_or_twice_is_told(project: Any, reports: Path, fault: str) -> None:
    plant, message = FAULTS[fault]
    plant(reports)
    code, output = merge(project, *sorted(reports.iterdir()))
    assert message in output
    assert code == 1


def test_a_folder_that_is_no_shard_is_told(project: Any, tmp_path: Path) -> None:
    code, output = merge(project, tmp_path)
    assert output.startswith(f"{tmp_path} holds no reports of a shard: ")
    assert code == 2


@pytest.mark.parametrize("shard", ["0/3", "4/3", "1", "1/0", "a/b", "-1/3"])
def test_a_shard_is_a_part_of_several(specs: Any, behave: Callable[..., Any], shard: str) -> None:
    specs.scenarios("one", one="nothing happens")
    run = behave(specs.folder, "-D", f"shard={shard}")
    assert f"-D shard= takes a part of several, as in 2/5, not '{shard}'." in run.output
    assert run.code == 1
    assert not specs.ran()
