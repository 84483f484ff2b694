"""A service that keeps nothing in a database."""

from typing import Any, NoReturn

from behave_flask.core.errors import CannotKeep
from behave_flask.databases.isolation import refuse_context

_NONE = (
    "No database of the service was found. If it has one, name it:"
    " EmbeddedStage(app, database=...), with SQLAlchemyDatabase(engine) or SQLiteFile(app, setting)."
)


class NoDatabase:
    """Stands where a database would: nothing to roll back, nothing that can have changed."""

    description = "without a database"
    is_kept = False

    def begin(self) -> None:
        """Do nothing."""

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
        """Return no findings."""
        return []

    def keep(self) -> NoReturn:
        """Raise CannotKeep: what is in the service's memory cannot be put back."""
        raise CannotKeep(_NONE)

    def forget(self) -> None:
        """Do nothing."""

    def before_fork(self) -> None:
        """Do nothing."""

    def after_fork(self, worker: int, database: str | None = None) -> None:
        """Do nothing."""
