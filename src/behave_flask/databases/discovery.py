"""Which database a service has, found where its libraries keep it, and how its schema is made."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from sys import modules
from typing import Any

from flask import Flask

from behave_flask.core.errors import UsageError
from behave_flask.core.protocols import Database
from behave_flask.databases import instances
from behave_flask.databases.none import NoDatabase

_SQLITE_SETTINGS = ("DATABASE", "DATABASE_PATH", "DATABASE_FILE", "DB_PATH", "SQLITE_DB", "SQLITE_PATH")
# What services keep data by, and no adapter knows; the second are what others, too, connect by.
_LIBRARIES = ("mongoengine", "pymongo", "tortoise")
_DRIVERS = ("psycopg", "psycopg2", "asyncpg", "pymysql", "MySQLdb", "mysql")
_OWN = "Give an adapter of your own (the protocol Database): hooks_for(..., database=...)"


def find(
    app: Flask, ignored: Collection[str] = (), path: str | Path | Sequence[str | Path] | None = None
) -> Database:
    """Return the database that a service uses.

    Known are SQLAlchemy, by whatever extension or none; a file of SQLite that a setting such as `DATABASE`
    names; none.

    :param app: the service, as its factory made it.
    :param ignored: tables, and columns as `table.column`, that do not count as a change.
    :param path: of its file of SQLite, or of several, where no setting names that.
    """
    setting = next((name for name in _SQLITE_SETTINGS if _is_path(app.config.get(name))), None)
    if isinstance(path, Sequence) and not isinstance(path, str):
        from behave_flask.databases.sqlite_file import SQLiteFiles

        return SQLiteFiles(app, path, ignored)
    if path or (setting and not _uses_sqlalchemy(app)):
        from behave_flask.databases.sqlite_file import SQLiteFile

        return SQLiteFile(app, setting or "", ignored, path=path)
    if "sqlalchemy" in modules:
        from behave_flask.databases import engines
        from behave_flask.databases.transactions import SQLAlchemyDatabase

        return SQLAlchemyDatabase(lambda: engines.of(app), ignored)
    return NoDatabase()


def schema_of(app: Flask) -> Callable[[], object]:
    """Return what makes the schema of an empty database, inside an app context.

    By the migrations of Flask-Migrate, if there are any, or by `create_all` of the extension; it does nothing
    where neither is there: such a service makes its schema itself, or the suite says how.
    """
    if migrate := app.extensions.get("migrate"):
        directory = Path(app.root_path).parent / migrate.directory
        if Path(migrate.directory).exists() or directory.exists():
            from flask_migrate import upgrade

            by_migrations: Callable[[], object] = upgrade
            return by_migrations
    create_all: Callable[[], object] | None = getattr(app.extensions.get("sqlalchemy"), "create_all", None)
    return create_all or (lambda: None)


def refuse_unknown() -> None:
    """Look, where no database was found, for one that there is all the same.

    :raises UsageError: that says by which library the service keeps its data, and what to write.
    """
    if "sqlalchemy" in modules:
        from behave_flask.databases import engines

        if url := engines.asynchronous():
            raise UsageError(
                f"The service's engine is asynchronous ({url}): what it writes cannot be put back from here."
                f" Let the factory make a synchronous one for the suite (create_engine). {_OWN}."
            )
    imports_drivers = modules.keys() & {"sqlalchemy", "peewee", "pony"}  # those that there are
    names = _LIBRARIES if imports_drivers else (*_LIBRARIES, *_DRIVERS)
    if found := _on_a_server() or next((name for name in names if name in modules), None):
        raise UsageError(
            f"The service uses {found}, which no adapter knows: nothing would be put back after a scenario."
            f" {_OWN}; hooks_for(..., database=NoDatabase()) if nothing has to be put back."
        )


def _on_a_server() -> str | None:
    """Return the library by which the service uses a server; what is in a file of SQLite is put back."""
    for library, module in (("peewee", modules.get("peewee")), ("pony", modules.get("pony.orm"))):
        for each in instances.of(module.Database) if module else ():
            kind = getattr(each, "provider_name", type(each).__name__) or "sqlite"  # Pony's, or Peewee's
            if "sqlite" not in kind.lower():
                return library
    return None


def unreachable(error: Exception) -> UsageError | None:
    """Return the sentence for a database that cannot be reached, if that is why this was raised.

    :param error: what was raised when the service was got ready.
    """
    if type(error).__name__ != "OperationalError" or getattr(error, "statement", "") is not None:
        return None
    why = " ".join(str(getattr(error, "orig", error)).split())
    return UsageError(
        f"The database of the service cannot be reached ({why}). Start it, or let the factory take another"
        " one for the suite, such as sqlite://."
    )


def _uses_sqlalchemy(app: Flask) -> bool:
    return "sqlalchemy" in app.extensions or any(name.startswith("ALCHEMICAL_") for name in app.config)


def _is_path(value: Any) -> bool:
    return isinstance(value, Path) or (isinstance(value, str) and bool(value) and "://" not in value)
