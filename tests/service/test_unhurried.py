"""What the shop does in moments that a test from outside cannot wait for, seen in this process."""

import socket
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from apiflask import APIFlask
from sqlalchemy import update

from app import body_stream
from app.extensions import db
from app.models import User
from app.services import avatars


@pytest.fixture
def app(app: APIFlask) -> Iterator[APIFlask]:
    """The shop in a context that stays open."""
    with app.app_context():
        yield app


class Line:
    """The connection of a request, as gunicorn hands it over."""

    def __init__(self) -> None:
        self.calls: list[object] = []

    def settimeout(self, seconds: float | None) -> None:
        self.calls.append(("settimeout", seconds is None))

    def shutdown(self, how: int) -> None:
        self.calls.append(("shutdown", how))


@pytest.mark.parametrize(("others", "left"), [(1, 0), (2, 10)])
def test_a_refused_body_is_read_for_a_few_at_a_time(app: APIFlask, others: int, left: int) -> None:
    line, body = Line(), BytesIO(b"x" * 10)
    for _ in range(others):
        assert body_stream._draining.acquire(blocking=False)
    try:
        with app.test_client() as client:
            answer = client.patch(
                "/api/profile",
                environ_overrides={"gunicorn.socket": line},
                input_stream=body,
                content_length=10,
            )
    finally:
        body_stream._draining.release(others)
    assert answer.status_code == 401
    assert len(body.read()) == left
    assert (("shutdown", socket.SHUT_RD) in line.calls) == bool(left)


def test_whoever_looks_at_a_picture_that_is_replaced_sees_the_new_one(app: APIFlask, tmp_path: Path) -> None:
    user = User(name="Mia", email="mia@example.com", role="user", avatar="old.png")
    db.session.add(user)
    db.session.commit()
    assert user.avatar == "old.png"  # as it was read, before somebody else has replaced it
    (tmp_path / "new.png").write_bytes(b"new")
    new = update(User).values(avatar="new.png").execution_options(synchronize_session=False)
    db.session.execute(new)
    assert avatars.find(user) == avatars.Picture("new", "image/png", b"new")


def test_a_picture_that_is_gone_for_good_is_none(app: APIFlask) -> None:
    user = User(name="Mia", email="mia@example.com", role="user", avatar="gone.png")
    db.session.add(user)
    db.session.commit()
    assert avatars.find(user) is None


@pytest.mark.usefixtures("app")
def test_a_full_disk_is_no_fault_of_whoever_shows_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(avatars.NoRoomError):
        avatars._write("new.png", b"new")
