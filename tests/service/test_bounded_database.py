"""PostgreSQL ends by itself what takes too long, as the shop's settings ask it to, and is not waited for."""

import socket
from contextlib import suppress
from threading import Event, Thread

import pytest
from apiflask import APIFlask
from psycopg.errors import QueryCanceled
from sqlalchemy import create_engine, text
from sqlalchemy.exc import InternalError, OperationalError, ProgrammingError

from app import create_app
from app.extensions import db
from behave_flask.core.waiting import until
from behave_flask.databases.postgresql import OwnDatabase

LONG = 20  # seconds, much longer than the shop waits


def shop(url: str, monkeypatch: pytest.MonkeyPatch) -> APIFlask:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DATABASE_TIMEOUT_SECONDS", "1")
    return create_app("testing")


def test_a_statement(database: OwnDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    with shop(database.url, monkeypatch).app_context():
        with pytest.raises(OperationalError) as ended:
            db.session.execute(text(f"SELECT pg_sleep({LONG})"))
        assert isinstance(ended.value.orig, QueryCanceled)
        db.session.remove()
        db.engine.dispose()


def test_a_transaction_in_which_nothing_happens(
    database: OwnDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = create_engine(database.url, isolation_level="AUTOCOMMIT")
    with shop(database.url, monkeypatch).app_context(), others.connect() as other:
        mine = db.session.scalar(text("SELECT pg_backend_pid()"))
        is_there = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
        until(lambda: not other.scalar(is_there, {"pid": mine}), "the transaction is not ended")
        with pytest.raises(InternalError, match="idle-in-transaction timeout"):
            db.session.execute(text("SELECT 1"))
        db.session().invalidate()
        db.engine.dispose()
    others.dispose()


def test_whoever_needed_that_transaction_is_told_to_come_again(
    database: OwnDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = create_engine(database.url, isolation_level="AUTOCOMMIT")
    app = shop(database.url, monkeypatch)

    @app.get("/thinks-for-long")
    def think() -> str:
        mine = db.session.scalar(text("SELECT pg_backend_pid()"))
        is_there = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
        with others.connect() as other:
            until(lambda: not other.scalar(is_there, {"pid": mine}), "the transaction is not ended")
        return str(db.session.scalar(text("SELECT 1")))

    @app.get("/goes-on-after-an-error")
    def go_on() -> str:
        with suppress(ProgrammingError):
            db.session.execute(text("SELECT nothing"))
        return str(db.session.connection().exec_driver_sql("SELECT 1").scalar())

    client = app.test_client()
    answer = client.get("/thinks-for-long")
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "5")
    assert client.get("/healthz").status_code == 200
    assert client.get("/goes-on-after-an-error").status_code == 500  # which no time will mend
    with app.app_context():
        db.engine.dispose()
    others.dispose()


def test_a_server_that_takes_the_connection_and_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    given_up = Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        silent = Thread(target=_say_nothing, args=(server, given_up))
        silent.start()
        url = f"postgresql://shop@127.0.0.1:{server.getsockname()[1]}/shop"
        with shop(url, monkeypatch).app_context():
            with pytest.raises(OperationalError, match="timeout"):
                db.session.execute(text("SELECT 1"))
            given_up.set()
        silent.join()


def _say_nothing(server: socket.socket, given_up: Event) -> None:
    """Keep a connection for long, and then close it."""
    connection, _ = server.accept()
    with connection:
        given_up.wait(LONG)
