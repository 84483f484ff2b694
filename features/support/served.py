"""The shop's processes on the services stage: gunicorn serves `web()`, Celery's worker runs `celery`."""

from typing import Any

from flask import Flask

from behave_flask.stages.services.agent import attach
from features.support.shop import build, forgetting


def web() -> Flask:
    """Build the shop for customers."""
    app, db, _ = build()
    attach("web", app, db, forget=forgetting(app))
    return app


def __getattr__(name: str) -> Any:
    """Build the shop only when a worker asks for `celery`."""
    if name != "celery":
        raise AttributeError(name)
    app, db, celery = build()
    attach("worker", app, db, forget=forgetting(app))
    return celery
