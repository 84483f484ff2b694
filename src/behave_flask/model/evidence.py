"""What a step leaves for whoever reads the report: exchanges, mails, the world at a failure.

Code that has something to show calls `attach`, and knows no report. Nothing is kept unless a report listens.
Whatever is kept has its secrets masked and its size bounded, and is put into words only when it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from behave_flask.core import text
from behave_flask.core.http import Exchange

if TYPE_CHECKING:  # a suite that attaches something need not have a database or a queue
    from behave_flask.core.protocols import Call, Mail
    from behave_flask.core.stage import Stage

TEXT, HTML, PNG = "text/plain", "text/html", "image/png"
MOST = 30  # pieces at one step


@dataclass(frozen=True)
class Piece:
    """One thing to show: its name, and its text or bytes, or how to make the text."""

    name: str
    content: str | bytes | Callable[[], str]
    type: str = TEXT

    def render(self) -> str | bytes:
        """Return the bytes of a picture as they are; of anything else the text, masked and bounded.

        Whatever the making of it raises is the text.
        """
        try:
            content = self.content() if callable(self.content) else self.content
        except BaseException as error:  # noqa: BLE001 (nobody waits for it but the report)
            return text.clean(f"This could not be put into words.\n{text.trace_of(error)}")
        if isinstance(content, bytes) and not self.type.startswith("text/"):
            return content
        return text.clean(content)


@dataclass
class Evidence:
    """Where the pieces of one run go: to the scenario or step that is at work, if a report listens."""

    listening: bool = False
    holder: Any = None


_of_run = [Evidence()]  # that of the run which goes on in this process: who attaches something knows none


def begin_run() -> Evidence:
    """Return the evidence of a run that begins, which nobody listens to yet."""
    _of_run[0] = Evidence()
    return _of_run[0]


def listen() -> None:
    """Begin to keep what is attached; a report that wants it says so once, before the run."""
    _of_run[0].listening = True


def turn_to(holder: Any) -> None:
    """Make what is attached from now on belong to this feature, scenario or step.

    :param holder: behave's model of it.
    """
    _of_run[0].holder = holder


def attach(name: str, content: str | bytes | Callable[[], str], type: str = TEXT) -> None:  # noqa: A002
    """Show something with the step that is at work, else with its scenario.

    :param name: what the report calls it.
    :param content: text, the bytes of a picture, or a function that returns the text if it is wanted.
    :param type: the media type.
    """
    run = _of_run[0]
    if run.listening and run.holder is not None:
        if not hasattr(run.holder, "evidence"):
            run.holder.evidence = []
        run.holder.evidence.append(Piece(name, content, type))


def of(holder: Any) -> list[Piece]:
    """Return what was attached to a feature, scenario or step, and how many more pieces there were.

    :param holder: behave's model of it.
    """
    pieces: list[Piece] = getattr(holder, "evidence", [])
    more = len(pieces) - MOST
    return pieces if more <= 0 else [*pieces[:MOST], Piece("and more", f"{more} more, which are not shown.")]


def forget(holder: Any) -> None:
    """Release what was attached to a scenario or step.

    :param holder: behave's model of it.
    """
    if hasattr(holder, "evidence"):
        del holder.evidence


class Witnessed(Protocol):
    """What a scenario has and knows, as far as a report wants to see it."""

    exchanges: list[Exchange]

    def report(self, message: str = "") -> str:
        """Return the state of it all, leaving out what the failure's `message` says."""
        ...


class Witness:
    """Attaches to each step what the service did in it: exchanges, mails, queued tasks, outside calls."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.begin()

    def begin(self) -> None:
        """Forget what was seen: a new scenario."""
        self._seen = {"exchanges": 0, "mails": 0, "tasks": 0, "calls": 0}

    def look(self, exchanges: Sequence[Exchange]) -> None:
        """Attach what is new since the last look."""
        if not _of_run[0].listening:
            return
        for exchange in self._new("exchanges", exchanges):
            attach(exchange.title, exchange.__str__)
        for mail in self._new("mails", self._stage.mailbox.sent):
            attach(str(mail), partial(_mail, mail))
        for task in self._new("tasks", self._stage.tasks.queued):
            attach(f"a queued task, {task.name}", task.__str__)
        for call in self._new("calls", self._stage.outside.calls):
            attach(f"an outside call, “{call.stub}”", partial(_call, call))

    def _new(self, kind: str, things: Sequence[Any]) -> Sequence[Any]:
        before, self._seen[kind] = self._seen[kind], len(things)
        return things[before:]


def _mail(mail: Mail) -> str:
    return f"To: {mail.to}\nSubject: {mail.subject}\n\n{mail.body}"


def _call(call: Call) -> str:
    headers = "".join(f"\n{name}: {value}" for name, value in call.headers.items())
    return f"{call.method} {call.url}{headers}\n\n{call.text}"
