"""Committed data: a row that the test holds is held until the service's connections are gone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, Table, create_engine, insert, select, update
from sqlalchemy.exc import OperationalError

from features.harness.committed import CommittedData
from features.harness.waiting import until

METADATA = MetaData()
PIECES = Table("pieces", METADATA, Column("number", Integer, primary_key=True), Column("left", Integer))


@pytest.fixture
def service(postgres_url: str) -> Iterator[Engine]:
    """The connections of a service, which has one row."""
    engine = create_engine(postgres_url)
    METADATA.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(PIECES).values(number=1, left=10))
    yield engine
    METADATA.drop_all(engine)
    engine.dispose()


def test_a_request_whose_connection_ends_is_not_given_the_row_it_waits_for(
    service: Engine, postgres_url: str
) -> None:
    def take() -> None:
        with service.begin() as connection:
            connection.execute(update(PIECES).values(left=PIECES.c.left - 1))

    data = CommittedData(postgres_url, postgres_url, METADATA)
    with ThreadPoolExecutor(1) as pool, data.held(select(PIECES)) as waiting:
        taking = pool.submit(take)
        until(waiting, "it does not wait")
        data.end_connections()
        with pytest.raises(OperationalError, match="terminating connection"):
            taking.result()
    assert data.snapshot() == {"pieces": [(1, 10)]}
    data.close()
