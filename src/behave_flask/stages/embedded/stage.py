"""The stage without a server: requests in this process, a database that is put back, tasks at call.

Serves any Flask service. What it uses is found in it, and each part can be given instead.
"""

import sys
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn

from flask import Flask
from flask.testing import EnvironBuilder
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule

from behave_flask.core.http import File, Request, Response, values_of
from behave_flask.core.protocols import Database, Ledger, Tasks
from behave_flask.core.routes import Route, answering, routes_of
from behave_flask.core.stage import SERVICES, Printed, State, left_over
from behave_flask.core.wsgi import respond
from behave_flask.databases import discovery
from behave_flask.databases.none import NoDatabase
from behave_flask.ledgers.error_log import ErrorLog
from behave_flask.ledgers.mailbox import RecordingEmailService
from behave_flask.ledgers.network_guard import NetworkGuard
from behave_flask.ledgers.no_outside import NoOutsideCalls
from behave_flask.ledgers.smtp import SMTPCapture, send_really
from behave_flask.stages.embedded import memory
from behave_flask.stages.embedded.folder import Folders
from behave_flask.stages.embedded.loopback import Loopback
from behave_flask.stages.embedded.request_threads import RequestThreads
from behave_flask.tasks.none import NoTasks


class EmbeddedStage:
    """A service in this process, with its world closed.

    Example::

        stage = EmbeddedStage(create_app())
    """

    def __init__(
        self,
        app: Flask,
        *,
        database: Database | Callable[[Flask], Database] | str | Path | list[str] | list[Path] | None = None,
        celery: Any = None,
        mail: str | None = None,
        migrate: Callable[[], object] | None = None,
        reset: Callable[[], None] = lambda: None,
        files: Path | str | Collection[Path | str] | None = None,
        clock: Callable[[Flask, datetime | None], object] | None = None,
        ignored: Collection[str] = (),
        allowed: Collection[tuple[str, int]] = (),
        long_lived_threads: Collection[str] = (),
    ) -> None:
        """Accept the service as its factory made it, which may have connected, migrated or written already.

        :param app: the service.
        :param database: how its data are put back, or what makes that of the service, or the path of its file
            of SQLite, or a list of several; without it, what `databases.discovery` finds.
        :param celery: its Celery app, which is put on a broker in this process; without it, the one in
            `app.extensions["celery"]`, or the current one of this process, if there is one.
        :param mail: the setting that holds the service's object for mail, which a mailbox with
            `send(to, subject, body)` replaces. Whatever is sent by `smtplib` is recorded anyway.
        :param migrate: brings the empty database to the service's schema, inside an app context; without it,
            the migrations of Flask-Migrate or `create_all` of the extension.
        :param reset: empties what the service keeps in memory between scenarios; what Flask-Limiter and
            Flask-Caching keep there is emptied anyway.
        :param files: the folder where the service stores files, which is put back after each scenario; or the
            setting that holds it: then the service is given a copy of it, and each worker one of its own. Of
            several folders, a list.
        :param clock: sets a clock of the service's own, where it has one that the clock of Python does not
            move; it is called with the app and the time whenever a step sets that, and with None in the end.
        :param ignored: tables, and columns as `table.column`, that do not count as a change: `last_seen`, a
            history; `*` stands for anything.
        :param allowed: the hosts and ports that the service may reach.
        :param long_lived_threads: the names of threads that may go on after a request, such as "scheduler*".
        """
        self.app, self._reset = app, reset
        self._folders, self._set_clock, self._clock_is_set = Folders(app, files), clock, False
        self._migrate = migrate or discovery.schema_of(app)
        self._is_found = database is None
        if database is None or isinstance(database, str | Path | list):
            database = discovery.find(app, ignored, database)
        self.database: Database = database(app) if callable(database) else database
        self._rules: list[Rule] = []
        self._routes: list[Route] = []
        self._rows: Mapping[str, int] = {}  # by table, what was there before the first scenario
        self._sockets = NetworkGuard(allowed)
        self._base = app.test_client().environ_base  # the address and the name of whoever asks
        self._turn = threading.RLock()  # the transaction is the browser's or the test's, one at a time
        self._loopback = Loopback(app, self._turn)
        self._threads = RequestThreads(long_lived_threads)
        self.mailbox = RecordingEmailService()
        smtp = SMTPCapture(self.mailbox.receive)
        send_really(app)
        if mail:
            app.config[mail] = self.mailbox
        redis = _redis(allowed)
        celery = celery or app.extensions.get("celery") or _current_celery()
        self.tasks, publishing = _tasks(app, celery, redis)
        self.outside = _outside(allowed)
        self.errors = ErrorLog()
        self._closed = (self.outside, smtp, *redis, self.errors, self._sockets)
        self._ledgers: tuple[Ledger, ...] = (
            *publishing,
            self._sockets,
            self.mailbox,
            self.tasks,
            self.outside,
            self.errors,
            self._loopback,
            self._threads,
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
        try:
            with self.app.app_context():
                self._migrate()
            self._rows = self.database.rows_left()
        except Exception as error:
            if cure := discovery.unreachable(error):
                raise cure from error
            raise
        if self._is_found and self.database.description == NoDatabase.description:
            discovery.refuse_unknown()
        return f"embedded, {self.database.description}"

    def begin_scenario(self) -> None:
        """Begin with the data that were there at first, and close the world."""
        self.database.begin()
        self._folders.begin()
        memory.empty(self.app)
        self._reset()
        for ledger in self._ledgers:
            ledger.clear()
        for part in self._closed:
            part.activate()

    def send(self, request: Request) -> Response:
        """Return the whole answer, after all that the service does on closing it.

        :raises IsolationError: on a held app context or an open session.
        :raises BrokenAnswer: if it breaks off in the middle.
        """
        self.database.check_idle()
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
            with self._turn, self._threads.run_to_their_end():
                answer = respond(self.app, built.get_environ())
        finally:
            built.close()
        self.database.check_idle()
        headers = {name.lower(): "\n".join(answer.headers.getlist(name)) for name, _ in answer.headers}
        return Response(int(answer.status.split()[0]), headers, answer.body)

    def cut_off_database(self) -> None:
        """Make every statement of this scenario's connection fail from now on."""
        self.database.cut_off()

    def set_clock(self, moment: datetime | None) -> None:
        """Set the service's own clock, if it has one.

        :param moment: what it shows from now on; None lets it go as it really goes.
        """
        self._clock_is_set = moment is not None
        if self._set_clock:
            self._set_clock(self.app, moment)

    def address(self) -> str:
        """Return where this process serves the service, from now on."""
        return self._loopback.address

    @contextmanager
    def data(self) -> Iterator[Any]:
        """Yield a short session, separate from the service's own; browsers wait for its end.

        An application context is pushed, which models and factories may ask for.
        """
        with self._turn, self.app.app_context(), self.database.session() as session:
            yield session

    def command(self, *arguments: str, stdin: str = "") -> Printed:
        """Run a command in this process, by Flask's own runner. Raises IsolationError as `send` does."""
        self.database.check_idle()
        with self._turn:
            result = self.app.test_cli_runner().invoke(args=arguments, input=stdin)
        self.database.check_idle()
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Printed(result.exit_code, result.output)

    def routes(self) -> list[Route]:
        """Return every rule and method of the service's own list, made anew where that has changed."""
        rules = list(self.app.url_map.iter_rules())
        if rules != self._rules:
            self._rules, self._routes = rules, routes_of(self.app)
        return self._routes

    def route_of(self, request: Request) -> Route | None:
        """Return the route by which the service answers a request."""
        return answering(self.app, request)

    def state(self) -> State:
        """Return every row, file, mail, queued task and outside call."""
        with self._turn:
            rows = self.database.snapshot()
        return {
            **rows,
            "files": self._folders.state(),
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
            for part in reversed(self._closed):
                part.deactivate()
            self.tasks.clear()
            if self._clock_is_set:
                self.set_clock(None)
            self._folders.put_back()
        finally:
            findings += self.database.end()
        return findings

    @property
    def is_kept(self) -> bool:
        """Whether scenarios begin with what `keep` found."""
        return self.database.is_kept

    def keep(self) -> None:
        """Make the data that are there now what the next scenarios begin with, until `forget`."""
        with self._turn:
            self.database.keep()

    def forget(self) -> None:
        """Put back what was there before the first scenario; between scenarios."""
        self.database.forget()

    def before_fork(self) -> None:
        """Keep what is in SQLite, and close all connections.

        :raises UsageError: if workers would share a folder of files.
        """
        self._folders.refuse_to_share()
        self.database.before_fork()

    def after_fork(self, worker: int, database: str | None = None) -> None:
        """Open a copy of what was in SQLite, and give a worker a folder of its own for files.

        :param database: the name of a worker's own copy on PostgreSQL.
        """
        self.database.after_fork(worker, database)
        if worker:
            self._folders.for_worker(worker)

    def stop(self) -> list[str]:
        """Return the tables with other rows than in the beginning, though every scenario was rolled back."""
        self._loopback.stop()
        self.forget()
        return left_over(self._rows, self.database.rows_left())


def _tasks(app: Flask, celery: Any, redis: tuple[Any, ...]) -> tuple[Tasks, tuple[Ledger, ...]]:
    """Return what holds the tasks of a service, and what watches its publishing."""
    if celery is None and redis and "rq" in sys.modules:
        from behave_flask.tasks.rq_tasks import RQTasks

        return RQTasks(redis[0].server), ()
    if celery is None:
        return NoTasks(), ()
    from behave_flask.tasks import celery_tasks

    celery_tasks.configure(celery)
    queue = celery_tasks.TaskQueue(celery, app)
    if "sqlalchemy" not in sys.modules:
        return queue, ()
    from behave_flask.tasks.publish_order import PublishGuard

    return queue, (PublishGuard(),)


def _current_celery() -> Any:
    """Return the Celery app that was made in this process last, if it is the service's own."""
    celery = sys.modules.get("celery")
    current = celery.current_app._get_current_object() if celery else None
    return current if current is not None and current.main != "default" else None


def _redis(allowed: Collection[tuple[str, int]]) -> tuple[Any, ...]:
    """Return what takes the place of a Redis, if the service uses one and fakeredis is there."""
    if "redis" not in sys.modules or find_spec("fakeredis") is None:
        return ()
    from behave_flask.stages.embedded.redis_in_memory import RedisInMemory

    return (RedisInMemory(allowed),)


def _outside(allowed: Collection[tuple[str, int]]) -> Any:
    if find_spec("requests_mock") is None:
        return NoOutsideCalls()
    from behave_flask.ledgers.outside_calls import OutsideWorld

    return OutsideWorld(allowed)


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
