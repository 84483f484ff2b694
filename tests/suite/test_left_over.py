"""A row that the shop really wrote, past the scenario's transaction, is found: at once or at the end."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from planting import append, feature, success

# What goes past the engine that a scenario puts its transaction on: the driver itself, an engine of its own.
KEPT_ENGINE = """
_create_app = create_app


def create_app(config_name=None):
    from sqlalchemy import create_engine, text

    app = _create_app(config_name)
    row = (
        "INSERT INTO products (name, description, price_cents, stock, created_at)"
        " VALUES ('left over', '', 1, 1, CURRENT_TIMESTAMP)"
    )
    with app.app_context():
        engine = db.engine
        own = create_engine(engine.url)

    @app.before_request
    def write_down():
        if engine.dialect.name == "sqlite":  # where another engine has a database of its own
            driver = engine.raw_connection().driver_connection
            driver.execute(row)
            driver.commit()
            return
        with own.begin() as connection:
            connection.execute(text(row))

    return app
"""


@pytest.fixture
def project(project_copy: Path) -> Path:
    """A copy in which each request leaves a row behind."""
    append(project_copy, "app/__init__.py", KEPT_ENGINE)
    feature(project_copy, success("looks around", "a user", "list posts", "GET /api/posts"))
    return project_copy


def test_on_sqlite(project: Path, behave: Callable[..., Any]) -> None:
    run = behave(project, "features/planted")
    assert "Not verified by any step of this run:" in run.output
    assert "rows left over in products: 2" in run.output  # with the one that the scenario made before
    assert "The service ended the scenario's outer transaction" in run.case("looks around").message
    assert run.code == 1


def test_on_postgresql(project: Path, behave: Callable[..., Any], postgres_url: str) -> None:
    run = behave(project, "features/planted", DATABASE_URL=postgres_url)
    assert run.status("looks around") == "passed"
    assert "Not verified by any step of this run:\n  - rows left over in products: 1" in run.output
    assert run.code == 1
