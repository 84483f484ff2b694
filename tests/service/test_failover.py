"""A worker outlasts its broker: Redis that restarts, and one that fails over and takes nothing any more."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

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
def mail() -> Iterator[tuple[RecordingEmailService, MailServer]]:
    mailbox = RecordingEmailService()
    server = MailServer(mailbox)
    server.serve()
    yield mailbox, server
    server.shut()


class Running(NamedTuple):
    """The shop with its worker, and the mail server that both of them know."""

    shop: Shop
    worker: Worker
    mail: MailServer
    mailbox: RecordingEmailService

    def welcome(self, name: str) -> None:
        """Register somebody, to whom the worker sends a welcome."""
        new = {"name": name, "email": f"{name}@example.com", "password": "a long enough password"}
        assert requests.post(f"{self.shop.url}/register", json=new, timeout=WAIT).status_code == 201

    def has_written_to(self, name: str) -> bool:
        return f"{name}@example.com" in [each.to for each in self.mailbox.sent]

    def expect_mail_to(self, name: str) -> None:
        """Wait until somebody was welcomed, or the worker ended."""
        until(lambda: self.has_written_to(name) or not self.worker.is_alive(), f"no mail to {name}")
        assert self.has_written_to(name), self.worker.log_tail()


@pytest.fixture
def running(
    redis: PrivateRedis, mail: tuple[RecordingEmailService, MailServer], tmp_path: Path
) -> Iterator[Running]:
    mailbox, server = mail
    around = {
        "database_url": f"sqlite:///{tmp_path}/shop.sqlite",
        "broker_url": redis.url,
        "mail_port": str(server.port),
    }
    with Shop(**around) as shop, Worker(**around) as worker:
        yield Running(shop, worker, server, mailbox)


def test_a_worker_outlasts_its_broker(running: Running, redis: PrivateRedis) -> None:
    running.welcome("mia")
    running.expect_mail_to("mia")
    # It fails over: the old one takes nothing any more.
    with Redis.from_url(redis.url) as server:
        server.execute_command("REPLICAOF", "127.0.0.1", "1")
        running.welcome("nina")
        until(lambda: running.worker.said("read only replica"), "the worker does not notice")
        assert not running.has_written_to("nina")
        server.execute_command("REPLICAOF", "NO", "ONE")
    running.welcome("olga")  # and with her whoever waits
    running.expect_mail_to("nina")
    redis.pause()
    running.welcome("pia")
    redis.resume()
    running.welcome("rosa")
    running.expect_mail_to("pia")


def test_a_worker_outlasts_a_broker_that_goes_while_a_task_is_under_way(
    running: Running, redis: PrivateRedis
) -> None:
    running.mail.hold()
    running.welcome("mia")
    until(running.mail.somebody_waits, "no task is under way")
    redis.pause()
    until(lambda: running.worker.said("Connection to broker lost"), "the worker does not notice")
    running.mail.go_on()
    running.expect_mail_to("mia")
    redis.resume()
    running.welcome("nina")
    running.expect_mail_to("nina")
    assert [each.to for each in running.mailbox.sent].count("mia@example.com") == 1
