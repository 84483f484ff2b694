"""A service that keeps nothing in a database."""

from typing import Any, NoReturn

from behave_flask.core.errors import CannotKeep
from behave_flask.core.protocols import Database
from behave_flask.databases import sqlite_files
from behave_flask.databases.isolation import refuse_context

_NONE = (
    "No database of the service was found. If it has one, name it:"
    " hooks_for(..., database=...), with SQLAlchemyDatabase(engine), or the path of its SQLite file."
)


class NoDatabase(Database):
    """Stands where a database would: nothing to roll back, nothing that can have changed.

    Where one was found of which nothing has to be put back::

        globals().update(hooks_for(create_app, database=NoDatabase()))
    """

    description = "without a database"
    is_kept = False

    def __init__(self) -> None:
        """Begin to look whether the service opens files of SQLite all the same."""
        self.opened = sqlite_files.Opened()
        sqlite_files.watch(self.opened)

    def begin(self) -> None:
        """Go on looking."""
        sqlite_files.watch(self.opened)

    def session(self) -> NoReturn:
        """Raise AssertionError: there is nothing to open a session on."""
        raise AssertionError(_NONE)

    def check_idle(self) -> None:
        """Raise IsolationError if an application context is pushed around the request."""
        refuse_context()

    def cut_off(self) -> NoReturn:
        """Raise AssertionError: there is nothing to cut off."""
        raise AssertionError(_NONE)

    def snapshot(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return no tables."""
        return {}

    def rows_left(self) -> dict[str, int]:
        """Return no tables."""
        return {}

    def end(self) -> list[str]:
        """Return the files of SQLite that the service has opened, a sentence each."""
        sqlite_files.unwatch()
        return self.opened.findings()

    def keep(self) -> NoReturn:
        """Raise CannotKeep: what is in the service's memory cannot be put back."""
        raise CannotKeep(_NONE)

    def forget(self) -> None:
        """Do nothing."""

    def before_fork(self) -> None:
        """Do nothing."""

    def after_fork(self, worker: int, database: str | None = None) -> None:
        """Do nothing."""
