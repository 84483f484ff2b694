"""Claims: one at a time works on something, and nothing is locked while somebody else is spoken to.

A lock on a row lasts as long as its transaction, and keeps everybody waiting who needs the row, such as for
signing in. A claim is a row of its own, written in one short transaction and deleted in another. Whoever dies
with one leaves it to expire, so what is done under a claim has to be done, or given up, before it does.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models import Claim, utcnow


class Taken(Exception):
    """Somebody else is at work on it.

    :ivar until: when their claim ends at the latest.
    """

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@contextmanager
def held(name: str, lifetime: timedelta) -> Iterator[None]:
    """Hold a claim during the block, which begins without a transaction, and commits what it does.

    :param name: what is worked on, such as "order 7".
    :param lifetime: longer than the block can take.
    :raises Taken: somebody else holds it.
    """
    holder = uuid.uuid4().hex
    _take(name, holder, lifetime)
    try:
        yield
    finally:
        db.session.rollback()
        db.session.execute(delete(Claim).where(Claim.name == name, Claim.holder == holder))
        db.session.commit()


def _take(name: str, holder: str, lifetime: timedelta) -> None:
    db.session.commit()
    db.session.execute(delete(Claim).where(Claim.until <= utcnow()))
    db.session.add(Claim(name=name, holder=holder, until=utcnow() + lifetime))
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        until = db.session.scalar(select(Claim.until).where(Claim.name == name))
        db.session.commit()
        raise Taken(until or utcnow()) from None  # None: it was released meanwhile
