"""What a stage offers to the steps, as protocols: another team can bring parts of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from re import Pattern
from typing import TYPE_CHECKING, Any, Protocol

from behave_flask.core.http import Request, Response

if TYPE_CHECKING:
    from sqlalchemy import Select


class Ledger(Protocol):
    """A record of side effects, kept for one scenario at a time."""

    def findings(self) -> list[str]:
        """What no step verified, one plain sentence each; empty when all is accounted for."""
        ...

    def clear(self) -> None:
        """Forget everything, ready for the next scenario."""
        ...


class Database(Protocol):
    """What a service keeps, put back after each scenario: by `SQLAlchemyDatabase`, `SQLiteFile` ..."""

    @property
    def description(self) -> str:
        """What it is, in a few words, such as "on sqlite 3.40.1"; asked when the schema is there."""
        ...

    def begin(self) -> None:
        """Begin a scenario, with what is there before the first one."""
        ...

    def session(self) -> AbstractContextManager[Any]:
        """Return a short session of the test's own; it commits at its end, or rolls back if that raises."""
        ...

    def check_idle(self) -> None:
        """Look, around each request, whether the service and the test are kept apart.

        :raises IsolationError: if not.
        """
        ...

    def cut_off(self) -> None:
        """Make the service find no database, until the end of the scenario."""
        ...

    def snapshot(self) -> Mapping[str, Sequence[Any]]:
        """Return every row of every table, by the table's name."""
        ...

    def end(self) -> list[str]:
        """End a scenario: put everything back.

        :returns: what was wrong, a sentence each.
        """
        ...

    @property
    def is_kept(self) -> bool:
        """Whether scenarios begin with what `keep` found, and not with what was there before the first."""
        ...

    def keep(self) -> None:
        """Make what is there now, within a scenario, what the next ones begin with, until `forget`.

        :raises CannotKeep: if that cannot be.
        """
        ...

    def forget(self) -> None:
        """Put back what was there before the first scenario; between scenarios. Nothing, if none is kept."""
        ...

    def rows_left(self) -> Mapping[str, int]:
        """Return, between scenarios, how many rows each table has that has some."""
        ...

    def before_fork(self) -> None:
        """Release every connection before this process is forked."""
        ...

    def after_fork(self, worker: int, database: str | None = None) -> None:
        """Go on after `before_fork`, in a worker with a copy of its own.

        :param worker: its number, from 1 on; 0 in the process that was forked.
        :param database: the name of a worker's own copy on a server, if one was made.
        """
        ...


@dataclass(frozen=True)
class Mail:
    """One e-mail to one recipient, as the service handed it over.

    :ivar body: its plain text; empty if it has none.
    :ivar html: the same as a page; empty if it has none.
    :ivar attachments: the names of the files that are attached.
    """

    to: str
    subject: str
    body: str
    html: str = ""
    attachments: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"an e-mail to {self.to}, “{self.subject}”"


class Mailbox(Ledger, Protocol):
    """What the service sent by e-mail in a scenario."""

    @property
    def sent(self) -> list[Mail]:
        """All mails in order. Looking here verifies none of them."""
        ...

    def take(self, to: str, subject: str) -> Mail:
        """Return the first such mail that is not verified yet, and mark it as verified.

        :raises AssertionError: listing what was sent instead.
        """
        ...

    def verify_all(self) -> None:
        """Mark everything that was sent as verified."""
        ...

    def fail_with(self, error: Exception | None) -> None:
        """Raise this error from every further attempt to send; None ends that."""
        ...


@dataclass(frozen=True)
class Call:
    """One call of the service to the outside which a stub answered."""

    method: str
    url: str
    headers: Mapping[str, str]
    text: str
    stub: str

    @property
    def json(self) -> Any:
        """The body as parsed JSON. Raises json.JSONDecodeError when it is none."""
        return json.loads(self.text)


class OutsideCalls(Ledger, Protocol):
    """The services of other people, which answer only what a step arranged."""

    @property
    def calls(self) -> list[Call]:
        """The calls that stubs answered, in the order in which the service made them."""
        ...

    def stub(
        self, method: str, url: str | Pattern[str], *, name: str, presupposed: bool = False, **response: Any
    ) -> Any:
        """Arrange an answer, and return the stub by which its calls are found.

        :param name: what it stands for in the owner's words, such as "the weather for Berlin".
        :param presupposed: it may stay unused.
        :param response: the keywords of requests-mock: `json`, `text`, `status_code`, `headers`, `exc`, ...
        """
        ...

    def calls_to(self, stub: Any) -> list[Call]:
        """The calls that this stub answered, in order."""
        ...


@dataclass(frozen=True)
class QueuedTask:
    """A message as Celery sent it. `args` and `kwargs` went through the serialiser: a tuple is a list by now.

    `eta` is the time before which it is not due (with its time zone), None for at once; `retries` counts from
    0.
    """

    id: str
    name: str
    args: list[Any]
    kwargs: dict[str, Any]
    eta: datetime | None
    retries: int
    queue: str

    def __str__(self) -> str:
        arguments = ", ".join([*map(repr, self.args), *(f"{k}={v!r}" for k, v in self.kwargs.items())])
        return f"{self.name}({arguments})" + (f", due {self.eta:%d %B %H:%M:%S}" if self.eta else "")


class Tasks(Ledger, Protocol):
    """Background work: what is queued, and which of it the steps have verified."""

    @property
    def queued(self) -> list[QueuedTask]:
        """All that this scenario was seen to queue, in that order, also what has run by now."""
        ...

    def pending(self) -> list[QueuedTask]:
        """What is queued, oldest first within a queue, even in a stopped broker. Nothing runs."""
        ...

    def run_due(self) -> list[QueuedTask]:
        """Run what is due by the present clock, also what is queued meanwhile; return what ran, in order."""
        ...

    def deliver_again(self, task: QueuedTask) -> None:
        """Queue the message of a task once more, as a broker does that lost the acknowledgement."""
        ...

    def take(self, name: str) -> QueuedTask:
        """Return the first queued task of that name that is not verified yet, and mark it as verified.

        :raises AssertionError: listing what is queued instead.
        """
        ...

    def verify_all(self) -> None:
        """Mark everything that is queued as verified."""
        ...

    def publish_schedule(self, *names: str) -> None:
        """Queue every periodic task of the service once, or those named, as Celery's beat would in time."""
        ...

    def stop_broker(self) -> None:
        """Make publishing fail from now on, and deliver nothing."""
        ...

    def start_broker(self) -> None:
        """Bring the broker back, with the messages that it had."""
        ...


class Errors(Protocol):
    """The errors that the service logged during a scenario."""

    @property
    def warnings(self) -> list[str]:
        """What it logged as a warning, in order. Raises AssertionError where nobody listens for that."""
        ...

    def take(self, text: str) -> str:
        """Return the first unread message that contains `text`, and mark it as verified.

        :raises AssertionError: listing what was logged instead.
        """
        ...


class Outages(Protocol):
    """What can be broken on purpose where the parts are real."""

    def begin_mail(self) -> QueuedTask:
        """Make the worker begin with the next task, and keep it waiting when it is to hand over a mail."""
        ...

    def end_mail(self, task: QueuedTask) -> None:
        """Let the mail server take the mail, and the worker end the task."""
        ...

    def kill_worker_at_mail(self) -> None:
        """Make the worker begin with the next task, and kill it when it is about to hand over a mail."""
        ...

    def start_worker(self) -> None:
        """Start the worker that was killed, at the test's time; it looks for what was left to it."""
        ...

    def stop_queue(self) -> None:
        """Stop Redis, with all that it has."""
        ...

    def start_queue(self) -> None:
        """Start Redis again, with all that it had."""
        ...

    def restart_memory(self) -> None:
        """Restart PostgreSQL, which ends every connection."""
        ...

    def reload_web(self) -> None:
        """Make gunicorn put new processes in the place of the old ones, and wait until one serves."""
        ...

    def under_way(
        self, requests: Sequence[Request], at: Select[Any]
    ) -> AbstractContextManager[list[Future[Response]]]:
        """Send requests at one moment; in the block each stands before the rows that it will change.

        :param at: selects those rows, which are held until the block ends.
        """
        ...
