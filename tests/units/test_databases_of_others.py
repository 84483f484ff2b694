"""Services that use a database by other libraries, as those are documented: each is played by `behave`."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy import text as sql

from behave_flask.databases.postgresql import OwnDatabase

ENVIRONMENT = """
from behave_flask import hooks_for
from service import create_app

globals().update(hooks_for(create_app, ignored=["*.last_seen", "*_version", "transaction"]))
"""
STEPS = """
from behave import then, when
from behave_flask import Operation, Person

COME = Operation("come", "POST /guests/{name}")
PASS_BY = Operation("pass by", "POST /seen")


def attempt(context, operation, **ids):
    context.world.people["somebody"] = Person("somebody")
    context.world.attempt("somebody", operation, **ids).must_succeed()


@when("{name} comes")
def step_come(context, name):
    attempt(context, COME, name=name)


@when("somebody passes by")
def step_pass(context):
    attempt(context, PASS_BY)


@then('"{names}" changes')
def step_changes(context, names):
    found = ", ".join(sorted(context.world.changes())) or "nothing"
    assert found == names, found


@then('the book says "{names}"')
def step_book(context, names):
    found = context.world.do("somebody", Operation("read", "GET /guests")).body
    assert ", ".join(found) == names, found
"""
FEATURE = """
Feature: A guest book
  Scenario Outline: <name> is alone in it
    When <name> comes
    Then "{changed}" changes
    And the book says "<name>"

    Examples: guests
      | name |
      | Ann  |
      | Bob  |
      | Cid  |

  Scenario: What does not count
    When Ann comes
    And somebody passes by
    Then "nothing" changes
    And the book says "Ann"

  Scenario: Two guests
    When Ann comes
    And Bob comes
    Then the book says "Ann, Bob"
"""
# Of each service: what it imports, how it makes its tables and its session, and its models.
VIEWS = """

def add_views(app, session):
    @app.post("/guests/<name>")
    def come(name):
        with session() as opened:
            opened.add(Guest(name=name))
            opened.commit()
        return {}

    @app.post("/seen")
    def seen():
        with session() as opened:
            opened.execute(update(Guest).values(last_seen="now"))
            opened.commit()
        return {}

    @app.get("/guests")
    def guests():
        with session() as opened:
            return list(opened.scalars(select(Guest.name).order_by(Guest.id)))

    return app
"""
IMPORTS = """
from contextlib import nullcontext
from flask import Flask
from sqlalchemy import create_engine, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, scoped_session, sessionmaker
"""
COLUMNS = """
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    last_seen: Mapped[str] = mapped_column(default="")
"""
MODELS = f"""

class Base(DeclarativeBase):
    pass


class Guest(Base):
    __tablename__ = "guests"
{COLUMNS}
"""
PLAIN = f"""{IMPORTS}{MODELS}{VIEWS}
engine = create_engine("sqlite:///guests.db")


def create_app():
    Base.metadata.create_all(engine)
    return add_views(Flask(__name__), SESSION)
"""
ALCHEMICAL = f"""{IMPORTS}
from alchemical.flask import Alchemical, Model

db = Alchemical()


class Guest(Model):
    __tablename__ = "guests"
{COLUMNS}
{VIEWS}

def create_app():
    app = Flask(__name__)
    app.config["ALCHEMICAL_DATABASE_URL"] = "sqlite:///guests.db"
    db.init_app(app)
    with app.app_context():
        db.create_all()
    return add_views(app, db.Session)
"""
LITE = f"""{IMPORTS}
from flask_sqlalchemy_lite import SQLAlchemy

db = SQLAlchemy()
{MODELS}{VIEWS}

def create_app():
    app = Flask(__name__, instance_path=__file__.rpartition("/")[0])
    app.config["SQLALCHEMY_ENGINES"] = {{"default": "sqlite:///guests.db", "audit": "sqlite:///audit.db"}}
    db.init_app(app)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    return add_views(app, lambda: nullcontext(db.session))
"""
EXTENSION = f"""{IMPORTS}
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Guest(db.Model):
    __tablename__ = "guests"
{COLUMNS}
{VIEWS}

def create_app():
    app = Flask(__name__, instance_path=__file__.rpartition("/")[0])
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///guests.db"
    db.init_app(app)
    with app.app_context():
        db.create_all()
    return add_views(app, lambda: nullcontext(db.session))
"""
SEVERAL = EXTENSION.replace(
    "class Guest(db.Model):", "class Guest(db.Model):\n    __bind_key__ = 'visitors'"
).replace(
    '"sqlite:///guests.db"\n',
    '"sqlite:///other.db"\n    app.config["SQLALCHEMY_BINDS"] = {"visitors": "sqlite:///guests.db"}\n',
)
MIGRATED = EXTENSION.replace(
    "        db.create_all()\n", '        Migrate(app, db, directory="steps")\n        upgrade()\n'
).replace("\nfrom flask_sqlalchemy", "\nfrom flask_migrate import Migrate, upgrade\nfrom flask_sqlalchemy")
CONTINUUM = (
    EXTENSION.replace(
        "from flask_sqlalchemy", "from sqlalchemy.orm import configure_mappers\nfrom flask_sqlalchemy"
    )
    .replace("\ndb = ", "\nmake_versioned(user_cls=None)\ndb = ")
    .replace("from flask import", "from sqlalchemy_continuum import make_versioned\nfrom flask import", 1)
    .replace('"guests"', '"guests"\n    __versioned__ = {}')
    .replace("\n\ndef create_app", "\nconfigure_mappers()\n\n\ndef create_app")
)
SERVICES = {
    "an engine of the module's": (PLAIN.replace("SESSION", "lambda: Session(engine)"), "guests"),
    "a sessionmaker": (PLAIN.replace("SESSION", "sessionmaker(engine)"), "guests"),
    "a scoped session": (PLAIN.replace("SESSION", "scoped_session(sessionmaker(engine))"), "guests"),
    "Alchemical": (ALCHEMICAL, "guests"),
    "Flask-SQLAlchemy-Lite": (LITE, "guests"),
    "Flask-SQLAlchemy": (EXTENSION, "guests"),
    "several binds": (SEVERAL, "visitors:guests"),
    "Flask-Migrate in the factory": (MIGRATED, "guests"),
    "SQLAlchemy-Continuum": (CONTINUUM, "guests"),
}
MIGRATION = '''
"""The first."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "1", None


def upgrade():
    op.create_table(
        "guests",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("last_seen", sa.String, nullable=False),
    )
'''
MIGRATIONS_ENVIRONMENT = """
from alembic import context
from flask import current_app

with current_app.extensions["migrate"].db.engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A suite; the service is missing."""
    for name, text in {
        "behave.ini": "[behave]\nrunner = behave_flask:Runner\n",
        "features/environment.py": ENVIRONMENT,
        "features/steps/steps.py": STEPS,
        "steps/alembic.ini": "[alembic]\n",
        "steps/env.py": MIGRATIONS_ENVIRONMENT,
        "steps/versions/first.py": MIGRATION,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("service", SERVICES)
def test_each_scenario_is_alone_in_the_database(
    project: Path, behave: Callable[..., Any], service: str
) -> None:
    code, changed = SERVICES[service]
    (project / "service.py").write_text(code)
    (project / "features/guests.feature").write_text(FEATURE.format(changed=changed))
    run = behave(project, "-j", "2")
    assert run.code == 0, run.output
    assert len(run.cases) == 5
    assert "Stage: embedded, on sqlite" in run.output
    with closing(sqlite3.connect(project / "guests.db")) as connection:
        assert connection.execute("SELECT count(*) FROM guests").fetchall() == [(0,)]


@pytest.fixture
def on_a_server(postgres_url: str) -> Iterator[OwnDatabase]:
    """A database of the test's own on PostgreSQL."""
    database = OwnDatabase(postgres_url)
    database.create()
    yield database
    database.drop()


@pytest.mark.parametrize(
    ("service", "options"),
    [
        *((service, []) for service in SERVICES),
        ("a sessionmaker", ["-j", "2"]),
        ("Flask-SQLAlchemy-Lite", ["-j", "2"]),
    ],
)
def test_each_scenario_is_alone_in_the_database_also_on_a_server(
    project: Path, behave: Callable[..., Any], on_a_server: OwnDatabase, service: str, options: list[str]
) -> None:
    code, changed = SERVICES[service]
    (project / "service.py").write_text(code.replace("sqlite:///guests.db", on_a_server.url))
    (project / "features/guests.feature").write_text(FEATURE.format(changed=changed))
    run = behave(project, *options)
    assert run.code == 0, run.output
    assert len(run.cases) == 5
    engine = create_engine(on_a_server.url)
    with engine.connect() as connection:
        assert connection.scalar(sql("SELECT count(*) FROM guests")) == 0
        if not options:  # a worker has a copy of its own
            assert connection.scalar(sql("SELECT last_value FROM guests_id_seq")) == 6, "guests have come"
    engine.dispose()


def test_a_row_that_is_left_is_red(project: Path, behave: Callable[..., Any]) -> None:
    """What makes the test above red: a service that goes past its engine."""
    past = PLAIN.replace("SESSION", "lambda: Session(create_engine('sqlite:///guests.db'))")
    (project / "service.py").write_text(past)
    (project / "features/guests.feature").write_text(FEATURE.format(changed="guests"))
    assert behave(project).code == 1


def test_a_row_that_is_left_on_a_server_is_red(
    project: Path, behave: Callable[..., Any], on_a_server: OwnDatabase
) -> None:
    past = PLAIN.replace(
        "SESSION", "lambda: Session(create_engine('sqlite:///guests.db', poolclass=NullPool))"
    )
    past = past.replace("from flask import", "from sqlalchemy.pool import NullPool\nfrom flask import", 1)
    (project / "service.py").write_text(past.replace("sqlite:///guests.db", on_a_server.url))
    (project / "features/guests.feature").write_text(FEATURE.format(changed="guests"))
    run = behave(project)
    assert run.code == 1, run.output
