"""Where features are played: one small interface, so that the same steps run in process or on the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:  # a run is refused, or ends, without the libraries of the service
    from sqlalchemy.orm import Session

    from behave_flask.core.http import Request, Response
    from behave_flask.core.protocols import Errors, Mailbox, Outages, OutsideCalls, Tasks
    from behave_flask.core.routes import Route

EMBEDDED, SERVICES = "embedded", "services"  # the stages; as tags: what can be played on one of them alone
FURNISH_ONCE = "furnish_once"  # the tag of a Background that is played once for all scenarios that have it
State = Mapping[str, Sequence[Any]]
BESIDE_ROWS = ("files", "mails", "tasks", "outside calls")  # of a state, what is no table


@dataclass(frozen=True)
class Printed:
    """What a command of the service printed, on both of its outputs, and its exit code."""

    code: int
    text: str


class Stage(Protocol):
    """A service with everything around it, ready for one scenario at a time.

    What a suite gets for each name of its stages::

        Suite(config, {"embedded": lambda: EmbeddedStage(create_app())})
    """

    @property
    def unsupported_tags(self) -> Mapping[str, str]:
        """Tags of what cannot be played here, each with the reason."""
        ...

    @property
    def outages(self) -> Outages:
        """What can be broken on purpose. Raises AssertionError where nothing is real."""
        ...

    @property
    def mailbox(self) -> Mailbox:
        """What was sent by e-mail."""
        ...

    @property
    def tasks(self) -> Tasks:
        """What is queued for the background."""
        ...

    @property
    def outside(self) -> OutsideCalls:
        """Other people's services."""
        ...

    @property
    def errors(self) -> Errors:
        """What was logged as an error."""
        ...

    def start(self) -> str:
        """Get everything ready, once a run.

        :returns: what it is, in a few words, such as "embedded, on sqlite 3.40.1".
        """
        ...

    def begin_scenario(self) -> None:
        """Begin a scenario: a clean service."""
        ...

    def send(self, request: Request) -> Response:
        """Send a request to the service, and wait until all that belongs to it is done.

        :param request: what is sent.
        :returns: the answer.
        :raises IsolationError: if the answer could not be trusted.
        """
        ...

    def cut_off_database(self) -> None:
        """Make the service find no database, until the end of the scenario."""
        ...

    def address(self) -> str:
        """Get the service ready for a browser on this machine.

        :returns: the base URL where it is found.
        """
        ...

    def data(self) -> AbstractContextManager[Session]:
        """Return a short database session of the test's own; it commits at its end, before any request."""
        ...

    def command(self, *arguments: str, stdin: str = "") -> Printed:
        """Run one of the service's own commands, with nobody at the keyboard.

        :param arguments: as `flask` takes them on its command line.
        :param stdin: what it can read from its standard input.
        :returns: the exit code, and what it printed on both outputs.
        """
        ...

    def routes(self) -> list[Route]:
        """Return everything that the service answers to."""
        ...

    def route_of(self, request: Request) -> Route | None:
        """Return the route by which the service answers a request; None if it has none, or redirects.

        :param request: as it is sent.
        """
        ...

    def state(self) -> State:
        """Return all that a refusal must leave alone, by name: tables, files, mails, tasks, outside calls."""
        ...

    def unverified(self) -> list[str]:
        """Return what the service did, or a step arranged, that no step has verified so far."""
        ...

    def end_scenario(self) -> list[str]:
        """End a scenario, whatever happened in it.

        :returns: what was wrong or unverified, a sentence each.
        """
        ...

    def before_fork(self) -> None:
        """Release every connection before this process is forked; what was made ready stays known."""
        ...

    def after_fork(self, worker: int) -> None:
        """Go on after `before_fork`, in a worker with a database and files of its own.

        :param worker: its number, from 1 on; 0 in the process that was forked, which goes on as before.
        """
        ...

    def stop(self) -> list[str]:
        """Put away what is this process's own, once in each.

        :returns: what was left over, a sentence each.
        """
        ...


@runtime_checkable
class KeepsData(Protocol):
    """A stage on which a Background can be played once for many scenarios."""

    @property
    def is_kept(self) -> bool:
        """Whether scenarios begin with what `keep` found, and not with what was there before the first."""
        ...

    def keep(self) -> None:
        """Make the data that are there now, within a scenario, what the next ones begin with.

        :raises CannotKeep: if that cannot be.
        """
        ...

    def forget(self) -> None:
        """Put back what was there before the first scenario; between scenarios. Nothing, if none is kept."""
        ...


def left_over(before: Mapping[str, int], now: Mapping[str, int]) -> list[str]:
    """Return what is wrong with the tables after a run, from their numbers of rows before and now."""
    more = {name: now.get(name, 0) - before.get(name, 0) for name in {**before, **now}}
    return [
        f"rows left over in {name}: {count}" if count > 0 else f"rows gone from {name}: {-count}"
        for name, count in more.items()
        if count
    ]


def changed(before: State, after: State) -> set[str]:
    """Return the names of what is not as it was."""
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}
