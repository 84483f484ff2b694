"""The shop as customers reach it, under gunicorn on loopback, and a stand-in for the payment provider."""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import requests

from behave_flask.stages.servers import Server, free_port

PROJECT = Path(__file__).resolve().parents[2]
FLASK = "flask"  # the server of `make serve`
ADMIN = {"email": "ada@example.com", "password": "a long enough secret"}


class Shop(Server):
    """The shop, migrated, with one admin, under gunicorn or Flask's own server.

    Its data are its own, unless a URL says where.
    """

    name = "Shop"
    stop_signal = signal.SIGTERM

    def __init__(self, worker: str = "gthread", **settings: str) -> None:
        """Take gunicorn's kind of worker, or FLASK, and settings by their names in lower case."""
        super().__init__()
        self._port = free_port()
        self._worker = worker
        self._settings = settings

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self._port

    def terminate(self) -> None:
        """Ask the server to end, as whoever runs it does."""
        assert self._guard is not None
        self._guard.send_signal(signal.SIGTERM)

    def log(self) -> str:
        """Return all that the server has printed."""
        assert self._log is not None
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def wait(self, seconds: float) -> int:
        """Return the exit code once the server has ended."""
        assert self._guard is not None
        return self._guard.wait(seconds)

    def token(self, **who: str) -> str:
        """Sign in and return the token."""
        answer = requests.post(f"{self.url}/api/tokens", json=who or ADMIN, timeout=30)
        return str(answer.json()["token"])

    def _command(self) -> list[str]:
        settings = {
            "shop_config": "development",
            "database_url": f"sqlite:///{self.folder}/shop.sqlite",
            "avatar_folder": f"{self.folder}/avatars",
            "password_time_cost": "1",
            "password_memory_kib": "8",
            "pythonpath": str(PROJECT),
        } | self._settings
        flask = f"{sys.executable} -m flask --app app"
        admin = f"create-admin {ADMIN['email']} --password-stdin"
        serve = (
            f"{sys.executable} -m gunicorn --config python:app.serving --bind 127.0.0.1:{self._port}"
            f" --worker-class {self._worker} --workers 2 --threads 10 --no-control-socket 'app:create_app()'"
        )
        if self._worker == FLASK:
            serve = f"{flask} run --port {self._port}"
        return [
            "/usr/bin/env",
            *(f"{name.upper()}={value}" for name, value in settings.items()),
            "/bin/sh",
            "-c",
            f"{flask} db upgrade && echo '{ADMIN['password']}' | {flask} {admin} && exec {serve}",
        ]

    def _is_ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=1).ok
        except requests.RequestException:
            return False


class Payments(ThreadingHTTPServer):
    """A payment provider that takes every charge, once it may go on."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Charge)
        self.asked, self.may_go_on = Event(), Event()
        self.may_go_on.set()
        self.keys: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Charge(BaseHTTPRequestHandler):
    server: Payments

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.keys.append(self.headers["Idempotency-Key"])
        self.server.asked.set()
        self.server.may_go_on.wait(30)
        body = json.dumps({"id": f"ch_{len(self.server.keys)}"}).encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def payments() -> Iterator[Payments]:
    """Serve the stand-in until the end of the block."""
    with Payments() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
