"""The shop as in production: what it needs of the services stage."""

import os

from behave_flask import Service, ServicesStage
from behave_flask.stages.services.stage import Surroundings
from features.support.shop.building import Settings, build, given_database, upgrade


def shop_services() -> ServicesStage:
    """Give the shop as in production, on the servers of DATABASE_URL and REDIS_URL or on its own."""
    shop = Service(
        settings=_settings,
        build=build,
        migrate=upgrade,
        web="features.support.shop.agents:web()",
        worker="features.support.shop.agents:celery",
        commands="app",
        gunicorn="python:app.serving",
    )
    return ServicesStage(shop, given_database(), os.environ.get("REDIS_URL") or None)


def _settings(around: Surroundings) -> dict[str, str]:
    return {
        "SHOP_CONFIG": "testing",
        "DATABASE_URL": around.database_url,
        "PGTZ": "Asia/Kolkata",  # a database may tell the time of another place
        "BROKER_URL": around.broker_url,
        "LIMITS_URL": around.store_url,
        "AVATAR_FOLDER": str(around.files),
        "MAIL_SERVER": around.mail_host,
        "MAIL_PORT": str(around.mail_port),
        "PAYMENTS_URL": around.address_of(str(Settings.model_fields["payments_url"].default)),
        "WEATHER_URL": around.address_of(str(Settings.model_fields["weather_url"].default)),
        "OUTSIDE_TIMEOUT_SECONDS": "0.5",  # a provider that is too slow is waited for this long, in earnest
    }
