"""The stages on which the shop is played."""

import os
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from sqlalchemy import Select

from app.config import MIGRATIONS
from app.extensions import db
from behave_flask import EmbeddedStage, SQLAlchemyDatabase, Stage
from behave_flask.databases.postgresql import OwnDatabase
from behave_flask.databases.schema_image import kept
from features.support.shop.building import build, forgetting, given_database, upgrade


class ShopStage(EmbeddedStage):
    """The shop in this process: its mail goes to the mailbox, its files to a folder of its own."""

    def __init__(self) -> None:
        """Build the shop on SQLite in memory, or in a database of its own on the server of DATABASE_URL."""
        given = given_database()
        self._worker = 0
        self._database = OwnDatabase(given) if given else None
        if self._database:
            self._database.create()
            os.environ["DATABASE_URL"] = self._database.url
        app, _, _ = build()
        app.config["AVATAR_FOLDER"] = Path(app.root_path) / "no pictures yet"
        migrate = kept(upgrade, db, MIGRATIONS, Path(app.root_path).parent / "instance")
        super().__init__(
            app, mail="EMAIL_SERVICE", migrate=migrate, reset=forgetting(app), files="AVATAR_FOLDER"
        )

    def after_fork(self, worker: int, database: str | None = None) -> None:
        """Give a worker a copy of the database."""
        self._worker = worker
        super().after_fork(worker, self._database.copy(worker) if worker and self._database else database)

    def stop(self) -> list[str]:
        """Remove the database as well, with those of all workers, when the run ends."""
        try:
            return super().stop()
        finally:
            if not self._worker and self._database:
                self._database.drop()


def lose_pictures(stage: Stage) -> None:
    """Let the files of all pictures be gone. Raises AssertionError where there is none."""
    lost = list(Path(in_process(stage).app.config["AVATAR_FOLDER"]).iterdir())
    if not lost:
        raise AssertionError("The shop has no picture to lose.")
    for file in lost:
        file.unlink()


def take_folder_away(stage: Stage) -> Callable[[], None]:
    """Let the shop keep its pictures where no folder is yet, and return what undoes that."""
    config = in_process(stage).app.config
    before, elsewhere = config["AVATAR_FOLDER"], tempfile.TemporaryDirectory(prefix="avatars-")
    config["AVATAR_FOLDER"] = Path(elsewhere.name) / "of" / "members"

    def undo() -> None:
        config["AVATAR_FOLDER"] = before
        elsewhere.cleanup()

    return undo


def before_statement(stage: Stage, call: Callable[[Any, str], None]) -> None:
    """Call a function before each of the shop's statements until the scenario ends, with cursor and SQL."""
    database = in_process(stage).database
    assert isinstance(database, SQLAlchemyDatabase)
    database.before_statement(call)


def in_process(stage: Stage) -> ShopStage:
    """Return the stage on which the shop is in this process. Raises TypeError on another one."""
    if not isinstance(stage, ShopStage):
        raise TypeError("The shop is in processes of its own: tag the scenario @embedded.")
    return stage


def rows_held(stage: Stage, rows: Select[Any]) -> AbstractContextManager[Callable[[], int]]:
    """Hold rows of the database, for whoever wants them to wait until the end of the block.

    :returns: gives a function that counts those who wait.
    :raises TypeError: where the shop has one connection only.
    """
    from behave_flask.stages.services.stage import ServicesStage

    if not isinstance(stage, ServicesStage):
        raise TypeError("Nobody waits for rows here: tag the scenario @services.")
    return stage.outages.data.held(rows)


def _services() -> Stage:
    from features.support.shop.services import shop_services  # its libraries would slow down every other run

    return shop_services()


STAGES: dict[str, Callable[[], Stage]] = {"embedded": ShopStage, "services": _services}
