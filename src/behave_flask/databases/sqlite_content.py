"""All that a database of SQLite holds, as bytes."""

import sqlite3
from contextlib import closing


def read(connection: sqlite3.Connection) -> bytes:
    """Return all that is in a database; nothing if it is empty, which SQLite itself refuses to tell."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    return connection.serialize() if pages else b""


def hold(connection: sqlite3.Connection, content: bytes) -> None:
    """Make a connection hold what was read, in its memory, and leave an empty one as it is."""
    if content:
        connection.deserialize(content)


def write(connection: sqlite3.Connection, content: bytes) -> None:
    """Write what was read into the file of a connection."""
    with closing(sqlite3.connect(":memory:")) as source:
        hold(source, content)
        connection.execute("BEGIN EXCLUSIVE")  # a backup waits for ever where somebody else writes
        connection.rollback()
        source.backup(connection)
