"""Constraints that a real commit would have refused, looked for in a transaction that is never committed."""

from collections.abc import Callable
from typing import Any

from behave_flask.core.extras import requires_extra

with requires_extra("sqlalchemy"):
    from sqlalchemy import Dialect

Run = Callable[[str], list[Any]]  # runs a statement on the database's own driver, and returns its rows


def broken_constraints(name: str, run: Run, dialect: Dialect) -> list[str]:
    """Return what is broken in an open transaction, a sentence each; nothing for a dialect that is not known.

    :param name: what the findings call the database.
    :param run: runs a statement in the transaction.
    :param dialect: of the database.
    """
    if dialect.name == "sqlite":
        return _broken_in_sqlite(name, run)
    if dialect.name == "postgresql":
        return _broken_in_postgresql(name, run, dialect.loaded_dbapi)
    return []


def _broken_in_sqlite(name: str, run: Run) -> list[str]:
    """See https://www.sqlite.org/pragma.html#pragma_foreign_key_check: table, rowid, parent table, key."""
    rows: dict[tuple[str, str], list[object]] = {}
    for table, rowid, parent, _ in run("PRAGMA foreign_key_check"):
        rows.setdefault((table, parent), []).append(rowid)
    return [
        f"A deferred foreign key is broken on {name}: {table} has rows without their {parent} (rowid"
        f" {', '.join(map(str, ids))}). A real commit would have refused them."
        for (table, parent), ids in rows.items()
    ]


def _broken_in_postgresql(name: str, run: Run, dbapi: Any) -> list[str]:
    try:
        run("SET CONSTRAINTS ALL IMMEDIATE")
    except dbapi.IntegrityError as error:
        reason = _in_one_line(error)
        return [f"A deferred constraint is broken on {name}: {reason} A real commit would have refused it."]
    except dbapi.OperationalError as error:
        return [f"The connection to {name} was lost during the scenario: {_in_one_line(error)}"]
    except dbapi.Error as error:
        return [
            (
                f"The transaction on {name} is in an error state, and everything after it failed too: a"
                f" statement failed outside any savepoint ({_in_one_line(error)}). Run statements through"
                " SQLAlchemy, not on the driver's connection."
            )
        ]
    return []


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split())
