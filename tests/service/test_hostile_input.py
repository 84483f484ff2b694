"""Bounds on what one request may cost, and faults that were the shop's own."""

import logging
import re
import warnings
from io import BytesIO
from pathlib import Path
from struct import pack

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from PIL import Image

from app import create_app
from app.extensions import db
from app.models import User
from app.services import avatars
from features.support.inputs import pictures

MIA = {"name": "Mia", "email": "mia@example.com", "password": "a long enough password"}


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()


def send_form(client: FlaskClient, place: str, **fields: str) -> int:
    """Send the form of a page, as a browser does."""
    page = client.get(place).text
    (token,) = set(re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', page))
    return client.post(place, data={"csrf_token": token, **fields}).status_code


def test_no_more_faults_are_told_than_anybody_reads(client: FlaskClient) -> None:
    made_up = {f"{'x' * 200}{number}": 1 for number in range(600)}
    answer = client.post("/register", json={**MIA, **made_up})
    assert answer.status_code == 422
    errors = answer.get_json()["errors"]
    assert sum(map(len, errors.values())) == 50
    assert {len(name) for name in errors} == {100}


def test_whoever_signs_up_again_while_signed_in_is_told_that_the_address_is_taken(
    client: FlaskClient,
) -> None:
    """Once the shop stumbled over who looks at the page, after what they wanted was rolled back."""
    assert send_form(client, "/sign-up", **MIA) == 303
    assert client.get("/dashboard").status_code == 200
    assert send_form(client, "/sign-up", **MIA) == 409
    assert client.get("/dashboard").status_code == 200


def test_one_picture_is_read_at_a_time(
    app: APIFlask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        user = User(name="Mia", email="mia@example.com", role="user")
        db.session.add(user)
        db.session.flush()
        bearer = {"Authorization": f"Bearer {user.generate_token()}"}
        db.session.commit()

    def upload() -> tuple[int, str | None]:
        file = Path(app.config["AVATAR_FOLDER"]) / "new.png"
        file.write_bytes(pictures.picture("PNG"))
        with file.open("rb") as picture:
            answer = client.post("/api/profile/avatar", data={"avatar": (picture, "a.png")}, headers=bearer)
        return answer.status_code, answer.headers.get("Retry-After")

    monkeypatch.setattr(avatars, "WAIT_SECONDS", 0.01)
    assert avatars._reading.acquire(blocking=False)
    try:
        assert not avatars._reading.acquire(blocking=False), "more than one is read at a time"
        assert upload() == (503, "5")
    finally:
        avatars._reading.release()
    assert upload() == (200, None)


def test_thousands_of_broken_tags_do_not_fill_the_log() -> None:
    tags = b"".join(pack(">HHII", tag, 7, 100_000 + tag, 8) for tag in range(1000, 3000))
    exif = b"MM\0*" + pack(">IH", 8, 2000) + tags + bytes(4)
    picture = BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG", exif=exif)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        assert avatars._clean(picture.getvalue())[0] == "PNG"
    assert warned == []


@pytest.mark.parametrize(("proxies", "warned"), [("0", True), ("1", False)])
def test_whoever_serves_customers_without_a_proxy_is_told_what_that_means(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, proxies: str, warned: bool
) -> None:
    given = {
        "SECRET_KEY": "a key of many letters",
        "DATABASE_URL": "sqlite://",
        "BROKER_URL": "memory://",
        "PAYMENTS_URL": "https://payments.example.com",
        "PAYMENTS_KEY": "a key",
        "WEATHER_KEY": "a key",
        "MAIL_SERVER": "mail.example.com",
        "TRUSTED_PROXIES": proxies,
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with caplog.at_level(logging.WARNING):
        create_app("production")
    assert ("TRUSTED_PROXIES is 0." in caplog.text) == warned
