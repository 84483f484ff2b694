"""How the shop is built, and its database with it."""

import os
from collections.abc import Callable

from celery import Celery
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy

from app import create_app
from app.cli import add_migrations
from app.config import Settings, load_settings
from app.extensions import db, limiter
from app.services.weather import WeatherService

__all__ = ["Settings", "build", "db", "forgetting", "given_database", "upgrade"]


def build() -> tuple[Flask, SQLAlchemy, Celery]:
    """Make the shop as the environment configures it, with the cheapest hash of a password."""
    app = create_app("testing")
    return app, db, app.extensions["celery"]


def upgrade() -> None:
    """Bring the database to the shop's schema, inside an app context."""
    from flask_migrate import upgrade as by_alembic  # few runs come here

    add_migrations(current_app)
    by_alembic()


def forgetting(app: Flask) -> Callable[[], None]:
    """Return what empties what the shop keeps in the memory of this process."""
    settings = load_settings("testing")

    def forget() -> None:
        with app.app_context():
            limiter.reset()
        app.config["WEATHER_SERVICE"] = WeatherService(settings)

    return forget


def given_database() -> str | None:
    """Return DATABASE_URL in the spelling for SQLAlchemy, or None."""
    return load_settings("testing").database_url if os.environ.get("DATABASE_URL") else None
