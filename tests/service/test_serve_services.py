"""`make serve-services`: the processes of compose.yaml on this machine, from the start to Ctrl-C."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from behave_flask.stages.servers import free_port
from features.support.shop import local

PROJECT = Path(__file__).resolve().parents[2]
WAIT = 60  # seconds


class Serving:
    """`python -m features.support.shop.local` as a developer's terminal runs it, and all that it printed."""

    def __init__(self, scratch: Path, **environment: str) -> None:
        self.port, self._log = free_port(), scratch / "printed"
        # A socket's path may have about a hundred letters; a test's own folder has more.
        self.folder = Path(tempfile.mkdtemp(dir="/tmp"))
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "features.support.shop.local", str(self.port)],
                cwd=PROJECT,
                env={"PATH": os.environ["PATH"], "TMPDIR": str(self.folder), **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def put_away(self) -> None:
        """End it, if it has not ended, and take its folder away."""
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def printed(self) -> str:
        return self._log.read_text()

    def until(self, words: str) -> str:
        """Wait until this has been printed, and return all that has been."""
        end = time.monotonic() + WAIT
        while words not in self.printed():
            assert self.process.poll() is None, self.printed()
            assert time.monotonic() < end, self.printed()
            time.sleep(0.05)
        return self.printed()

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    serving = Serving(tmp_path)
    yield serving
    serving.put_away()


def has_ended(them: list[psutil.Process]) -> None:
    _, left = psutil.wait_procs(them, timeout=30)
    assert not left


def test_the_shop_serves_until_ctrl_c_and_leaves_nothing(serving: Serving) -> None:
    output = serving.until("The shop is at ")
    address = f"http://127.0.0.1:{serving.port}"
    assert f"The shop is at {address} until you press Ctrl-C. Its data go with it" in output
    check_customers(serving, address)
    check_commands(serving)
    started = serving.children()
    serving.process.send_signal(signal.SIGINT)
    assert serving.process.wait(WAIT) == 0
    assert serving.printed().splitlines()[-1] == "Stopped."
    has_ended(started)
    assert not list(serving.folder.iterdir())
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=WAIT)


def check_customers(serving: Serving, address: str) -> None:
    """The demo data are there, the worker welcomes who joins, and Ada signs in with what was printed."""
    assert "Apple juice" in requests.get(address, timeout=WAIT).text
    who = {"name": "Nina", "email": "nina@example.com", "password": "secure12345"}
    requests.post(f"{address}/register", json=who, timeout=WAIT).raise_for_status()
    output = serving.until("Mail to nina@example.com: Welcome!")
    demo = re.search(r"ada@example\.com \(admin\) signs in with (\S+)", output)
    assert demo is not None
    admin = {"email": "ada@example.com", "password": demo[1]}
    assert requests.post(f"{address}/api/tokens", json=admin, timeout=WAIT).ok


def check_commands(serving: Serving) -> None:
    """What runs here is what the containers run; the worker, which may have others beside it, has a name."""
    lines = [shlex.join(process.cmdline()) for process in serving.children()]
    commands = local.commands()
    for command in (commands["web"], f"{commands['worker']} --hostname worker1@%h", commands["beat"]):
        wanted = shlex.join(shlex.split(command))
        assert any(line.endswith(f" -m {wanted}") for line in lines), f"nobody runs {wanted}: {lines}"


def test_a_process_that_ends_ends_all_and_is_named(serving: Serving) -> None:
    serving.until("The shop is at ")
    started = serving.children()
    # The guard of the worker, whose end it tells.
    (worker,) = [
        each for each in started if "guard.py" in " ".join(each.cmdline()) and "worker" in each.cmdline()
    ]
    worker.children()[0].kill()
    assert serving.process.wait(WAIT) == 1
    assert serving.printed().splitlines()[-1].startswith("worker 1 ended with exit code ")
    has_ended(started)


def test_a_database_that_does_not_answer_is_told(tmp_path: Path) -> None:
    serving = Serving(tmp_path, DATABASE_URL=f"postgresql://nobody@127.0.0.1:{free_port()}/nothing")
    assert serving.process.wait(WAIT) == 1
    assert "migrate ended with exit code 1." in serving.printed()
    assert "Connection refused" in serving.printed()
    serving.put_away()
