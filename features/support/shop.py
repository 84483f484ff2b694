"""The one door from the suite to the shop's code: how it is built, and the models that data are made of."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import requests
from argon2 import PasswordHasher
from celery import Celery
from flask import Flask, current_app, request
from flask_sqlalchemy import SQLAlchemy
from pydantic import SecretStr
from sqlalchemy import CheckConstraint, Connection, Table, inspect

from app import create_app
from app.cli import add_migrations
from app.config import MIGRATIONS, ConfigurationError, Settings, load_settings
from app.extensions import db, limiter
from app.models import (
    AccessToken,
    Order,
    OutboxMessage,
    Post,
    Product,
    Refund,
    User,
    digest_of,
)
from app.services.email import EmailService
from app.services.payments import PaymentService, PaymentsUnavailable
from app.services.weather import WeatherService
from behave_flask.core.stage import Printed, Stage
from behave_flask.databases.postgresql import OwnDatabase
from behave_flask.databases.schema_image import kept
from behave_flask.stages.embedded.stage import EmbeddedStage

__all__ = [
    "AccessToken",
    "Order",
    "OutboxMessage",
    "Post",
    "Product",
    "Refund",
    "Settings",
    "ShopStage",
    "User",
    "build",
    "commands_offered",
    "differences",
    "digest_of",
    "fault_in_settings",
    "forgetting",
    "given_database",
    "handed_to_mail_server",
    "how_served",
    "letters_read",
    "lose_pictures",
    "password_checks",
    "pauses_between_tries",
    "seen_behind",
    "settings_of",
    "tables_on_postgresql",
    "typed",
    "upgrade",
    "work_known",
]

TOO_SLOW = 1000  # letters of an answer, which come one a second


def fault_in_settings(name: str, environment: Mapping[str, str]) -> str:
    """Return why the shop would not start as this configuration in this environment; nothing if it would."""
    from unittest.mock import patch  # few runs come here

    with patch.dict(os.environ, environment, clear=True):
        try:
            load_settings(name)
        except ConfigurationError as error:
            return str(error)
    return ""


def settings_of(name: str, environment: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the settings of a configuration in this environment, and what Flask is told, as texts."""
    from unittest.mock import patch

    with patch.dict(os.environ, environment, clear=True):
        settings = load_settings(name)
    return {"settings": _texts(settings.model_dump()), "flask": _texts(settings.for_flask())}


def seen_behind(proxies: int, headers: Mapping[str, str]) -> tuple[str | None, str, str]:
    """Return who a shop that trusts so many proxies takes to ask it, over which line, and by which name."""
    from unittest.mock import patch

    with patch.dict(os.environ, {"TRUSTED_PROXIES": str(proxies)}):
        app = create_app("testing")
    seen = []
    app.before_request(lambda: seen.append((request.remote_addr, request.scheme, request.host)))
    answer = app.test_client().get("/docs", headers=dict(headers))
    if answer.status_code != 200:
        raise AssertionError(f"The shop behind {proxies} proxies answered {answer.status}.")
    return seen[0]


def handed_to_mail_server(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return all that a mail server is told when the shop of this environment sends a mail by it."""
    from unittest.mock import patch

    with patch.dict(os.environ, environment, clear=True):
        service = EmailService(load_settings("production"))
    with patch("app.services.email.SMTP", autospec=True) as server:
        service.send("ann@example.com", "Welcome!", "Hello Ann,\n\nyou are welcome.\n")
    talk = server.return_value.__enter__.return_value
    (message,) = talk.send_message.call_args.args
    return {
        "asked at": [*server.call_args.args, server.call_args.kwargs],
        "in secret": [type(each.kwargs.get("context")).__name__ for each in talk.starttls.call_args_list],
        "signed in as": [list(each.args) for each in talk.login.call_args_list],
        "headers": dict(message.items()),
        "text": message.get_content(),
    }


def pauses_between_tries(environment: Mapping[str, str]) -> list[float]:
    """Return the seconds that a shop of this environment waits before each new try of a charge that fails."""
    from unittest.mock import patch

    with patch.dict(os.environ, environment, clear=True):
        service = PaymentService(load_settings("production"))
    lost = patch("app.services.outside.requests.request", side_effect=requests.ConnectionError)
    with patch("tenacity.nap.time", autospec=True) as time, lost, suppress(PaymentsUnavailable):
        service.charge("a key", 250, "order 1")
    return [call.args[0] for call in time.sleep.call_args_list]


def letters_read(environment: Mapping[str, str]) -> tuple[list[int], str]:
    """Return how much a shop of this environment reads at each try of a charge answered a letter a second.

    And why it gives up in the end.

    The answer is a good one, but nobody has the time to hear it out.
    """
    from unittest.mock import Mock, patch

    with patch.dict(os.environ, environment, clear=True):
        service = PaymentService(load_settings("production"))
    read: list[int] = []

    def answer(*_: Any, **__: Any) -> requests.Response:
        found, letters = requests.Response(), BytesIO(b'{"id": "ch_1"}'.rjust(TOO_SLOW))
        read.append(0)

        def one(*_: Any, **__: Any) -> bytes:
            read[-1] += 1
            return letters.read(1)

        found.status_code, found.raw = 201, Mock(read1=one)
        return found

    asked = patch("app.services.outside.requests.request", side_effect=answer)
    with patch("app.services.outside.time") as time, patch("tenacity.nap.time"), asked:
        time.monotonic.side_effect = lambda: sum(read)
        try:
            service.charge("a key", 250, "order 1")
        except PaymentsUnavailable as error:
            return read, str(error)
    return read, ""


def typed(command: Sequence[str], *lines: str) -> Printed:
    """Return what a command of a shop of its own prints, without tables, when these lines are typed."""
    result = create_app("testing").test_cli_runner().invoke(args=command, input="\n".join([*lines, ""]))
    return Printed(result.exit_code, result.output)


def commands_offered() -> list[str]:
    """Return the names of the commands of a shop that is asked by `flask`."""
    from unittest.mock import patch

    with patch.dict(os.environ, {"FLASK_RUN_FROM_CLI": "true"}):
        return sorted(create_app("testing").cli.commands)


def how_served() -> dict[str, Any]:
    """Return what gunicorn is told of how to serve the shop."""
    import gunicorn.http.wsgi

    from app import serving

    told = {name: value for name, value in vars(serving).items() if isinstance(value, str | int)}
    known = {name: value for name, value in told.items() if not name.startswith("__")}
    return {**known, "called": gunicorn.http.wsgi.SERVER}


def work_known() -> set[str]:
    """Return the background work that a worker of the shop knows how to do."""
    from unittest.mock import patch

    from app import worker

    if hasattr(worker, "anything_else"):
        raise AssertionError("The worker's module has whatever is asked of it.")
    with patch.dict(os.environ, {"SHOP_CONFIG": "testing"}):
        tasks = worker.celery.tasks
    return {name.removeprefix("app.tasks.") for name in tasks if not name.startswith("celery.")}


def _texts(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _texts(value) if isinstance(value, dict) else _text(value) for name, value in values.items()
    }


def _text(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return value if isinstance(value, bool | int | float | None) else str(value)


@contextmanager
def password_checks() -> Iterator[list[str]]:
    """Give a list into which each check of a password writes the price of the hash beside it."""
    from unittest.mock import patch

    seen: list[str] = []
    check = PasswordHasher.verify

    def watched(hasher: PasswordHasher, kept: str, password: str) -> bool:
        seen.append(kept.split("$")[3] if kept.count("$") == 5 else "nothing")
        return check(hasher, kept, password)

    with patch.object(PasswordHasher, "verify", watched):
        yield seen


def build() -> tuple[Flask, SQLAlchemy, Celery]:
    """Make the shop as the environment configures it, with the cheapest hash of a password."""
    app = create_app("testing")
    return app, db, app.extensions["celery"]


def differences(connection: Connection) -> list[str]:
    """Return in what the database is not as the shop's models have it: tables, columns, keys, constraints."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    compared = MigrationContext.configure(connection, opts={"compare_type": True})
    return [*map(str, compare_metadata(compared, db.metadata)), *_other_checks(connection)]


def _other_checks(connection: Connection) -> Iterator[str]:
    """Yield what alembic does not look at: the conditions that rows must meet."""
    inspector = inspect(connection)
    for name, table in db.metadata.tables.items():
        told = {(each["name"], _plain(each["sqltext"])) for each in inspector.get_check_constraints(name)}
        checks = (each for each in table.constraints if isinstance(each, CheckConstraint))
        meant = {(str(each.name), _plain(str(each.sqltext))) for each in checks}
        if connection.dialect.name != "sqlite":  # PostgreSQL writes a condition in its own way
            told, meant = {(each, "") for each, _ in told}, {(each, "") for each, _ in meant}
        yield from (f"{name}: {each}" for each in sorted(told ^ meant))
        told_keys = {str(each["name"]) for each in inspector.get_foreign_keys(name)}
        meant_keys = {str(each.name) for each in table.foreign_key_constraints}
        if connection.dialect.name != "sqlite":  # which keeps no name of a primary key
            told_keys.add(str(inspector.get_pk_constraint(name)["name"]))
            meant_keys.add(str(table.primary_key.name))
        yield from (f"{name}: {each}" for each in sorted(told_keys ^ meant_keys))
        if connection.dialect.name == "sqlite" and not table.dialect_options["sqlite"]["autoincrement"]:
            yield f"{name}: an id may come again"


def _plain(sql: str) -> str:
    return " ".join(sql.split())


def tables_on_postgresql() -> dict[str, list[str]]:
    """Return by its name what PostgreSQL would be asked for each table of the models."""
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

    def asked_for(table: Table) -> Iterator[str]:
        indexes = sorted(table.indexes, key=lambda each: str(each.name))
        asked: list[ExecutableDDLElement] = [CreateTable(table), *map(CreateIndex, indexes)]
        for each in asked:
            yield from str(each.compile(dialect=dialect)).strip().splitlines()

    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    tables = sorted(db.metadata.tables.items())
    return {name: [line.strip().rstrip(",") for line in asked_for(table)] for name, table in tables}


def upgrade() -> None:
    """Bring the database to the shop's schema, inside an app context."""
    from flask_migrate import upgrade as by_alembic  # few runs come here

    add_migrations(current_app)
    by_alembic()


def forgetting(app: Flask) -> Callable[[], None]:
    """Return what empties what the shop keeps in the memory of this process."""
    settings = load_settings("testing")

    def forget() -> None:
        with app.app_context():
            limiter.reset()
        app.config["WEATHER_SERVICE"] = WeatherService(settings)

    return forget


class ShopStage(EmbeddedStage):
    """The shop in this process: its mail goes to the mailbox, its files to a temporary folder."""

    def __init__(self) -> None:
        """Build the shop on SQLite in memory, or in a database of its own on the server of DATABASE_URL."""
        given = given_database()
        self._worker = 0
        self._database = OwnDatabase(given) if given else None
        if self._database:
            self._database.create()
            os.environ["DATABASE_URL"] = self._database.url
        self._folder = tempfile.TemporaryDirectory(prefix="avatars-")
        files = Path(self._folder.name)
        app, _, celery = build()
        migrate = kept(upgrade, db, MIGRATIONS, Path(app.root_path).parent / "instance")
        super().__init__(app, db, celery, migrate=migrate, reset=forgetting(app), files=files)
        app.config.update(EMAIL_SERVICE=self.mailbox, AVATAR_FOLDER=files)

    def after_fork(self, worker: int, database: str | None = None) -> None:
        """Give a worker a copy of the database."""
        self._worker = worker
        super().after_fork(worker, self._database.copy(worker) if worker and self._database else database)
        self.app.config["AVATAR_FOLDER"] = self._files

    def stop(self) -> list[str]:
        """Remove the folder and the database as well, with those of all workers, when the run ends."""
        try:
            return super().stop()
        finally:
            if not self._worker:
                self._folder.cleanup()
                if self._database:
                    self._database.drop()


def lose_pictures(stage: Stage) -> None:
    """Let the files of all pictures be gone. Raises AssertionError where there is none.

    Raises TypeError on a stage that keeps them elsewhere: tag the scenario @embedded.
    """
    if not isinstance(stage, ShopStage):
        raise TypeError("The pictures lie elsewhere: tag the scenario @embedded.")
    lost = list(Path(stage.app.config["AVATAR_FOLDER"]).iterdir())
    if not lost:
        raise AssertionError("The shop has no picture to lose.")
    for file in lost:
        file.unlink()


def given_database() -> str | None:
    """Return DATABASE_URL in the spelling for SQLAlchemy, or None."""
    return load_settings("testing").database_url if os.environ.get("DATABASE_URL") else None


def _services() -> Stage:
    from features.support.services import shop_services  # its libraries would slow down every other run

    return shop_services()


STAGES: dict[str, Callable[[], Stage]] = {"embedded": ShopStage, "services": _services}
