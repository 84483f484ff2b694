"""Which files of SQLite the service opens, and what it is given instead: nothing is written to its own.

Whatever library opens a file, it comes to `sqlite3.connect`. What SQLAlchemy opens is left as it is, since
its connections are isolated in another way.
"""

import atexit
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from behave_flask.databases import sqlite_content

_MEMORY = Path("/dev/shm")  # noqa: S108 (no disk has to hold what is thrown away)
_PASSED_BY = ("sqlalchemy", "coverage", "behave_flask")  # whose connections are what they are


def folder() -> Path:
    """Return a new folder for copies, which is removed when this process ends, and not one of its workers."""
    made = Path(mkdtemp(prefix="behave-flask-", dir=_MEMORY if _MEMORY.is_dir() else None))
    atexit.register(_remove, made, os.getpid())
    _folders.append(made.resolve())
    return made


def copy(original: Path, target: Path) -> None:
    """Write what is in a file, if there is one, to another."""
    if original.exists():
        with closing(sqlite3.connect(f"file:{original}?mode=ro", uri=True)) as source:
            content = sqlite_content.read(source)
        with closing(sqlite3.connect(target)) as connection:
            sqlite_content.write(connection, content)


class Opened:
    """The files that the service opens and the suite knows nothing of; it is given copies."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def note(self, original: Path) -> Path:
        """Note a file, and return the one to open instead."""
        if (name := _shown(original)) not in self.names:
            self.names.append(name)
        if original not in _beside:
            _beside[original] = folder() / original.name
            copy(original, _beside[original])
        return _beside[original]

    def findings(self) -> list[str]:
        """Return a sentence for each, with what to write; again and again, for it may be held open."""
        return [
            f"The service opened the SQLite file {each}, which no scenario puts back. {self.cure}"
            for each in self.names
        ]

    @property
    def all_names(self) -> list[str]:
        """The files that are named, and these."""
        return [*map(_shown, _copies), *self.names]

    @property
    def cure(self) -> str:
        """What to write, so that all are put back."""
        several = self.all_names
        written = repr(several[0] if len(several) == 1 else several)
        return f"Name {'it' if len(several) == 1 else 'all'}: hooks_for(..., database={written})."


_folders: list[Path] = []
_copies: dict[Path, Callable[[], Path]] = {}  # of those that are named
_beside: dict[Path, Path] = {}  # of those that nobody names
_opened: list[Opened] = []


def replace(original: Path, now: Callable[[], Path]) -> None:
    """Give the service another file whenever it opens this one.

    :param now: returns which.
    """
    _listen()
    _copies[original.resolve()] = now


def watch(opened: Opened) -> None:
    """Note, until `unwatch`, the files that are opened and are not replaced."""
    _listen()
    _opened[:] = [opened]


def unwatch() -> None:
    """Leave files alone again that are not replaced."""
    _opened.clear()


@cache
def _listen() -> None:
    connect: Callable[..., sqlite3.Connection] = sqlite3.connect

    def connect_to_copy(database: Any, *arguments: Any, **keywords: Any) -> sqlite3.Connection:
        caller = sys._getframe(1).f_globals.get("__name__", "")
        if caller.partition(".")[0] in _PASSED_BY:
            return connect(database, *arguments, **keywords)
        return connect(_instead_of(database), *arguments, **keywords)

    sqlite3.connect = sqlite3.dbapi2.connect = connect_to_copy  # type: ignore[assignment]


def _instead_of(database: Any) -> Any:
    name, query = os.fsdecode(database), ""
    if name.startswith("file:"):
        name, mark, query = name.removeprefix("file:").partition("?")
        query = mark + query
    if not name or name == ":memory:" or "mode=memory" in query:
        return database
    original = Path(name).resolve()
    if original in _copies:
        instead = _copies[original]()
    elif _opened and not any(original.is_relative_to(each) for each in _folders):
        instead = _opened[0].note(original)
    elif original in _beside:
        instead = _beside[original]
    else:
        return database
    return f"file:{instead}{query}" if query else str(instead)


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _remove(made: Path, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(made, ignore_errors=True)
