"""The shop says how it is, whatever hangs: all its threads, its connections, its database, its Redis."""

import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
import requests
from relays import Relay, relay
from served import ADMIN, Shop, payments
from sqlalchemy import make_url
from sqlalchemy.exc import TimeoutError as NoAnswer
from test_real_server import WAIT, bearer, buy, sell

from app.connections import Connections
from app.services.health import DatabaseCheck
from behave_flask.core.waiting import until
from behave_flask.databases.postgresql import OwnDatabase
from behave_flask.stages.servers import PrivateRedis

MORE_THAN_THREADS = 44  # of which a shop of these tests has two times ten
GOODBYE = b"GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n"
UNFINISHED = (
    b"POST /api/tokens HTTP/1.1\r\nHost: shop\r\n"
    b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
)


def health(shop: Shop) -> int:
    return requests.get(f"{shop.url}/healthz", timeout=WAIT).status_code


@contextmanager
def connections(shop: Shop, first: bytes) -> Iterator[list[socket.socket]]:
    """More connections than there are threads, on each of which something was sent."""
    lines = [socket.create_connection(shop.address, timeout=WAIT) for _ in range(MORE_THAN_THREADS)]
    try:
        for line in lines:
            line.sendall(first)
        yield lines
    finally:
        for line in lines:
            line.close()


def test_while_all_threads_wait_for_a_provider() -> None:
    settings = {"outside_timeout_seconds": str(WAIT), "registrations_per_hour": "100"}
    with payments() as provider, Shop(payments_url=provider.url, **settings) as shop:
        token = shop.token()
        product = sell(shop, token, stock=100)
        provider.may_go_on.clear()
        with ThreadPoolExecutor(MORE_THAN_THREADS) as customers:
            orders = [customers.submit(buy, shop, token, product) for _ in range(MORE_THAN_THREADS)]
            try:
                until(lambda: len(provider.keys) >= 10, "no process has all its threads busy")
                assert [health(shop) for _ in range(10)] == [200] * 10  # by either of them
                assert not any(each.done() for each in orders)
            finally:
                provider.may_go_on.set()
            assert {each.result(WAIT).status_code for each in orders} == {201}


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: shop\r\n",
        b"GET /healthz HTTP/1.1\r\n",
        b"GET / HTTP/1.1\r\nHost: shop\r\n\r\nGET / HTTP/1.1\r\nX: ",
    ],
    ids=["nothing", "half of the headers", "half of a question for health", "a request and half of another"],
)
def test_whoever_is_slow_takes_no_thread(said: bytes) -> None:
    with Shop() as shop, connections(shop, said) as lines:
        assert health(shop) == 200
        assert requests.get(f"{shop.url}/", timeout=WAIT).status_code == 200
        rest = b"" if said.endswith(b"\n\r\n") else b"\r\n\r\n"
        lines[0].sendall(rest if said else b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
        assert lines[0].recv(1024).startswith(b"HTTP/1.1 ")


def test_whoever_does_not_hang_up_is_waited_for_by_a_thread() -> None:
    """gunicorn waits 2 s for each, one after the other, while nobody is let in."""
    worker: Any = None
    connections_of_it, may_close, closed = Connections(worker), Event(), Event()

    def close(*, graceful: bool) -> None:
        assert graceful
        may_close.wait(WAIT)
        closed.set()

    connections_of_it.close(close, graceful=True)  # which would wait
    assert not closed.is_set()
    may_close.set()
    assert closed.wait(WAIT)


def test_whoever_does_not_hang_up_keeps_nobody_waiting() -> None:
    with Shop() as shop, connections(shop, GOODBYE) as lines:
        for line in lines:
            assert line.recv(1024).startswith(b"HTTP/1.1 200")
        assert health(shop) == 200


def test_a_body_is_waited_for_only_so_long() -> None:
    with Shop(body_timeout_seconds="0.5") as shop, connections(shop, UNFINISHED) as lines:
        assert health(shop) == 200
        assert {line.recv(1024).split(b"\r\n")[0] for line in lines} == {b"HTTP/1.1 400 BAD REQUEST"}


@contextmanager
def hanging(database: OwnDatabase) -> Iterator[tuple[str, Relay]]:
    """The URL of a database, by a line that can be made to hang."""
    url = make_url(database.url)
    folder = url.query["host"]

    def connect() -> socket.socket:
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{folder}/.s.PGSQL.{url.query['port']}")
        return server

    with relay(connect) as line:
        own = url.set(host="127.0.0.1", port=line.port, query={})
        yield own.render_as_string(hide_password=False), line


def test_while_the_database_hangs(database: OwnDatabase) -> None:
    with hanging(database) as (url, line), Shop(database_url=url, database_timeout_seconds="5") as shop:
        assert health(shop) == 200
        line.flowing.clear()
        with ThreadPoolExecutor(MORE_THAN_THREADS) as visitors:
            visits: list[Future[requests.Response]] = [
                visitors.submit(requests.get, f"{shop.url}/", timeout=4 * WAIT)
                for _ in range(MORE_THAN_THREADS)
            ]
            assert health(shop) == 503
            # Each is answered, though the database never does so.
            assert {each.result().status_code for each in visits} == {503}
            assert health(shop) == 503
        line.flowing.set()
        until(lambda: health(shop) == 200, "the shop does not recover")
        assert requests.get(f"{shop.url}/", timeout=WAIT).status_code == 200


def test_while_redis_hangs() -> None:
    """It holds the limits and the queue; each is done without."""
    with PrivateRedis() as redis:
        address = redis.url.removeprefix("redis://").removesuffix("/0").split(":")
        with (
            relay(lambda: socket.create_connection((address[0], int(address[1])))) as line,
            Shop(
                limits_url=f"redis://127.0.0.1:{line.port}/1", broker_url=f"redis://127.0.0.1:{line.port}/0"
            ) as shop,
        ):
            shop.token()
            line.flowing.clear()
            assert health(shop) == 200
            new = {"name": "Mia", "email": "mia@example.com", "password": "a long enough password"}
            assert requests.post(f"{shop.url}/register", json=new, timeout=WAIT).status_code == 201
            token = shop.token(email=new["email"], password=new["password"])
            assert requests.get(f"{shop.url}/api/profile", headers=bearer(token), timeout=WAIT).ok
            wrong = {**ADMIN, "password": "a wrong password"}
            tried = Counter(
                requests.post(f"{shop.url}/api/tokens", json=wrong, timeout=WAIT).status_code
                for _ in range(30)
            )
            assert tried.keys() == {401, 429}  # each process counts for itself


class Hanging:
    """An engine whose database never answers."""

    def __init__(self) -> None:
        self.asked, self.may_answer = 0, Event()

    def connect(self) -> None:
        self.asked += 1
        self.may_answer.wait(WAIT)
        raise ValueError("at last")


def test_a_database_that_hangs_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.health.ANSWER_WITHIN", 0.01)
    check, engine = DatabaseCheck(), Hanging()
    for _ in range(3):
        with pytest.raises(NoAnswer):
            check.require_answer(engine)  # type: ignore[arg-type]
    assert engine.asked == 1
    engine.may_answer.set()
    monkeypatch.setattr("app.services.health.ANSWER_WITHIN", WAIT)
    with pytest.raises(ValueError, match="at last"):
        check.require_answer(engine)  # type: ignore[arg-type]
