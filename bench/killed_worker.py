"""How long a mail waits whose worker is killed in the middle of it: `python -m bench.killed_worker`.

On a real clock, with the shipped settings: gunicorn, a worker and beat, PostgreSQL and Redis of its own, and
a mail server that keeps the worker waiting until it is dead. It takes about seven minutes.
"""

import signal
import time
from collections.abc import Callable

import psutil
import urllib3

from behave_flask.core.waiting import looks
from behave_flask.ledgers.mailbox import RecordingEmailService
from behave_flask.stages.servers import free_port
from behave_flask.stages.services.stand_ins import HOST, MailServer
from features.support.shop import local

LONGEST = 15 * 60.0  # seconds


def wait_for(fact: Callable[[], object], what: str) -> None:
    """Wait until something is so. Raises RuntimeError if it never comes."""
    if not any(fact() for _ in looks(LONGEST, 0.05)):
        raise RuntimeError(what)


def worker_processes() -> list[psutil.Process]:
    """Return the worker's own process, and those of its pool, which are its children."""
    mine = psutil.Process().children(recursive=True)
    of_worker = [
        each for each in mine if each.cmdline()[1:3] == ["-m", "celery"] and "worker" in each.cmdline()
    ]
    (first,) = [each for each in of_worker if each.ppid() not in {other.pid for other in of_worker}]
    return [first, *first.children(recursive=True)]


def measure(url: str, mail: MailServer, mailbox: RecordingEmailService, who: str, *, whole: bool) -> float:
    """Register somebody, kill who is at the welcome, and return the seconds until it comes.

    :param whole: the whole worker, in whose place another one starts; else the processes of its pool.
    """
    mail.hold()
    new = {"name": who, "email": f"{who.lower()}@example.com", "password": "a long enough password"}
    assert urllib3.request("POST", f"{url}/register", json=new).status == 201
    wait_for(mail.somebody_waits, "nobody sends the welcome")
    for process in worker_processes()[0 if whole else 1 :]:
        process.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    mail.go_on()
    wait_for(lambda: not mail.somebody_waits(), "the mail server still waits")
    before = len(mailbox.sent)
    worker = local.Process("worker 2", f"{local.commands()['worker']} --hostname worker2@%h", SETTINGS)
    if whole:
        worker.start()
    try:
        wait_for(lambda: len(mailbox.sent) > before, "the mail is lost")
        return time.monotonic() - killed
    finally:
        worker.stop()


SETTINGS: dict[str, str] = {"SHOP_CONFIG": "development"}


def main() -> None:
    """Kill a process of the pool, then the whole worker, and print how long each mail took."""
    mailbox = RecordingEmailService()
    mail = MailServer(mailbox)
    mail.serve()
    port = free_port()
    try:
        with local.servers(None, None) as on:
            SETTINGS.update(on, MAIL_SERVER=HOST, MAIL_PORT=str(mail.port))
            with local.running(SETTINGS, [port], beat=True) as processes:
                url = processes["web 1"].url
                for who, whole in (("Ann", False), ("Ben", True)):
                    seconds = measure(url, mail, mailbox, who, whole=whole)
                    print(
                        f"{'the whole worker' if whole else 'a process of it'}: {seconds:.0f} s", flush=True
                    )
    finally:
        mail.shut()


if __name__ == "__main__":
    main()
