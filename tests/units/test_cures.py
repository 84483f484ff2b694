"""What a new user meets first: each mistake is told in a sentence, with what to write, and no traceback."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ENVIRONMENT = """
from behave_flask import NoDatabase, SQLiteFile, hooks_for
from service import create_app

globals().update(hooks_for(create_app))
"""
STEPS = """
from behave import then, when
from behave_flask import Operation, Person


@when("somebody posts")
def step_post(context):
    context.world.people["somebody"] = Person("somebody")
    context.outcome = context.world.attempt("somebody", Operation("post", "POST /"))


@then("it is done")
def step_done(context):
    context.outcome.must_be("allowed")
"""
FEATURE = """
Feature: Posting
  Scenario: Once
    When somebody posts
    Then it is done

  Scenario: Twice
    When somebody posts
    Then it is done
"""
NOTHING = """
from flask import Flask


def create_app():
    app = Flask(__name__)
    app.add_url_rule("/", "post", lambda: "", methods=["POST"])
    return app
"""
WITH_ARGUMENTS = NOTHING.replace("create_app()", "create_app(config)")
OF_ANOTHER_KIND = """
class FastAPI:
    def __call__(self, scope, receive, send): ...


def create_app(): return FastAPI()
"""
WRAPPED = NOTHING.replace("return app", "return ProxyFix(app)").replace(
    "\nfrom flask", "\nfrom werkzeug.middleware.proxy_fix import ProxyFix\nfrom flask"
)
WITH_MORE = NOTHING.replace("return app", "return 'socketio', app")
TWO = "from flask import Flask\n\ncreate_app = [Flask('shop'), Flask('admin')]\n"
ASYNCHRONOUS = """
from flask import Flask
from sqlalchemy.ext.asyncio import create_async_engine


def create_app():
    app = Flask(__name__)
    app.engine = create_async_engine("postgresql+psycopg://ann:secret@localhost/shop")
    return app
"""
UNREACHABLE = """
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Mapped, mapped_column

db = SQLAlchemy()


class Guest(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)


def create_app():
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql+psycopg://127.0.0.1:1/shop"
    db.init_app(app)
    return app
"""
UNOPENED = UNREACHABLE.replace("postgresql+psycopg://127.0.0.1:1/shop", "sqlite:////no/such/folder/shop.db")
PEEWEE = """
import peewee
from flask import Flask

db = peewee.SqliteDatabase("guests.db")


class Guest(peewee.Model):
    name = peewee.CharField()

    class Meta:
        database = db


def create_app():
    app = Flask(__name__)
    db.create_tables([Guest])

    @app.before_request
    def connect():
        db.connect(reuse_if_open=True)

    @app.teardown_request
    def close(_):
        db.close()

    @app.post("/")
    def post():
        Guest.create(name="Ann")
        return ""

    return app
"""
PEEWEE_ON_A_SERVER = PEEWEE.replace('SqliteDatabase("guests.db")', 'PostgresqlDatabase("guests")').replace(
    "    db.create_tables([Guest])\n", ""
)
PONY = """
from flask import Flask
from pony.orm import Database, PrimaryKey, db_session

db = Database()


class Guest(db.Entity):
    id = PrimaryKey(int, auto=True)


db.bind("sqlite", "guests.db", create_db=True)
db.generate_mapping(create_tables=True)


def create_app():
    app = Flask(__name__)

    @app.post("/")
    @db_session
    def post():
        Guest()
        return ""

    return app
"""
DRIVER = "import psycopg\n" + NOTHING
RAW = """
import sqlite3
from flask import Flask


def create_app():
    app = Flask(__name__)

    @app.post("/")
    def post():
        with sqlite3.connect("guests.db") as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS guests (name)")
        return ""

    return app
"""
CELERY = """
from celery import Celery
from flask import Flask

celery = Celery("shop")


@celery.task
def greet(name): ...


def create_app():
    app = Flask(__name__)

    @app.post("/")
    def post():
        greet.delay("Ann")
        return ""

    return app
"""
REFUSED = {  # before anything runs
    "a factory with arguments": (
        WITH_ARGUMENTS,
        "missing a required argument: 'config'. Give its arguments: hooks_for(lambda: create_app(...)).",
    ),
    "no Flask app": (OF_ANOTHER_KIND, "returns no Flask app but a FastAPI ("),
    "a wrapped app": (WRAPPED, "wrapped inside: app.wsgi_app = ProxyFix(app.wsgi_app)."),
    "an app with more": (WITH_MORE, "Take the one that is meant: hooks_for(lambda: create_app()[1])."),
    "two apps": (TWO, "hooks_for() takes one Flask app, or what makes one, and not [<Flask 'shop'>, "),
    "an asynchronous engine": (
        ASYNCHRONOUS,
        "engine is asynchronous (postgresql+psycopg://ann:***@localhost/shop): what it writes cannot be put",
    ),
    "a server that does not answer": (
        UNREACHABLE,
        "The database of the service cannot be reached (connection failed: connection to server at",
    ),
    "a file that cannot be opened": (
        UNOPENED,
        "cannot be reached (unable to open database file). Start it, or let the factory take another one",
    ),
    "peewee on a server": (
        PEEWEE_ON_A_SERVER,
        "The service uses peewee, which no adapter knows: nothing would be put back after a scenario.",
    ),
    "a driver alone": (DRIVER, "The service uses psycopg, which no adapter knows: nothing would be put back"),
    "a library that is missing": (
        "import no_such_library\n",
        "There is no module 'no_such_library', which service.py:1 imports. Install it, or name the folder",
    ),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A suite; the service is missing."""
    for name, text in {
        "behave.ini": "[behave]\nrunner = behave_flask:Runner\n",
        "features/environment.py": ENVIRONMENT,
        "features/steps/steps.py": STEPS,
        "features/posting.feature": FEATURE,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def init(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("behave-flask"), "init", "service:create_app"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100)


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_played_is_refused_with_what_to_write(
    project: Path, behave: Callable[..., Any], case: str
) -> None:
    service, message = REFUSED[case]
    (project / "service.py").write_text(service)
    run = behave(project)
    assert run.code == 1
    (line,) = [line for line in run.output.splitlines() if line.startswith("ConfigError")]
    assert message in line
    assert "Traceback" not in run.output


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            "create_app, services={}",
            "service:create_app makes a service without app.extensions['sqlalchemy']",
        ),
        (
            "lambda: create_app(), services={}",
            "hooks_for() has to be given a function of a module, and not <lambda>.",
        ),
        (
            'create_app, services={"A": "{databse_url}"}',
            "hooks_for(services=...) does not know 'databse_url'; it knows broker_url, database_url, files, ",
        ),
    ],
)
def test_real_parts_of_which_too_little_is_said_are_refused_with_what_to_write(
    project: Path, behave: Callable[..., Any], given: str, message: str
) -> None:
    (project / "service.py").write_text(NOTHING)
    (project / "features/environment.py").write_text(
        ENVIRONMENT.replace("hooks_for(create_app", f"hooks_for({given}")
    )
    run = behave(project, "-D", "stage=services")
    assert run.code == 1
    (line,) = [line for line in run.output.splitlines() if line.startswith("ConfigError")]
    assert message in line


@pytest.mark.parametrize("case", ["no Flask app", "a server that does not answer", "an asynchronous engine"])
def test_init_is_refused_in_the_same_way(tmp_path: Path, case: str) -> None:
    (tmp_path / "service.py").write_text(REFUSED[case][0])
    done = init(tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr


@pytest.mark.parametrize("app", ["create_app", "create_app()", "lambda: create_app()"])
def test_a_factory_and_an_app_will_do(project: Path, behave: Callable[..., Any], app: str) -> None:
    (project / "service.py").write_text(NOTHING)
    (project / "features/environment.py").write_text(ENVIRONMENT.replace("(create_app)", f"({app})"))
    run = behave(project)
    assert run.code == 0, run.output


def test_a_service_in_another_folder_is_told_with_the_path_to_it(
    project: Path, behave: Callable[..., Any]
) -> None:
    (project / "src").mkdir()
    (project / "src/service.py").write_text(NOTHING)
    run = behave(project)
    assert run.code == 1
    told = (
        "There is no module 'service', which features/environment.py:3 imports. It is in src: PYTHONPATH=src"
    )
    assert told in run.output
    assert behave(project, PYTHONPATH="src").code == 0


def test_a_part_of_the_suite_that_is_missing_is_told_with_the_line(
    project: Path, behave: Callable[..., Any]
) -> None:
    (project / "service.py").write_text(NOTHING)
    (project / "features/__init__.py").touch()
    (project / "features/steps/more.py").write_text("\nfrom features.nothing import anything\n")
    run = behave(project)
    assert run.code == 1
    assert "There is no module 'features.nothing', which features/steps/more.py:2 imports.\n" in run.output


@pytest.mark.parametrize(
    "service",
    [RAW, RAW.replace("from flask import Flask", "from apiflask import APIFlask as Flask"), PEEWEE, PONY],
    ids=["sqlite3", "beside an idle SQLAlchemy", "peewee", "pony"],
)
def test_a_file_of_sqlite_that_no_setting_names_is_told_and_put_back_by_its_path(
    project: Path, behave: Callable[..., Any], service: str
) -> None:
    (project / "service.py").write_text(service)
    run = behave(project)
    assert (run.code, run.status("Twice")) == (1, "failed"), run.output
    assert "The service opened the SQLite file guests.db, which no scenario puts back." in run.output
    (cure,) = set(re.findall(r"Name it: hooks_for\(\.\.\., (database='guests.db')\)", run.output))
    environment = project / "features/environment.py"
    environment.write_text(ENVIRONMENT.replace("(create_app)", f"(create_app, {cure})"))
    for options in ([], ["-j", "2"]):
        run = behave(project, *options)
        assert run.code == 0, run.output
        assert "Stage: embedded, on a file of sqlite" in run.output


def test_init_names_the_file_also_beside_an_idle_sqlalchemy(tmp_path: Path) -> None:
    (tmp_path / "service.py").write_text("import sqlalchemy\n" + RAW.replace("app.post", "app.get"))
    done = init(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "on a file of sqlite" in done.stdout
    assert "database='guests.db'" in (tmp_path / "features/environment.py").read_text().replace('"', "'")
    assert not (tmp_path / "guests.db").exists()


def test_a_celery_app_without_a_broker_is_found_and_what_it_queues_is_named(
    project: Path, behave: Callable[..., Any]
) -> None:
    (project / "service.py").write_text(CELERY)
    run = behave(project)
    assert (run.code, run.status("Once")) == (1, "failed")
    assert "  - a queued task, service.greet('Ann')\n" in run.output


def test_nothing_is_refused_where_nothing_has_to_be_put_back(
    project: Path, behave: Callable[..., Any]
) -> None:
    (project / "service.py").write_text(DRIVER)
    (project / "features/environment.py").write_text(
        ENVIRONMENT.replace("(create_app)", "(create_app, database=NoDatabase())")
    )
    assert behave(project).code == 0


def test_the_adapter_may_be_made_of_the_app(project: Path, behave: Callable[..., Any]) -> None:
    own = RAW.replace('"guests.db"', 'app.config["GUESTS"]')
    (project / "service.py").write_text(
        own.replace("(__name__)", '(__name__)\n    app.config["GUESTS"] = "guests.db"')
    )
    (project / "features/environment.py").write_text(
        ENVIRONMENT.replace("(create_app)", "(create_app, database=lambda app: SQLiteFile(app, 'GUESTS'))")
    )
    run = behave(project)
    assert run.code == 0, run.output
    assert not (project / "guests.db").exists()
