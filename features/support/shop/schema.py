"""Whether the database is as the shop's models have it."""

from collections.abc import Iterator

from sqlalchemy import CheckConstraint, Connection, Table, inspect, text

from app import create_app
from app.extensions import db


def differences(connection: Connection) -> list[str]:
    """Return in what the database is not as the shop's models have it: tables, columns, keys, constraints."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    compared = MigrationContext.configure(connection, opts={"compare_type": True})
    return [*map(str, compare_metadata(compared, db.metadata)), *_other_checks(connection)]


def loose_references() -> Iterator[str]:
    """Yield what a new connection of the shop's leaves loose: SQLite keeps references where it is told to."""
    with create_app("testing").app_context():
        if db.engine.dialect.name == "sqlite" and not db.session.scalar(text("PRAGMA foreign_keys")):
            yield "what refers to a row that is gone stays"


def _other_checks(connection: Connection) -> Iterator[str]:
    """Yield what alembic does not look at: the conditions that rows must meet."""
    inspector = inspect(connection)
    for name, table in db.metadata.tables.items():
        actual = {(each["name"], _plain(each["sqltext"])) for each in inspector.get_check_constraints(name)}
        checks = (each for each in table.constraints if isinstance(each, CheckConstraint))
        expected = {(str(each.name), _plain(str(each.sqltext))) for each in checks}
        if connection.dialect.name != "sqlite":  # PostgreSQL writes a condition in its own way
            actual, expected = {(each, "") for each, _ in actual}, {(each, "") for each, _ in expected}
        yield from (f"{name}: {each}" for each in sorted(actual ^ expected))
        actual_keys = {str(each["name"]) for each in inspector.get_foreign_keys(name)}
        expected_keys = {str(each.name) for each in table.foreign_key_constraints}
        if connection.dialect.name != "sqlite":  # which keeps no name of a primary key
            actual_keys.add(str(inspector.get_pk_constraint(name)["name"]))
            expected_keys.add(str(table.primary_key.name))
        yield from (f"{name}: {each}" for each in sorted(actual_keys ^ expected_keys))
        if connection.dialect.name == "sqlite" and not table.dialect_options["sqlite"]["autoincrement"]:
            yield f"{name}: an id may come again"


def _plain(sql: str) -> str:
    return " ".join(sql.split())


def tables_on_postgresql() -> dict[str, list[str]]:
    """Return by its name what PostgreSQL would be asked for each table of the models."""
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

    def asked_for(table: Table) -> Iterator[str]:
        indexes = sorted(table.indexes, key=lambda each: str(each.name))
        asked: list[ExecutableDDLElement] = [CreateTable(table), *map(CreateIndex, indexes)]
        for each in asked:
            yield from str(each.compile(dialect=dialect)).strip().splitlines()

    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    tables = sorted(db.metadata.tables.items())
    return {name: [line.strip().rstrip(",") for line in asked_for(table)] for name, table in tables}
