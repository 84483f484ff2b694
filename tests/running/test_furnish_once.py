"""A Background tagged @furnish_once is played once, and each scenario has the same data as alone."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

APP = '''
"""A small shop on plain SQLAlchemy, which calls, mails and logs where it is asked to."""

import smtplib
from email.message import EmailMessage

import requests
from flask import Flask, abort, current_app, request
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class Thing(Base):
    __tablename__ = "things"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str] = mapped_column(default="")


def create_app():
    app = Flask(__name__, static_folder=None)
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)

    @app.delete("/things/<int:id>")
    def delete(id):
        with Session(engine) as session:
            thing = session.get(Thing, id) or abort(404)
            session.delete(thing)
            session.commit()
        return "", 204

    @app.put("/things/<int:id>")
    def change(id):
        with Session(engine) as session:
            session.get(Thing, id).name = "changed"
            session.commit()
        return "", 204

    @app.post("/things")
    def add():
        with Session(engine) as session:
            session.add(Thing(name=requests.get("https://names.example/one", timeout=1).text))
            session.commit()
        return "", 201

    @app.post("/mails")
    def mail():
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", "Hello"
        with smtplib.SMTP("mail.example") as server:
            server.send_message(message)
        return "", 204

    @app.post("/cookies")
    def sign_in():
        return "", 204, {"Set-Cookie": "who=Ann; Path=/"}

    @app.get("/cookies")
    def who():
        return dict(request.cookies)

    @app.delete("/cookies")
    def sign_out():
        return "", 204, {"Set-Cookie": "who=; Path=/; Max-Age=0"}

    @app.post("/errors")
    def log():
        current_app.logger.error("it went wrong")
        return "", 204

    return app
'''
INI = "[behave]\nrunner = behave_flask:Runner\nscenario_outline_annotation_schema = {name}\n"
ENVIRONMENT = """
from behave_flask import hooks_for
from features.support import Here
from shop import create_app

globals().update(hooks_for(create_app, world=Here{parts}))
"""
SUPPORT = """
import factory
from behave_flask import Operation, PlainOutcome, World
from factory.alchemy import SQLAlchemyModelFactory
from shop import Thing

REQUESTS = (
    "DELETE /things/{id}", "PUT /things/{id}", "POST /things", "POST /mails", "POST /errors",
    "POST /cookies", "GET /cookies", "DELETE /cookies",
)
STATUSES = {"POST /things": 201, "GET /cookies": 200}
session = []


class ThingFactory(SQLAlchemyModelFactory):
    class Meta:
        model = Thing
        sqlalchemy_session_factory = lambda: session[-1]

    name = factory.Sequence("thing {}".format)
    text = factory.Faker("sentence")


class Here(World):
    operations = {each: Operation(each, each, STATUSES.get(each, 204)) for each in REQUESTS}
    personas = ("Ann",)

    def introduce(self, name):
        from behave_flask import Person
        return Person(name)

    def understand(self, operation, exchange):
        return PlainOutcome(exchange, operation.success)

    def make(self):
        with self.stage.data() as opened:
            session.append(opened)
            return ThingFactory()
"""
STEPS = """
import json
import threading
from dataclasses import dataclass, field
from pathlib import Path

from behave import given, then, when
from features.support import ThingFactory


@dataclass
class Made:
    things: list = field(default_factory=list)


@given("there are {many:d} things")
def step_things(context, many):
    with Path("furnished.txt").open("a") as file:
        file.write("furnished\\n")
    made = Made()
    made.things += [context.world.make() for _ in range(many)]
    context.world.note(made)
    context.same, context.seen_in = made, context.scenario
    context.world.things["the thing"] = made.things[0].id


@given("the names are answered")
def step_stub(context):
    context.stub = context.world.stage.outside.stub(
        "GET", "https://names.example/one", name="names", presupposed=True, text="answered"
    )


@given("a visit of {request}")
def step_visit(context, request):
    context.world.do("Ann", request)


@given("something is cleaned up")
def step_cleanup(context):
    context.add_cleanup(print, "cleaned up")


@given("something cannot be copied")
def step_lock(context):
    context.lock = threading.Lock()


@given("something within something cannot be copied")
def step_inner_lock(context):
    context.world.tools = {"a lock": threading.Lock()}


@when("Ann does {request}")
def step_do(context, request):
    made = context.world.noted(Made)
    made.things.append(context.world.make())
    ids = {"id": made.things[0].id} if "{" in request else {}
    context.world.do("Ann", request, **ids)


@then("it is written down for {title}")
def step_write(context, title):
    made = context.world.noted(Made)
    assert context.same is made
    assert context.seen_in is context.scenario
    found = {
        "things": [[each.id, each.name, each.text] for each in made.things],
        "rows": context.world.stage.state()["things"],
        "exchanges": len(context.world.exchanges),
        "calls": len(context.world.stage.outside.calls_to(context.stub)) if "stub" in context else 0,
    }
    Path("found").mkdir(exist_ok=True)
    Path("found", f"{title}.json").write_text(json.dumps(found))
"""
FEATURE = """
@furnish_once
Feature: Things

  Background:
    Given there are 2 things
    And the names are answered

  Scenario Outline: Row <title>
    When Ann does <request>
    Then it is written down for <title>

    Examples: each changes what is there
      | title | request             |
      | one   | DELETE /things/{id} |
      | two   | DELETE /things/{id} |
      | three | POST /things        |
      | four  | PUT /things/{id}    |
      | five  | POST /things        |

  Rule: With a Background of its own

    Background:
      Given there are 1 things

    Scenario: Row six
      When Ann does POST /things
      Then it is written down for six

    Scenario: Row seven
      When Ann does DELETE /things/{id}
      Then it is written down for seven
"""
TITLES = ("one", "two", "three", "four", "five", "six", "seven")

Play = Callable[..., tuple[int, str]]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Play a feature of a small service; return the exit code, and what was printed."""

    def played(
        *arguments: str, feature: str = FEATURE, parts: str = "", more: str = "", steps: str = STEPS
    ) -> tuple[int, str]:
        for name, text in {
            "shop.py": APP,
            "behave.ini": INI,
            "features/__init__.py": "",
            "features/support.py": SUPPORT,
            "features/environment.py": ENVIRONMENT.format(parts=parts) + more,
            "features/steps/words.py": steps,
            "features/things.feature": feature,
        }.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        (tmp_path / "furnished.txt").unlink(missing_ok=True)
        command = [sys.executable, "-m", "behave", "features/things.feature", "-D", "seed=7", *arguments]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        return run.returncode, run.stdout + run.stderr

    return played


@pytest.fixture
def found(tmp_path: Path) -> Callable[[], dict[str, Any]]:
    """Return what each scenario has written down, and forget it."""

    def read() -> dict[str, Any]:
        files = sorted((tmp_path / "found").glob("*.json"))
        texts = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}
        for file in files:
            file.unlink()
        return texts

    return read


def times_furnished(folder: Path) -> int:
    return len((folder / "furnished.txt").read_text(encoding="utf-8").splitlines())


def test_each_scenario_has_the_same_data_as_alone(
    play: Play, found: Callable[[], dict[str, Any]], tmp_path: Path
) -> None:
    code, output = play("-D", "furnish=each")
    assert code == 0, output
    each, times = found(), times_furnished(tmp_path)
    assert sorted(each) == sorted(TITLES)
    assert times == 5 + 2 + 2  # the rule's scenarios play the feature's Background too

    code, output = play()
    assert code == 0, output
    assert times_furnished(tmp_path) == 1 + 2
    assert found() == each

    for title in TITLES:
        assert play("-n", f"Row {title}")[0] == 0
    assert found() == each


def test_nothing_of_it_depends_on_the_order_or_on_workers(
    play: Play, found: Callable[[], dict[str, Any]]
) -> None:
    code, output = play("-D", "furnish=each")
    assert code == 0, output
    each = found()
    for arguments in (("-D", "order=random"), ("-D", "order=random", "-j", "2"), ("-j", "2")):
        code, output = play(*arguments)
        assert code == 0, output
        assert found() == each, arguments


def test_what_is_furnished_is_what_each_has(play: Play, found: Callable[[], dict[str, Any]]) -> None:
    """The test above would be green if nothing were written down."""
    assert play()[0] == 0
    rows = found()
    assert [row[1] for row in rows["one"]["rows"]] == ["thing 1", "thing 2"]
    assert [row[1] for row in rows["four"]["rows"]] == ["changed", "thing 1", "thing 2"]
    assert rows["three"]["calls"] == rows["five"]["calls"] == 1
    assert len(rows["six"]["things"]) == 2


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ("a visit of POST /mails", "it has left mails"),
        ("a visit of POST /errors", "an error in the log"),
        ("something is cleaned up", "it has something to clean up when the scenario ends"),
    ],
)
def test_a_step_that_cannot_be_kept_is_refused_by_name(play: Play, step: str, reason: str) -> None:
    code, output = play(feature=FEATURE.replace("And the names are answered", f"And {step}"))
    assert code == 1
    assert f"“And {step}” cannot be furnished once: " in output
    assert reason in output
    assert "0 scenarios passed" in output


def test_what_cannot_be_copied_is_refused(play: Play) -> None:
    code, output = play(
        feature=FEATURE.replace("And the names are answered", "And something cannot be copied")
    )
    assert code == 1, output
    assert "context.lock cannot be copied: TypeError: cannot pickle '_thread.lock' object" in output


def test_what_cannot_be_copied_is_named_wherever_it_is(play: Play) -> None:
    step = "something within something cannot be copied"
    code, output = play(feature=FEATURE.replace("the names are answered", step))
    assert code == 1, output
    assert "context.world.tools['a lock'] cannot be copied: TypeError" in output


def test_cookies_of_a_background_are_kept(play: Play) -> None:
    sign_in = "And the names are answered\n    And a visit of POST /cookies"
    more = """
from behave import then

@then("it is written down for {title}")
def step_cookie(context, title):
    made = context.world.do("Ann", "GET /cookies").body
    assert made == {"who": "Ann"}, made
    context.world.do("Ann", "DELETE /cookies")
"""
    steps = STEPS.partition('@then("it is written')[0]
    code, output = play(
        feature=FEATURE.replace("And the names are answered", sign_in), more=more, steps=steps
    )
    assert code == 0, output


def test_a_visit_that_leaves_rows_alone_is_kept(play: Play, found: Callable[[], dict[str, Any]]) -> None:
    visit = "And the names are answered\n    And a visit of POST /things"
    feature = FEATURE.replace("And the names are answered", visit).partition("  Rule:")[0]
    code, output = play(feature=feature.replace("POST /things        ", "PUT /things/{id}    "))
    assert code == 1
    assert "“And a visit of POST /things” cannot be furnished once: it has left outside calls" in output


def test_data_of_a_hook_are_refused(play: Play) -> None:
    hook = """
begin = before_scenario
def before_scenario(context, scenario):
    begin(context, scenario)
    if {condition}:
        context.world.make()
"""
    for condition, passed in (("True", 0), ("'two' in scenario.name", 6)):
        code, output = play(more=hook.format(condition=condition))
        assert code == 1
        assert "the hooks of this scenario have changed things before it" in output, output
        assert f"{passed} scenarios passed" in output, output


def test_what_a_hook_sets_is_each_scenario_s_own(play: Play) -> None:
    hook = """
from behave import then

begin = before_scenario
def before_scenario(context, scenario):
    begin(context, scenario)
    context.title, context.tags_of_row, context.row = scenario.name, list(scenario.effective_tags), scenario

@then("it is written down for {title}")
def step_own(context, title):
    assert context.title == context.scenario.name == f"Row {title}", context.title
    assert context.row is context.scenario
"""
    steps = STEPS.partition('@then("it is written')[0]
    code, output = play(more=hook, steps=steps)
    assert code == 0, output


def test_a_world_that_a_hook_makes_otherwise_is_refused(play: Play) -> None:
    hook = """
begin = before_scenario
def before_scenario(context, scenario):
    begin(context, scenario)
    context.world.title = scenario.name
"""
    code, output = play(more=hook)
    assert code == 1
    assert "set context.world to something else than in “Row one”" in output
    assert "2 scenarios passed" in output, output


def test_numbers_that_a_hook_takes_change_no_data(play: Play, found: Callable[[], dict[str, Any]]) -> None:
    hook = """
from features.support import ThingFactory

begin = before_scenario
def before_scenario(context, scenario):
    begin(context, scenario)
    for _ in range(len(scenario.name)):
        ThingFactory.build()
"""
    for title in ("four", "five"):
        assert play("-n", f"Row {title}", more=hook)[0] == 0
    alone = found()
    code, output = play("-n", "Row (four|five)", more=hook)
    assert code == 0, output
    assert found() == alone


def test_between_features_nothing_is_kept(play: Play) -> None:
    hook = """
from sqlalchemy import select

after = after_feature
def after_feature(context, feature):
    after(context, feature)
    (engine,) = (each.engine for each in context.suite.stage.database._engines.values())
    with engine.connect() as connection:
        assert connection.execute(select(Thing)).all() == []
"""
    code, output = play(more="\nfrom shop import Thing\n" + hook, feature=FEATURE.partition("  Rule:")[0])
    assert code == 0, output


def test_without_a_database_nothing_can_be_kept(play: Play) -> None:
    parts = ", database=__import__('behave_flask.databases.none').databases.none.NoDatabase()"
    feature = "@furnish_once\nFeature: Nothing\n  Background:\n    Given the names are answered\n" + (
        "  Scenario: Nothing\n    Given the names are answered\n    Then the names are there\n"
    )
    steps = "\n\n@then('the names are there')\ndef step_there(context):\n    assert context.stub\n"
    code, output = play(feature=feature, parts=parts, more=f"\nfrom behave import then{steps}")
    assert code == 1
    assert "No database of the service was found" in output


def test_a_background_that_fails_is_not_kept(play: Play, tmp_path: Path) -> None:
    fails = "And the names are answered\n    And a visit of PUT /things/{id}"
    code, output = play(feature=FEATURE.replace("And the names are answered", fails))
    assert code == 1
    assert "0 scenarios passed" in output
    assert times_furnished(tmp_path) == 5 + 2


def test_a_background_of_which_an_earlier_step_fails_is_not_kept(play: Play, tmp_path: Path) -> None:
    hook = """
begin = before_scenario
def before_scenario(context, scenario):
    begin(context, scenario)
    scenario.continue_after_failed_step = True
"""
    fails = "Given a visit of PUT /things/{id}\n    And there are 2 things"
    code, output = play(feature=FEATURE.replace("Given there are 2 things", fails), more=hook)
    assert code == 1
    assert "0 scenarios passed" in output
    assert times_furnished(tmp_path) == 5 + 2 + 2


def test_the_tag_without_a_background_is_refused(play: Play) -> None:
    feature = "@furnish_once\nFeature: Things\n  Scenario: One\n    Then it is written down for one\n"
    code, output = play(feature=feature)
    assert code != 0
    assert "things.feature:3: it is tagged @furnish_once and has no Background that could be" in output


def test_how_to_furnish_is_one_of_two(play: Play) -> None:
    code, output = play("-D", "furnish=never")
    assert code != 0
    assert "-D furnish= does not know 'never'; it knows each, once." in output
