"""Publish before commit, caught when it happens: a task sent while its data are not in the database.

Running the task later cannot show it: by then the rows are there. In production a worker may be faster than
the commit, or the commit may never come. Seen are the writes of sessions, of whatever kind, not those made on
a connection of the service's own.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from threading import local
from typing import Any
from weakref import WeakSet

from behave_flask.core.extras import requires_extra

with requires_extra("celery"):
    from celery.signals import before_task_publish

with requires_extra("sqlalchemy"):
    from sqlalchemy import TextClause, event
    from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

_KEY = "publish_guard_writes"
_WRITING_SQL = re.compile(r"\s*(insert|update|delete|merge|replace|truncate)\b", re.IGNORECASE)


class _Begun(local):
    """The sessions that have begun something in this thread: another one's are another request's."""

    def __init__(self) -> None:
        self.sessions: WeakSet[Session] = WeakSet()


_begun = _Begun()


class PublishGuard:
    """Watches all sessions of SQLAlchemy, and Celery's publishing; make it once, before the scenarios.

    Reading, also `with_for_update(skip_locked=True)`, is no write: an outbox relay that selects, publishes,
    then deletes and commits is right. Findings are recorded, not raised: the service may swallow what a
    publish raises.
    """

    def __init__(self) -> None:
        """Listen to all sessions, and to the publishing of every Celery app in the process."""
        self._findings: list[str] = []
        _watch_sessions()
        # Before 5.7, Celery takes the methods of two guards for one without a name of its own.
        before_task_publish.connect(self._before_publish, dispatch_uid=f"publish guard {id(self)}")

    def findings(self) -> list[str]:
        """Return what was published too early since the last clear(), a sentence each."""
        return list(self._findings)

    def clear(self) -> None:
        """Forget the findings: call it between scenarios."""
        self._findings.clear()

    def _before_publish(self, sender: str, **_: Any) -> None:
        if uncommitted := ", ".join(filter(None, map(_uncommitted, list(_begun.sessions)))):
            self._findings.append(
                f"{sender} was published before the commit; not yet in the database: {uncommitted}. A worker"
                " may run it before these rows exist, or although they were rolled back. Publish after"
                " commit(), or from an outbox."
            )


@cache
def _watch_sessions() -> None:
    """Listen to all sessions, once a process."""
    event.listen(Session, "after_begin", _note_session)
    event.listen(Session, "after_attach", _note_session)
    event.listen(Session, "after_flush", _note_flush)
    event.listen(Session, "do_orm_execute", _note_statement)
    # First in line: the service's own hook may publish in the same event, rightly.
    event.listen(Session, "after_commit", _forget_committed, insert=True)
    event.listen(Session, "after_soft_rollback", _forget_rolled_back, insert=True)


def _note_session(session: Session, *_: object) -> None:
    _begun.sessions.add(session)


def _uncommitted(session: Session) -> str:
    writes = [write for _, write in _writes(session)] + _changes(session)
    return ", ".join(
        f"{write} ({count} times)" if count > 1 else write for write, count in Counter(writes).items()
    )


def _changes(session: Session) -> list[str]:
    return [
        *_named("new", session.new),
        *_named("changed", (thing for thing in session.dirty if session.is_modified(thing))),
        *_named("deleted", session.deleted),
    ]


def _named(what: str, things: Iterable[object]) -> list[str]:
    return [f"{what} {type(thing).__name__}" for thing in things]


def _writes(session: Session) -> list[tuple[SessionTransaction | None, str]]:
    """Return what the session wrote, each with the savepoint it was written in; dies with the session."""
    writes: list[tuple[SessionTransaction | None, str]] = session.info.setdefault(_KEY, [])
    return writes


def _note_flush(session: Session, _: object) -> None:
    _writes(session).extend((session.get_nested_transaction(), change) for change in _changes(session))


def _note_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete or _is_writing_text(state.statement):
        statement = " ".join(str(state.statement).split()[:3])
        _writes(state.session).append((state.session.get_nested_transaction(), statement))


def _is_writing_text(statement: object) -> bool:
    return isinstance(statement, TextClause) and _WRITING_SQL.match(statement.text) is not None


def _forget_committed(session: Session) -> None:
    """Forget all at the commit. The event comes for a savepoint too: its writes pass to what is around."""
    ending = session.get_nested_transaction()
    if ending is None:
        _writes(session).clear()
    else:
        around = ending.parent if ending.parent is not None and ending.parent.nested else None
        session.info[_KEY] = [(around if at is ending else at, write) for at, write in _writes(session)]


def _forget_rolled_back(session: Session, previous: SessionTransaction) -> None:
    if previous.parent is None:
        _writes(session).clear()
    elif previous.nested:
        session.info[_KEY] = [(at, write) for at, write in _writes(session) if at is not previous]
