"""A pseudo-terminal in which a test plays a command, reads what is shown and types."""

import os
import pty
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

WITHIN_S = 60  # so long a test waits for what has to come; no test passes sooner or later for it


class Terminal:
    """A command that has a terminal of its own for all that it reads and writes."""

    def __init__(self, command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> None:
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={"TERM": "xterm", "COLUMNS": "100", **environment},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.shown = ""

    def wait_for(self, text: str) -> str:
        """Read on until `text` is shown; return all that was shown since the last call, with it."""
        return self._read(text)

    def type(self, line: str) -> None:
        """Type a line, with Return."""
        os.write(self._ours, f"{line}\n".encode())

    def end(self) -> str:
        """Read on until the command has ended; return all that was shown since the last call."""
        shown = self._read(None)
        self.process.wait(WITHIN_S)
        return shown

    def kill(self) -> None:
        """End the command, if it still runs, with all that it has started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._ours)

    def _read(self, until: str | None) -> str:
        deadline = time.monotonic() + WITHIN_S
        while until is None or until not in self.shown:
            left = deadline - time.monotonic()
            assert left > 0, f"{until!r} was not shown within {WITHIN_S} s, but:\n{self.shown}"
            if not select.select([self._ours], [], [], left)[0]:
                continue
            try:
                more = os.read(self._ours, 10_000)
            except OSError:  # Linux says so when the other side is closed
                more = b""
            if not more:
                assert until is None, f"The command ended, and {until!r} was not shown, but:\n{self.shown}"
                break
            self.shown += more.decode(errors="replace").replace("\r\n", "\n")
        end = len(self.shown) if until is None else self.shown.index(until) + len(until)
        shown, self.shown = self.shown[:end], self.shown[end:]
        return shown
