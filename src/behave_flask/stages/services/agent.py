"""What the services stage needs inside each process of a service: its clock, its log, its sockets.

The service's own code is untouched: a process calls `install` when it has built the service, and answers to
the stage over a Unix socket of its own from then on. The other end is `behave_flask.stages.services.control`.
"""

import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from threading import Condition, Event, Thread
from typing import Any

import time_machine
from celery.signals import task_postrun, task_rejected, task_revoked, task_unknown, worker_ready
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from kombu.asynchronous import get_event_loop

from behave_flask.core import clock
from behave_flask.core.errors import NoPrompt
from behave_flask.core.protocols import Ledger
from behave_flask.ledgers.error_log import ErrorLog
from behave_flask.ledgers.network_guard import NetworkGuard
from behave_flask.ledgers.uncaught_exceptions import UncaughtExceptions
from behave_flask.stages.services.requests_under_way import RequestsUnderWay
from behave_flask.tasks.publish_order import PublishGuard

WORKER = "worker"  # the role of Celery's own process
FOLDER = "SERVED_FOLDER"  # where the processes put their sockets
CLOCK = ".clock"  # the file with the time for a process that starts in the middle of a scenario
ALLOWED = "SERVED_ALLOWED"  # what they may connect to: host:port, separated by spaces

TICK = 0.02  # seconds
CLOSES_WITHIN_S = 5.0  # for what the service does after an answer that somebody has already
TAKES_OVER = 10.0  # seconds for a worker to look for what another has begun


def install(role: str, app: Flask, db: SQLAlchemy, forget: Callable[[], None] = lambda: None) -> None:
    """Make this process be led by the stage that started it.

    :param role: what the process does: WORKER, if it is Celery's, which the stage finds when it is ready to
        work; or another word, such as "web". Several may do the same.
    :param app: the service, as this process has built it.
    :param db: its database.
    :param forget: empties what the service keeps in its memory between scenarios, such as caches.
    """
    if sys.breakpointhook is sys.__breakpointhook__ and not os.environ.get("PYTHONBREAKPOINT"):
        sys.breakpointhook = _no_prompt
    served = ProcessAgent(app, db, forget)
    # The stage may look as soon as the name is there: the listener listens by then.
    hidden, shown = (Path(os.environ[FOLDER]) / f"{start}{role}-{os.getpid()}" for start in (".", ""))
    listener = Listener(str(hidden), family="AF_UNIX")
    Thread(target=_answer, args=(listener, served), daemon=True).start()
    if role == WORKER:
        worker_ready.connect(lambda **_: hidden.rename(shown), weak=False)
    else:
        hidden.rename(shown)


def _no_prompt(*_: Any, **__: Any) -> None:
    raise NoPrompt(
        "breakpoint() has no terminal in a process of the service: play it with -D stage=embedded."
    )


class ProcessAgent:
    """What can be asked of a process of the service, one call at a time."""

    def __init__(self, app: Flask, db: SQLAlchemy, forget: Callable[[], None]) -> None:
        self._app, self._db, self._forget = app, db, forget
        self._requests = RequestsUnderWay(app.wsgi_app)
        app.wsgi_app = self._requests  # type: ignore[method-assign] # as Flask's documentation has it
        self._errors = ErrorLog()
        self._sockets = NetworkGuard(_allowed(os.environ.get(ALLOWED, "")))
        uncaught = UncaughtExceptions()
        self._ledgers: tuple[Ledger, ...] = (PublishGuard(), self._sockets, self._errors, uncaught)
        self._travel: time_machine.travel | None = None
        self._done = Condition()
        self._finished: list[str] = []
        self._consumer: Any = None
        task_postrun.connect(self._note_run, weak=False)
        task_unknown.connect(self._note_unknown, weak=False)
        task_revoked.connect(self._note_refused, weak=False)
        task_rejected.connect(self._note_refused, weak=False)
        worker_ready.connect(self._note_ready, weak=False)
        self._sockets.activate()
        self._errors.activate()
        uncaught.activate()
        with suppress(FileNotFoundError):
            self.set_clock(float((Path(os.environ[FOLDER]) / CLOCK).read_text()))

    def begin_scenario(self) -> None:
        """Begin a scenario: with empty ledgers, by the real clock, and with nothing remembered."""
        self.set_clock(None)
        for ledger in self._ledgers:
            ledger.clear()
        self._forget()

    def reconnect(self) -> None:
        """Drop the connections to the database, which may be broken."""
        with self._app.app_context():
            for engine in self._db.engines.values():
                engine.dispose()

    def set_clock(self, moment: float | None) -> None:
        """Make the clock stand at a moment (seconds since 1970), or go as it really goes."""
        if self._travel is not None:
            self._travel.stop()
            self._travel = None
        if moment is not None:
            self._travel = time_machine.travel(moment, tick=False)
            self._travel.start()

    def findings(self) -> list[str]:
        """Return what the ledgers hold, when no request is under way any more."""
        self._requests.wait(CLOSES_WITHIN_S)
        return [finding for ledger in self._ledgers for finding in ledger.findings()]

    def take_error(self, text: str) -> str | None:
        """Return the first unread error that contains the text and mark it as verified, or None."""
        try:
            return self._errors.take(text)
        except AssertionError:
            return None

    def errors(self) -> list[str]:
        """Return the errors that no step has verified."""
        return self._errors.findings()

    def wait_for(self, task_id: str, seconds: float) -> bool:
        """Wait until a run of a task has ended, however it did; return whether it has."""
        end = clock.monotonic() + seconds
        with self._done:
            while not self._done.wait_for(lambda: task_id in self._finished, TICK):
                if clock.monotonic() > end:
                    return False
                _wake()
            self._finished.remove(task_id)
        _wake()
        return True

    def take_over(self) -> bool:
        """Make the worker look at once for what another one has begun and not ended; return whether it has.

        On Redis it does so every ten seconds by itself.
        """
        hub, looked = get_event_loop(), Event()
        if hub is None or self._consumer is None:
            return False

        def look() -> None:
            self._consumer.connection.transport.cycle.maybe_restore_messages()
            looked.set()

        hub.call_soon(look)  # type: ignore[no-untyped-call]
        return looked.wait(TAKES_OVER)

    def _note_ready(self, sender: Any = None, **_: Any) -> None:
        self._consumer = sender

    def _note(self, task_id: str) -> None:
        with self._done:
            self._finished.append(task_id)
            self._done.notify_all()

    def _note_run(self, task_id: str = "", **_: Any) -> None:
        self._note(task_id)

    def _note_unknown(self, id: str = "", **_: Any) -> None:  # noqa: A002  (Celery's own name)
        self._note(id)

    def _note_refused(self, request: Any = None, message: Any = None, **_: Any) -> None:
        self._note(request.id if request is not None else message.headers["id"])


def _wake() -> None:
    """Make Celery's worker look again at once at what is due or to be acknowledged; else it naps a second."""
    if (hub := get_event_loop()) is not None:
        hub.call_soon(lambda: None)  # type: ignore[no-untyped-call]


def _answer(listener: Listener, served: ProcessAgent) -> None:
    while True:
        with listener.accept() as line, suppress(EOFError, OSError):
            _converse(line, served)


def _converse(line: Connection, served: ProcessAgent) -> None:
    while True:
        name, arguments = line.recv()
        try:
            line.send((True, getattr(served, name)(*arguments)))
        except Exception as error:  # noqa: BLE001  (it is raised at the other end)
            line.send((False, f"{type(error).__name__}: {error}"))


def _allowed(text: str) -> list[tuple[str, int]]:
    parts = (place.rpartition(":") for place in text.split())
    places = [(host, int(port)) for host, _, port in parts]
    with suppress(OSError):  # a machine that does not know its own name
        socket.getaddrinfo(socket.gethostname(), None)
        places.append((socket.gethostname(), 0))  # which a mail names as its sender's
    return places
