"""Nobody holds a connection of the database while somebody outside is asked, who may take their time."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests_mock
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app import create_app, tasks
from app.extensions import db
from app.models import Order, Product, User, utcnow
from features.support.world import factories
from features.support.world.providers import PAYMENTS, WEATHER

PASSWORD = "a long enough password"


class Outside:
    """The providers and the mail server, who note how many connections are in use when they are asked."""

    def __init__(self, app: APIFlask, provider: requests_mock.Mocker) -> None:
        self.asked: list[str] = []
        self.in_use: list[int] = []
        self._app = app
        for method, url, status, body in (
            ("GET", WEATHER, 200, {"temp": 22, "condition": "sunny"}),
            ("POST", f"{PAYMENTS}/charges", 201, {"id": "ch_1"}),
            ("POST", f"{PAYMENTS}/refunds", 201, {"id": "re_1"}),
            ("POST", f"{PAYMENTS}/voids", 204, {}),
        ):
            provider.register_uri(method, url, status_code=status, json=self._answer(url, body))
        app.config["EMAIL_SERVICE"] = self

    def send(self, *_: str) -> None:
        self._note("mail")

    def _answer(self, url: str, body: dict[str, Any]) -> Any:
        def answer(*_: Any) -> dict[str, Any]:
            self._note(url.rsplit("/", 1)[1])
            return body

        return answer

    def _note(self, who: str) -> None:
        self.asked.append(who)
        with self._app.app_context():
            self.in_use.append(db.engine.pool.checkedout())  # type: ignore[attr-defined]


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[APIFlask]:
    """The shop with a file of SQLite, whose connections are counted."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'shop.sqlite'}")
    app = create_app("testing")
    with app.app_context():
        db.create_all()
        admin = User(name="Ada", email="ada@example.com", role="admin")
        admin.set_password(PASSWORD)
        db.session.add_all([admin, Product(name="Tea", price_cents=250, stock=10)])
        db.session.commit()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def outside(app: APIFlask) -> Iterator[Outside]:
    with requests_mock.Mocker() as provider:
        yield Outside(app, provider)


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    """A client who is signed in on the pages and with a token."""
    client = app.test_client()
    who = {"email": "ada@example.com", "password": PASSWORD}
    token = client.post("/api/tokens", json=who).get_json()["token"]
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    submit(client, "/sign-in", "/sign-in", **who)
    return client


def submit(client: FlaskClient, page: str, place: str, **fields: str) -> None:
    """Send the form of a page, as a browser does."""
    (token,) = set(re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', client.get(page).text))
    assert client.post(place, data={"csrf_token": token, **fields}).status_code == 303


def test_the_weather(outside: Outside, client: FlaskClient) -> None:
    assert client.get("/api/weather?city=Berlin").status_code == 200
    assert (outside.asked, outside.in_use) == (["current"], [0])


def test_the_dashboard_with_the_weather(outside: Outside, client: FlaskClient) -> None:
    submit(client, "/dashboard", "/dashboard/city", city="Berlin")
    page = client.get("/dashboard")
    assert page.status_code == 200
    assert "sunny" in page.text
    assert (outside.asked, outside.in_use) == (["current"], [0])


def test_the_dashboard_shown_again(outside: Outside, client: FlaskClient) -> None:
    submit(client, "/dashboard", "/dashboard/city", city="Berlin")
    client.post("/dashboard/picture", data={})
    assert (outside.asked, outside.in_use) == (["current"], [0])


@pytest.mark.parametrize("deed", ["cancel", "refund"])
def test_money(app: APIFlask, outside: Outside, client: FlaskClient, deed: str) -> None:
    order = client.post("/api/orders", json={"product_id": 1, "quantity": 1}).get_json()["id"]
    assert client.post(f"/api/orders/{order}/{deed}", json={}).status_code == 200
    assert (outside.asked, outside.in_use) == (["charges", "refunds"], [0, 0])


def test_an_order_that_awaits_its_payment(app: APIFlask, outside: Outside, client: FlaskClient) -> None:
    order = client.post("/api/orders", json={"product_id": 1, "quantity": 1}).get_json()["id"]
    with app.app_context():
        db.session.execute(update(Order).values(status="awaiting_payment", charge_id=None))
        db.session.commit()
    assert client.post(f"/api/orders/{order}/cancel", json={}).status_code == 200
    assert (outside.asked, outside.in_use) == (["charges", "voids"], [0, 0])


@pytest.mark.usefixtures("client")
def test_a_mail_and_a_charge_in_the_background(app: APIFlask, outside: Outside) -> None:
    with app.app_context():
        given = factories.session.set(db.session())
        factories.OrderFactory(status="awaiting_payment", created_at=utcnow() - timedelta(hours=1))
        db.session.commit()
        factories.session.reset(given)
        tasks.charge_waiting_orders()
        (order,) = db.session.scalars(select(Order.id))
        db.session.rollback()
        tasks.send_welcome(1)
        tasks.send_order_confirmation(order)
    assert (outside.asked, outside.in_use) == (["charges", "mail", "mail"], [0, 0, 0])
