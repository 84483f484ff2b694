"""The stage's end of the line to each process of a service; the other end is `agent` in that process."""

import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Client, Connection
from pathlib import Path
from threading import Lock
from typing import TypeVar

import time_machine

from behave_flask.stages.servers import ServiceUnavailable
from behave_flask.stages.services.agent import CLOCK, ProcessAgent

Answer = TypeVar("Answer")


class Controls:
    """Lines to the processes that have put their sockets into a folder."""

    def __init__(self, folder: Path) -> None:
        """Accept the folder. Processes may come later, and come again."""
        self.folder = folder
        self._lines: dict[str, Connection] = {}
        self._asking = Lock()

    def names(self) -> list[str]:
        """The processes that are there now, `role-pid` each."""
        for path in self.folder.iterdir():
            if path.name not in self._lines and not path.name.startswith("."):
                try:
                    self._lines[path.name] = Client(str(path), family="AF_UNIX")
                except ConnectionRefusedError:
                    path.unlink()
        return sorted(self._lines)

    def roles(self) -> set[str]:
        """What the processes do that are there now."""
        return {name.partition("-")[0] for name in self.names()}

    def require(self, *roles: str) -> None:
        """Raise ServiceUnavailable unless there is a process for each of these roles."""
        if missing := set(roles) - self.roles():
            raise ServiceUnavailable(f"The service has no process that is {' or '.join(sorted(missing))}.")

    def ask(self, call: Callable[..., Answer], *arguments: object) -> list[Answer]:
        """Make every process answer a method of `ProcessAgent`; return the answers.

        Raises ServiceUnavailable if a process has ended meanwhile, and RuntimeError for an error in it.
        """
        return [self._ask(name, call, arguments) for name in self.names()]

    def ask_one(self, role: str, call: Callable[..., Answer], *arguments: object) -> Answer:
        """Make the one process of this role answer a method of `ProcessAgent`."""
        (name,) = (name for name in self.names() if name.startswith(f"{role}-"))
        return self._ask(name, call, arguments)

    def forget(self, role: str) -> None:
        """Close the connections to the processes of this role, which count as gone from now on."""
        for path in self.folder.glob(f"{role}-*"):
            path.unlink()
            if line := self._lines.pop(path.name, None):
                line.close()

    def close(self) -> None:
        """Close the connections."""
        for line in self._lines.values():
            line.close()
        self._lines.clear()

    def _ask(self, name: str, call: Callable[..., Answer], arguments: Sequence[object]) -> Answer:
        line = self._lines[name]
        try:
            with self._asking:
                line.send((call.__name__, arguments))
                good, answer = line.recv()
        except (EOFError, OSError) as error:
            del self._lines[name]
            raise ServiceUnavailable(f"The process {name} of the service has ended.") from error
        if not good:
            raise RuntimeError(f"{name} could not {call.__name__}: {answer}")
        given: Answer = answer
        return given


class ServedErrors:
    """The errors in the logs of all processes, as `ErrorLog` has those of one."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls

    @property
    def warnings(self) -> list[str]:
        """Raise AssertionError: the processes report errors alone."""
        raise AssertionError("Warnings are kept on the embedded stage alone: tag the scenario @embedded.")

    def take(self, text: str) -> str:
        """Return the first unread message that contains `text`, and mark it as verified.

        Raises AssertionError that lists what was logged instead.
        """
        for name in self._controls.names():
            found: str | None = self._controls.ask_one(name.partition("-")[0], ProcessAgent.take_error, text)
            if found is not None:
                return found
        listed = "".join(
            f"\n  - {error}" for errors in self._controls.ask(ProcessAgent.errors) for error in errors
        )
        raise AssertionError(f"No error in the log says “{text}”. Unread errors:{listed or ' none.'}")


class ServedClock:
    """Keeps the clocks of the processes where that of the test is."""

    def __init__(self, controls: Controls, pass_time: Callable[[float], None]) -> None:
        """Accept the lines to the processes, and what is to be done with servers that count seconds too."""
        self._controls, self._pass_time = controls, pass_time
        self._time: float | None = None

    def leave_word(self) -> None:
        """Write the test's time down for a process that is about to start, if it is not the real one."""
        if time_machine.escape_hatch.is_travelling():
            (self._controls.folder / CLOCK).write_text(str(time.time()))

    def keep(self) -> None:
        """Tell the processes the test's time, if it is not the real one.

        A travelling clock stands still in them until it is set again.
        """
        now = time.time() if time_machine.escape_hatch.is_travelling() else None
        if now == self._time:
            return
        self._controls.ask(ProcessAgent.set_clock, now)
        if now is not None and self._time is not None:
            self._pass_time(now - self._time)
        self._time = now

    def forget(self) -> None:
        """The processes have gone back to real time."""
        (self._controls.folder / CLOCK).unlink(missing_ok=True)
        self._time = None
