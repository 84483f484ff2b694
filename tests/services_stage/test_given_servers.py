"""The services stage on servers that run already: nothing of it stays there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from redis import Redis
from sqlalchemy import create_engine, text

from behave_flask.stages.servers import PrivateRedis

UNTAGGED = """
Feature: planted

  @services
  Scenario: the queue of others
    When the queue for background work stops
    Then nothing is queued

  @services
  Scenario: the memory of others
    When the shop's memory restarts
    Then nothing is queued
"""


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


def test_servers_of_others_are_never_stopped(
    project_copy: Path, behave: Callable[..., Any], postgres_url: str
) -> None:
    (project_copy / "features/planted").mkdir()
    (project_copy / "features/planted/planted.feature").write_text(UNTAGGED)
    stopping = [
        f"features/resilience/{name}.feature" for name in ("losing_the_queue", "restarting_the_memory")
    ]
    with PrivateRedis() as redis:
        given = {"DATABASE_URL": postgres_url, "REDIS_URL": redis.url}
        run = behave(project_copy, "-D", "stage=services", "features/planted", *stopping, **given)
        assert Redis.from_url(redis.url).ping()
    reasons = {
        "the queue of others": "This Redis is not ours to stop: tag the scenario @stops.queue.",
        "the memory of others": "This PostgreSQL is not ours to stop: tag the scenario @stops.memory.",
    }
    for scenario, why in reasons.items():
        assert why in run.case(scenario).message
    left = {case.scenario for case in run.cases if case.status == "skipped"}
    assert len(left) == len(run.cases) - 2
    assert "(@stops.queue: the Redis of REDIS_URL is not ours to stop): 3 of 9 scenarios" in run.output
    assert "(@stops.memory: the PostgreSQL of DATABASE_URL is not ours to stop): 4 of 9 " in run.output
