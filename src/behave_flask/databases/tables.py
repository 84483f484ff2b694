"""Every row of a database, by what the database itself says of its tables."""

from collections.abc import Collection, Iterator

from behave_flask.core.extras import requires_extra
from behave_flask.databases.isolation import is_ignored

with requires_extra("sqlalchemy"):
    from sqlalchemy import Connection, Engine, inspect


def names(bind: Engine | Connection) -> set[str]:
    """Return the names of all tables of a database."""
    return set(inspect(bind).get_table_names())


def queries(
    bind: Engine | Connection, own: Collection[str], ignored: Collection[str] = ()
) -> Iterator[tuple[str, str]]:
    """Yield each table with the query of all its rows, in the order of its primary key.

    :param bind: the database.
    :param own: the names of the tables that are meant.
    :param ignored: tables, and columns as `table.column`, that do not count; `*` stands for anything.
    """
    inspector = inspect(bind)
    quote = bind.dialect.identifier_preparer.quote
    for table in sorted(own):
        if is_ignored(table, ignored):
            continue
        columns = [each["name"] for each in inspector.get_columns(table)]
        counted = [quote(each) for each in columns if not is_ignored(f"{table}.{each}", ignored)]
        key = list(map(quote, inspector.get_pk_constraint(table)["constrained_columns"])) or counted
        query = f"SELECT {', '.join(counted)} FROM {quote(table)} ORDER BY {', '.join(key)}"  # noqa: S608
        yield table, query
