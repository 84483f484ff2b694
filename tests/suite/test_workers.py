"""The shop's suite on several workers: the same results, and each worker with a database and files of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from planting import append, feature, replace, success
from test_postgresql import everything_on


def test_on_sqlite_a_fault_is_found_as_by_one_process(
    project_copy: Path, behave: Callable[..., Any]
) -> None:
    run = behave(project_copy, "-j", "2", "features/forecasting", "features/profile")
    assert run.code == 0, run.output[-3000:]
    one = behave(project_copy, "features/forecasting", "features/profile")
    assert [(case.scenario, case.status) for case in run.cases] == [
        (case.scenario, case.status) for case in one.cases
    ]


def test_on_postgresql_each_worker_has_a_database_and_none_is_left(
    project_copy: Path, behave: Callable[..., Any], postgres_url: str
) -> None:
    before = everything_on(postgres_url)
    run = behave(project_copy, "-j", "2", "features/forecasting", "features/profile", DATABASE_URL=postgres_url)
    assert run.code == 0, run.output[-3000:]
    assert "Stage: embedded, on postgresql" in run.output
    assert everything_on(postgres_url) == before
