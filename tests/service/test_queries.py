"""No request that reads asks the database more often where there is more: every GET, with 1 and with 20."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests_mock
from apiflask import APIFlask
from flask import url_for
from sqlalchemy import event, select
from werkzeug.routing import Rule

from app import create_app
from app.api import orders, posts, products
from app.extensions import db
from app.models import Post, Product
from features.support.world import factories
from features.support.world.providers import WEATHER

FEW, MANY = 1, 20
AT_MOST = 6  # statements, for any request that reads
ONLY_ADMINS = {"pages.admin"}
QUERIES = {"weather.get_weather": {"city": "Berlin"}}


@dataclass(frozen=True)
class Viewer:
    """Who reads: a role and a token, and of the arguments of rules those that are the viewer's own."""

    role: str
    token: str
    own: dict[str, int | str]


@contextmanager
def filled(many: int, folder: Path) -> Iterator[tuple[APIFlask, list[Viewer]]]:
    """Give a shop with so many of each kind, and an admin and a user, who have so many themselves."""
    app = create_app("testing")
    app.config["AVATAR_FOLDER"] = folder
    with app.app_context():
        db.create_all()
        given = factories.session.set(db.session())
        viewers = [fill(role, many, folder) for role in ("admin", "user")]
        db.session.commit()
        factories.session.reset(given)
    yield app, viewers
    with app.app_context():
        db.drop_all()
        db.engine.dispose()


def fill(role: str, many: int, folder: Path) -> Viewer:
    """Add somebody with posts and orders, and as many others with theirs."""
    viewer = factories.UserFactory(role=role, avatar=f"{role}.png")
    (folder / f"{role}.png").write_bytes(b"a picture")
    for author in (who for _ in range(many) for who in (factories.UserFactory(), viewer)):
        post, order = factories.PostFactory(author=author), factories.OrderFactory(user=author)
        factories.RefundFactory.create_batch(2, order=order, amount_cents=1)
    db.session.flush()
    own = {"user_id": viewer.id, "post_id": post.id, "order_id": order.id, "product_id": order.product_id}
    return Viewer(role, viewer.generate_token(), {**own, "filename": "shop.css"})


def asked(app: APIFlask, rule: Rule, viewer: Viewer) -> list[str]:
    """The statements that a request takes, which has to succeed."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    with app.test_request_context():
        given = {name: viewer.own[name] for name in rule.arguments} | QUERIES.get(rule.endpoint, {})
        path, engine = url_for(rule.endpoint, **given), db.engine
    client = app.test_client()
    client.set_cookie("shop_token", viewer.token)
    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = client.get(path, headers={"Authorization": f"Bearer {viewer.token}"})
        answer.close()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    may = viewer.role == "admin" or rule.endpoint not in ONLY_ADMINS
    assert answer.status_code == (200 if may else 403), f"{viewer.role}: {path}: {answer.status}"
    return statements


def read_everything(many: int, folder: Path) -> dict[str, list[str]]:
    """The statements that each request takes which the app's own list has, for each who reads."""
    with requests_mock.Mocker() as provider, filled(many, folder) as (app, viewers):
        provider.get(WEATHER, json={"temp": 22, "condition": "sunny"})
        rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
        return {
            f"{viewer.role}: GET {rule}": asked(app, rule, viewer) for rule in rules for viewer in viewers
        }


def growing(folder: Path) -> dict[str, str]:
    """What is wrong, by request."""
    few, more = read_everything(FEW, folder), read_everything(MANY, folder)
    return {
        request: f"{FEW} of each kind: {len(few[request])} statements; {MANY}: {len(statements)}, of which "
        f"most often, {_most_frequent(statements)}"
        for request, statements in more.items()
        if len(statements) > min(len(few[request]), AT_MOST)
    }


def _most_frequent(statements: list[str]) -> str:
    ((statement, times),) = Counter(statements).most_common(1)
    return f"{times} times: {' '.join(statement.split())[-200:]}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


def test_no_request_asks_more_often_where_there_is_more(folder: Path) -> None:
    assert growing(folder) == {}


def test_an_author_asked_for_post_by_post_is_seen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts, "_newest_first", lambda: select(Post).order_by(Post.id.desc()))
    wrong = growing(folder)
    assert wrong.keys() == {f"{role}: GET /api/posts" for role in ("admin", "user")}
    assert all("FROM users WHERE users.id = ?" in query for query in wrong.values()), wrong


def test_a_product_looked_up_order_by_order_is_seen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = orders._shown
    monkeypatch.setattr(orders, "_shown", lambda order, viewer: order.product and shown(order, viewer))
    wrong = growing(folder)
    assert wrong.keys() == {f"{role}: GET /api/orders" for role in ("admin", "user")}
    assert "most often, 20 times: " in wrong["user: GET /api/orders"]
    assert "FROM products WHERE products.id = ?" in wrong["user: GET /api/orders"]


def test_a_request_that_asks_much_from_the_start_is_seen(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(product_id: int, *, lock: bool = False) -> Product:
        for _ in range(AT_MOST):
            db.session.execute(select(Product.id))
        return db.session.get_one(Product, product_id, with_for_update=lock)

    monkeypatch.setattr(products, "_existing", find)
    assert growing(folder).keys() == {
        f"{role}: GET /api/products/<int:product_id>" for role in ("admin", "user")
    }
