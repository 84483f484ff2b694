"""A database of the run's own on a given PostgreSQL server: made before the service starts, dropped after."""

import os
import secrets

from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from features.harness.usage import UsageError


class OwnDatabase:
    """An empty database beside the one that a URL names, so that nothing of anybody else's is touched."""

    def __init__(self, url: str) -> None:
        """Take the URL of a server, with the name of a database to connect to.

        The own one has that name with a suffix that no other run has. Raises UsageError for what is no URL
        of a PostgreSQL.
        """
        self._server = _postgresql(url)
        name = f"{self._server.database or 'postgres'}_acceptance_{os.getpid()}_{secrets.token_hex(3)}"
        self._name = name[-63:]  # PostgreSQL's longest name
        self.url = self._server.set(database=self._name).render_as_string(hide_password=False)

    def create(self) -> None:
        """Create it. Raises UsageError if the server does not answer or does not let it be."""
        try:
            self._on_server(f'CREATE DATABASE "{self._name}"')
        except DBAPIError as error:
            said = " ".join(str(error.orig).split())
            raise UsageError(f"No database for the suite at {self._server}: {said}") from error

    def drop(self) -> None:
        """Drop it, also while a connection is still open."""
        self._on_server(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')

    def _on_server(self, statement: str) -> None:
        engine = create_engine(self._server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


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
