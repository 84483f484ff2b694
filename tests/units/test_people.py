"""People show who they are by a token, a password, a key or a session, and nobody is taken for another."""

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from flask import Flask, request, session

from behave_flask.core.operations import Operation, Person
from behave_flask.core.world import World
from behave_flask.databases.none import NoDatabase
from behave_flask.stages.embedded.stage import EmbeddedStage

pytestmark = pytest.mark.usefixtures("nothing_of_others")

FORM = """<form method="post"><input type="hidden" name="csrf" value="{}"><input name="name"></form>"""


def create_app() -> Flask:
    """A service that believes a session, a token, a password and a key, and says whom it takes one for."""
    app = Flask("people")
    app.secret_key = "secret"

    @app.route("/sign-in", methods=["GET", "POST"])
    def sign_in() -> Any:
        if request.method == "GET":
            session["csrf"] = "once"
            return FORM.format("once")
        if request.form["csrf"] != session.get("csrf"):
            return "", 400
        session["name"] = request.form["name"]
        return "", 303

    @app.get("/me")
    def me() -> dict[str, Any]:
        shown = request.authorization
        return {
            "session": session.get("name"),
            "token": shown.token if shown and shown.type == "bearer" else None,
            "password": [shown.username, shown.password] if shown and shown.type == "basic" else None,
            "key": request.headers.get("X-API-Key"),
        }

    return app


class People(World):
    operations: ClassVar = {"see themselves": Operation("see themselves", "GET /me")}
    personas = ("a visitor", "Ann", "Ben", "Cid", "Dan", "Eve")

    def introduce(self, name: str) -> Person:
        if name in ("Ann", "Ben"):
            assert self.submit(name, "/sign-in", name=name).status == 303
        if name == "Cid":
            return Person.with_password(name, "cid@example.com", "geheim: für Cid")
        if name == "Eve":
            return Person(name, api_key=("X-API-Key", "eve"))
        return Person(name, token="dan" if name == "Dan" else None)


@pytest.fixture
def world() -> Iterator[People]:
    stage = EmbeddedStage(create_app(), database=NoDatabase())
    stage.start()
    stage.begin_scenario()
    yield People(stage)
    assert stage.end_scenario() == []


def test_each_is_known_as_themselves_whoever_asked_before(world: People) -> None:
    nobody = {"session": None, "token": None, "password": None, "key": None}
    known = {
        "a visitor": nobody,
        "Ann": {**nobody, "session": "Ann"},
        "Ben": {**nobody, "session": "Ben"},
        "Cid": {**nobody, "password": ["cid@example.com", "geheim: für Cid"]},
        "Dan": {**nobody, "token": "dan"},
        "Eve": {**nobody, "key": "eve"},
    }
    for first in known:
        for second in known:
            seen = {who: world.do(who, "see themselves").body for who in (first, second)}
            assert seen == {who: known[who] for who in (first, second)}


def test_a_report_names_everybody_also_who_has_no_account(world: People) -> None:
    assert "People: nobody" in world.report()
    world.do("a visitor", "see themselves")
    world.do("Cid", "see themselves")
    world.people["Fay"] = Person("Fay", user=type("User", (), {"id": 7}))
    report = world.report()
    assert "People: a visitor, Cid, Fay (user 7)\n" in report
    assert "Authorization: ***" in report  # and never the password


def test_a_key_is_masked_in_a_report(world: People) -> None:
    world.do("Eve", "see themselves")
    assert "X-API-Key: ***" in world.report()
