"""Isolation where everything is really committed: rows are deleted after each scenario, in one call.

Deleting the few rows of a scenario is several times as fast as TRUNCATE (`python -m bench.clearing`), needs
no rights of a superuser and does not wait for readers.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from behave_flask.core.extras import requires_extra
from behave_flask.core.stage import left_over
from behave_flask.databases.isolation import IsolationError

with requires_extra("sqlalchemy"):
    from sqlalchemy import Connection, MetaData, Select, Table, create_engine, func, select, text
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.orm import Session

OURS = "acceptance suite"  # marks the test's own connections
_VERSION_TABLE = "alembic_version"
_END_IDLE = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
)
_WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name <> :ours AND wait_event_type = 'Lock'"
)
_CUT = (  # five seconds at most for each to be gone
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name <> :ours"
)


class CommittedData:
    """The PostgreSQL database of a service, seen from outside, by connections of the test's own."""

    def __init__(self, url: str, server: str, metadata: MetaData) -> None:
        """Accept the URLs of the database and of another one on its server, and its tables."""
        self._server = server
        self._engine = create_engine(
            url, connect_args={"application_name": OURS, "options": "-c lock_timeout=5s"}
        )
        self._tables = [table for table in metadata.sorted_tables if table.name != _VERSION_TABLE]
        self._delete = ";".join(f"DELETE FROM {self._quoted(table)}" for table in reversed(self._tables))  # noqa: S608
        self._open = False
        self._is_cut_off = False
        self._there: list[tuple[Table, list[dict[str, Any]]]] = []

    @property
    def version(self) -> str:
        """What the database is, in a word and a number."""
        with self._engine.connect() as connection:
            numbers = connection.dialect.server_version_info or ()
        return f"{self._engine.dialect.name} {'.'.join(map(str, numbers))}"

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Yield a short session, committed at the end of the block, or rolled back if it raises."""
        self._open = True
        try:
            with Session(self._engine, expire_on_commit=False) as session:
                yield session
                session.commit()
        finally:
            self._open = False

    def check_idle(self) -> None:
        """Raise IsolationError if a session of the test's is open: the service could not see what it did."""
        if self._open:
            raise IsolationError(
                "The test's session is still open during a request: what it wrote is not committed, so the"
                " service cannot see it. Leave its `with` block before sending."
            )

    def snapshot(self) -> dict[str, list[tuple[Any, ...]]]:
        """Read every row of every table, in order of its primary key."""
        with self._engine.connect() as connection:
            return {
                table.fullname: [
                    tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))
                ]
                for table in self._tables
            }

    @contextmanager
    def held(self, rows: Select[Any]) -> Iterator[Callable[[], int]]:
        """Hold rows, so that whoever wants to change them waits until the end of the block.

        Gives a function that counts the connections of the service that wait.
        """
        with self._engine.connect() as holding, self._engine.connect() as watching:
            if not holding.execute(rows.with_for_update()).all():
                raise AssertionError(f"There is nothing to hold by {rows}.")
            try:
                yield lambda: int(self._now(watching, _WAITING))
            finally:
                try:
                    holding.rollback()
                except DBAPIError:  # the server was restarted meanwhile
                    watching.invalidate()

    def forget_connections(self) -> None:
        """Drop connections that a restart of the server has ended."""
        self._engine.dispose()

    def end_connections(self) -> None:
        """End the service's connections, and wait until they are gone. It may connect again."""
        with self._engine.connect() as connection:
            connection.execute(text(_CUT), {"ours": OURS})

    def cut_off(self) -> None:
        """End the service's connections and let nobody connect, until `restore`."""
        with self._engine.connect() as connection:  # it stays in the pool: nobody gets another one meanwhile
            self._allow("false")
            self._is_cut_off = True
            connection.execute(text(_CUT), {"ours": OURS})

    def restore(self) -> bool:
        """Make the service connect again; return whether it could not."""
        was_cut_off, self._is_cut_off = self._is_cut_off, False
        if was_cut_off:
            self._allow("true")
        return was_cut_off

    def clear(self) -> list[str]:
        """Restore the rows of the beginning; end what the service left open, and report it."""
        with self._engine.begin() as connection:
            idle = connection.scalar(text(_END_IDLE))
            connection.exec_driver_sql(self._delete)
            for table, rows in self._there:
                connection.execute(table.insert(), rows)
        return [f"{idle} transactions were left open by the service"] if idle else []

    def left_over(self) -> list[str]:
        """Return what is wrong with the tables: other numbers of rows than in the beginning."""
        return left_over({table.fullname: len(rows) for table, rows in self._there}, self._counts())

    def remember(self) -> None:
        """Take what is there as part of the service: a migration or its factory brought it."""
        with self._engine.connect() as connection:
            found = [
                (table, [dict(row) for row in connection.execute(_stored(table)).mappings()])
                for table in self._tables
            ]
        self._there = [(table, rows) for table, rows in found if rows]

    def _counts(self) -> dict[str, int]:
        with self._engine.connect() as connection:
            return {
                t.fullname: connection.scalar(select(func.count()).select_from(t)) or 0 for t in self._tables
            }

    def close(self) -> None:
        """Leave the database."""
        self._engine.dispose()

    def _now(self, connection: Connection, query: str) -> Any:
        found = connection.scalar(text(query), {"ours": OURS})
        connection.rollback()  # within a transaction PostgreSQL would say the same again
        return found

    def _allow(self, whether: str) -> None:
        name = self._engine.dialect.identifier_preparer.quote(self._engine.url.database or "")
        server = create_engine(self._server, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {whether}"))
        server.dispose()

    def _quoted(self, table: Any) -> str:
        return self._engine.dialect.identifier_preparer.format_table(table)


def _stored(table: Table) -> Select[Any]:
    """Select what a row is made of; what is computed of it comes by itself."""
    columns = [column for column in table.columns if column.computed is None]
    return select(*columns).order_by(*table.primary_key)
