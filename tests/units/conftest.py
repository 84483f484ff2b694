"""The planted service, on SQLite in memory and on PostgreSQL."""

import gc
from collections.abc import Iterator

import pytest
from celery import _state
from planted import Planted

from behave_flask.databases import sqlite_files


@pytest.fixture
def nothing_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the services of earlier tests: a stage takes all engines there are, and the current Celery."""
    gc.collect()
    sqlite_files.unwatch()
    monkeypatch.setattr(sqlite_files, "_copies", {})
    monkeypatch.setattr(sqlite_files, "_beside", {})
    monkeypatch.setattr(_state, "default_app", None)
    monkeypatch.setattr(_state._tls, "current_app", None)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    return "sqlite://" if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
def planted(database_url: str) -> Iterator[Planted]:
    """The service between scenarios, on each database in turn."""
    yield from _service(database_url)


@pytest.fixture
def on_sqlite() -> Iterator[Planted]:
    """The service between scenarios, where the test is about SQLite or not about the database."""
    yield from _service("sqlite://")


@pytest.fixture
def on_postgresql(postgres_url: str) -> Iterator[Planted]:
    """The service between scenarios, where PostgreSQL is what the test is about."""
    yield from _service(postgres_url)


def _service(url: str) -> Iterator[Planted]:
    service = Planted(url)
    yield service
    service.tasks.clear()
    service.isolation.end()
    service.close()
