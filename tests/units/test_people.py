"""People show who they are by a token, a password, a key or a session, and nobody is taken for another."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, abort, redirect, request, session

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

    @app.get("/door")
    def door() -> str:
        session["csrf"] = "once"
        return FORM.format("once").replace("<form", '<form action="/sign-in"')

    @app.route("/no/<how>", methods=["GET", "POST"])
    def in_vain(how: str) -> Any:
        if request.method == "GET" or how == "page":
            return FORM.format("")
        return redirect("/no/redirect") if how == "redirect" else abort(422)

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
    operations = (Operation("see themselves", "GET /me"),)
    personas = (
        "a visitor",
        "Ann",
        "Cid",
        "Eve",
        Person.with_form("Ben", "/door", {"name": "Ben"}),
        Person("Dan", token="dan"),
        *(Person.with_form(how, f"/no/{how}", {"name": how}) for how in ("page", "redirect", "status")),
    )

    def introduce(self, name: str) -> Person:
        if name == "Ann":
            return Person.with_form(name, "/sign-in", {"name": name})
        if name == "Cid":
            return Person.with_password(name, "cid@example.com", "geheim: für Cid")
        if name == "Eve":
            return Person(name, api_key=("X-API-Key", "eve"))
        return Person(name)


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


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("page", "the answer is 200, which leads to the form again."),
        ("redirect", "the answer is 302, which leads to the form again."),
        ("status", "the answer is 422."),
    ],
)
def test_who_cannot_sign_in_is_told_by_name(world: People, who: str, told: str) -> None:
    with pytest.raises(AssertionError) as raised:
        world.do(who, "see themselves")
    assert str(raised.value) == f"{who} could not sign in by the form of /no/{who}, with name: {told}"


class Unsaid(World):
    personas = ("Ann",)


def test_a_name_of_whom_nothing_is_said_is_told_what_to_write(world: People) -> None:
    with pytest.raises(NotImplementedError, match=r'put Person\("Ann"\) with what shows who it is into'):
        Unsaid(world.stage).person("Ann")
