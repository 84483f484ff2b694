"""Files of SQLite that the service opens itself, put back as they were after each scenario."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from behave_flask.core.errors import UsageError
from behave_flask.databases import sqlite_content, sqlite_files
from behave_flask.databases.isolation import is_ignored, refuse_context

BUSY_TIMEOUT_S = 1.0  # for a connection of the service's that is about to be closed


class SQLiteFile:
    """The database of a service that opens a file of SQLite, by `sqlite3` itself or by peewee or the like.

    What is in the file when the first scenario begins, each scenario finds again. Nothing is written to the
    service's own file: it is given a copy of it. Transactions are real here.

    For example::

        SQLiteFile(app, "DATABASE")
        SQLiteFile(app, path="shop.db")
    """

    def __init__(
        self,
        app: Flask,
        setting: str = "DATABASE",
        ignored: Collection[str] = (),
        *,
        path: str | Path | None = None,
    ) -> None:
        """Put a copy of the file in the place of the service's own.

        :param app: the service, which opens the file anew for each request.
        :param setting: the name of the setting that holds the file's path.
        :param ignored: tables, and columns as `table.column`, that do not count as a change; `*` stands for
            anything.
        :param path: of the file, where no setting holds it.
        :raises UsageError: if there is neither.
        """
        if path is None and not app.config.get(setting):
            raise UsageError(f"The service has no setting {setting!r} with the path of its SQLite file.")
        self._app, self._setting, self._ignored = app, None if path else setting, ignored
        self._folder = sqlite_files.folder()
        original = Path(path or app.config[setting])
        self._is_text = isinstance(app.config.get(setting), str)
        self._use(self._folder / original.name)
        sqlite_files.copy(original, self._path)
        sqlite_files.replace(original, lambda: self._now)
        self.opened = sqlite_files.Opened()  # beside it
        sqlite_files.watch(self.opened)
        self._start: bytes | None = None  # what is in the file when the first scenario begins
        self._kept: bytes | None = None

    @property
    def path(self) -> Path:
        """Of the copy that the service is given."""
        return self._path

    @property
    def description(self) -> str:
        """What kind of database it is, and of which version."""
        return f"on a file of sqlite {sqlite3.sqlite_version}"

    def begin(self) -> None:
        """Keep what is in the file before the first scenario, and look which others the service opens."""
        sqlite_files.watch(self.opened)
        if self._start is None:
            with self._connected() as connection:
                self._start = sqlite_content.read(connection)

    @contextmanager
    def session(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection of the test's own; it commits at the end, or rolls back if the block raises."""
        with self._connected() as connection, connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.row_factory = sqlite3.Row
            yield connection

    def check_idle(self) -> None:
        """Raise IsolationError if an application context is pushed around the request."""
        refuse_context()

    def cut_off(self) -> None:
        """Make the service find no database until the scenario ends."""
        self._set(self._folder / "cut off" / self._path.name)

    def snapshot(self) -> dict[str, list[tuple[Any, ...]]]:
        """Read every row of every table, to see later that nothing changed.

        :returns: the rows of each table, in order.
        """
        with self._connected() as connection:
            return {table: connection.execute(query).fetchall() for table, query in self._queries(connection)}

    def rows_left(self) -> dict[str, int]:
        """Count the rows between scenarios.

        :returns: by table, only of those that have some.
        """
        with self._connected() as connection:
            counts = {
                table: connection.execute(f"SELECT count(*) FROM ({query})").fetchone()[0]  # noqa: S608
                for table, query in self._queries(connection)
            }
        return {table: count for table, count in counts.items() if count}

    def end(self) -> list[str]:
        """Put the file back.

        :returns: what hinders that, or is broken in it, a sentence each.
        """
        sqlite_files.unwatch()
        self._set(self._path)
        return self._put_back() + self.opened.findings()

    def _put_back(self) -> list[str]:
        try:
            with self._connected() as connection:
                rows = connection.execute("PRAGMA foreign_key_check").fetchall()
            if (content := self._kept or self._start) is not None:
                self._restore(content)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            found = f"The service still has a transaction open on {self._path.name} after the scenario"
            return [f"{found}, so it could not be put back ({error}). Close it when the request ends."]
        return [f"A foreign key is broken: {row[0]} has a row without its {row[2]}." for row in rows]

    @property
    def is_kept(self) -> bool:
        """Whether scenarios begin with what `keep` found."""
        return self._kept is not None

    def keep(self) -> None:
        """Make what is in the file now what the next scenarios begin with."""
        with self._connected() as connection:
            self._kept = sqlite_content.read(connection)

    def forget(self) -> None:
        """Put back what was in the file before the first scenario."""
        if self._kept is not None:
            self._kept = None
            self._restore(self._start or b"")

    def before_fork(self) -> None:
        """Keep what is in the file."""
        self.begin()

    def after_fork(self, worker: int, database: str | None = None) -> None:  # noqa: ARG002
        """Give a worker a file of its own.

        :param worker: its number; 0 in the process that was forked.
        :param database: of no use here.
        """
        if worker:
            (folder := self._folder / f"worker-{worker}").mkdir()
            self._use(folder / self._path.name)
            self._restore(self._start or b"")

    def _use(self, path: Path) -> None:
        self._path = path
        self._set(path)

    def _set(self, path: Path) -> None:
        """Let the service find a file here from now on."""
        self._now = path
        if self._setting:
            self._app.config[self._setting] = str(path) if self._is_text else path

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=BUSY_TIMEOUT_S)) as connection:
            yield connection

    def _restore(self, content: bytes) -> None:
        with self._connected() as connection:
            sqlite_content.write(connection, content)

    def _queries(self, connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
        found = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        for (table,) in found:
            columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
            counted = [f'"{each}"' for each in columns if not is_ignored(f"{table}.{each}", self._ignored)]
            if not is_ignored(table, self._ignored):
                listed = ", ".join(counted)
                yield table, f'SELECT {listed} FROM "{table}" ORDER BY {listed}'  # noqa: S608


class SQLiteFiles:
    """The database of a service that opens several files of SQLite.

    The tables of the first are named as they are, those of another with its name before: `users:account`.

    For example::

        SQLiteFiles(app, ["blog.db", "users.db"])
    """

    def __init__(self, app: Flask, paths: Sequence[str | Path], ignored: Collection[str] = ()) -> None:
        """Put a copy of each file in its place.

        :param app: the service, which opens the files anew for each request.
        :param paths: of the files.
        :param ignored: tables, and columns as `table.column`, of whichever file, that do not count as a
            change.
        """
        if len({Path(path).stem for path in paths}) < len(paths):
            raise UsageError(f"Two files of SQLite have the same name: {', '.join(map(str, paths))}.")
        self._files = {
            f"{Path(path).stem}:" if number else "": SQLiteFile(app, ignored=ignored, path=path)
            for number, path in enumerate(paths)
        }
        self._first = self._files[""]
        self.opened = list(self._files.values())[-1].opened  # who looks last is told

    @property
    def description(self) -> str:
        """What kind of database it is, and of which version."""
        return f"on {len(self._files)} files of sqlite {sqlite3.sqlite_version}"

    def begin(self) -> None:
        """Keep what is in the files before the first scenario."""
        for each in self._files.values():
            each.begin()

    @contextmanager
    def session(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection of the test's own to the first file; the others are attached by their names.

        For example `SELECT * FROM users.account`. It commits at the end, or rolls back if the block raises.
        """
        with self._first.session() as connection:
            for name, each in self._files.items():
                if name:
                    connection.execute("ATTACH ? AS ?", (str(each.path), name.removesuffix(":")))
            yield connection

    def check_idle(self) -> None:
        """Raise IsolationError if an application context is pushed around the request."""
        refuse_context()

    def cut_off(self) -> None:
        """Make the service find none of them until the scenario ends."""
        for each in self._files.values():
            each.cut_off()

    def snapshot(self) -> dict[str, list[tuple[Any, ...]]]:
        """Read every row of every table, to see later that nothing changed."""
        return {
            f"{file}{table}": rows
            for file, each in self._files.items()
            for table, rows in each.snapshot().items()
        }

    def rows_left(self) -> dict[str, int]:
        """Count the rows between scenarios, by table, only of those that have some."""
        return {
            f"{file}{table}": count
            for file, each in self._files.items()
            for table, count in each.rows_left().items()
        }

    def end(self) -> list[str]:
        """Put the files back.

        :returns: what hinders that, or is broken in one, a sentence each.
        """
        return [finding for each in self._files.values() for finding in each.end()]

    @property
    def is_kept(self) -> bool:
        """Whether scenarios begin with what `keep` found."""
        return self._first.is_kept

    def keep(self) -> None:
        """Make what is in the files now what the next scenarios begin with."""
        for each in self._files.values():
            each.keep()

    def forget(self) -> None:
        """Put back what was in the files before the first scenario."""
        for each in self._files.values():
            each.forget()

    def before_fork(self) -> None:
        """Keep what is in the files."""
        for each in self._files.values():
            each.before_fork()

    def after_fork(self, worker: int, database: str | None = None) -> None:
        """Give a worker files of its own.

        :param worker: its number; 0 in the process that was forked.
        :param database: of no use here.
        """
        for each in self._files.values():
            each.after_fork(worker, database)
