"""The stage with real parts: gunicorn, PostgreSQL, Redis, a Celery worker, SMTP and HTTP on loopback.

Serves any Flask service that uses Flask-SQLAlchemy and Celery, and whose configuration takes the addresses of
what is around it. What this stage does to look into other processes is in `served` and `control`.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from string import Formatter
from typing import TypeVar
from urllib.parse import urlsplit

import gunicorn
from celery import Celery
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers, MultiDict
from werkzeug.test import EnvironBuilder

from behave_flask.core import paths
from behave_flask.core.errors import refuse_unknown
from behave_flask.core.http import Request, Response, values_of
from behave_flask.core.routes import Route, answering, routes_of, split_host
from behave_flask.core.stage import EMBEDDED, Printed, State
from behave_flask.databases import discovery
from behave_flask.databases.deletion import CommittedData
from behave_flask.databases.postgresql import OwnDatabase
from behave_flask.ledgers.mailbox import RecordingEmailService
from behave_flask.stages.embedded.stage import content
from behave_flask.stages.servers import PrivatePostgres, PrivateRedis, Server, free_port
from behave_flask.stages.services import agent, served
from behave_flask.stages.services.agent import ProcessAgent
from behave_flask.stages.services.control import Controls, ServedClock, ServedErrors
from behave_flask.stages.services.http_client import ask
from behave_flask.stages.services.outages import STOPS_MEMORY, STOPS_QUEUE, Outages
from behave_flask.stages.services.processes import Folder, Process
from behave_flask.stages.services.redis_tasks import READY, OwnRedis, RedisTasks
from behave_flask.stages.services.stand_ins import HOST, MailServer, ServedOutsideWorld

Own = TypeVar("Own", bound=Server)
COMMAND_TIMEOUT_S = 30.0  # seconds for one command


@dataclass(frozen=True)
class Surroundings:
    """What a service is configured with on this stage: where everything around it is found."""

    database_url: str
    broker_url: str  # for what publishes tasks it is that of a user of Redis who can be locked out
    store_url: str  # the same database of Redis, for whatever else is kept there
    mail_host: str
    mail_port: int
    files: Path  # the folder for stored files
    address_of: Callable[[str], str]  # gives the stand-in's address for that of a provider


@dataclass(frozen=True)
class Service:
    """A service as this stage needs it.

    Example::

        Service(settings, build, migrate=db.create_all, web="suite.agents:web()",
                worker="suite.agents:celery", commands="library", gunicorn="python:library.serving")

    :param settings: gives the environment variables that configure it for its surroundings.
    :param build: makes it in this process, under these variables: for its routes, tables and tasks.
    :param migrate: brings the empty database to its schema, inside an app context.
    :param web: what gunicorn serves; builds the service and calls `agent.install("web", …)`.
    :param worker: Celery's app, likewise with `agent.install("worker", …)`.
    :param commands: what `flask --app` takes.
    :param gunicorn: gunicorn's `--config` of the service.
    """

    settings: Callable[[Surroundings], Mapping[str, str]]
    build: Callable[[], tuple[Flask, SQLAlchemy, Celery]]
    migrate: Callable[[], object]
    web: str
    worker: str
    commands: str
    gunicorn: str

    @classmethod
    def of(cls, factory: str, settings: Mapping[str, str]) -> "Service":
        """Return a service whose factory says all, with Flask-SQLAlchemy and Celery in `app.extensions`.

        :param factory: `module:function`, which takes no arguments.
        :param settings: environment variables, each with what it holds on this stage: names of `Surroundings`
            in braces, as "{database_url}", or the address of somebody else's service, which gets a stand-in.
        :raises UsageError: if there is nothing of that name around it.
        """
        names = {each.name for each in fields(Surroundings)} - {"address_of"}
        for text in settings.values():
            refuse_unknown(
                "hooks_for(services=...)", (name for _, name, _, _ in Formatter().parse(text) if name), names
            )

        def settled(around: Surroundings) -> dict[str, str]:
            found = {name: text.format_map(vars(around)) for name, text in settings.items()}
            others = {
                name: around.address_of(text) for name, text in found.items() if _is_of_others(settings[name])
            }
            return {served.FACTORY: factory, **found, **others}

        return cls(
            settled,
            lambda: served.build(factory),
            _migrate,
            web=f"{served.__name__}:web()",
            worker=f"{served.__name__}:celery",
            commands=factory,
            gunicorn=f"python:{served.__name__}",
        )


class ServicesStage:
    """A service as in production, with its world closed.

    Example::

        ServicesStage(service, os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL"))
    """

    outside: ServedOutsideWorld
    tasks: RedisTasks
    outages: Outages
    _data: CommittedData
    _redis: OwnRedis
    _app: Flask

    def __init__(self, service: Service, database_url: str | None, redis_url: str | None) -> None:
        """Accept the service, and servers that run already, of which each run has a database of its own.

        :param service: how it is built and served.
        :param database_url: of a PostgreSQL server; None for a throwaway server of the run's own.
        :param redis_url: of a Redis server; None likewise.
        """
        self._service, self._database_url, self._redis_url = service, database_url, redis_url
        self._parts = ExitStack()
        self.mailbox = RecordingEmailService()

    @property
    def unsupported_tags(self) -> dict[str, str]:
        """Tags of what cannot be played here, with the reasons."""
        given = {
            STOPS_QUEUE: self._redis_url and "the Redis of REDIS_URL is not ours to stop",
            STOPS_MEMORY: self._database_url and "the PostgreSQL of DATABASE_URL is not ours to stop",
        }
        return {EMBEDDED: f"only on the stage {EMBEDDED}"} | {tag: why for tag, why in given.items() if why}

    def start(self) -> str:
        """Start everything, side by side, and say what it is."""
        self._port, self.outside = free_port(), ServedOutsideWorld()
        self._folder = self._parts.enter_context(Folder()).folder
        self._files, lines = self._folder / "files", self._folder / "lines"
        for folder in (self._files, lines):
            folder.mkdir()
        self._controls = Controls(lines)
        self._parts.callback(self._controls.close)
        self._start_servers()
        # Who is locked out when the broker is down is the service that publishes, not its worker.
        self._settings = self._configure(lines, self._redis.url)
        os.environ.update(self._settings)
        self._app, db, celery = self._service.build()
        with self._processes(lines), self._app.app_context():
            self._service.migrate()
            db.engine.dispose()
        self._data = CommittedData(self._database.url, self._server_url, db.metadata)
        self._data.remember()
        self._parts.callback(self._data.close)
        self._clock = ServedClock(self._controls, self._redis.pass_time)
        self.tasks = RedisTasks(celery, self._redis, self._controls, self._clock)
        self.errors = ServedErrors(self._controls)
        self.outages = Outages(
            send=self.send,
            processes=self._running,
            controls=self._controls,
            clock=self._clock,
            data=self._data,
            tasks=self.tasks,
            mail=self._mail,
            redis=self._own_server(PrivateRedis),
            postgres=self._own_server(PrivatePostgres),
        )
        return f"services, on {self._data.version}, {self._redis.version} and gunicorn {gunicorn.__version__}"

    def before_fork(self) -> None:
        """Put everything away: one set of processes cannot serve several workers."""
        self.stop()
        del self._data

    def after_fork(self, worker: int) -> None:
        """Start everything anew, in a worker; the run itself needs nothing any more."""
        if worker:
            self.start()

    def begin_scenario(self) -> None:
        """Close the world."""
        self._controls.require("web", "worker")
        self._controls.ask(ProcessAgent.begin_scenario)
        self._clock.forget()
        self.mailbox.clear()
        self.outside.activate()

    def send(self, request: Request) -> Response:
        """Return the whole answer, after all that the service does on closing it; on a connection of its own.

        :raises IsolationError: on an open session.
        :raises BrokenAnswer: if it breaks off in the middle.
        """
        self._data.check_idle()
        self._clock.keep()
        host, path = split_host(request.path)
        built = EnvironBuilder(
            path=path,
            base_url=f"http://{host or self._app.config['SERVER_NAME'] or 'localhost'}",
            method=request.method,
            headers=Headers(dict(request.headers)),
            query_string=MultiDict({name: values_of(value) for name, value in request.query.items()}),
            **content(request),
        )
        try:
            return ask(HOST, self._port, built.get_environ())
        finally:
            built.close()

    def address(self) -> str:
        """Return where gunicorn serves the service, with its clock at the test's time."""
        self._clock.keep()
        return f"http://{HOST}:{self._port}"

    def cut_off_database(self) -> None:
        """Refuse the service's connections to the database."""
        self._data.cut_off()

    def data(self) -> AbstractContextManager[Session]:
        """Return a short session on a connection of the test's own."""
        return self._data.session()

    def command(self, *arguments: str, stdin: str = "") -> Printed:
        """Run a command in a process of its own. It has the real clock, and its log is what it prints."""
        self._data.check_idle()
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", self._service.commands, *arguments],
            cwd=self._folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self._folder), **self._settings},
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=COMMAND_TIMEOUT_S,
            check=False,
        )
        return Printed(done.returncode, done.stdout)

    def routes(self) -> list[Route]:
        """Return every rule and method of the service's own list."""
        return routes_of(self._app)

    def route_of(self, request: Request) -> Route | None:
        """Return the route by which the service answers a request."""
        return answering(self._app, request)

    def state(self) -> State:
        """Return every row, file, mail, queued task and outside call."""
        return {
            **self._data.snapshot(),
            "files": sorted(path.name for path in self._files.iterdir()),
            "mails": self.mailbox.sent,
            "tasks": self.tasks.pending(),
            "outside calls": self.outside.calls,
        }

    def unverified(self) -> list[str]:
        """Return the findings of the processes and of all ledgers as they stand."""
        served = self.outages.findings()
        served += [finding for findings in self._controls.ask(ProcessAgent.findings) for finding in findings]
        ledgers = (self.mailbox, self.tasks, self.outside)
        served = [finding for finding in served if not self.outages.explain(finding)]
        return served + [finding for ledger in ledgers for finding in ledger.findings()]

    def end_scenario(self) -> list[str]:
        """Delete all that there is; each part is put away even if the one before it failed."""
        with ExitStack() as putting_away:
            left: list[str] = []
            putting_away.callback(self.outages.renew)
            putting_away.callback(lambda: left.extend(self._clear_data()))
            putting_away.callback(self._delete_files)
            putting_away.callback(self.tasks.clear)
            putting_away.callback(self.outside.deactivate)
            self.outages.recover()
            findings = self.unverified()
        return findings + left

    def stop(self) -> list[str]:
        """Stop everything, and return what was left in the tables though every scenario was cleared."""
        with self._parts:
            return self._data.left_over() if hasattr(self, "_data") else []

    def _start_servers(self) -> None:
        """Start the servers, and get a database of the run's own on each."""
        self._servers: list[Server] = []
        if self._database_url is None:
            self._servers.append(PrivatePostgres())
        if self._redis_url is None:
            self._servers.append(PrivateRedis())
        self._parts.callback(_stop, self._servers)
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda server: server.start(), self._servers))
        urls = {type(server): server.url for server in self._servers}
        self._server_url = self._database_url or urls[PrivatePostgres]
        self._database = OwnDatabase(self._server_url)
        self._database.create()
        self._parts.callback(self._database.drop)
        self._redis = OwnRedis(self._redis_url or urls[PrivateRedis])
        self._parts.callback(self._redis.give_back)
        self._mail = MailServer(self.mailbox)
        for each in (self.outside, self._mail):
            each.serve()
            self._parts.callback(each.shut)

    def _configure(self, lines: Path, broker_url: str) -> dict[str, str]:
        around = Surroundings(
            self._database.url,
            broker_url,
            self._redis.url,
            HOST,
            self._mail.port,
            self._files,
            self.outside.address_of,
        )
        redis = urlsplit(self._redis.url)
        reachable = [(HOST, self._mail.port), (HOST, self.outside.port), (redis.hostname, redis.port or 6379)]
        return {
            **self._service.settings(around),
            "PYTHONPATH": str(paths.absolute(".")),
            "PYTHONDONTWRITEBYTECODE": "1",
            agent.FOLDER: str(lines),
            agent.ALLOWED: " ".join(f"{host}:{port}" for host, port in reachable),
        }

    def _own_server(self, kind: type[Own]) -> Own | None:
        return next((server for server in self._servers if isinstance(server, kind)), None)

    @contextmanager
    def _processes(self, lines: Path) -> Iterator[None]:
        """Start the service's processes, and wait at the end of the block until they are ready."""
        bind = f"{HOST}:{self._port}"
        web = f"gunicorn --config {self._service.gunicorn} --bind {bind} --log-level warning"
        celery = f"celery --app {self._service.worker} worker --queues {READY} --loglevel warning"
        alone = "--pool threads --concurrency 1 --without-gossip --without-mingle --without-heartbeat"
        settings = self._configure(lines, self._redis.user_url)
        self._running = {
            "web": Process("web", [*web.split(), self._service.web], settings, lines),
            "worker": Process("worker", [*celery.split(), *alone.split()], self._settings, lines),
        }
        self._parts.callback(_stop, list(self._running.values()))
        with ThreadPoolExecutor() as pool:
            starting = [pool.submit(process.start) for process in self._running.values()]
            yield
            for each in starting:
                each.result()

    def _clear_data(self) -> list[str]:
        was_cut_off = self._data.restore()
        findings = self._data.clear()
        if was_cut_off or findings:
            self._controls.ask(ProcessAgent.reconnect)
        return findings

    def _delete_files(self) -> None:
        for path in self._files.iterdir():
            path.unlink()


def _migrate() -> None:
    """Make the schema, as far as it is known how."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # a proxy says what it is about
    discovery.schema_of(app)()


def _is_of_others(setting: str) -> bool:
    """Return whether a setting holds the address of somebody else's service."""
    return "://" in setting and "{" not in setting


def _stop(servers: Sequence[Server]) -> None:
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda server: server.stop(), servers))
