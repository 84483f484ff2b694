"""The embedded stage finds what a service uses, whatever that is: its database, its threads, its mail."""

import asyncio
import http.client
import re
import smtplib
import sqlite3
import threading
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import requests
import urllib3
from flask import Flask, g
from flask_caching import Cache
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, scoped_session, sessionmaker

from behave_flask.core.errors import UsageError
from behave_flask.core.http import Request
from behave_flask.core.routes import routes_of
from behave_flask.core.world import World
from behave_flask.databases import engines
from behave_flask.databases.none import NoDatabase
from behave_flask.databases.sqlite_file import SQLiteFile
from behave_flask.databases.transactions import SQLAlchemyDatabase
from behave_flask.stages.embedded.stage import EmbeddedStage
from behave_flask.steps import time

pytestmark = pytest.mark.usefixtures("nothing_of_others")


class Base(DeclarativeBase):
    """What plain SQLAlchemy needs."""


class Guest(Base):
    """Somebody in the book."""

    __tablename__ = "guests"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    last_seen: Mapped[str] = mapped_column(default="")


@pytest.fixture
def app() -> Flask:
    return Flask("any")


Open = Callable[[EmbeddedStage], EmbeddedStage]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Start a stage, and begin a scenario, which is ended after the test."""
    stages: list[EmbeddedStage] = []

    def begin(stage: EmbeddedStage) -> EmbeddedStage:
        stage.start()
        stage.begin_scenario()
        stages.append(stage)
        return stage

    yield begin
    for stage in stages:
        stage.end_scenario()
        assert stage.stop() == []


def post(stage: EmbeddedStage, path: str) -> int:
    return stage.send(Request("POST", path)).status


# files


def with_files(app: Flask, folder: Path) -> Flask:
    """A service that keeps files in a folder."""
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "kept.txt").write_text("as it was")
    app.config["UPLOADS"] = str(folder)

    @app.post("/files")
    def change() -> str:
        path = Path(app.config["UPLOADS"])
        (path / "new.txt").write_text("new")
        (path / "below" / "kept.txt").write_text("changed")
        return ""

    return app


@pytest.mark.parametrize("by", ["setting", "path"])
def test_a_folder_of_files_is_put_back_and_what_changed_in_it_is_seen(
    app: Flask, tmp_path: Path, opened: Open, by: str
) -> None:
    folder = tmp_path / "files"
    with_files(app, folder)
    stage = opened(EmbeddedStage(app, files="UPLOADS" if by == "setting" else folder))
    assert stage.state()["files"] == ["below/kept.txt"]
    post(stage, "/files")
    changed, new = stage.state()["files"]
    assert (changed.partition(" ")[0], new) == ("below/kept.txt", "new.txt")
    assert changed != "below/kept.txt"
    assert (folder / "new.txt").exists() == (by == "path")
    stage.end_scenario()
    stage.begin_scenario()
    assert stage.state()["files"] == ["below/kept.txt"]
    assert Path(app.config["UPLOADS"], "below", "kept.txt").read_text() == "as it was"


def test_a_worker_has_a_folder_of_its_own(app: Flask, tmp_path: Path, opened: Open) -> None:
    stage = opened(EmbeddedStage(with_files(app, tmp_path / "files"), files="UPLOADS", database=NoDatabase()))
    before = app.config["UPLOADS"]
    stage.after_fork(1)
    assert app.config["UPLOADS"] != before
    assert stage.state()["files"] == ["below/kept.txt"]


def test_several_folders_are_put_back_and_told_apart(app: Flask, tmp_path: Path, opened: Open) -> None:
    with_files(app, tmp_path / "files")
    (tmp_path / "thumbs").mkdir()
    app.config["THUMBS"] = tmp_path / "thumbs"
    (tmp_path / "log").mkdir()
    app.post("/thumbs")(lambda: str(Path(app.config["THUMBS"], "new.txt").write_text("new")))
    app.post("/log", endpoint="log")(lambda: str((tmp_path / "log/new.txt").write_text("new")))
    folders = ["UPLOADS", "THUMBS", tmp_path / "log"]
    stage = opened(EmbeddedStage(app, files=folders, database=NoDatabase()))
    post(stage, "/thumbs")
    post(stage, "/log")
    assert stage.state()["files"] == ["UPLOADS/below/kept.txt", "THUMBS/new.txt", f"{tmp_path}/log/new.txt"]
    assert isinstance(app.config["THUMBS"], Path)
    assert not (tmp_path / "thumbs/new.txt").exists()
    stage.end_scenario()
    stage.begin_scenario()
    assert stage.state()["files"] == ["UPLOADS/below/kept.txt"]
    with pytest.raises(UsageError, match=r"Workers would share the folder .*log: run without -j"):
        stage.before_fork()


def test_a_folder_that_workers_would_share_is_refused(app: Flask, tmp_path: Path, opened: Open) -> None:
    stage = opened(EmbeddedStage(app, files=tmp_path, database=NoDatabase()))
    with pytest.raises(UsageError, match=r"Workers would share the folder .*: run without -j, or name"):
        stage.before_fork()


def test_a_setting_for_files_that_is_not_there_is_named(app: Flask) -> None:
    with pytest.raises(UsageError, match="The service has no setting 'UPLOADS'"):
        EmbeddedStage(app, files="UPLOADS")


# clocks


class ByHand:
    """A clock of a service's own, which nothing else moves."""

    moment: datetime | None = None


def test_a_clock_of_its_own_is_set_with_the_time_and_goes_on_as_it_really_goes_in_the_end(
    app: Flask, opened: Open
) -> None:
    app.extensions["clock"] = ByHand()

    def set_clock(service: Flask, moment: datetime | None) -> None:
        service.extensions["clock"].moment = moment

    stage = opened(EmbeddedStage(app, clock=set_clock, database=NoDatabase()))
    cleanups: list[Callable[[], None]] = []
    context = SimpleNamespace(
        world=World(stage), add_cleanup=lambda clean_up, layer: cleanups.append(clean_up)
    )
    try:
        time.step_it_is(context, datetime(2026, 3, 1, 12, tzinfo=UTC))
        assert app.extensions["clock"].moment == datetime(2026, 3, 1, 12, tzinfo=UTC)
        time.step_go_by(context, timedelta(hours=2))
        assert f"{app.extensions['clock'].moment:%H:%M}" == "14:00"
    finally:
        for clean_up in reversed(cleanups):
            clean_up()
    stage.end_scenario()
    assert app.extensions["clock"].moment is None


# databases


def with_sqlite(app: Flask, file: Path) -> Flask:
    """A service in the manner of Flask's tutorial."""
    app.config["DATABASE"] = str(file)

    def database() -> sqlite3.Connection:
        if "db" not in g:
            g.db = sqlite3.connect(app.config["DATABASE"])
        return g.db

    @app.post("/guests/<name>")
    def add(name: str) -> str:
        database().execute("INSERT INTO guests (name) VALUES (?)", (name,))
        database().commit()
        return ""

    @app.post("/forgets/<name>")
    def forget(name: str) -> str:
        database().execute("INSERT INTO guests (name) VALUES (?)", (name,))
        return ""

    @app.teardown_appcontext
    def close(_: object) -> None:
        if (connection := g.pop("db", None)) is not None:
            connection.close()

    return app


@pytest.fixture
def guest_book(tmp_path: Path) -> Path:
    file = tmp_path / "guests.sqlite"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE guests (id INTEGER PRIMARY KEY, name TEXT)")
        connection.execute("INSERT INTO guests (name) VALUES ('Ann')")
    return file


def test_what_is_kept_of_a_file_each_scenario_begins_with(app: Flask, guest_book: Path, opened: Open) -> None:
    stage = opened(EmbeddedStage(with_sqlite(app, guest_book)))
    post(stage, "/guests/Ben")
    stage.keep()
    for _ in range(2):
        post(stage, "/guests/Cleo")
        assert len(stage.state()["guests"]) == 3
        assert stage.end_scenario() == []
        stage.begin_scenario()
        assert [row[1] for row in stage.state()["guests"]] == ["Ann", "Ben"]
    stage.end_scenario()
    stage.forget()
    stage.begin_scenario()
    assert [row[1] for row in stage.state()["guests"]] == ["Ann"]


def test_a_file_of_sqlite_is_put_back_and_the_configured_one_never_touched(
    app: Flask, guest_book: Path, opened: Open
) -> None:
    before = guest_book.read_bytes()
    stage = opened(EmbeddedStage(with_sqlite(app, guest_book)))
    assert isinstance(stage.database, SQLiteFile)

    assert post(stage, "/guests/Bob") == 200
    assert post(stage, "/forgets/Cid") == 200
    assert [name for _, name in stage.state()["guests"]] == ["Ann", "Bob"]
    assert stage.end_scenario() == []

    stage.begin_scenario()
    assert [name for _, name in stage.state()["guests"]] == ["Ann"]
    assert guest_book.read_bytes() == before


def test_a_file_that_a_library_opens_by_a_path_of_its_own_is_put_back_as_well(
    app: Flask, guest_book: Path, opened: Open
) -> None:
    before = guest_book.read_bytes()
    app.post("/guests")(lambda: add_guest(guest_book))
    app.config["DATABASE"] = str(guest_book)
    stage = opened(EmbeddedStage(app))
    assert post(stage, "/guests") == 200
    assert len(stage.state()["guests"]) == 2
    stage.end_scenario()
    stage.begin_scenario()
    assert len(stage.state()["guests"]) == 1
    assert guest_book.read_bytes() == before


def test_a_file_that_no_setting_names_can_be_named(app: Flask, guest_book: Path, opened: Open) -> None:
    app.post("/guests")(lambda: add_guest(guest_book))
    stage = opened(EmbeddedStage(app, database=guest_book))
    post(stage, "/guests")
    assert len(stage.state()["guests"]) == 2
    stage.cut_off_database()
    with pytest.raises(sqlite3.OperationalError):
        add_guest(guest_book)


def test_a_file_that_nobody_names_is_a_finding_and_stays_as_it_is(app: Flask, guest_book: Path) -> None:
    before = guest_book.read_bytes()
    app.post("/guests")(lambda: add_guest(guest_book))
    stage = EmbeddedStage(app, database=NoDatabase())
    stage.start()
    stage.begin_scenario()
    assert post(stage, "/guests") == 200
    (finding,) = stage.end_scenario()
    assert finding == (
        f"The service opened the SQLite file {guest_book}, which no scenario puts back. Name it:"
        f" hooks_for(..., database='{guest_book}')."
    )
    assert guest_book.read_bytes() == before


@pytest.fixture
def both(guest_book: Path) -> list[Path]:
    """The guest book, and another one with a guest of its own."""
    other = guest_book.with_name("others.db")
    other.write_bytes(guest_book.read_bytes())
    add_guest(other)
    return [guest_book, other]


def test_several_files_are_put_back_and_told_apart(app: Flask, both: list[Path], opened: Open) -> None:
    before = [each.read_bytes() for each in both]
    app.post("/guests/<int:number>")(lambda number: add_guest(both[number]))
    stage = opened(EmbeddedStage(app, database=both))

    post(stage, "/guests/1")

    assert {name: len(rows) for name, rows in stage.state().items() if "guests" in name} == {
        "guests": 1,
        "others:guests": 3,
    }
    with stage.data() as session:
        assert session.execute("SELECT count(*) FROM others.guests").fetchone()[0] == 3
    stage.cut_off_database()
    with pytest.raises(sqlite3.OperationalError):
        add_guest(both[1])
    assert stage.end_scenario() == []
    stage.begin_scenario()
    assert len(stage.state()["others:guests"]) == 2
    assert [each.read_bytes() for each in both] == before


def test_what_is_kept_of_several_files_each_scenario_begins_with(
    app: Flask, both: list[Path], opened: Open
) -> None:
    stage = opened(EmbeddedStage(app, database=both))
    add_guest(both[1])
    stage.keep()
    stage.end_scenario()
    stage.begin_scenario()
    assert (len(stage.state()["guests"]), len(stage.state()["others:guests"])) == (1, 3)
    stage.end_scenario()
    stage.forget()
    stage.begin_scenario()
    assert (len(stage.state()["guests"]), len(stage.state()["others:guests"])) == (1, 2)


def test_a_worker_has_several_files_of_its_own(app: Flask, both: list[Path]) -> None:
    stage = EmbeddedStage(app, database=both)
    stage.start()
    stage.before_fork()
    stage.after_fork(1)
    stage.begin_scenario()
    add_guest(both[1])
    assert len(stage.state()["others:guests"]) == 3
    assert stage.end_scenario() == []
    assert stage.stop() == []


def test_two_files_of_one_name_are_refused(app: Flask, guest_book: Path, tmp_path: Path) -> None:
    (folder := tmp_path / "other").mkdir()
    with pytest.raises(UsageError, match="Two files of SQLite have the same name"):
        EmbeddedStage(app, database=[tmp_path / "first.db", guest_book, folder / guest_book.name])


def test_a_file_that_is_opened_beside_the_named_one_is_a_finding_and_stays_as_it_is(
    app: Flask, both: list[Path]
) -> None:
    guest_book, other = both
    before = other.read_bytes()
    app.post("/guests")(lambda: add_guest(other))
    stage = EmbeddedStage(app, database=guest_book)
    stage.start()
    stage.begin_scenario()
    post(stage, "/guests")
    (finding,) = stage.end_scenario()
    assert finding == (
        f"The service opened the SQLite file {other}, which no scenario puts back. Name all:"
        f" hooks_for(..., database={[str(guest_book), str(other)]!r})."
    )
    stage.begin_scenario()
    assert stage.end_scenario() == [finding]
    assert other.read_bytes() == before


def add_guest(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT INTO guests (name) VALUES ('Bob')")
    return ""


def test_a_connection_that_is_left_with_a_transaction_is_named(
    app: Flask, guest_book: Path, opened: Open
) -> None:
    kept: list[sqlite3.Connection] = []

    @app.post("/keeps")
    def keep() -> str:
        kept.append(sqlite3.connect(app.config["DATABASE"]))
        kept[0].execute("INSERT INTO guests (name) VALUES ('Bob')")
        return ""

    stage = opened(EmbeddedStage(with_sqlite(app, guest_book)))
    post(stage, "/keeps")
    (finding,) = stage.end_scenario()
    assert "still has a transaction open on guests.sqlite" in finding
    kept[0].close()
    stage.begin_scenario()


def test_the_data_of_a_file_can_be_made_by_a_step_and_cut_off(
    app: Flask, guest_book: Path, opened: Open
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    stage = opened(EmbeddedStage(with_sqlite(app, guest_book)))
    with stage.data() as connection:
        connection.execute("INSERT INTO guests (name) VALUES ('Bob')")
    assert len(stage.state()["guests"]) == 2
    stage.cut_off_database()
    assert post(stage, "/guests/Cid") == 500
    stage.errors.take("Exception on /guests/Cid")


def test_a_worker_has_a_file_of_its_own(app: Flask, guest_book: Path) -> None:
    database = SQLiteFile(with_sqlite(app, guest_book))
    first = app.config["DATABASE"]
    database.before_fork()
    database.after_fork(1)
    assert app.config["DATABASE"] != first
    assert len(database.snapshot()["guests"]) == 1


def with_engine(app: Flask, sessions: Callable[[], Session]) -> Flask:
    @app.post("/guests/<name>")
    def add(name: str) -> str:
        session = sessions()
        session.add(Guest(name=name))
        session.commit()
        return ""

    @app.post("/seen")
    def see() -> str:
        session = sessions()
        session.execute(text("UPDATE guests SET last_seen = 'now'"))
        session.commit()
        return ""

    return app


@pytest.mark.parametrize("scoped", [False, True], ids=["sessionmaker", "scoped_session"])
def test_plain_sqlalchemy_is_isolated_whatever_session_it_uses(
    app: Flask, opened: Open, scoped: bool
) -> None:
    engine = create_engine("sqlite://")
    make = sessionmaker(engine)
    database = SQLAlchemyDatabase(engine, ignored=["guests.last_seen"])
    stage = opened(
        EmbeddedStage(
            with_engine(app, scoped_session(make) if scoped else make),
            database=database,
            migrate=lambda: Base.metadata.create_all(engine),
        )
    )
    assert [post(stage, "/guests/Ann"), post(stage, "/guests/Bob")] == [200, 200]
    before = stage.state()
    assert [name for _, name in before["guests"]] == ["Ann", "Bob"]
    post(stage, "/seen")
    assert stage.state() == before  # a column that does not count
    assert stage.end_scenario() == []
    stage.begin_scenario()
    assert stage.state()["guests"] == []
    engine.dispose()
    assert post(stage, "/guests/Cid") == 200
    assert len(stage.state()["guests"]) == 1


def test_a_thread_uses_the_database_of_its_request(app: Flask, opened: Open) -> None:
    engine = create_engine("sqlite://")  # each thread would have a database of its own
    Base.metadata.create_all(engine)

    def note() -> None:
        with Session(engine) as session:
            session.add(Guest(name="Ann"))
            session.commit()

    stage = opened(EmbeddedStage(in_a_thread(app, note), database=SQLAlchemyDatabase(engine)))
    post(stage, "/")
    assert [name for _, name, _ in stage.state()["guests"]] == ["Ann"]


def test_of_engines_with_one_url_the_last_is_the_services() -> None:
    first, second = create_engine("sqlite:///one.sqlite"), create_engine("sqlite:///one.sqlite")
    found = engines.of(Flask("any"))
    assert [bind.engine for bind in found if bind.engine in (first, second)] == [second, first]


def test_a_service_without_a_database_is_played_and_says_so(app: Flask, opened: Open) -> None:
    app.add_url_rule("/", "hello", lambda: "hello", methods=["POST"])
    stage = EmbeddedStage(app, database=NoDatabase())
    assert stage.start() == "embedded, without a database"
    opened(stage)
    assert post(stage, "/") == 200
    with pytest.raises(AssertionError, match="No database of the service was found"), stage.data():
        pass


# other people's services


def test_a_route_that_is_added_later_is_listed(app: Flask, opened: Open) -> None:
    stage = opened(EmbeddedStage(app))
    before = stage.routes()

    app.add_url_rule("/late", "late", lambda: "late")

    assert stage.routes() == sorted([*before, *(route for route in routes_of(app) if route.path == "/late")])
    assert "/late" in {route.path for route in stage.routes()}


def by_urllib3() -> None:
    urllib3.request("GET", "https://tracker.example/", retries=False)


def by_urllib() -> None:
    urllib.request.urlopen("https://tracker.example/")


def by_http_client() -> None:
    http.client.HTTPSConnection("tracker.example").request("GET", "/")


def by_requests() -> None:
    requests.get("https://tracker.example/", timeout=1)


def by_httpx() -> None:
    httpx.get("https://tracker.example/")


async def by_async_httpx() -> None:
    async with httpx.AsyncClient() as client:
        await client.get("https://tracker.example/")


@pytest.mark.parametrize(
    "call", [by_requests, by_httpx, by_async_httpx, by_urllib3, by_urllib, by_http_client]
)
def test_whoever_calls_outside_is_refused_and_named_with_its_place(
    app: Flask, opened: Open, call: Callable[[], Any]
) -> None:
    @app.post("/")
    def view() -> str:
        with suppress(Exception):  # the service answers politely
            asyncio.run(found) if asyncio.iscoroutine(found := call()) else found
        return ""

    stage = opened(EmbeddedStage(app, database=NoDatabase()))
    assert post(stage, "/") == 200
    (finding,) = stage.end_scenario()
    line = call.__code__.co_firstlineno
    assert "tracker.example" in finding
    assert re.search(rf"\(tests/units/test_any_flask_app\.py:({line + 1}|{line + 2})\)$", finding), finding
    stage.begin_scenario()


# what extensions keep in memory


def seen_in_two_scenarios(app: Flask, view: Callable[[], str]) -> list[int]:
    """The statuses of three requests in each of two scenarios."""
    app.add_url_rule("/", "view", view, methods=["POST"])
    stage = EmbeddedStage(app, database=NoDatabase())
    stage.start()
    found = []
    for _ in range(2):
        stage.begin_scenario()
        found += [post(stage, "/") for _ in range(3)]
        assert stage.end_scenario() == []
    return found


def test_what_flask_limiter_has_counted_is_forgotten(app: Flask) -> None:
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    assert seen_in_two_scenarios(app, limiter.limit("2/minute")(lambda: "")) == [200, 200, 429] * 2


@pytest.mark.parametrize("kind", ["SimpleCache", "FileSystemCache"])
def test_what_flask_caching_holds_is_forgotten(app: Flask, tmp_path: Path, kind: str) -> None:
    app.config |= {"CACHE_TYPE": kind, "CACHE_DIR": str(tmp_path)}
    cache = Cache(app)

    def view() -> Any:
        is_new = cache.get("seen") is None
        cache.set("seen", "yes")
        return "", 201 if is_new else 200

    assert seen_in_two_scenarios(app, view) == [201, 200, 200] * 2


def test_what_is_on_a_server_is_left_alone(app: Flask) -> None:
    Limiter(get_remote_address, app=app, storage_uri="redis://127.0.0.1:1", swallow_errors=True)
    app.config |= {"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": "redis://127.0.0.1:1"}
    Cache(app)
    stage = EmbeddedStage(app, database=NoDatabase())
    stage.begin_scenario()  # nobody answers there
    assert stage.end_scenario() == []


# threads


def in_a_thread(app: Flask, work: Callable[[], None], **options: Any) -> Flask:
    @app.post("/")
    def view() -> str:
        threading.Thread(target=work, **options).start()
        return ""

    return app


def test_a_thread_is_run_to_its_end_within_the_request(app: Flask, opened: Open) -> None:
    done: list[str] = []
    stage = opened(EmbeddedStage(in_a_thread(app, lambda: done.append("done")), database=NoDatabase()))
    for turn in range(1, 21):
        post(stage, "/")
        assert len(done) == turn
    assert stage.unverified() == []


def test_a_thread_is_done_before_the_request_goes_on_so_that_they_share_the_database_in_turn(
    app: Flask, opened: Open
) -> None:
    order: list[str] = []

    @app.post("/")
    def view() -> str:
        threading.Thread(target=lambda: (threading.Event().wait(0.05), order.append("thread"))).start()
        order.append("request")
        return ""

    stage = opened(EmbeddedStage(app, database=NoDatabase()))
    post(stage, "/")
    assert order == ["thread", "request"]


def test_a_thread_that_waits_for_the_rest_of_the_request_does_not_hold_it_up(
    app: Flask, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("behave_flask.stages.embedded.request_threads.AT_ONCE_S", 0.01)
    goes_on, done = threading.Event(), list[str]()

    @app.post("/")
    def view() -> str:
        threading.Thread(target=lambda: (goes_on.wait(), done.append("done"))).start()
        goes_on.set()
        return ""

    stage = opened(EmbeddedStage(app, database=NoDatabase()))
    post(stage, "/")
    assert done == ["done"]


def test_a_thread_that_goes_on_is_named_unless_it_may(
    app: Flask, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AT_ONCE_S", "WITHIN_S"):
        monkeypatch.setattr(f"behave_flask.stages.embedded.request_threads.{name}", 0.01)
    end = threading.Event()
    in_a_thread(app, end.wait, name="scheduler-1")
    try:
        stage = opened(EmbeddedStage(app, database=NoDatabase()))
        post(stage, "/")
        (finding,) = stage.end_scenario()
        assert "the thread 'scheduler-1', which goes on after the request" in finding
        stage = EmbeddedStage(app, database=NoDatabase(), long_lived_threads=["scheduler*"])
        opened(stage)
        post(stage, "/")
        assert stage.unverified() == []
    finally:
        end.set()
        stage.end_scenario()
        stage.begin_scenario()


def test_what_is_given_to_a_pool_of_threads_is_done_within_the_request(app: Flask, opened: Open) -> None:
    done, pool = list[str](), ThreadPoolExecutor(1)

    @app.post("/")
    def view() -> str:
        pool.submit(lambda: (threading.Event().wait(0.05), done.append("done")))
        return ""

    stage = opened(EmbeddedStage(app, database=NoDatabase()))
    post(stage, "/")
    assert done == ["done"]
    assert stage.unverified() == []
    pool.shutdown()


# mail


def with_mail(app: Flask, send: Callable[[], object]) -> Flask:
    @app.post("/")
    def view() -> str:
        send()
        return ""

    return app


def letter() -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"] = "Welcome, Zoë", "shop@example.com"
    message["To"] = "ann@example.com, bob@example.com"
    message.set_content("Hello")
    message.add_alternative("<p>Hello</p>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="slip.pdf")
    return message


def by_smtplib() -> None:
    with smtplib.SMTP("mail.example.com", 587) as server:
        server.starttls()
        server.login("shop", "secret")
        server.send_message(letter())


def test_mail_by_smtplib_is_recorded_for_each_recipient(app: Flask, opened: Open) -> None:
    stage = opened(EmbeddedStage(with_mail(app, by_smtplib), database=NoDatabase()))
    assert post(stage, "/") == 200
    mail = stage.mailbox.take("ann@example.com", "Welcome, Zoë")
    assert (mail.body.strip(), mail.html.strip(), mail.attachments) == (
        "Hello",
        "<p>Hello</p>",
        ("slip.pdf",),
    )
    assert stage.unverified() == ["an e-mail to bob@example.com, “Welcome, Zoë”"]


def test_mail_from_a_thread_is_there_when_the_request_is_answered(app: Flask, opened: Open) -> None:
    stage = opened(
        EmbeddedStage(
            with_mail(app, lambda: threading.Thread(target=by_smtplib).start()), database=NoDatabase()
        )
    )
    post(stage, "/")
    assert [mail.to for mail in stage.mailbox.sent] == ["ann@example.com", "bob@example.com"]


def test_a_mail_server_that_fails_is_told_to_the_service(app: Flask, opened: Open) -> None:
    told: list[str] = []

    def send() -> None:
        try:
            by_smtplib()
        except smtplib.SMTPException as error:
            told.append(str(error))

    stage = opened(EmbeddedStage(with_mail(app, send), database=NoDatabase()))
    stage.mailbox.fail_with(smtplib.SMTPServerDisconnected("gone"))
    post(stage, "/")
    assert told == ["gone"]
    assert stage.mailbox.sent == []


def test_outside_a_scenario_smtplib_is_as_it_was(app: Flask, opened: Open) -> None:
    before = smtplib.SMTP.sendmail
    stage = opened(EmbeddedStage(app, database=NoDatabase()))
    assert smtplib.SMTP.sendmail is not before
    stage.end_scenario()
    assert smtplib.SMTP.sendmail is before
    stage.begin_scenario()


def test_the_own_name_may_be_looked_up_for_the_number_of_a_mail(app: Flask, opened: Open) -> None:
    from email.utils import make_msgid

    stage = opened(EmbeddedStage(with_mail(app, make_msgid), database=NoDatabase()))
    assert post(stage, "/") == 200
    assert stage.unverified() == []


def test_an_engine_that_is_made_when_it_is_first_needed_is_isolated(app: Flask, opened: Open) -> None:
    made: list[Engine] = []

    def engine() -> Engine:
        if not made:
            made.append(create_engine("sqlite://", echo=False))
        return made[0]

    with_engine(app, lambda: Session(engine()))
    stage = opened(
        EmbeddedStage(
            app,
            database=SQLAlchemyDatabase(lambda: [engines.Bind(None, each) for each in made]),
            migrate=lambda: Base.metadata.create_all(engine()),
        )
    )
    post(stage, "/guests/Ann")
    assert len(stage.state()["guests"]) == 1
    stage.end_scenario()
    stage.begin_scenario()
    assert stage.state()["guests"] == []


def test_an_engine_that_is_made_late_takes_what_is_kept_along(app: Flask, opened: Open) -> None:
    """Its data would not be put back: they are in no transaction of a scenario yet."""
    made = {name: create_engine("sqlite://", echo=False) for name in ("first", "late")}
    found = [engines.Bind(None, made["first"])]
    with_engine(app, lambda: Session(made["first"]))
    stage = EmbeddedStage(app, database=SQLAlchemyDatabase(lambda: found), migrate=lambda: None)
    Base.metadata.create_all(made["first"])
    opened(stage)
    stage.keep()
    stage.end_scenario()
    assert stage.is_kept
    found.append(engines.Bind("late", made["late"]))
    made["late"].connect().close()
    stage.begin_scenario()
    assert not stage.is_kept
