"""Authorization mutants of a planted service: one killed, one that survives, a run that dies."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import pytest

from behave_flask.permissions.authorization_mutants import Judged, Mutant, Title, play

FEATURE = """
Feature: doors
  Scenario: the front door
    Then front holds
  Scenario: the back door
    Then back holds
"""
STEPS = """
import os
from behave import then

@then("{door} holds")
def step(context, door):
    assert os.environ.get("OPEN") != door
"""
FRONT, BACK = ("doors.feature", "the front door"), ("doors.feature", "the back door")


@contextmanager
def left_open(door: str) -> Iterator[None]:
    os.environ["OPEN"] = door
    yield


@contextmanager
def dying() -> Iterator[None]:
    os._exit(1)
    yield


@pytest.fixture
def doors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "steps").mkdir()
    (tmp_path / "steps" / "doors.py").write_text(STEPS)
    (tmp_path / "doors.feature").write_text(FEATURE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def result_of(
    doors: Path, without: Callable[[], AbstractContextManager[None]], *rows: Title, prints: str = ""
) -> Judged:
    features = (doors / "doors.feature",)
    (result,) = play([Mutant("door", "a door", without, frozenset(rows), features, prints)])
    return result


def test_a_mutant_is_killed_when_exactly_its_rows_go_red(doors: Path) -> None:
    result = result_of(doors, lambda: left_open("front"), FRONT)
    assert result.killed
    assert result.played == 2
    assert str(result) == "killed    a door (1 rows)"


def test_a_mutant_survives_when_a_row_of_its_stays_green(doors: Path) -> None:
    result = result_of(doors, nullcontext, FRONT)
    assert not result.killed
    assert str(result) == "SURVIVED  a door\n    stayed green: the front door"


def test_a_mutant_survives_when_another_row_goes_red(doors: Path) -> None:
    result = result_of(doors, lambda: left_open("back"), FRONT)
    assert not result.killed
    assert "went red for no reason: the back door" in str(result)


def test_a_mutant_survives_when_the_run_does_not_print_what_it_must(doors: Path) -> None:
    assert result_of(doors, lambda: left_open("front"), FRONT, prints="front holds").killed
    silent = result_of(doors, lambda: left_open("front"), FRONT, prints="the garden door")
    assert str(silent) == "SURVIVED  a door\n    did not print: the garden door"


def test_a_run_that_dies_kills_nothing(doors: Path) -> None:
    result = result_of(doors, dying)
    assert not result.killed
    assert str(result).startswith("NOT RUN   a door")


PROJECT = """
import os
from contextlib import contextmanager, nullcontext
from pathlib import Path

from behave_flask.permissions.authorization_mutants import Mutant

@contextmanager
def left_open(door):
    os.environ["OPEN"] = door
    yield

def mutants():
    features = (Path("doors.feature"),)
    rows = {door: frozenset({("doors.feature", f"the {door} door")}) for door in ("front", "back")}
    yield Mutant("lock", "the lock in front", lambda: left_open("front"), rows["front"], features)
    yield Mutant("lock", "the lock at the back", lambda: left_open("back"), rows["back"], features)
    yield Mutant("bell", "the bell", nullcontext, rows["front"], features)
"""


@pytest.mark.parametrize(
    ("arguments", "code", "last"),
    [
        ([], 1, "Authorization mutants: 3, killed: 2, survived: 1."),
        (["lock"], 0, "Authorization mutants: 2, killed: 2, survived: 0."),
        (["--quick", "lock"], 0, "Authorization mutants: 1, killed: 1, survived: 0."),
        (
            ["chain"],
            2,
            "behave-flask mutants authorization does not know 'chain'; it knows bell, lock.",
        ),
    ],
)
def test_a_project_names_its_guards_by_kind(doors: Path, arguments: list[str], code: int, last: str) -> None:
    (doors / "guards.py").write_text(PROJECT)
    done = authorization(doors, "guards:mutants", *arguments)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (code, last)


def test_features_that_fail_as_they_are_say_nothing_of_a_mutant(doors: Path) -> None:
    (doors / "guards.py").write_text(PROJECT)
    done = authorization(doors, "guards:mutants", OPEN="back")
    assert done.returncode == 1
    assert done.stdout.startswith("No mutant says anything, because the features fail without one.\n")
    assert "went red for no reason: the back door" in done.stdout


@pytest.mark.parametrize("where", ["guards:mutants", "os:mutants", "not a module"])
def test_a_function_that_is_not_there_is_named(doors: Path, where: str) -> None:
    done = authorization(doors, where)
    assert done.returncode == 2
    assert done.stdout.startswith(f"There is no function {where}, as in features.guards:mutants: ")


def authorization(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "behave_flask", "mutants", "authorization", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
