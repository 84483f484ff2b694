"""Which database a service has, found where its libraries keep it, and how its schema is made."""

from collections.abc import Callable, Collection
from pathlib import Path
from sys import modules
from typing import Any

from flask import Flask

from behave_flask.core.protocols import Database
from behave_flask.databases.none import NoDatabase

_SQLITE_SETTINGS = ("DATABASE", "DATABASE_PATH", "DATABASE_FILE", "DB_PATH", "SQLITE_DB", "SQLITE_PATH")


def find(app: Flask, ignored: Collection[str] = (), path: str | Path | None = None) -> Database:
    """Return the database that a service uses.

    Known are SQLAlchemy, by whatever extension or none; a file of SQLite that a setting such as `DATABASE`
    names; none.

    :param app: the service, as its factory made it.
    :param ignored: tables, and columns as `table.column`, that do not count as a change.
    :param path: of its file of SQLite, where no setting names that.
    """
    setting = next((name for name in _SQLITE_SETTINGS if _is_path(app.config.get(name))), None)
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


def _uses_sqlalchemy(app: Flask) -> bool:
    return "sqlalchemy" in app.extensions or any(name.startswith("ALCHEMICAL_") for name in app.config)


def _is_path(value: Any) -> bool:
    return isinstance(value, Path) or (isinstance(value, str) and bool(value) and "://" not in value)
