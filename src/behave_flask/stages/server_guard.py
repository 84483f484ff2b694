"""Runs one server and ends it, with its folder, as soon as the process that asked for it is gone.

Standard input is a pipe whose other end only the asking process holds: however that process ends, SIGKILL
included, the pipe closes and the server is stopped. Until then each line is an order: `stop 15` ends the
server by a signal and keeps its folder, `start` starts it again there, `send 1` only sends the signal.
Started by `behave_flask.stages.servers`, never imported.

    python -I guard.py FOLDER STOP_SIGNAL USER COMMAND...     (USER empty: as the caller)
"""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from threading import Event, Lock, Thread

STOP_TIMEOUT_S = 10.0  # seconds between the polite stop signal and SIGKILL


class Guard:
    """One server, which may be stopped and started again."""

    def __init__(self, folder: str, user: str, command: tuple[str, ...]) -> None:
        self._folder, self._user, self._command = folder, user, command
        self._starting = Lock()
        self._is_over = False
        self._halted, self._go_on = Event(), Event()
        self._launch()

    def run(self) -> int:
        """Run the server until it ends by itself or nobody needs it; return its exit code."""
        while True:
            code = self._server.wait()
            # macOS says "not permitted" of a group that is gone.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._server.pid, signal.SIGKILL)  # what the server itself left running
            if not self._halted.is_set():
                return code
            self._go_on.wait()
            with self._starting:
                if self._is_over:
                    return code
                self._halted.clear()
                self._go_on.clear()
                self._launch()

    def obey(self, stop_signal: int) -> None:
        """Do what is ordered. After the last order stop the server; kill it when it does not heed."""
        for line in sys.stdin:
            order, *number = line.split()
            if order == "start":
                self._go_on.set()
                continue
            if order == "stop":
                self._halted.set()
            self._server.send_signal(int(*number))
        with self._starting:
            self._is_over = True
            self._go_on.set()
            server = self._server
        server.send_signal(stop_signal)
        try:
            server.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            server.kill()

    def send(self, number: int) -> None:
        """Send a signal to the server."""
        self._server.send_signal(number)

    def _launch(self) -> None:
        self._server = subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            cwd=self._folder,
            process_group=0,
            user=self._user or None,
            extra_groups=[] if self._user else None,
        )


def main(folder: str, stop_signal: str, user: str, *command: str) -> int:
    """Run the command in the folder until it ends or nobody needs it; return its exit code."""
    guard = Guard(folder, user, command)
    signal.signal(signal.SIGTERM, lambda *_: guard.send(int(stop_signal)))
    Thread(target=guard.obey, args=(int(stop_signal),), daemon=True).start()
    code = guard.run()
    shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
