"""Isolation by transaction: one a scenario on every database of the service, rolled back at its end.

The service runs unchanged. Its sessions, and the short ones of the test, join the outer transaction by
savepoints, so a commit that the service forgot stays invisible to the next request, and nothing is left over
for the next scenario. What this way of working would hide is looked for and named: open sessions, held
contexts, broken constraints.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any, cast

from flask import Flask, current_app, has_app_context

from behave_flask.core import paths
from behave_flask.core.extras import requires_extra

with requires_extra("sqlalchemy"):
    from flask_sqlalchemy import SQLAlchemy
    from sqlalchemy import Connection, Engine, RootTransaction, Table, event, func, select
    from sqlalchemy.exc import DBAPIError, IntegrityError
    from sqlalchemy.orm import Session, sessionmaker

_MARK = "scenario_start"
_JOIN = "create_savepoint"
_VERSION_TABLE = "alembic_version"
_PACKAGE = f"{paths.PACKAGE}{os.sep}"


class IsolationError(AssertionError):
    """The scenario and the service are not kept apart; the message says by what."""


@dataclass(frozen=True)
class _Open:
    """One database during a scenario: its engine, put aside, and the connection that stands in for it."""

    engine: Engine
    connection: Connection
    outer: RootTransaction


class RollbackIsolation:
    """One outer transaction a scenario, on every bind; the service's sessions join it by savepoints.

    Make it once, after the service, which may have connected, migrated or written before. PostgreSQL and
    SQLite are known. What this isolation cannot show, because nothing is really
    committed: waiting for locks, serialisation failures, a `now()` that moves (it is the scenario's start),
    code with a connection of its own.
    """

    def __init__(self, app: Flask, db: SQLAlchemy) -> None:
        """Install the listeners on the engines of `app` and make the sessions of `db` join by savepoints."""
        self._db = db
        with app.app_context():
            # `engines` is typed read-only, but is the dictionary in which Flask-SQLAlchemy's sessions look.
            self._engines = cast("dict[str | None, Engine | Connection]", db.engines)
        self._binds: dict[str | None, _Open] = {}
        self._queries: dict[str | None, list[tuple[str, str]]] = {}
        self._kept: dict[str | None, bytes] = {}
        self._opened_at = ""
        self._own_sessions = sessionmaker(join_transaction_mode=_JOIN, expire_on_commit=False)
        db.session.session_factory.configure(join_transaction_mode=_JOIN)
        for engine in self._engines.values():
            if isinstance(engine, Engine) and engine.dialect.name == "sqlite":
                # At each checkout: a factory may have connected before, and in memory that is the database.
                event.listen(engine, "checkout", _hand_transactions_to_sqlalchemy)
                event.listen(engine, "begin", _begin_in_sqlite)
        event.listen(db.session, "before_commit", self._check_deferred_constraints)
        event.listen(self._own_sessions, "before_commit", self._check_deferred_constraints)

    def begin(self) -> None:
        """Open the outer transactions, before a scenario. Raises IsolationError if one is open already."""
        if self._binds:
            raise IsolationError("A scenario is open already. Call end() before the next begin().")
        try:
            for key, engine in list(self._engines.items()):
                self._binds[key] = _open(cast("Engine", engine))
                self._engines[key] = self._binds[key].connection
        except BaseException:
            self._close()
            raise

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Yield the test's own short session; it commits at the end of the block, or rolls back if the block
        raises.

        Objects keep their values after the commit. Raises IsolationError outside a scenario and inside
        another session of the test: two at a time on one connection undo each other's work.
        """
        if not self._binds:
            raise IsolationError("No scenario is open: call begin() before asking for a session.")
        if self._opened_at:
            raise IsolationError(
                f"The test opens a session while its session of {self._opened_at} is still open. They share"
                " one connection, so either could undo the other's work. Close the first one before."
            )
        self._opened_at = _caller()
        try:
            with self._own_sessions(**self._session_binds()) as session:
                yield session
                session.commit()
        finally:
            self._opened_at = ""

    def check_idle(self) -> None:
        """Call around each request.

        Raises IsolationError on an open session, a pushed app context, or an outer transaction that is over.
        """
        if has_app_context():
            raise IsolationError(
                f"An application context of {current_app.name!r} is pushed around the request. Flask keeps"
                " the signed-in user and the database session in it, so the request would act as somebody"
                " else and see what was never committed. Leave the context before sending."
            )
        if self._opened_at:
            raise IsolationError(
                f"The test's session of {self._opened_at} is still open during a request. Closing it later"
                " would silently delete what the request wrote. Leave its `with` block before sending."
            )
        for key, bind in self._binds.items():
            if not bind.outer.is_active:
                raise IsolationError(_ended(_name(key)))
            if bind.connection.in_nested_transaction():
                raise IsolationError(
                    f"A savepoint is still open on {_name(key)}: a session was used and neither committed,"
                    " rolled back nor closed. What requests write inside it is lost when it closes. Look"
                    " for a session kept in the test, or opened by the service outside an application"
                    " context."
                )

    def end(self) -> list[str]:
        """Roll back whatever happened, give the engines back, and return what was wrong, a sentence each.

        Found: constraints that a real commit would have refused, and an outer transaction that the service
        ended.
        """
        findings: list[str] = []
        try:
            for key, bind in self._binds.items():
                findings += _findings(_name(key), bind)
        finally:
            self._close()
        return findings

    def before_fork(self) -> None:
        """Close every connection, before this process is forked; what is in SQLite's memory is kept.

        A connection that two processes share would give each the other's answers (SQLAlchemy, "Using
        Connection Pools with Multiprocessing"; SQLite, "How To Corrupt", 2.6).
        """
        for key, engine in self._engines.items():
            engine = cast("Engine", engine)
            if engine.dialect.name == "sqlite":
                with engine.connect() as connection:
                    self._kept[key] = _driver(connection).serialize()
            engine.dispose()

    def after_fork(self, database: str | None = None) -> None:
        """Open the databases again after `release`: on PostgreSQL the one of this name, if one is given."""
        for key, engine in self._engines.items():
            engine = cast("Engine", engine)
            if engine.dialect.name == "sqlite":
                with engine.connect() as connection:
                    _driver(connection).deserialize(self._kept[key])
            elif database:
                event.listen(engine, "do_connect", _instead(database))

    def rows_left(self) -> dict[str, int]:
        """Count, after end(), what is really in the database: rows by table, only of tables that have some.

        A table of a bind other than the default is called `bind:table`. Data that a migration or the factory
        brought are counted too.
        """
        if self._binds:
            raise IsolationError("Rows left over are counted between scenarios: call end() first.")
        left: dict[str, int] = {}
        for key, engine in self._engines.items():
            with cast("Engine", engine).connect() as connection:
                for table in self._tables(key):
                    if count := connection.scalar(select(func.count()).select_from(table)):
                        left[_table_name(key, table)] = count
        return left

    def snapshot(self) -> dict[str, list[tuple[Any, ...]]]:
        """Read every row of every table within the scenario, to see later that nothing changed.

        Tables are those of the models, named as in `rows_left`, rows in order of their primary key, values as
        the driver gives them.
        """
        found: dict[str, list[tuple[Any, ...]]] = {}
        for key, bind in self._binds.items():
            cursor = bind.connection.connection.cursor()  # the driver's own: SQLAlchemy's takes twice as long
            for name, query in self._all_rows(key, bind.engine):
                cursor.execute(query)
                found[name] = list(cursor.fetchall())
            cursor.close()
        return found

    def _all_rows(self, key: str | None, engine: Engine) -> list[tuple[str, str]]:
        """Return each table's name and the query of all its rows, compiled once: it is asked very often."""
        if key not in self._queries:
            queries = ((t, select(t).order_by(*t.primary_key)) for t in self._tables(key))
            self._queries[key] = [(_table_name(key, t), str(query.compile(engine))) for t, query in queries]
        return self._queries[key]

    def _tables(self, key: str | None) -> list[Table]:
        metadata = self._db.metadatas.get(key)
        return [] if metadata is None else [t for t in metadata.sorted_tables if t.name != _VERSION_TABLE]

    def _session_binds(self) -> dict[str, Any]:
        """Say which connection a session uses: the default one, by table where there are several."""
        default = self._binds.get(None)
        tables = {
            table: bind.connection
            for key, bind in self._binds.items()
            if key is not None
            for table in self._tables(key)
        }
        return {"bind": default.connection if default else None, "binds": tables or None}

    def _check_deferred_constraints(self, session: Session) -> None:
        """Raise at a session's commit the error that PostgreSQL keeps for a real one.

        A constraint that is deferrable but checked at once counts as deferred after the first commit.
        """
        if session.in_nested_transaction():
            return
        session.flush()
        for bind in self._binds.values():
            connection = bind.connection
            # Without a savepoint no session was here, and an error would spoil the outer transaction.
            if connection.dialect.name == "postgresql" and connection.in_nested_transaction():
                connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
                connection.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")

    def _close(self) -> None:
        """Restore every engine and roll back, each bind even if the one before it failed."""
        binds, self._binds = self._binds, {}
        self._engines.update({key: bind.engine for key, bind in binds.items()})
        errors: list[Exception] = []
        for bind in binds.values():
            try:
                # Where the service has ended it, a rollback only warns; end() has reported it.
                if bind.outer.is_active:
                    bind.outer.rollback()
            except DBAPIError as error:
                errors.append(error)
                bind.connection.invalidate()
            finally:
                bind.connection.close()
        if errors:
            raise errors[0]


def _open(engine: Engine) -> _Open:
    connection = engine.connect()
    try:
        outer = connection.begin()
        # It goes with the transaction: at the end it shows whether this is still the one begun here.
        connection.exec_driver_sql(f"SAVEPOINT {_MARK}")
    except BaseException:
        connection.close()
        raise
    return _Open(engine, connection, outer)


def _hand_transactions_to_sqlalchemy(dbapi_connection: Any, record: Any, *_: object) -> None:
    """Make SQLAlchemy begin transactions and let SQLite mind its foreign keys.

    Source: SQLAlchemy, SQLite dialect, "Serializable isolation / Savepoints / Transactional DDL".
    """
    if not record.info.get(_MARK):
        dbapi_connection.isolation_level = None
        dbapi_connection.execute("PRAGMA foreign_keys = ON")
        record.info[_MARK] = True


def _instead(database: str) -> Any:
    """Connect to another database than the URL names; everything else about the engine stays."""

    def use_it(_dialect: Any, _record: Any, _arguments: Any, parameters: dict[str, Any]) -> None:
        parameters["dbname"] = database

    return use_it


def _begin_in_sqlite(connection: Connection) -> None:
    # The service may have a listener of its own for this, as SQLAlchemy's documentation shows.
    if not _driver(connection).in_transaction:
        connection.exec_driver_sql("BEGIN")


def _driver(connection: Connection) -> Any:
    """Return the connection of the database's own driver."""
    return connection.connection.dbapi_connection


def _findings(name: str, bind: _Open) -> list[str]:
    """Look, before the rollback, at what the scenario did to one database."""
    if not bind.outer.is_active:
        return [_ended(name)]
    broken = _broken_constraints(name, bind.connection)
    if bind.connection.invalidated:
        return broken
    try:
        bind.connection.exec_driver_sql(f"ROLLBACK TO SAVEPOINT {_MARK}")
    except DBAPIError:
        # What seemed broken comes of this.
        return [_ended(name)]
    return broken


def _ended(name: str) -> str:
    return (
        f"The service ended the scenario's outer transaction on {name}, by a rollback on a session of its"
        " own (`Session(db.engine)`) or by a raw COMMIT or ROLLBACK. What came before it is lost or really"
        " written, and what followed was not isolated. Use db.session and its commit() and rollback() in"
        " the service."
    )


def _broken_constraints(name: str, connection: Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        return _broken_in_sqlite(name, connection)
    if connection.dialect.name == "postgresql":
        return _broken_in_postgresql(name, connection)
    return []


def _broken_in_sqlite(name: str, connection: Connection) -> list[str]:
    """See https://www.sqlite.org/pragma.html#pragma_foreign_key_check: table, rowid, parent table, key."""
    rows: dict[tuple[str, str], list[object]] = {}
    for table, rowid, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        rows.setdefault((table, parent), []).append(rowid)
    return [
        f"A deferred foreign key is broken on {name}: {table} has rows without their {parent} (rowid"
        f" {', '.join(map(str, ids))}). A real commit would have refused them."
        for (table, parent), ids in rows.items()
    ]


def _broken_in_postgresql(name: str, connection: Connection) -> list[str]:
    try:
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        reason = _in_one_line(error)
        return [f"A deferred constraint is broken on {name}: {reason} A real commit would have refused it."]
    except DBAPIError as error:
        if connection.invalidated:
            return [f"The connection to {name} was lost during the scenario: {_in_one_line(error)}"]
        return [
            (
                f"The outer transaction on {name} is in an error state, and everything after it failed too: a"
                f" statement failed outside any savepoint ({_in_one_line(error)}). Run statements through"
                " sessions, not on the connection."
            )
        ]
    return []


def _in_one_line(error: DBAPIError) -> str:
    return " ".join(str(error.orig).split())


def _caller() -> str:
    """Return where the test asked for its session: past this package and contextlib."""
    frame: FrameType | None = sys._getframe(1)
    while frame and _is_passed_through(frame.f_code.co_filename):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else "somewhere"


def _is_passed_through(file: str) -> bool:
    return file == contextlib.__file__ or file.startswith(_PACKAGE)


def _name(key: str | None) -> str:
    return "the default database" if key is None else f"the database {key!r}"


def _table_name(key: str | None, table: Table) -> str:
    return table.fullname if key is None else f"{key}:{table.fullname}"
