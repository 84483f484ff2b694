"""A row that the shop really wrote, past the scenario's transaction, is found: at once or at the end."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from planting import append, feature, success

# An engine taken before a scenario puts a connection in its place, as a module of the shop might keep one.
KEPT_ENGINE = """
_create_app = create_app


def create_app(config_name=None):
    from sqlalchemy import text

    app = _create_app(config_name)
    with app.app_context():
        kept = db.engine

    @app.before_request
    def write_down():
        with kept.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO products (name, description, price_cents, stock, created_at)"
                    " VALUES ('left over', '', 1, 1, CURRENT_TIMESTAMP)"
                )
            )

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
