"""The one door from the suite to the shop's code: how it is built, and the models that data are made of."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.config import ConfigurationError, load_settings
from app.extensions import db, limiter
from app.models import (
    AccessToken,
    Order,
    OutboxMessage,
    Post,
    Product,
    Refund,
    User,
    digest_of,
)
from app.services.weather import WeatherService
from features.harness.databases import OwnDatabase
from features.harness.embedded import EmbeddedStage

__all__ = [
    "AccessToken",
    "Order",
    "OutboxMessage",
    "Post",
    "Product",
    "Refund",
    "ShopStage",
    "User",
    "digest_of",
    "fault_in_settings",
]


def fault_in_settings(name: str, environment: Mapping[str, str]) -> str:
    """Return why the shop would not start as this configuration in this environment; nothing if it would."""
    with patch.dict(os.environ, environment, clear=True):
        try:
            load_settings(name)
        except ConfigurationError as error:
            return str(error)
    return ""


class ShopStage(EmbeddedStage):
    """The shop in this process: its mail goes to the mailbox, its files to a temporary folder."""

    def __init__(self) -> None:
        """Build the shop on SQLite in memory, or in a database of its own on the server of DATABASE_URL."""
        given = load_settings("testing").database_url if os.environ.get("DATABASE_URL") else None
        self._worker = 0
        self._database = OwnDatabase(given) if given else None
        if self._database:
            self._database.create()
            os.environ["DATABASE_URL"] = self._database.url
        self._folder = tempfile.TemporaryDirectory(prefix="avatars-")
        files = Path(self._folder.name)
        app = create_app("testing")
        self._settings = load_settings("testing")
        super().__init__(
            app, db, app.extensions["celery"], migrate=upgrade, reset=lambda: self._forget(app), files=files
        )
        app.config.update(EMAIL_SERVICE=self.mailbox, AVATAR_FOLDER=files)

    def adopt(self, worker: int, database: str | None = None) -> None:
        """Give a worker a copy of the database."""
        self._worker = worker
        super().adopt(worker, self._database.copy(worker) if worker and self._database else database)
        self.app.config["AVATAR_FOLDER"] = self._files

    def stop(self) -> list[str]:
        """Remove the folder and the database as well, with those of all workers, when the run ends."""
        try:
            return super().stop()
        finally:
            if not self._worker:
                self._folder.cleanup()
                if self._database:
                    self._database.drop()

    def _forget(self, app: Flask) -> None:
        with app.app_context():
            limiter.reset()
        app.config["WEATHER_SERVICE"] = WeatherService(self._settings)


STAGES = {"embedded": ShopStage}
