"""Isolation by transaction: one a scenario on every database of the service, rolled back at its end.

The service runs unchanged. What it begins on its engines, and the short sessions of the test, are savepoints
of one transaction, so a commit that the service forgot stays invisible to the next request, and nothing is
left over for the next scenario. What this way of working would hide is looked for and named: transactions
left open, held contexts, broken constraints.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from behave_flask.core import paths
from behave_flask.core.extras import requires_extra
from behave_flask.databases import sqlite_content, sqlite_files, tables
from behave_flask.databases.engines import Bind, watch
from behave_flask.databases.isolation import IsolationError, refuse_context
from behave_flask.databases.pinned_engine import PinnedEngine

with requires_extra("sqlalchemy"):
    from sqlalchemy import Engine, event
    from sqlalchemy.exc import OperationalError
    from sqlalchemy.orm import Session

_USE = re.compile(r"\s*(select|insert|update|delete)\b", re.IGNORECASE)


class SQLAlchemyDatabase:
    """The databases of a service that uses SQLAlchemy in any way, isolated by a transaction a scenario.

    Make it once, after the service, which may have connected, migrated or written before. PostgreSQL and
    SQLite are known. What this isolation cannot show, because nothing is really committed: waiting for locks,
    serialisation failures, a `now()` that moves (it is the scenario's start), code with a connection of its
    own.

    For example::

        SQLAlchemyDatabase(engine, ignored=["users.last_seen", "*_version"])
    """

    def __init__(self, engines: Engine | Callable[[], Iterable[Bind]], ignored: Collection[str] = ()) -> None:
        """Install the listeners on the engines.

        :param engines: the one engine, or what returns all that there are by now, each of another database.
        :param ignored: tables, and columns as `table.column`, that do not count as a change; `*` stands for
            anything.
        """
        self._find = (lambda: [Bind(None, engines)]) if isinstance(engines, Engine) else engines
        self._engines: dict[str | None, PinnedEngine] = {}
        self._ignored = ignored
        self._queries: dict[str | None, list[tuple[str, str]]] = {}
        self._kept: dict[str | None, bytes] = {}
        self._opened_at = ""
        self._is_kept = False
        self._connected = watch()
        self.opened = sqlite_files.Opened()
        self._look()

    @property
    def description(self) -> str:
        """What kind of database it is, of which version, and in which file, once it was connected."""
        for each in self._engines.values():
            version = ".".join(map(str, each.engine.dialect.server_version_info or ()))
            file = each.engine.url.database if each.is_sqlite else None
            where = f", in {paths.shown(file)}" if file and file != ":memory:" else ""
            return f"on {each.engine.dialect.name} {version}".rstrip() + where
        return "without a database"

    def begin(self) -> None:
        """Open the transactions of a scenario. Raises IsolationError if one is open already."""
        if self._connected - {each.engine for each in self._engines.values()} and self._look():
            self.forget()
        if self._is_kept:
            return
        if self._is_open:
            raise IsolationError("A scenario is open already. Call end() before the next begin().")
        if not self._engines:  # SQLAlchemy was imported by some library alone
            sqlite_files.watch(self.opened)
        try:
            for each in self._engines.values():
                each.pin()
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
        if not self._is_open:
            raise IsolationError("No scenario is open: call begin() before asking for a session.")
        if self._opened_at:
            raise IsolationError(
                f"The test opens a session while its session of {self._opened_at} is still open. They share"
                " one connection, so either could undo the other's work. Close the first one before."
            )
        self._opened_at = paths.caller()
        try:
            with _OwnSession(self._engines) as session:
                yield session
                session.commit()
        finally:
            self._opened_at = ""

    def check_idle(self) -> None:
        """Call around each request.

        Raises IsolationError on an open session, a pushed app context, or an outer transaction that is over.
        """
        if self._opened_at:
            raise IsolationError(
                f"The test's session of {self._opened_at} is still open during a request. Closing it later"
                " would silently delete what the request wrote. Leave its `with` block before sending."
            )
        refuse_context()
        for each in self._engines.values():
            if each.is_pinned:
                each.check_idle()

    def cut_off(self) -> None:
        """Make every statement fail until the scenario ends."""
        self.before_statement(_fail)

    def before_statement(self, call: Callable[[Any, str], None]) -> None:
        """Call a function before each statement until the scenario ends: what somebody else does meanwhile.

        :param call: is given the cursor of the database's own driver, and the SQL.
        """
        for each in self._engines.values():
            each.before_statement(call)

    def end(self) -> list[str]:
        """Roll back whatever happened, and give the engines back.

        :returns: constraints that a real commit would have refused, and an outer transaction that the service
            ended, a sentence each.
        """
        sqlite_files.unwatch()
        findings = self.opened.findings()
        try:
            for each in self._engines.values():
                findings += each.findings() if each.is_pinned else []
        except BaseException:
            self._close()
            raise
        if not self._is_kept or not all(each.rewind() for each in self._engines.values()):
            self._close()
        return findings

    @property
    def is_kept(self) -> bool:
        """Whether scenarios begin with what `keep` found."""
        return self._is_kept

    def keep(self) -> None:
        """Make what is there now what the next scenarios begin with: their transactions stay open."""
        for each in self._engines.values():
            each.keep()
        self._is_kept = True

    def forget(self) -> None:
        """Roll back what was kept."""
        if self._is_kept:
            self._close()

    def before_fork(self) -> None:
        """Close every connection, before this process is forked; what is in SQLite is kept.

        A connection that two processes share would give each the other's answers (SQLAlchemy, "Using
        Connection Pools with Multiprocessing"; SQLite, "How To Corrupt", 2.6).
        """
        for key, each in self._engines.items():
            if each.is_sqlite:
                with each.engine.connect() as connection:
                    self._kept[key] = sqlite_content.read(_driver(connection))
            each.engine.dispose()

    def after_fork(self, worker: int, database: str | None = None) -> None:  # noqa: ARG002
        """Open the databases again after `before_fork`: on PostgreSQL the one of this name, if one is given.

        :param worker: its number; 0 in the process that was forked. Each has what was in SQLite to itself.
        :param database: the name of a worker's own copy on PostgreSQL.
        """
        for key, each in self._engines.items():
            if each.is_sqlite:
                with each.engine.connect() as connection:
                    sqlite_content.hold(_driver(connection), self._kept[key])
            elif database:
                event.listen(each.engine, "do_connect", _instead(database))

    def rows_left(self) -> dict[str, int]:
        """Count, after end(), what is really in the database, also what a migration or the factory brought.

        :returns: the rows of each table that has some; one of another bind than the default is `bind:table`.
        """
        if self._is_open:
            raise IsolationError("Rows left over are counted between scenarios: call end() first.")
        self._look()  # what made the schema may have made the engine
        left: dict[str, int] = {}
        for key, each in self._engines.items():
            with each.engine.connect() as connection:
                for name, query in tables.queries(connection, each.tables):
                    counted = f"SELECT count(*) FROM ({query}) AS counted"  # noqa: S608
                    if count := connection.exec_driver_sql(counted).scalar():
                        left[_table_name(key, name)] = count
        return left

    def snapshot(self) -> dict[str, list[tuple[Any, ...]]]:
        """Read every row of every table within the scenario, to see later that nothing changed.

        :returns: the rows of each table, in order of their primary key, with values as the driver gives them;
            tables are named as in `rows_left`.
        """
        found: dict[str, list[tuple[Any, ...]]] = {}
        for key, each in self._engines.items():
            if key not in self._queries:
                self._queries[key] = list(tables.queries(each.engine, each.tables, self._ignored))
            cursor = each.driver.cursor()  # the driver's own: SQLAlchemy's takes twice as long
            for name, query in self._queries[key]:
                cursor.execute(query)
                found[_table_name(key, name)] = list(cursor.fetchall())
            cursor.close()
        return found

    @property
    def _is_open(self) -> bool:
        return any(each.is_pinned for each in self._engines.values())

    def _look(self) -> bool:
        """Take up the engines that are new: some libraries make them when they are first needed.

        Return whether there are any.
        """
        known = {name: each.engine for name, each in self._engines.items()}
        new = [bind for bind in self._find() if known.get(bind.name) is not bind.engine]
        for bind in new:
            if bind.name in self._engines:
                self._engines[bind.name].release()
            self._engines[bind.name] = PinnedEngine(_name(bind.name), bind.engine, bind.metadata)
        return bool(new)

    def _close(self) -> None:
        """Roll back on every bind, even if the one before it failed."""
        self._is_kept = False
        errors: list[Exception] = []
        for each in self._engines.values():
            try:
                each.release()
            except Exception as error:  # noqa: BLE001 (the next one is to be put away as well)
                errors.append(error)
        if errors:
            raise errors[0]


class _OwnSession(Session):
    """A session of the test's: what it writes goes to the database that has the table."""

    def __init__(self, engines: Mapping[str | None, PinnedEngine]) -> None:
        default = engines.get(None)
        super().__init__(bind=default.engine if default else None, expire_on_commit=False)
        self._engines = engines

    def get_bind(self, mapper: Any = None, *, clause: Any = None, **keywords: Any) -> Any:
        """Return the engine of the database that has a table."""
        if len(self._engines) > 1:
            table = getattr(mapper, "local_table", None)
            if table is None:
                table = getattr(clause, "table", None)
            for each in self._engines.values():
                if table is not None and table.name in each.tables:
                    return each.engine
        return super().get_bind(mapper, clause=clause, **keywords)


def _fail(_cursor: Any, statement: str) -> None:
    if _USE.match(statement):
        raise OperationalError(statement, None, ConnectionResetError("the database is down"))


def _instead(database: str) -> Any:
    """Connect to another database than the URL names; everything else about the engine stays."""

    def use_it(_dialect: Any, _record: Any, _arguments: Any, parameters: dict[str, Any]) -> None:
        parameters["dbname"] = database

    return use_it


def _driver(connection: Any) -> Any:
    """Return the connection of the database's own driver."""
    return connection.connection.dbapi_connection


def _name(key: str | None) -> str:
    return "the default database" if key is None else f"the database {key!r}"


def _table_name(key: str | None, table: str) -> str:
    return table if key is None else f"{key}:{table}"
