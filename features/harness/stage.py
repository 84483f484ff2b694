"""Where features are played: one small interface, so that the same steps run in process or on the wire."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session

from features.harness.errorlog import ErrorLog
from features.harness.http import Request, Response
from features.harness.mailbox import RecordingEmailService
from features.harness.matrix import Route
from features.harness.outside import OutsideWorld
from features.harness.tasks import TaskQueue

State = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Printed:
    """What a command of the service printed, on both of its outputs, and its exit code."""

    code: int
    text: str


class Stage(Protocol):
    """A service with everything around it, ready for one scenario at a time."""

    mailbox: RecordingEmailService
    tasks: TaskQueue
    outside: OutsideWorld
    errors: ErrorLog

    def start(self) -> str:
        """Get everything ready, once a run, and say in a few words what it is."""
        ...

    def open(self) -> None:
        """Begin a scenario: a clean service."""
        ...

    def send(self, request: Request) -> Response:
        """Let the service answer. Raises IsolationError if the answer could not be trusted."""
        ...

    def address(self) -> str:
        """Return the base URL at which a browser on this machine finds the service."""
        ...

    def data(self) -> AbstractContextManager[Session]:
        """Give a short database session of the test's own; it commits at its end, before any request."""
        ...

    def command(self, *arguments: str) -> Printed:
        """Run one of the service's own commands, as `flask` takes it, with nobody at the keyboard."""
        ...

    def routes(self) -> list[Route]:
        """Return everything that the service answers to."""
        ...

    def state(self) -> State:
        """Return all that a refusal must leave alone, by name: tables, files, mails, tasks, outside calls."""
        ...

    def unmentioned(self) -> list[str]:
        """Return what the service did, or a step arranged, that no step has mentioned so far."""
        ...

    def close(self) -> list[str]:
        """End a scenario whatever happened in it, and return what was wrong or unmentioned."""
        ...

    def stop(self) -> list[str]:
        """Put everything away, once a run, and return what was left over."""
        ...


def changed(before: State, after: State) -> set[str]:
    """Return the names of what is not as it was."""
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}
