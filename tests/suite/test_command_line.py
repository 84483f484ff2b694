"""What a person sees who asks `behave` for something that there is not: one line, and a code other than 0."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from behave_flask.runner.options import OPTIONS

# What is asked for, with what is said.
MISTAKES = {
    "-D seed=abc": "-D seed= takes a whole number, not 'abc'.",
    "-D seed": "-D seed= takes a whole number, not 'true'.",
    "-D stage=theatre": "-D stage= does not know 'theatre'; it knows embedded, services.",
    "-D snapshots=write": "-D snapshots= does not know 'write'; it knows check, update.",
    "-D attachments=none": "-D attachments= does not know 'none'; it knows all, failed.",
    "-D sede=1": f"-D does not know 'sede'; it knows {', '.join(sorted(OPTIONS))}.",
}
DATABASES = {
    "sqlite:///shop.sqlite": "has to be a PostgreSQL, not sqlite:///shop.sqlite.",
    "a server": "'a server' is not the URL of a database.",
    "postgres://shop:secret@127.0.0.1:1/shop": "No database for the suite at postgresql+psycopg://shop:***@127.0",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, copy_project: Callable[[Path], Path]) -> Path:
    """A copy that no test changes."""
    return copy_project(tmp_path_factory.mktemp("command_line") / "project")


@pytest.mark.parametrize("asked", MISTAKES)
def test_an_option_that_there_is_not_ends_the_run_with_one_line(
    project: Path, behave: Callable[..., Any], asked: str
) -> None:
    run = behave(project, *asked.split())
    assert run.output.splitlines()[1:] == [f"ConfigError: {MISTAKES[asked]}"]
    assert run.code != 0
    assert run.cases == []


@pytest.mark.parametrize("url", DATABASES)
def test_a_database_that_cannot_be_used_ends_the_run_with_one_line(
    project: Path, behave: Callable[..., Any], url: str
) -> None:
    run = behave(project, DATABASE_URL=url)
    (line,) = run.output.splitlines()[1:]
    assert DATABASES[url] in line
    assert run.code != 0
