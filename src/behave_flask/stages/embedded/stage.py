"""The stage without a server: requests in this process, a transaction a scenario, rolled back, tasks at call.

Serves any Flask service that uses Flask-SQLAlchemy and Celery. The database is the one that the service is
configured for, SQLite in memory or PostgreSQL.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn

from flask import Flask
from flask.testing import EnvironBuilder
from werkzeug.datastructures import MultiDict

from behave_flask.core.extras import requires_extra
from behave_flask.core.http import File, Request, Response, values_of
from behave_flask.core.routes import Route, answering, routes_of
from behave_flask.core.stage import SERVICES, Printed, State, left_over
from behave_flask.core.wsgi import respond
from behave_flask.databases.transactions import RollbackIsolation
from behave_flask.ledgers.error_log import ErrorLog
from behave_flask.ledgers.mailbox import RecordingEmailService
from behave_flask.ledgers.network_guard import NetworkGuard
from behave_flask.ledgers.outside_calls import OutsideWorld
from behave_flask.stages.embedded.loopback import Loopback
from behave_flask.tasks import celery_tasks
from behave_flask.tasks.publish_order import PublishGuard

with requires_extra("celery"):
    from celery import Celery
with requires_extra("sqlalchemy"):
    from flask_sqlalchemy import SQLAlchemy
    from sqlalchemy import event
    from sqlalchemy.exc import OperationalError
    from sqlalchemy.orm import Session


class EmbeddedStage:
    """A service in this process, with its world closed.

    Example::

        stage = EmbeddedStage(app, db, app.extensions["celery"], migrate=db.create_all)
    """

    def __init__(
        self,
        app: Flask,
        db: SQLAlchemy,
        celery: Celery,
        *,
        migrate: Callable[[], None],
        reset: Callable[[], None] = lambda: None,
        files: Path | None = None,
    ) -> None:
        """Accept the service as its factory made it, which may have connected, migrated or written already.

        :param app: the service.
        :param db: its database; every bind is rolled back after each scenario.
        :param celery: its Celery app, which is put on a broker in this process.
        :param migrate: brings the empty database to the service's schema, inside an app context.
        :param reset: empties what the service keeps in memory between scenarios, such as caches and counters.
        :param files: the folder where the service stores files.
        """
        celery_tasks.configure(celery)
        self.app, self._migrate, self._reset, self._files = app, migrate, reset, files
        self._isolation = RollbackIsolation(app, db)
        self._rows: dict[str, int] = {}  # by table, what was there before the first scenario
        self._publishing = PublishGuard(db)
        self._sockets = NetworkGuard()
        self._base = app.test_client().environ_base  # the address and the name of whoever asks
        self._turn = threading.RLock()  # the transaction is the browser's or the test's, one at a time
        self._loopback = Loopback(app, self._turn)
        self.mailbox = RecordingEmailService()
        self.tasks = celery_tasks.TaskQueue(celery, app)
        self.outside = OutsideWorld()
        self.errors = ErrorLog()
        self._ledgers = (
            self._publishing,
            self._sockets,
            self.mailbox,
            self.tasks,
            self.outside,
            self.errors,
            self._loopback,
        )

    @property
    def unsupported_tags(self) -> Mapping[str, str]:
        """Tags of what cannot be played here, with the reasons."""
        return {SERVICES: f"only on the stage {SERVICES}"}

    @property
    def outages(self) -> NoReturn:
        """Raise AssertionError: what is in one process with the test cannot be broken."""
        raise AssertionError(f"Only real parts can be broken: tag the scenario @{SERVICES}.")

    def start(self) -> str:
        """Migrate the database and say which it is."""
        with self.app.app_context():
            self._migrate()
            engine = self.app.extensions["sqlalchemy"].engine
            version = ".".join(map(str, engine.dialect.server_version_info or ()))
        self._rows = self._isolation.rows_left()
        return f"embedded, on {engine.dialect.name} {version}".rstrip()

    def begin_scenario(self) -> None:
        """Begin the transaction and close the world."""
        self._isolation.begin()
        self._reset()
        for ledger in self._ledgers:
            ledger.clear()
        self.outside.activate()
        self.errors.activate()
        self._sockets.activate()

    def send(self, request: Request) -> Response:
        """Return the whole answer, after all that the service does on closing it.

        :raises IsolationError: on a held app context or an open session.
        :raises BrokenAnswer: if it breaks off in the middle.
        """
        self._isolation.check_idle()
        built = EnvironBuilder(
            self.app,
            request.path,
            method=request.method,
            headers=dict(request.headers),
            query_string=MultiDict({name: values_of(value) for name, value in request.query.items()}),
            environ_base=self._base,
            **content(request),
        )
        try:
            with self._turn:
                answer = respond(self.app, built.get_environ())
        finally:
            built.close()
        self._isolation.check_idle()
        headers = {name.lower(): "\n".join(answer.headers.getlist(name)) for name, _ in answer.headers}
        return Response(int(answer.status.split()[0]), headers, answer.body)

    def cut_off_database(self) -> None:
        """Make every statement of this scenario's connection fail from now on."""
        with self._isolation.session() as session:
            event.listen(session.connection(), "before_cursor_execute", _fail)

    def address(self) -> str:
        """Return where this process serves the service, from now on."""
        return self._loopback.address

    @contextmanager
    def data(self) -> Iterator[Session]:
        """Yield a short session, separate from the service's own; browsers wait for its end."""
        with self._turn, self._isolation.session() as session:
            yield session

    def command(self, *arguments: str) -> Printed:
        """Run a command in this process, by Flask's own runner. Raises IsolationError as `send` does."""
        self._isolation.check_idle()
        with self._turn:
            result = self.app.test_cli_runner().invoke(args=arguments)
        self._isolation.check_idle()
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Printed(result.exit_code, result.output)

    def routes(self) -> list[Route]:
        """Return every rule and method of the service's own list."""
        return routes_of(self.app)

    def route_of(self, request: Request) -> Route | None:
        """Return the route by which the service answers a request."""
        return answering(self.app, request)

    def state(self) -> State:
        """Return every row, file, mail, queued task and outside call."""
        with self._turn:
            rows = self._isolation.snapshot()
        return {
            **rows,
            "files": sorted(path.name for path in self._files.iterdir()) if self._files else [],
            "mails": self.mailbox.sent,
            "tasks": self.tasks.pending(),
            "outside calls": self.outside.calls,
        }

    def unverified(self) -> list[str]:
        """Return the findings of all ledgers as they stand."""
        return [finding for ledger in self._ledgers for finding in ledger.findings()]

    def end_scenario(self) -> list[str]:
        """Roll back and open the world again; each part is put away even if the one before it failed."""
        with self._turn:  # a browser that is still asking has its answer first
            return self._close()

    def _close(self) -> list[str]:
        findings = self.unverified()
        try:
            self._sockets.deactivate()
            self.errors.deactivate()
            self.outside.deactivate()
            self.tasks.clear()
            for path in self._files.iterdir() if self._files else ():
                path.unlink()
        finally:
            findings += self._isolation.end()
        return findings

    def before_fork(self) -> None:
        """Keep what is in SQLite, and close all connections."""
        self._isolation.before_fork()

    def after_fork(self, worker: int, database: str | None = None) -> None:
        """Open a copy of what was in SQLite, and give a worker a folder of its own for files.

        :param database: the name of a worker's own copy on PostgreSQL.
        """
        self._isolation.after_fork(database)
        if worker and self._files:
            self._files = self._files / f"worker-{worker}"
            self._files.mkdir()

    def stop(self) -> list[str]:
        """Return the tables with other rows than in the beginning, though every scenario was rolled back."""
        self._loopback.stop()
        return left_over(self._rows, self._isolation.rows_left())


def _fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
        raise OperationalError(statement, None, ConnectionResetError("the database is down"))


def content(request: Request) -> dict[str, Any]:
    """Return the body of a request as Werkzeug's test client, and its `EnvironBuilder`, take it."""
    if request.form is not None:
        form = {name: [_part(value) for value in values_of(values)] for name, values in request.form.items()}
        return {"data": form, "content_type": "multipart/form-data"}
    if request.body is not None:
        return {"data": request.body, "content_type": request.content_type}
    return {"json": request.json} if request.json is not None else {}


def _part(value: File | str) -> Any:
    return (BytesIO(value.content), value.name, value.type) if isinstance(value, File) else value
