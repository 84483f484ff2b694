"""The processes of a service on real parts, each with the settings of the stage, and their folder."""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from behave_flask.stages.servers import Server


def _lives(name: str) -> bool:
    """Return whether the process of a socket, ROLE-PID, is there."""
    try:
        os.kill(int(name.rpartition("-")[2]), 0)
    except ProcessLookupError:
        return False
    return True


class Process(Server):
    """One process of the service, with the settings of the stage in its environment."""

    stop_signal = signal.SIGQUIT  # gunicorn and Celery finish nothing then: no scenario is open

    def __init__(self, name: str, command: Sequence[str], settings: Mapping[str, str], lines: Path) -> None:
        """Accept the arguments of Python, and the folder in which the process will show its socket."""
        super().__init__()
        self.name, self._arguments, self._settings, self._lines = name, command, settings, lines

    @property
    def url(self) -> str:
        """A process is found by its socket."""
        return str(self._lines)

    def _command(self) -> list[str]:
        return [sys.executable, "-m", *self._arguments]

    def _environment(self) -> dict[str, str]:
        return dict(self._settings)

    def _is_ready(self) -> bool:
        return any(_lives(path.name) for path in self._lines.glob(f"{self.name}-*"))


class Folder(Server):
    """A folder that is gone with the run, however it ends, by the guard of a process that does nothing."""

    name = "services"
    stop_signal = signal.SIGKILL

    @property
    def url(self) -> str:
        """The folder."""
        return str(self.folder)

    def _command(self) -> list[str]:
        return ["/bin/sleep", "1000000"]

    def _is_ready(self) -> bool:
        return True
