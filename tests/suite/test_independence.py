"""The harness serves another service: a library, with hooks, steps and features of its own, and no shop."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from planting import replace

SERVICE = """
from celery import Celery, Task
from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)
celery = Celery("library")


class Book(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(unique=True)


@celery.task(name="announce")
def announce(title):
    celery.flask.config["POST"].send("readers@example.com", "A new book", title)


def create_app():
    app = Flask("library")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db.init_app(app)
    celery.flask = app

    @app.post("/books")
    def add():
        db.session.add(Book(title=request.json["title"]))
        db.session.commit()
        announce.delay(request.json["title"])
        return {"title": request.json["title"]}, 201

    @app.get("/books")
    def shelf():
        return {"titles": list(db.session.scalars(db.select(Book.title).order_by(Book.title)))}

    return app
"""

HOOKS = """
import library

from features.harness.embedded import EmbeddedStage
from features.harness.suite import Suite


class LibraryStage(EmbeddedStage):
    def __init__(self):
        app = library.create_app()
        super().__init__(app, library.db, library.celery, migrate=library.db.create_all)
        app.config["POST"] = self.mailbox


def before_all(context):
    context.suite = Suite(context.config, {"embedded": LibraryStage})
    context.suite.start()


def before_feature(context, feature):
    context.suite.open_feature(feature)


def before_scenario(context, scenario):
    context.suite.open_scenario(scenario)


def after_scenario(context, scenario):
    context.suite.close_scenario(scenario)


def after_feature(context, feature):
    context.suite.close_feature(feature)


def after_all(context):
    context.suite.stop()
"""

STEPS = """
from behave import then, when

from features.harness.http import Request


@when('"{title}" is added')
def step_add(context, title):
    assert context.suite.stage.send(Request("POST", "/books", json={"title": title})).status == 201


@when("the background work is done")
def step_work(context):
    context.suite.stage.tasks.run_due()


@then('the shelf holds "{title}"')
def step_shelf(context, title):
    titles = context.suite.stage.send(Request("GET", "/books")).json["titles"]
    assert titles == [title], f"The shelf holds {titles}."


@then('the readers are told of "{title}"')
def step_told(context, title):
    assert context.suite.stage.mailbox.take("readers@example.com", "A new book").body == title


@then("the shelf is as recorded")
def step_recorded(context):
    shelf = context.suite.stage.send(Request("GET", "/books")).json
    context.suite.snapshots.check(context.scenario.name, shelf)
"""

FEATURES = {
    "adding": """
Feature: Adding books
  Scenario: a new book stands on the shelf
    When "Emma" is added
    And the background work is done
    Then the shelf holds "Emma"
    And the readers are told of "Emma"

  Scenario: the readers are told
    When "Persuasion" is added
    And the background work is done
    Then the readers are told of "Persuasion"
""",
    "looking": """
Feature: Looking around
  Scenario: an empty shelf
    Then the shelf is as recorded
""",
}


@pytest.fixture
def library(tmp_path: Path, behave: Callable[..., Any]) -> Path:
    """A project of another team, which has the harness and nothing of the shop."""
    folder = tmp_path / "library"
    (folder / "specification/steps").mkdir(parents=True)
    (folder / "library.py").write_text(SERVICE)
    (folder / "app.py").write_text('raise ImportError("There is no shop here.")')
    (folder / "specification/environment.py").write_text(HOOKS)
    (folder / "specification/steps/book_steps.py").write_text(STEPS)
    for name, text in FEATURES.items():
        (folder / f"specification/{name}.feature").write_text(text)
    (folder / "behave.ini").write_text(
        "[behave]\npaths = specification\nrunner = features.harness.runner:Runner\n"
    )
    assert behave(folder, "-D", "snapshots=update").code == 0
    return folder


def test_another_service_is_served_and_each_fault_of_it_met(
    library: Path, behave: Callable[..., Any]
) -> None:
    run = behave(library)
    assert run.code == 0, run.output
    assert [case.status for case in run.cases] == ["passed"] * 3
    assert (library / "specification/__snapshots__/looking.ambr").exists()

    replace(library, "library.py", "        db.session.commit()\n", "")
    replace(library, "library.py", '{"titles": list', '{"name": "Library", "titles": list')
    faulty = behave(library)
    assert "The shelf holds []." in faulty.case("a new book stands on the shelf").message
    assert "announce was published before the commit" in faulty.case("the readers are told").message
    assert "+   'name': 'Library'," in faulty.case("an empty shelf").message
    assert faulty.code == 1
