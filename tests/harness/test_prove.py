"""The proof that a matrix is alive, on a planted suite: a guard seen, one not seen, a run that dies."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from behave_flask.permissions.authorization_mutants import Guard, Proof, prove

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


def proof_of(doors: Path, guard: Guard) -> Proof:
    (proof,) = prove([doors / "doors.feature"], [guard])
    return proof


def test_a_guard_is_caught_when_exactly_its_rows_go_red(doors: Path) -> None:
    proof = proof_of(doors, Guard("front", lambda: left_open("front"), frozenset({FRONT})))
    assert proof.caught
    assert proof.ran == 2
    assert str(proof) == "caught    front (1 rows)"


def test_a_guard_survives_when_a_row_of_its_stays_green(doors: Path) -> None:
    proof = proof_of(doors, Guard("nothing", nullcontext, frozenset({FRONT})))
    assert not proof.caught
    assert str(proof) == "SURVIVED  nothing\n    stayed green: the front door"


def test_a_guard_survives_when_another_row_goes_red(doors: Path) -> None:
    proof = proof_of(doors, Guard("both", lambda: left_open("back"), frozenset({FRONT})))
    assert not proof.caught
    assert "went red for no reason: the back door" in str(proof)


def test_a_run_that_dies_proves_nothing(doors: Path) -> None:
    proof = proof_of(doors, Guard("dying", dying, frozenset()))
    assert not proof.caught
    assert str(proof).startswith("NOT RUN   dying")
