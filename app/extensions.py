"""The extensions, made once and bound to an app by `create_app`."""

import sqlite3
from typing import TYPE_CHECKING, Any

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase

NO_ID_TWICE = {"sqlite_autoincrement": True}


class Base(DeclarativeBase):
    """Every constraint has a name, so that a migration can speak of it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    # As PostgreSQL does by itself: an id is given once. A table with arguments of its own repeats it.
    __table_args__: Any = NO_ID_TWICE
    # Who deletes the same thing second finds it gone, which is no fault.
    __mapper_args__ = {"confirm_deleted_rows": False}  # noqa: RUF012


db = SQLAlchemy(model_class=Base)
limiter = Limiter(key_func=get_remote_address)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model  # which type checkers cannot follow: flask-sqlalchemy#1186


@event.listens_for(Engine, "connect")
def _bring_sqlite_up_to_postgresql(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA foreign_keys=ON")
        # SQLite's own knows the letters A to Z alone.
        connection.create_function("lower", 1, _lower, deterministic=True)


@event.listens_for(Engine, "do_connect")
def _bound_postgresql(_dialect: Any, _record: Any, arguments: Any, options: dict[str, Any]) -> Any:
    if "answer_within" not in options:
        return None
    from app.bounded_postgresql import connect  # whoever is on SQLite has no psycopg

    return connect(*arguments, **options)


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value
