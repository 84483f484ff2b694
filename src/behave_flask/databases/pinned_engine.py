"""One connection and one transaction for all that goes through an engine during a scenario.

The service uses its engine as ever: by sessions of any kind, by connections, from whatever library. What it
begins becomes a savepoint on the one connection, its commit releases that, its rollback goes back to it. The
transaction around them all is rolled back when the scenario ends.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from behave_flask.core.extras import requires_extra
from behave_flask.databases import sqlite_content, tables
from behave_flask.databases.constraints import broken_constraints
from behave_flask.databases.isolation import IsolationError, ended

with requires_extra("sqlalchemy"):
    from sqlalchemy import Connection, Engine, MetaData, Pool, event
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import PoolProxiedConnection, StaticPool

_MARK = "scenario_start"
_KEPT = "scenario_kept"
_READING = re.compile(r"\s*(select|pragma|show|explain|values|savepoint|release|rollback)\b", re.IGNORECASE)
_BEGIN = re.compile(r"\s*begin\b", re.IGNORECASE)


@dataclass
class _Transaction:
    """One that the service, or the test, has begun: the savepoint that stands for it, if it has one."""

    savepoint: str
    wrote: bool = False
    is_open: bool = True  # on the connection; not once what is below has ended
    was_kept: bool = True  # by what is below, when that ended


class PinnedEngine:
    """An engine whose connection, during a scenario, is always the same, within one transaction."""

    def __init__(self, name: str, engine: Engine, metadata: MetaData | None = None) -> None:
        """Listen to the engine, which may have connected before.

        :param name: what findings call the database.
        :param engine: the service's, of any dialect that has savepoints.
        :param metadata: the tables that are meant; without it, all that the database has.
        """
        self.engine, self._name, self._metadata = engine, name, metadata
        self._held: PoolProxiedConnection | None = None
        self._pool: Pool = engine.pool
        self._transactions: dict[Connection, _Transaction] = {}
        self._count = 0
        self._overlaps: list[str] = []
        self._is_over = False
        self._mark = _MARK  # the savepoint to which the end of a scenario goes back
        self._before: list[Callable[[Any, str], None]] = []
        self.is_sqlite = engine.dialect.name == "sqlite"
        if self.is_sqlite:
            _open_to_all_threads(engine)
            # At each checkout: a factory may have connected before, and in memory that is the database.
            event.listen(engine, "checkout", _hand_transactions_to_sqlalchemy)
            event.listen(engine, "begin", _begin_in_sqlite)
        event.listen(engine, "begin", self._begun)
        event.listen(engine, "commit", self._committed)
        event.listen(engine, "rollback", self._rolled_back)
        event.listen(engine, "before_cursor_execute", self._executes, retval=True)

    @property
    def is_pinned(self) -> bool:
        """Whether a scenario is open."""
        return self._held is not None

    @property
    def driver(self) -> Any:
        """The connection of the database's own driver, during a scenario."""
        if self._held is None:
            raise IsolationError(f"No scenario is open on {self._name}.")
        return self._held.dbapi_connection

    @cached_property
    def tables(self) -> set[str]:
        """The names of its tables."""
        there = tables.names(self.engine)
        return (
            there
            if self._metadata is None
            else there & {each.name for each in self._metadata.tables.values()}
        )

    def pin(self) -> None:
        """Open the transaction of a scenario."""
        self._held = self.engine.raw_connection()
        try:
            if self.is_sqlite or getattr(self.driver, "autocommit", False) is True:
                self._run("BEGIN")
            # It goes with the transaction: at the end it shows whether this is still the one begun here.
            self._run(f"SAVEPOINT {_MARK}")
        except BaseException:
            self._held.close()
            self._held = None
            raise
        self._pool, self.engine.pool = self.engine.pool, _OneConnection(self.driver, self.engine)
        for step in ("do_begin", "do_commit", "do_rollback"):
            setattr(self.engine.dialect, step, lambda _: None)

    def release(self) -> None:
        """Roll back, and give the engine its connections again."""
        held, self._held = self._held, None
        if held is None:
            return
        self.engine.pool = self._pool
        for step in ("do_begin", "do_commit", "do_rollback"):
            delattr(self.engine.dialect, step)
        self._begin_anew()
        self._mark = _MARK
        was_lost = bool(getattr(held.dbapi_connection, "closed", False))
        try:
            held.rollback()
        except self._error:
            held.invalidate()
            if not was_lost:
                raise
        finally:
            held.close()

    def keep(self) -> None:
        """Make what is there now what each scenario goes back to, until `release`."""
        self.check_idle()
        self._run(f"SAVEPOINT {_KEPT}")
        self._mark = _KEPT

    def rewind(self) -> bool:
        """Go on with what was kept, to which `findings` has gone back; return whether it is still there."""
        there = not self._is_over and not self._is_lost()
        self._begin_anew()
        return there

    def _begin_anew(self) -> None:
        self._transactions.clear()
        self._overlaps, self._before, self._is_over, self._count = [], [], False, 0

    def findings(self) -> list[str]:
        """Return what the scenario did to the database that a real commit would have refused."""
        found = broken_constraints(self._name, self._run, self.engine.dialect)
        if self._is_lost():
            return found
        try:
            self._run(f"ROLLBACK TO SAVEPOINT {self._mark}")
        except self._error:
            self._is_over = True
            return [ended(self._name)]  # what seemed broken comes of this
        return found + self._overlaps

    def check_idle(self) -> None:
        """Raise IsolationError if a transaction with writes is open, or the scenario's own one is over."""
        for connection, transaction in list(self._transactions.items()):
            if transaction.is_open and transaction.wrote:
                raise IsolationError(
                    f"A transaction is still open on {self._name}: a session has written and neither"
                    " committed, rolled back nor closed. What requests write meanwhile is lost when it"
                    " closes. Look for a session kept in the test, or opened by the service outside an"
                    " application context."
                )
            self._close(connection, transaction, keep=True)
        if self._is_over or (self.is_sqlite and not self.driver.in_transaction):
            raise IsolationError(ended(self._name))

    def before_statement(self, call: Callable[[Any, str], None]) -> None:
        """Call a function before each statement, with the driver's cursor and the SQL, until `release`."""
        self._before.append(call)

    # what the engine tells

    def _begun(self, connection: Connection) -> None:
        if self.is_pinned:
            self._count += 1
            self._transactions[connection] = _Transaction(f"scenario_{self._count}")
            self._run(f"SAVEPOINT scenario_{self._count}")

    def _committed(self, connection: Connection) -> None:
        if self.is_pinned:
            transaction = self._transactions[connection]
            if transaction.wrote and self.engine.dialect.name == "postgresql":
                self._check_deferred_constraints(connection, transaction)
            self._end(connection, keep=True)

    def _rolled_back(self, connection: Connection) -> None:
        if self.is_pinned and connection in self._transactions:
            self._end(connection, keep=False)

    def _executes(
        self, connection: Connection, cursor: Any, statement: str, parameters: Any, *_: Any
    ) -> tuple[str, Any]:
        """Note what is written; return what is to be executed in the place of a statement."""
        if not self.is_pinned:
            return statement, parameters
        for call in self._before:
            call(cursor, statement)
        if self.is_sqlite and _BEGIN.match(statement):  # a listener of the service's own, as the docs show
            return "SELECT 1", parameters
        if transaction := self._transactions.get(connection):
            if not transaction.is_open and not transaction.wrote:  # it was idle, and goes on
                transaction.is_open = True
                self._transactions[connection] = self._transactions.pop(connection)
                self._run(f"SAVEPOINT {transaction.savepoint}")
            transaction.wrote = transaction.wrote or not _READING.match(statement)
        return statement, parameters

    # savepoints

    def _end(self, connection: Connection, *, keep: bool) -> None:
        transaction = self._transactions[connection]
        if not transaction.is_open and transaction.wrote and transaction.was_kept != keep:
            self._overlaps.append(
                f"Two transactions overlapped on {self._name}, and the one that began later outlived the"
                " other: on the one connection of a scenario its work went with the other's. Use one session"
                " at a time."
            )
        self._close(connection, transaction, keep=keep)
        del self._transactions[connection]

    def _close(self, connection: Connection, transaction: _Transaction, *, keep: bool) -> None:
        """Release a savepoint, with all that were opened after it."""
        if not transaction.is_open:
            return
        try:
            if not keep:
                self._run(f"ROLLBACK TO SAVEPOINT {transaction.savepoint}")
            self._run(f"RELEASE SAVEPOINT {transaction.savepoint}")
        except self._error as error:
            self._is_over = not self._is_lost()
            if keep:
                raise IsolationError(ended(self._name)) from error
        started = list(self._transactions)
        for each in started[started.index(connection) :]:
            self._transactions[each].is_open, self._transactions[each].was_kept = False, keep

    def _check_deferred_constraints(self, connection: Connection, transaction: _Transaction) -> None:
        """Raise at a commit the error that PostgreSQL keeps for a real one.

        A constraint that is deferrable but checked at once counts as deferred after the first commit.
        """
        try:
            connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
            connection.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")
        except DBAPIError:
            self._close(connection, transaction, keep=False)
            del self._transactions[connection]
            raise

    def _run(self, statement: str) -> list[Any]:
        cursor = self.driver.cursor()
        try:
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []
        finally:
            cursor.close()

    def _is_lost(self) -> bool:
        return bool(getattr(self.driver, "closed", False))

    @property
    def _error(self) -> type[Exception]:
        """What the database's own driver raises."""
        found: type[Exception] = self.engine.dialect.loaded_dbapi.Error
        return found


class _OneConnection(StaticPool):
    """Hands out the connection of a scenario to whoever asks, and neither resets nor closes it."""

    def __init__(self, driver: Any, engine: Engine) -> None:
        super().__init__(lambda: driver, reset_on_return=None, dialect=engine.dialect)

    def recreate(self) -> "_OneConnection":
        """Stay as it is: `Engine.dispose` ends no scenario."""
        return self

    def dispose(self) -> None:
        """Do nothing, for the same reason."""


def _open_to_all_threads(engine: Engine) -> None:
    """Let threads of the service use the one connection of a scenario, with what is in memory already."""
    event.listen(engine, "do_connect", _for_all_threads)
    if engine.url.database in (None, "", ":memory:"):
        with engine.connect() as connection:
            content = sqlite_content.read(_driver(connection))
        engine.dispose()
        with engine.connect() as connection:
            sqlite_content.hold(_driver(connection), content)


def _for_all_threads(_dialect: Any, _record: Any, _arguments: Any, parameters: dict[str, Any]) -> None:
    parameters["check_same_thread"] = False


def _driver(connection: Connection) -> Any:
    """Return the connection of the database's own driver."""
    return connection.connection.dbapi_connection


def _hand_transactions_to_sqlalchemy(dbapi_connection: Any, record: Any, *_: object) -> None:
    """Make SQLAlchemy begin transactions and let SQLite mind its foreign keys.

    Source: SQLAlchemy, SQLite dialect, "Serializable isolation / Savepoints / Transactional DDL".
    """
    if not record.info.get(_MARK):
        dbapi_connection.isolation_level = None
        dbapi_connection.execute("PRAGMA foreign_keys = ON")
        record.info[_MARK] = True


def _begin_in_sqlite(connection: Connection) -> None:
    # The service may have a listener of its own for this, as SQLAlchemy's documentation shows.
    if not _driver(connection).in_transaction:
        connection.exec_driver_sql("BEGIN")
