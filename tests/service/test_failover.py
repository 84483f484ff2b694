"""A worker outlasts its broker: Redis that restarts, and one that fails over and takes nothing any more."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from redis import Redis
from served import PROJECT, Shop
from test_real_server import WAIT

from behave_flask.core.waiting import until
from behave_flask.ledgers.mailbox import RecordingEmailService
from behave_flask.stages.servers import PrivateRedis, Server
from behave_flask.stages.services.stand_ins import MailServer


class Worker(Server):
    """A Celery worker of the shop."""

    name = "worker"
    stop_signal = signal.SIGTERM

    def __init__(self, **settings: str) -> None:
        super().__init__()
        self._settings = settings

    @property
    def url(self) -> str:
        return "celery"

    def said(self, text: str) -> bool:
        return text in self.log_so_far()

    def log_so_far(self) -> str:
        assert self._log is not None
        return Path(f"/proc/self/fd/{self._log.fileno()}").read_text(errors="replace")

    def is_alive(self) -> bool:
        assert self._guard is not None
        return self._guard.poll() is None

    def _command(self) -> list[str]:
        settings = {"shop_config": "development", "pythonpath": str(PROJECT)} | self._settings
        line = "-m celery --app app.worker:celery worker --pool threads --concurrency 2 --loglevel info"
        variables = (f"{name.upper()}={value}" for name, value in settings.items())
        return ["/usr/bin/env", *variables, sys.executable, *line.split()]

    def _is_ready(self) -> bool:
        return self.said(" ready.")


@pytest.fixture
def redis() -> Iterator[PrivateRedis]:
    with PrivateRedis() as server:
        yield server


@pytest.fixture
def mail() -> Iterator[tuple[RecordingEmailService, int]]:
    mailbox = RecordingEmailService()
    server = MailServer(mailbox)
    server.serve()
    yield mailbox, server.port
    server.shut()


def test_a_worker_outlasts_its_broker(
    redis: PrivateRedis, mail: tuple[RecordingEmailService, int], tmp_path: Path
) -> None:
    mailbox, port = mail
    around = {
        "database_url": f"sqlite:///{tmp_path}/shop.sqlite",
        "broker_url": redis.url,
        "mail_port": str(port),
    }
    with Shop(**around) as shop, Worker(**around) as worker:

        def welcomed(name: str) -> None:
            new = {"name": name, "email": f"{name}@example.com", "password": "a long enough password"}
            assert requests.post(f"{shop.url}/register", json=new, timeout=WAIT).status_code == 201

        def arrived(name: str) -> bool:
            return f"{name}@example.com" in [each.to for each in mailbox.sent]

        welcomed("mia")
        until(lambda: arrived("mia"), "no mail comes")
        # It fails over: the old one takes nothing any more.
        with Redis.from_url(redis.url) as server:
            server.execute_command("REPLICAOF", "127.0.0.1", "1")
            welcomed("nina")
            until(lambda: worker.said("read only replica"), "the worker does not notice")
            assert not arrived("nina")
            server.execute_command("REPLICAOF", "NO", "ONE")
        welcomed("olga")  # and with her whoever waits
        until(lambda: arrived("nina") or not worker.is_alive(), "the worker does not come back")
        assert arrived("nina"), worker.log_tail()
        redis.pause()
        welcomed("pia")
        redis.resume()
        welcomed("rosa")
        until(lambda: arrived("pia") or not worker.is_alive(), "the worker does not come back")
        assert arrived("pia"), worker.log_tail()
