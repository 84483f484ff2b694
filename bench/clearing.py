"""How fast committed data can be cleared after a scenario: `python -m bench.clearing`.

Every way in turn, on the shop's own tables with the few rows of a scenario, on a private PostgreSQL.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.models import Model, Post, Product, User
from behave_flask.databases.deletion import CommittedData
from behave_flask.databases.postgresql import OwnDatabase
from behave_flask.stages.servers import PrivatePostgres

ROUNDS = 30
SPARE = "spare"


def fill(session: Session) -> None:
    """Add what a scenario may have."""
    author = User(name="Ann", email="ann@example.com", password_hash="x")  # noqa: S106
    session.add_all([author, Product(name="Tea", description="", price_cents=250, stock=10)])
    session.flush()
    session.add(Post(author_id=author.id, title="News", body="What is new."))


@contextmanager
def ways(server: str) -> Iterator[dict[str, tuple[CommittedData, Callable[[], object]]]]:
    """Give each way: the data it clears, in a database of its own, and what does it."""
    own = {name: OwnDatabase(server) for name in ("delete", "truncate", "template", "schema")}
    data = {name: CommittedData(database.url, server, Model.metadata) for name, database in own.items()}
    engines = {name: create_engine(database.url) for name, database in own.items()}
    for name, database in own.items():
        database.create()
        Model.metadata.create_all(engines[name])
    engines["template"].dispose()
    own["template"].copy(1)  # what databases are made of from now on
    tables = ", ".join(f'"{table.name}"' for table in Model.metadata.sorted_tables)

    def from_template() -> None:
        data["template"].forget_connections()
        name = own["template"].url.rpartition("/")[2].partition("?")[0]
        own["template"]._on_server(f'DROP DATABASE "{name}" WITH (FORCE)')
        own["template"]._on_server(f'CREATE DATABASE "{name}" TEMPLATE "{name}_w1"')

    def swap() -> None:
        with engines["schema"].begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {SPARE}")
            connection.exec_driver_sql(f"SET LOCAL search_path = {SPARE}")
            Model.metadata.create_all(connection, checkfirst=False)
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql(f"ALTER SCHEMA {SPARE} RENAME TO public")

    def truncate() -> None:
        with engines["truncate"].begin() as connection:
            connection.exec_driver_sql(f"TRUNCATE {tables}")

    yield {
        "DELETE of all tables, one call": (data["delete"], data["delete"].clear),
        "TRUNCATE of all tables": (data["truncate"], truncate),
        "a new database from a template": (data["template"], from_template),
        "a new schema in the old one's place": (data["schema"], swap),
    }
    for name, database in own.items():
        engines[name].dispose()
        data[name].close()
        database.drop()


def main() -> None:
    """Clear by each way in turn, and print the medians."""
    server = PrivatePostgres()
    server.start()
    try:
        with ways(server.url) as them:
            taken: dict[str, list[float]] = {name: [] for name in them}
            for _ in range(ROUNDS):
                for name, (data, clear) in them.items():
                    with data.session() as session:
                        fill(session)
                    begun = time.perf_counter()
                    clear()
                    taken[name].append(time.perf_counter() - begun)
                    assert not data.left_over(), name
    finally:
        server.stop()
    least = statistics.median(next(iter(taken.values())))
    for name, times in taken.items():
        print(
            f"{name:36} {1000 * statistics.median(times):7.1f} ms   x {statistics.median(times) / least:.1f}"
        )


if __name__ == "__main__":
    main()
