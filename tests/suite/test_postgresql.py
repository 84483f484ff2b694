"""The whole suite on a real PostgreSQL: all of it passes, and nothing of it stays on the server."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from behave.parser import parse_file
from sqlalchemy import create_engine, inspect, text

DATABASES = "SELECT datname FROM pg_database ORDER BY 1"


def everything_on(url: str) -> tuple[list[str], dict[str, int]]:
    """The databases of the server, and the tables of the given one with their numbers of rows."""
    engine = create_engine(url)
    with engine.connect() as connection:
        databases = list(connection.scalars(text(DATABASES)))
        rows = {
            table: connection.scalar(text(f'SELECT count(*) FROM "{table}"'))
            for table in inspect(connection).get_table_names()
        }
    engine.dispose()
    return databases, rows


def scenarios_in(features: Path) -> int:
    """How many scenarios the feature files hold, a row of Examples counting as one."""
    files = features.rglob("*.feature")
    return sum(len(list(parse_file(str(file)).walk_scenarios())) for file in files)


def test_every_scenario_passes_and_nothing_is_left(
    project_copy: Path, behave: Callable[..., Any], postgres_url: str
) -> None:
    before = everything_on(postgres_url)
    run = behave(project_copy, DATABASE_URL=postgres_url)
    played = [case for case in run.cases if "only on the stage services" not in case.message]
    others = [case for case in played if case.status != "passed"]
    assert not others, "\n\n".join(f"{case.scenario}: {case.status}\n{case.message[:600]}" for case in others)
    assert run.code == 0, run.output[-3000:]
    assert "Stage: embedded, on postgresql" in run.output
    assert len(run.cases) == scenarios_in(project_copy / "features") < len(played) * 1.05
    assert everything_on(postgres_url) == before


def test_a_run_that_is_broken_off_leaves_no_database_either(
    project_copy: Path, behave: Callable[..., Any], postgres_url: str
) -> None:
    before = everything_on(postgres_url)
    with (project_copy / "app/migrations/env.py").open("a") as planted:
        planted.write('\nraise RuntimeError("the migration breaks off, as planted")\n')
    run = behave(project_copy, DATABASE_URL=postgres_url)
    assert "the migration breaks off, as planted" in run.output
    assert run.code != 0
    assert everything_on(postgres_url) == before
