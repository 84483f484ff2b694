"""The shop in this process; and at the end of a run, how many requests the fuzz has sent."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask

from app import create_app
from app.extensions import db
from behave_flask.databases.postgresql import OwnDatabase


@pytest.fixture
def app(tmp_path: Path) -> Iterator[APIFlask]:
    """The shop, with tables and a folder of its own."""
    app = create_app("testing")
    app.config["AVATAR_FOLDER"] = tmp_path
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.session.remove()
        db.drop_all()


@pytest.fixture
def database(postgres_url: str) -> Iterator[OwnDatabase]:
    """An empty database on PostgreSQL, which is gone afterwards."""
    database = OwnDatabase(postgres_url)
    database.create()
    yield database
    database.drop()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if fuzzing := sys.modules.get("fuzzing"):
        requests, operations = fuzzing.sent.total(), len(fuzzing.sent)
        terminalreporter.write_line(f"Fuzz: {requests} generated requests to {operations} operations.")
