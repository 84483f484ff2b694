"""The library's processes on the services stage: gunicorn serves `web()`, Celery's worker runs `celery`."""

from typing import Any

from flask import Flask

from behave_flask.stages.services import agent
from features.support.stages import build

# gunicorn's settings
worker_class = "gthread"
threads = 4
control_socket_disable = True


def web() -> Flask:
    app, db, _ = build()
    agent.install("web", app, db)
    return app


def __getattr__(name: str) -> Any:
    """Build the library only when a worker asks for `celery`."""
    if name != "celery":
        raise AttributeError(name)
    app, db, celery = build()
    agent.install("worker", app, db)
    return celery
