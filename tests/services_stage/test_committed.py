"""A row that the test holds is held until the service's connections are gone, also in a restart."""

import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from unittest.mock import Mock

import psycopg
import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, Table, create_engine, insert, select, update
from sqlalchemy.exc import OperationalError

from behave_flask.core.waiting import until
from behave_flask.databases.deletion import OURS, CommittedData
from behave_flask.stages.servers import PrivatePostgres
from behave_flask.stages.services.outages import Outages

METADATA = MetaData()
PIECES = Table("pieces", METADATA, Column("number", Integer, primary_key=True), Column("left", Integer))


class Watched(PrivatePostgres):
    """Counts the service's connections when it is to end."""

    left: int | None = None

    def halt(self, how: signal.Signals) -> None:
        """Count first."""
        with psycopg.connect(self.url.replace("+psycopg", ""), application_name=OURS) as connection:
            others = (
                "SELECT count(*) FROM pg_stat_activity WHERE datname = 'postgres' AND application_name <> %s"
            )
            (self.left,) = connection.execute(others, [OURS]).fetchone() or (None,)
        super().halt(how)


@pytest.fixture
def server() -> Iterator[Watched]:
    """A server of its own, which may be restarted."""
    with Watched() as server:
        yield server


@pytest.fixture
def service(server: Watched) -> Iterator[Engine]:
    """The connections of a service, which has one row."""
    engine = create_engine(server.url)
    METADATA.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(PIECES).values(number=1, left=10))
    yield engine
    engine.dispose()


@pytest.fixture
def data(server: Watched, service: Engine) -> Iterator[CommittedData]:
    """The same database as the test sees it."""
    data = CommittedData(server.url, server.url, METADATA)
    yield data
    data.close()


@contextmanager
def taking(service: Engine, data: CommittedData) -> Iterator[Future[None]]:
    """Let the service want the row while the test holds it."""

    def take() -> None:
        with service.begin() as connection:
            connection.execute(update(PIECES).values(left=PIECES.c.left - 1))

    with ThreadPoolExecutor(1) as pool, data.held(select(PIECES)) as waiting:
        coming = pool.submit(take)
        until(waiting, "it does not wait")
        yield coming


def test_a_request_whose_connection_ends_is_not_given_the_row_it_waits_for(
    service: Engine, data: CommittedData
) -> None:
    with taking(service, data) as coming:
        data.end_connections()
        with pytest.raises(OperationalError, match="terminating connection"):
            coming.result(timeout=30)
    assert data.snapshot() == {"pieces": [(1, 10)]}


def test_a_restart_ends_the_services_connections_before_those_of_the_test(
    server: Watched, service: Engine, data: CommittedData
) -> None:
    nothing = Mock()
    outages = Outages(nothing, {}, nothing, nothing, data, nothing, nothing, redis=None, postgres=server)
    with taking(service, data) as coming:
        outages.restart_memory()
        with pytest.raises(OperationalError):
            coming.result(timeout=30)
    assert server.left == 0
    assert data.snapshot() == {"pieces": [(1, 10)]}
