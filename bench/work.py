"""The work that every way of testing does in the benchmark: a row of the permission matrix, N times.

Each time: a furnished shop of its own, somebody, a valid request, what the answer has to mean and to look
like, and whether there is something where it says so. Nothing looks at what else has happened; only the
suite's own runs do.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from behave_flask.permissions.permission_matrix import follow_location
from bench import counting
from features.support.checks import permissions
from features.support.shop import building, stages
from features.support.world.world import World

ROWS = "BENCH_ROWS"  # the environment variable that names the file of the rows


class Row(NamedTuple):
    """Who tries what by which request, and what the answer has to mean."""

    number: int
    who: str
    word: str
    action: str
    request: str


class Bare(stages.ShopStage):
    """The shop, isolated by a transaction a scenario, with the world outside that it needs, and unwatched."""

    def begin_scenario(self) -> None:
        """Begin with an empty shop."""
        self._begin()
        self._reset()
        self._folders.begin()
        self.outside.activate()

    def end_scenario(self) -> list[str]:
        """Leave nothing behind."""
        self.outside.deactivate()
        self.tasks.clear()
        self._folders.put_back()
        self._end()
        return []

    def _begin(self) -> None:
        self.database.begin()

    def _end(self) -> None:
        self.database.end()


class Recreated(Bare):
    """The same by the text that this suite grew from: tables are made and dropped each time."""

    def start(self) -> str:
        """Leave the database as it is, without a table."""
        return ""

    @contextmanager
    def data(self) -> Iterator[Session]:
        """Give a session that really commits."""
        with self.app.app_context():
            engine = building.db.engine
        with Session(engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    def _begin(self) -> None:
        with self.app.app_context():
            building.db.create_all()

    def _end(self) -> None:
        with self.app.app_context():
            building.db.session.remove()
            building.db.drop_all()


def rows() -> list[Row]:
    """Read the rows that are to be played."""
    return [Row(*row) for row in json.loads(Path(os.environ[ROWS]).read_text(encoding="utf-8"))]


@cache
def started(kind: type[Bare] = Bare) -> Bare:
    """Make the shop, once in a process."""
    counting.begin()
    stage = kind()
    stage.start()
    return stage


@contextmanager
def scenario(stage: Bare) -> Iterator[World]:
    """Give an empty shop, and put it away."""
    stage.begin_scenario()
    try:
        yield World(stage)
    finally:
        stage.end_scenario()


def attempt(world: World, who: str, action: str, request: str) -> None:
    """Let somebody make the valid request of an operation."""
    operation = permissions.MATRIX.operation_of(world, request, action)
    world.person(who)
    world.act(who, operation, **operation.valid(world, who))


def judge(world: World, word: str) -> None:
    """Check the answer. Raises AssertionError if it is another, or if it leads nowhere."""
    world.outcome.must_be(word)
    follow_location(world)


def play(stage: Bare, row: Row) -> None:
    """Do all of one row. Raises AssertionError if the answer is another."""
    with scenario(stage) as world:
        permissions.furnish(world)
        attempt(world, row.who, row.action, row.request)
        judge(world, row.word)
