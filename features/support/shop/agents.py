"""The shop's processes on the services stage: gunicorn serves `web()`, Celery's worker runs `celery`."""

from typing import Any

from flask import Flask

from behave_flask.stages.services.agent import install
from features.support.shop.building import build, forgetting


def web() -> Flask:
    """Build the shop for customers."""
    app, db, _ = build()
    install("web", app, db, forget=forgetting(app))
    return app


def __getattr__(name: str) -> Any:
    """Build the shop only when a worker asks for `celery`."""
    if name != "celery":
        raise AttributeError(name)
    app, db, celery = build()
    install("worker", app, db, forget=forgetting(app))
    return celery
