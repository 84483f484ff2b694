"""The package serves another service: the library of `examples/lending_library`, which knows of no shop."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from planting import replace

from behave_flask.databases.postgresql import OwnDatabase

BORROWING = "features/lending/borrowing.feature"
MATRIX = "features/access/who_may_do_what.feature"
ALL = 8  # scenarios


@pytest.fixture
def library(library: Path) -> Path:
    """The lending library, which knows of no shop."""
    (library / "app.py").write_text('raise ImportError("There is no shop here.")')
    return library


@pytest.fixture
def database_url(postgres_url: str) -> Iterator[str]:
    database = OwnDatabase(postgres_url)
    database.create()
    yield database.url
    database.drop()


@pytest.mark.parametrize(
    "arguments", [[], ["-j", "2"], ["-D", "order=random"], ["-D", "stage=services"]], ids=" ".join
)
def test_it_is_played(library: Path, behave: Callable[..., Any], arguments: list[str]) -> None:
    run = behave(library, *arguments)
    assert (run.code, [case.status for case in run.cases]) == (0, ["passed"] * ALL), run.output


def test_it_is_played_on_postgresql(library: Path, behave: Callable[..., Any], database_url: str) -> None:
    run = behave(library, DATABASE_URL=database_url)
    assert (run.code, [case.status for case in run.cases]) == (0, ["passed"] * ALL), run.output
    assert "Stage: embedded, on postgresql" in run.output


def test_a_commit_that_is_forgotten(library: Path, behave: Callable[..., Any]) -> None:
    replace(library, "library.py", "        db.session.commit()\n", "")
    run = behave(library, BORROWING)
    assert "library.confirm was published before the commit" in run.case("A member borrows a book").message


def test_an_answer_that_is_not_as_recorded(library: Path, behave: Callable[..., Any]) -> None:
    replace(library, "library.py", '"is_here": book.reader is None', '"is_here": True')
    run = behave(library, BORROWING)
    assert "+       'is_here': True," in run.case("One book is there, and one is not").message


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (BORROWING, "Then Ann gets it", "Then Ben gets it", "The last to act was Ann, not Ben."),
        (
            BORROWING,
            "Then Ann is told that it is in conflict",
            "Then Ben is told that it is in conflict",
            "The last to act was Ann, not Ben.",
        ),
        (
            MATRIX,
            "Then <who> <verdict> <action>",
            "Then Ben <verdict> <action>",
            "The last to act was nobody, not Ben.",
        ),
        (
            MATRIX,
            "Then <who> <verdict> <action>",
            "Then <who> <verdict> borrow a book",
            "nobody tried to look around, not to borrow a book.",
        ),
    ],
)
def test_a_then_about_another_person_or_action(
    library: Path, behave: Callable[..., Any], file: str, old: str, new: str, message: str
) -> None:
    replace(library, file, old, new)
    messages = [case.message for case in behave(library, file).cases if case.status == "failed"]
    assert any(message in each for each in messages), messages


def test_a_task_that_no_step_mentions(library: Path, behave: Callable[..., Any]) -> None:
    replace(library, BORROWING, "Then Ann is told that it is in conflict", "Then Ann gets it")
    replace(library, "library.py", "        if book.reader:\n            abort(409)\n", "")
    run = behave(library, BORROWING)
    assert "a queued task, library.confirm(" in run.case("Somebody else has it").message


def test_a_guard_that_is_gone(library: Path, behave: Callable[..., Any]) -> None:
    replace(library, "library.py", "if member not in MEMBERS:", "if member and member not in MEMBERS:")
    replace(library, "library.py", "MEMBERS[member], book", 'MEMBERS.get(member, "a@b.example"), book')
    run = behave(library, "features/access")
    red = [case.scenario for case in run.cases if case.status != "passed"]
    assert red == ["nobody must sign in to borrow a book"]


def test_a_route_without_a_row(library: Path, behave: Callable[..., Any]) -> None:
    replace(
        library,
        "library.py",
        '    @app.get("/books")\n',
        '    app.delete("/books/<int:number>")(lambda number: {})\n\n    @app.get("/books")\n',
    )
    message = behave(library, "features/access").case("The table is complete").message
    assert "| Ann    | (The suite's operations do not say what a valid DELETE /books/{number} is.)" in message
