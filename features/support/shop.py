"""The one door from the suite to the shop's code: how it is built, and the models that data are made of."""

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from unittest.mock import patch

from celery import Celery
from flask import Flask
from flask_migrate import upgrade
from flask_sqlalchemy import SQLAlchemy

from app import create_app
from app.config import ConfigurationError, Settings, load_settings
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
from features.harness.services import Service, ServicesStage, Surroundings
from features.harness.stage import Stage

__all__ = [
    "AccessToken",
    "Order",
    "OutboxMessage",
    "Post",
    "Product",
    "Refund",
    "ShopStage",
    "User",
    "build",
    "digest_of",
    "fault_in_settings",
    "forgetting",
]


def fault_in_settings(name: str, environment: Mapping[str, str]) -> str:
    """Return why the shop would not start as this configuration in this environment; nothing if it would."""
    with patch.dict(os.environ, environment, clear=True):
        try:
            load_settings(name)
        except ConfigurationError as error:
            return str(error)
    return ""


def build() -> tuple[Flask, SQLAlchemy, Celery]:
    """Make the shop as the environment configures it, with the cheapest hash of a password."""
    app = create_app("testing")
    return app, db, app.extensions["celery"]


def forgetting(app: Flask) -> Callable[[], None]:
    """Return what empties what the shop keeps in the memory of this process."""
    settings = load_settings("testing")

    def forget() -> None:
        with app.app_context():
            limiter.reset()
        app.config["WEATHER_SERVICE"] = WeatherService(settings)

    return forget


class ShopStage(EmbeddedStage):
    """The shop in this process: its mail goes to the mailbox, its files to a temporary folder."""

    def __init__(self) -> None:
        """Build the shop on SQLite in memory, or in a database of its own on the server of DATABASE_URL."""
        given = _given_database()
        self._database = OwnDatabase(given) if given else None
        if self._database:
            self._database.create()
            os.environ["DATABASE_URL"] = self._database.url
        self._folder = tempfile.TemporaryDirectory(prefix="avatars-")
        files = Path(self._folder.name)
        app, _, celery = build()
        super().__init__(app, db, celery, migrate=upgrade, reset=forgetting(app), files=files)
        app.config.update(EMAIL_SERVICE=self.mailbox, AVATAR_FOLDER=files)

    def stop(self) -> list[str]:
        """Remove the folder and the database as well."""
        try:
            return super().stop()
        finally:
            self._folder.cleanup()
            if self._database:
                self._database.drop()


def shop_services() -> ServicesStage:
    """Give the shop as in production, on the servers of DATABASE_URL and REDIS_URL or on its own."""
    shop = Service(
        settings=_settings,
        build=build,
        migrate=upgrade,
        web="features.support.served:web()",
        worker="features.support.served:celery",
        commands="app",
        gunicorn="python:app.serving",
    )
    return ServicesStage(shop, _given_database(), os.environ.get("REDIS_URL") or None)


def _settings(around: Surroundings) -> dict[str, str]:
    return {
        "SHOP_CONFIG": "testing",
        "DATABASE_URL": around.database_url,
        "BROKER_URL": around.broker_url,
        "LIMITS_URL": around.store_url,
        "AVATAR_FOLDER": str(around.files),
        "MAIL_SERVER": around.mail_host,
        "MAIL_PORT": str(around.mail_port),
        "PAYMENTS_URL": around.address_of(str(Settings.model_fields["payments_url"].default)),
        "WEATHER_URL": around.address_of(str(Settings.model_fields["weather_url"].default)),
        "OUTSIDE_TIMEOUT_SECONDS": "0.5",  # a provider that is too slow is waited for this long, in earnest
    }


def _given_database() -> str | None:
    return load_settings("testing").database_url if os.environ.get("DATABASE_URL") else None


STAGES: dict[str, Callable[[], Stage]] = {"embedded": ShopStage, "services": shop_services}
