"""The shop as in production, on this machine and without containers: the commands of compose.yaml.

    python -m features.support.shop.local PORT

Serves until Ctrl-C, with demo data, on the servers of DATABASE_URL and REDIS_URL or on throwaway ones. Each
process stands behind a guard, so that it ends with this one, however that comes about.
"""

import http.client
import math
import os
import shlex
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from ruamel.yaml import YAML

from behave_flask.core.waiting import looks
from behave_flask.ledgers.mailbox import RecordingEmailService
from behave_flask.stages.servers import PrivatePostgres, PrivateRedis, Server, ServiceUnavailable
from behave_flask.stages.services.stand_ins import HOST, MailServer
from features.support.shop.building import Settings, given_database

PROJECT = Path(__file__).resolve().parents[3]
COMPOSE = PROJECT / "compose.yaml"
DEMO = "flask --app app load-demo"
LOOK_EVERY = 0.5  # seconds, whether all processes are there


class ProcessEnded(RuntimeError):
    """A process of the shop came to an end that nobody asked for."""


def commands() -> dict[str, str]:
    """Return the commands of the shop's own services, by their names in compose.yaml."""
    services: dict[str, dict[str, Any]] = YAML(typ="safe").load(COMPOSE)["services"]
    return {name: service["command"] for name, service in services.items() if "build" in service}


class Process(Server):
    """A process of the shop. Stopped, it finishes what it is at."""

    stop_signal = signal.SIGTERM

    def __init__(
        self, name: str, command: str, settings: Mapping[str, str], *, port: int = 0, shown: bool = False
    ) -> None:
        """Take the command, its environment, its port if it serves, and whether what it prints is shown."""
        super().__init__()
        self.name, self._line, self._settings, self._port, self._shown = name, command, settings, port, shown

    @property
    def url(self) -> str:
        """Where it serves, if it does."""
        return f"http://{HOST}:{self._port}"

    def code(self) -> int | None:
        """Return its exit code, or None while it runs."""
        assert self._guard is not None
        return self._guard.poll()

    def finish(self) -> None:
        """Wait until it has done its work. Raises ProcessEnded if it failed."""
        assert self._guard is not None
        code, output = self._guard.wait(), self.log_tail()
        self.stop()
        if code:
            raise ProcessEnded(f"{self.name} ended with exit code {code}. {output}")

    def printed(self) -> str:
        """Return all that it has printed, where that is not shown."""
        assert self._log is not None
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def log_tail(self) -> str:
        """Return what it printed last, where that has not been shown."""
        return "What it said is above." if self._shown else super().log_tail()

    def _command(self) -> list[str]:
        return [sys.executable, "-m", *shlex.split(self._line)]

    def _environment(self) -> dict[str, str]:
        served = {"GUNICORN_CMD_ARGS": f"--bind {HOST}:{self._port} --workers 2"} if self._port else {}
        return {"PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1", **served, **self._settings}

    def _open_log(self) -> IO[bytes]:
        return os.fdopen(os.dup(sys.stderr.fileno()), "wb") if self._shown else super()._open_log()

    def _is_ready(self) -> bool:
        return not self._port or _is_well(self.url)


def _is_well(url: str) -> bool:
    line = http.client.HTTPConnection(url.removeprefix("http://"), timeout=1)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


@contextmanager
def servers(database_url: str | None, redis_url: str | None) -> Iterator[dict[str, str]]:
    """Give the settings that say where data are kept: on throwaway servers where none is named."""
    with ExitStack() as parts:
        postgres, redis = PrivatePostgres(), PrivateRedis()
        _start(parts, [server for server, url in ((postgres, database_url), (redis, redis_url)) if not url])
        folder = PROJECT / "instance" if database_url else postgres.folder
        yield {
            "DATABASE_URL": database_url or postgres.url,
            "BROKER_URL": redis_url or redis.url,
            "LIMITS_URL": redis_url or redis.url,
            "AVATAR_FOLDER": str(folder / "avatars"),
        }


@contextmanager
def running(
    settings: Mapping[str, str],
    ports: Sequence[int],
    *,
    workers: int = 1,
    beat: bool = False,
    shown: bool = False,
) -> Iterator[dict[str, Process]]:
    """Migrate the database and run the shop until the end of the block.

    :param settings: the environment variables that configure it.
    :param ports: a gunicorn for each, on loopback.
    :param shown: print what the processes print.
    :return: the processes by their names, such as ``web 1`` and ``worker 1``.
    """
    command = commands()
    run_once("migrate", command["migrate"], settings)
    them = [
        Process(f"web {number}", command["web"], settings, port=port, shown=shown)
        for number, port in enumerate(ports, 1)
    ]
    for number in range(1, workers + 1):  # which on one machine need names of their own
        line = f"{command['worker']} --hostname worker{number}@%h"
        them.append(Process(f"worker {number}", line, settings, shown=shown))
    if beat:
        them.append(Process("beat", command["beat"], settings, shown=shown))
    with ExitStack() as parts:
        _start(parts, them)
        yield {process.name: process for process in them}


def run_once(name: str, command: str, settings: Mapping[str, str], *, shown: bool = False) -> None:
    """Run a command of the shop to its end. Raises ProcessEnded if it fails."""
    process = Process(name, command, settings, shown=shown)
    process.start()
    process.finish()


def watch(processes: Mapping[str, Process]) -> None:
    """Wait as long as all of them run. Raises ProcessEnded when one does not."""
    for _ in looks(math.inf, LOOK_EVERY):
        for process in processes.values():
            if (code := process.code()) is not None:
                raise ProcessEnded(f"{process.name} ended with exit code {code}.")


def _start(parts: ExitStack, them: Sequence[Server]) -> None:
    """Start them side by side, and stop them so at the end of the block."""

    def stop() -> None:
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda server: server.stop(), them))

    parts.callback(stop)
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda server: server.start(), them))


class _ShownMail(RecordingEmailService):
    """Mail that is read at the terminal."""

    def send(self, to: str, subject: str, body: str) -> None:
        """Print it."""
        print(f"\nMail to {to}: {subject}\n\n{body}", flush=True)


@contextmanager
def _mail() -> Iterator[dict[str, str]]:
    """Give the settings of a mail server that shows what it is sent; none, if there is a real one."""
    if os.environ.get("MAIL_SERVER"):
        yield {}
        return
    server = MailServer(_ShownMail())
    server.serve()
    try:
        yield {"MAIL_SERVER": HOST, "MAIL_PORT": str(server.port)}
    finally:
        server.shut()


def _given() -> dict[str, str]:
    """Return the shop's settings that the environment holds."""
    names = {name.upper() for name in Settings.model_fields} | {"SHOP_CONFIG"}
    return {name: value for name, value in os.environ.items() if value and name in names}


def serve(port: int) -> None:
    """Serve until it is interrupted. Raises ProcessEnded when a part fails."""
    database_url = given_database()
    kept = "" if database_url else " Its data go with it; DATABASE_URL= names a PostgreSQL that keeps them."
    with servers(database_url, os.environ.get("REDIS_URL")) as on, _mail() as mail:
        settings = {"SHOP_CONFIG": "development", **on, **mail, **_given()}
        with running(settings, [port], beat=True, shown=True) as processes:
            run_once("demo data", DEMO, settings, shown=True)
            print(f"\nThe shop is at {processes['web 1'].url} until you press Ctrl-C.{kept}", flush=True)
            watch(processes)


def main() -> int:
    """Serve, and say in a line what went wrong."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does
    try:
        serve(int(sys.argv[1]))
    except KeyboardInterrupt:
        print("Stopped.")
        return 0
    except (ProcessEnded, ServiceUnavailable) as error:
        print(error, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
