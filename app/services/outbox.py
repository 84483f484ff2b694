"""The transactional outbox: a task is written with the data that it is about, and published after the commit.

Nothing is published for data that was rolled back. A task stays in the table until it has been done: what the
broker did not take, or has lost, or what failed, is published again when it is due, by the next commit or by
the scheduled `publish_outbox`. Tasks are written so that a second run does no harm.
"""

import json
import logging
from datetime import datetime, timedelta
from typing import Any

from celery import Celery
from flask import current_app
from kombu.exceptions import OperationalError
from sqlalchemy import ColumnElement, Text, cast, delete, func, or_, select, update

from app.extensions import db
from app.models import OutboxMessage, utcnow

log = logging.getLogger(__name__)
BATCH = 100
# Longer than the broker takes to give the task of a worker that died to another one (`app.config`).
PUBLISHED_AGAIN_AFTER = timedelta(minutes=10)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
MOST_TRIES = 30  # with pauses of 1, 2, 4 … 32 minutes, then of an hour: for a day


def enqueue(task: str, *arguments: int | str) -> None:
    """Add a task to the present transaction.

    :param task: its name within `app.tasks`.
    :param arguments: what JSON can hold; ids rather than data, which may change meanwhile.
    """
    db.session.add(OutboxMessage(task=f"app.tasks.{task}", arguments=list(arguments)))
    db.session().info["publish after commit"] = True


def commit() -> None:
    """Commit the transaction, then publish what it enqueued."""
    db.session.commit()
    if db.session().info.pop("publish after commit", False):
        publish()


def publish() -> int:
    """Hand the tasks that are due to the broker, oldest first, and return how many it took.

    Two processes never publish the same row, and none is locked while the broker is spoken to: each is put
    off before, in a transaction of its own. If this process dies meanwhile, it is published then.
    """
    celery: Celery = current_app.extensions["celery"]
    messages = _put_off_oldest()
    published = 0
    try:
        for name, arguments in messages.values():
            celery.tasks[name].delay(*arguments)
            published += 1
    except OperationalError as error:
        log.warning("Tasks wait, because the broker takes none: %s", error)
        left = list(messages)[published:]
        db.session.execute(update(OutboxMessage).where(OutboxMessage.id.in_(left)).values(due_at=None))
        db.session.commit()
    return published


def remove(task: str, *arguments: int | str) -> None:
    """Remove a task that is done; the caller commits."""
    db.session.execute(delete(OutboxMessage).where(_is(task, arguments)))


def put_off(task: str, *arguments: int | str, until: datetime) -> None:
    """Have a task published again later, if it is not done by then, and commit."""
    db.session.execute(update(OutboxMessage).where(_is(task, arguments)).values(due_at=until))
    db.session.commit()


def try_again(task: str, *arguments: int | str, error: Exception) -> None:
    """Have a task that failed published again after a pause, which grows; after a day give it up. Commits."""
    failed = update(OutboxMessage).where(_is(task, arguments)).values(tries=OutboxMessage.tries + 1)
    tries = db.session.scalar(failed.returning(OutboxMessage.tries))
    if tries is None:  # an older version of the shop removed it when the broker had it
        db.session.add(OutboxMessage(task=f"app.tasks.{task}", arguments=list(arguments), tries=1))
        db.session.flush()
        tries = 1
    what = " ".join(map(str, (task, *arguments)))
    if tries >= MOST_TRIES:
        log.error("%s is given up after %s tries: %s", what, tries, error)
        remove(task, *arguments)
        db.session.commit()
    else:
        pause = min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)
        log.warning("%s is tried again in %s: %s", what, pause, error)
        put_off(task, *arguments, until=utcnow() + pause)


def log_unknown() -> None:
    """Log what waits for another version of the shop: somebody has to know if none comes."""
    query = select(OutboxMessage.task, func.count()).where(~_known()).group_by(OutboxMessage.task)
    for task, many in db.session.execute(query):
        log.error("This version of the shop does not know %s: %s wait for one that does.", task, many)


def _put_off_oldest() -> dict[int, tuple[str, list[Any]]]:
    """Return, by id, the oldest that are due and that this version of the shop can do; others wait for it."""
    is_due = or_(OutboxMessage.due_at.is_(None), OutboxMessage.due_at <= utcnow())
    oldest = select(OutboxMessage.id).where(_known(), is_due).order_by(OutboxMessage.id).limit(BATCH)
    taken = (
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(oldest.with_for_update(skip_locked=True)))
        .values(due_at=utcnow() + PUBLISHED_AGAIN_AFTER)
        .returning(OutboxMessage.id, OutboxMessage.task, OutboxMessage.arguments)
        .execution_options(synchronize_session=False)
    )
    found = {row.id: (row.task, row.arguments) for row in db.session.execute(taken)}
    db.session.commit()
    return dict(sorted(found.items()))


def _known() -> ColumnElement[bool]:
    return OutboxMessage.task.in_(current_app.extensions["celery"].tasks)


def _is(task: str, arguments: tuple[int | str, ...]) -> ColumnElement[bool]:
    same = cast(OutboxMessage.arguments, Text) == json.dumps(list(arguments))
    return (OutboxMessage.task == f"app.tasks.{task}") & same
