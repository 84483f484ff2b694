"""A database of the run's own on a given PostgreSQL server: made before the service starts, dropped after."""

import os
import secrets

from behave_flask.core.errors import UsageError
from behave_flask.core.extras import requires_extra

with requires_extra("sqlalchemy"):
    from sqlalchemy import URL, create_engine, make_url, text
    from sqlalchemy.exc import ArgumentError, DBAPIError

_ALL = "SELECT datname FROM pg_database"
_COPY = "_w"


class OwnDatabase:
    """An empty database beside the one that a URL names, so that nothing of anybody else's is touched."""

    def __init__(self, url: str) -> None:
        """Accept the URL of a server, with the name of a database to connect to.

        The own one has that name with a suffix that no other run has. Raises UsageError for what is no URL
        of a PostgreSQL.
        """
        self._server = _postgresql(url)
        name = f"{self._server.database or 'postgres'}_acceptance_{os.getpid()}_{secrets.token_hex(3)}"
        self._name = name[-55:]  # PostgreSQL's longest name is 63; a copy's is longer than this one
        self.url = self._server.set(database=self._name).render_as_string(hide_password=False)

    def create(self) -> None:
        """Create it. Raises UsageError if the server does not answer or does not let it be."""
        try:
            self._on_server(f'CREATE DATABASE "{self._name}"')
        except DBAPIError as error:
            reason = " ".join(str(error.orig).split())
            raise UsageError(f"No database for the suite at {self._server}: {reason}") from error

    def copy(self, worker: int) -> str:
        """Make a copy of it for a worker and return its name. Nothing may be connected to the original."""
        name = f"{self._name}{_COPY}{worker}"
        self._on_server(f'CREATE DATABASE "{name}" TEMPLATE "{self._name}"')
        return name

    def drop(self) -> None:
        """Drop it and its copies, also while a connection is still open."""
        copies = [name for name in self._on_server(_ALL) if name.startswith(f"{self._name}{_COPY}")]
        for name in [*copies, self._name]:
            self._on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _on_server(self, statement: str) -> list[str]:
        """Execute a statement and return the first column of what it gives."""
        engine = create_engine(self._server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            result = connection.execute(text(statement))
            found = list(result.scalars()) if result.returns_rows else []
        engine.dispose()
        return found


def _postgresql(url: str) -> URL:
    try:
        found = make_url(url)
    except ArgumentError:
        raise UsageError(f"{url!r} is not the URL of a database.") from None
    if found.get_backend_name() != "postgresql":
        raise UsageError(
            f"The suite brings its own SQLite; a database that is given has to be a PostgreSQL, not {found}."
        )
    return found
