"""What all tests share: a PostgreSQL, and the real `behave` in a process of its own."""

import os
from collections.abc import Iterator

import pytest

from features.harness.servers import PrivatePostgres


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The SQLAlchemy URL of an empty PostgreSQL database: TEST_DATABASE_URL, else a throwaway server."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with PrivatePostgres() as server:
        yield server.url
