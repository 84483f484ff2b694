"""The schema of a database in memory, kept from one run to the next.

Alembic takes longer to import than most features take to run, and 10 MiB. What its migrations come to is
known by what they are: their files, and the versions of what has run them. After any change they run again.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from behave_flask.core.extras import requires_extra

with requires_extra("sqlalchemy"):
    from flask_sqlalchemy import SQLAlchemy

_IN_MEMORY = (None, "", ":memory:")  # as SQLAlchemy's addresses of SQLite say it
_LENGTH = sha256().digest_size


def kept(migrate: Callable[[], None], db: SQLAlchemy, migrations: Path, folder: Path) -> Callable[[], None]:
    """Return what does as `migrate` does, inside an app context, and runs it only if it has to.

    :param migrations: the folder of the migrations, which depend on nothing else of the service.
    :param folder: where to keep what they come to; a folder that cannot be written to keeps nothing.
    """

    def bring_up() -> None:
        if db.engine.url.get_backend_name() != "sqlite" or db.engine.url.database not in _IN_MEMORY:
            migrate()
            return
        file = folder / f"schema-{_digest(migrations)}.image"
        if image := _image(file):
            with _driver(db) as driver:
                driver.deserialize(image)
            return
        migrate()
        with _driver(db) as driver, suppress(OSError):
            _keep(driver.serialize(), file)

    return bring_up


@contextmanager
def _driver(db: SQLAlchemy) -> Iterator[Any]:
    with db.engine.connect() as connection:
        yield connection.connection.dbapi_connection


def _digest(migrations: Path) -> str:
    made_of = sha256(f"{version('alembic')} {version('sqlalchemy')} {sqlite3.sqlite_version}".encode())
    for file in sorted(migrations.rglob("*")):
        if file.is_file() and file.suffix != ".pyc":
            made_of.update(f"\0{file.relative_to(migrations)}\0".encode() + file.read_bytes())
    return made_of.hexdigest()[:16]


def _image(file: Path) -> bytes:
    """Return the database that a file holds, if it is as it was written, and else nothing."""
    with suppress(OSError):
        content = file.read_bytes()
        written, image = content[:_LENGTH], content[_LENGTH:]
        if written == sha256(image).digest():
            return image
    return b""


def _keep(image: bytes, file: Path) -> None:
    """Write a database into a file, after its digest, in place of those of other migrations."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}")  # another run never reads a half
    draft.write_bytes(sha256(image).digest() + image)
    for other in file.parent.glob("schema-*"):
        if other != draft:
            other.unlink(missing_ok=True)
    draft.replace(file)
