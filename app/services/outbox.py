"""The transactional outbox: a task is written with the data that it is about, and published after the commit.

Nothing is published for data that was rolled back, and nothing is lost while the broker is down: what could
not be published stays in the table, and the next commit or the scheduled `publish_outbox` publishes it.
"""

import logging

from celery import Celery
from flask import current_app
from kombu.exceptions import OperationalError
from sqlalchemy import delete, func, select

from app.extensions import db
from app.models import OutboxMessage

log = logging.getLogger(__name__)
BATCH = 100


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
    """Hand the waiting tasks to the broker, oldest first, and return how many it took.

    Two processes never publish the same row (SKIP LOCKED; SQLite cannot). If this one dies before its commit,
    a task is published again: tasks are written so that a second run does no harm.
    """
    celery: Celery = current_app.extensions["celery"]
    taken = []
    try:
        for message in _oldest():
            celery.tasks[message.task].delay(*message.arguments)
            taken.append(message.id)
    except OperationalError as error:
        log.warning("Tasks wait, because the broker takes none: %s", error)
    # Only now: a task that runs at once (eager) must find nothing uncommitted of ours.
    db.session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_(taken)))
    db.session.commit()
    return len(taken)


def _oldest() -> list[OutboxMessage]:
    """Return the oldest that this version of the shop can do; others wait for the version that can."""
    known = OutboxMessage.task.in_(current_app.extensions["celery"].tasks)
    query = select(OutboxMessage).where(known).order_by(OutboxMessage.id).limit(BATCH)
    return list(db.session.scalars(query.with_for_update(skip_locked=True)))


def log_unknown() -> None:
    """Log what waits for another version of the shop: somebody has to know if none comes."""
    known = OutboxMessage.task.in_(current_app.extensions["celery"].tasks)
    query = select(OutboxMessage.task, func.count()).where(~known).group_by(OutboxMessage.task)
    for task, many in db.session.execute(query):
        log.error("This version of the shop does not know %s: %s wait for one that does.", task, many)
