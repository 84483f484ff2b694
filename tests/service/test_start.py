"""How the shop is started, and the ways in which the seed text uses it."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
import requests_mock
from apiflask import APIFlask
from flask import request

from app import create_app
from app.config import MIGRATIONS, ConfigurationError
from app.extensions import db
from app.models import Order, Product, User
from behave_flask.databases.postgresql import OwnDatabase
from features.support.world import factories
from features.support.world.providers import PAYMENTS

PROJECT = Path(__file__).resolve().parents[2]
MUST_BE_SET = (
    "SECRET_KEY",
    "DATABASE_URL",
    "BROKER_URL",
    "PAYMENTS_URL",
    "PAYMENTS_KEY",
    "WEATHER_KEY",
    "MAIL_SERVER",
)


class FakeEmailService:
    """The seed's own."""

    def __init__(self) -> None:
        self.sent: list[dict[str, str]] = []

    def send(self, to: str, subject: str, body: str) -> None:
        self.sent.append({"to": to, "subject": subject, "body": body})


# starting


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "SQLite":
        yield f"sqlite:///{tmp_path / 'shop.sqlite'}"
        return
    database = OwnDatabase(request.getfixturevalue("postgres_url"))
    database.create()
    yield database.url
    database.drop()


def flask(url: str, *arguments: str) -> str:
    """Run `flask --app app`, as an operator does, and return what it printed."""
    environment = {"PATH": os.environ["PATH"], "SHOP_CONFIG": "development", "DATABASE_URL": url}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize(("proxies", "address"), [("0", "127.0.0.1"), ("1", "203.0.113.9")])
def test_who_asks_is_told_by_a_proxy_only_if_it_is_trusted(
    monkeypatch: pytest.MonkeyPatch, proxies: str, address: str
) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", proxies)
    app = create_app("testing")
    seen = []
    app.before_request(lambda: seen.append(request.remote_addr))
    app.test_client().get("/nowhere", headers={"X-Forwarded-For": "203.0.113.9"})
    assert seen == [address]


def test_the_migrations_make_what_the_models_say_and_can_be_undone(url: str) -> None:
    flask(url, "db", "upgrade")
    assert "No new upgrade operations detected" in flask(url, "db", "check")
    flask(url, "db", "downgrade", "base")
    flask(url, "db", "upgrade")
    assert "No new upgrade operations detected" in flask(url, "db", "check")


def test_sqlite_gives_no_id_twice_either(tmp_path: Path) -> None:
    """A link, or a task that waits, means what is gone, and never what came after it."""
    flask(f"sqlite:///{tmp_path}/shop.sqlite", "db", "upgrade")
    with closing(sqlite3.connect(tmp_path / "shop.sqlite")) as connection:
        made = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    for name, table in db.metadata.tables.items():
        assert "AUTOINCREMENT" in made[name], f"{name}, as the migrations make it"
        assert table.dialect_options["sqlite"]["autoincrement"], f"{name}, as the models have it"


def test_the_migrations_depend_on_nothing_else_of_the_shop() -> None:
    """What they come to is kept for as long as they stay as they are."""
    for file in MIGRATIONS.rglob("*.py"):
        assert not re.search(r"^\s*(from|import) (app|features)\b", file.read_text(), re.MULTILINE), file


@pytest.mark.parametrize(("asked", "there"), [("true", True), ("", False)])
def test_only_the_command_flask_knows_how_to_migrate(
    monkeypatch: pytest.MonkeyPatch, asked: str, there: bool
) -> None:
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", asked)
    app = create_app("testing")
    assert ("migrate" in app.extensions, "db" in app.cli.commands) == (there, there)


def test_production_names_all_that_it_misses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*MUST_BE_SET, "SHOP_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigurationError) as refused:
        create_app("production")
    named = [line.strip().partition(":")[0] for line in str(refused.value).splitlines()[1:-1]]
    assert sorted(named) == sorted(MUST_BE_SET)
    with pytest.raises(ConfigurationError, match="'production'"):
        create_app()  # for customers, unless somebody says otherwise


def test_an_unknown_configuration_is_named() -> None:
    with pytest.raises(ConfigurationError, match="it can be production, development, testing"):
        create_app("staging")


# the seed's ways


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[APIFlask]:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    app = create_app("testing")
    app.config["EMAIL_SERVICE"] = FakeEmailService()
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.drop_all()
        db.engine.dispose()


@pytest.fixture
def provider() -> Iterator[requests_mock.Mocker]:
    with requests_mock.Mocker() as provider:
        provider.post(f"{PAYMENTS}/charges", status_code=201, json={"id": "ch_1"})
        yield provider


def headers_of(app: APIFlask, role: str = "user") -> dict[str, str]:
    """The seed's `admin_headers`."""
    with app.app_context():
        user = User(name="Ann", email=f"{role}@test.com", role=role)
        db.session.add(user)
        db.session.flush()
        token = user.generate_token()
        db.session.add(Product(name="Tea", price_cents=250, stock=5))
        db.session.commit()
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}


def order(app: APIFlask) -> Any:
    headers = headers_of(app)
    return app.test_client().post("/api/orders", json={"product_id": 1, "quantity": 2}, headers=headers)


def test_eager_tasks_run_inline(app: APIFlask, provider: requests_mock.Mocker) -> None:
    app.config["CELERY_TASK_ALWAYS_EAGER"] = True
    response = order(app)
    assert response.status_code == 201
    assert [mail["subject"] for mail in app.config["EMAIL_SERVICE"].sent] == ["Order confirmed"]
    with app.app_context():
        assert db.session.get_one(Order, response.json["id"]).confirmed_at is not None


def test_a_patched_task_is_queued_with_its_order_and_does_nothing(
    app: APIFlask, provider: requests_mock.Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    mock_task = MagicMock()
    monkeypatch.setattr("app.tasks.send_order_confirmation.delay", mock_task)
    response = order(app)
    mock_task.assert_called_once()
    assert mock_task.call_args[0][0] == response.json["id"]
    assert app.config["EMAIL_SERVICE"].sent == []


def test_five_posts_of_a_user(app: APIFlask) -> None:
    with app.app_context():
        given = factories.session.set(db.session())
        user = factories.UserFactory()
        factories.PostFactory.create_batch(5, author=user)
        db.session.commit()
        token = user.generate_token()
        db.session.commit()
        path = f"/api/users/{user.id}/posts"
        factories.session.reset(given)
    response = app.test_client().get(path, headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 200
    assert len(response.get_json()["data"]) == 5


def test_registration_sends_a_welcome(app: APIFlask) -> None:
    app.config["CELERY_TASK_ALWAYS_EAGER"] = True
    who = {"name": "Alice", "email": "alice@test.com", "password": "secure123"}
    assert app.test_client().post("/register", json=who).status_code == 201
    assert [mail["subject"] for mail in app.config["EMAIL_SERVICE"].sent] == ["Welcome!"]


def test_the_seeds_weather(app: APIFlask, provider: requests_mock.Mocker) -> None:
    provider.get("https://api.weather.com/current", json={"temp": 22, "condition": "sunny"})
    response = app.test_client().get("/api/weather?city=berlin")
    assert (response.status_code, response.get_json()["temp"]) == (200, 22)
    provider.get("https://api.weather.com/current", json={"error": "rate limited"}, status_code=429)
    assert app.test_client().get("/api/weather?city=paris").status_code == 503


def test_the_weather_provider_is_sent_the_shops_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEATHER_KEY", "the shop's key")
    with requests_mock.Mocker() as provider:
        provider.get("https://api.weather.com/current", json={"temp": 22, "condition": "sunny"})
        assert create_app("testing").test_client().get("/api/weather?city=berlin").status_code == 200
        assert provider.last_request.headers["X-Api-Key"] == "the shop's key"
