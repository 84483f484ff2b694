"""The services stage on servers that run already: nothing of it stays there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from redis import Redis
from sqlalchemy import create_engine, text

from features.harness.servers import PrivateRedis


def test_a_run_on_given_servers_leaves_them_as_they_were(
    project_copy: Path, behave: Callable[..., Any], postgres_url: str
) -> None:
    engine = create_engine(postgres_url)

    def databases() -> list[str]:
        with engine.connect() as connection:
            return list(connection.scalars(text("SELECT datname FROM pg_database ORDER BY 1")))

    before = databases()
    with PrivateRedis() as redis:
        place = "features/notifying/confirming_orders.feature"
        given = {"DATABASE_URL": postgres_url, "REDIS_URL": redis.url}
        run = behave(project_copy, "-D", "stage=services", place, **given)
        assert run.code == 0, run.output
        assert [case.status for case in run.cases] == ["passed"] * len(run.cases)
        assert set(Redis.from_url(redis.url).info("keyspace")) == set()
    assert databases() == before
    engine.dispose()
