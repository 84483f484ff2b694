"""The processes of a service, by its factory: gunicorn serves `web()`, Celery's worker runs `celery`."""

import os
from importlib import import_module
from typing import Any

from celery import Celery
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from behave_flask.core.errors import UsageError
from behave_flask.stages.services import agent

FACTORY = "SERVED_FACTORY"  # the environment variable that names it, as `module:function`

# gunicorn's settings
worker_class = "gthread"
threads = 4
control_socket_disable = True


def build(factory: str) -> tuple[Flask, SQLAlchemy, Celery]:
    """Return the service with its database and its Celery app.

    :param factory: `module:function`.
    :raises UsageError: if it has none where the extensions of Flask are.
    """
    module, _, name = factory.partition(":")
    app = getattr(import_module(module), name)()
    for extension in ("sqlalchemy", "celery"):
        if extension not in app.extensions:
            raise UsageError(
                f"{factory} makes a service without app.extensions[{extension!r}], which the stage services"
                " needs. What is found in no extension is given to a Service of your own."
            )
    return app, app.extensions["sqlalchemy"], app.extensions["celery"]


def web() -> Flask:
    """Return what gunicorn serves."""
    app, db, _ = build(os.environ[FACTORY])
    agent.install("web", app, db)
    return app


def __getattr__(name: str) -> Any:
    """Build the service only when a worker asks for `celery`."""
    if name != "celery":
        raise AttributeError(name)
    app, db, celery = build(os.environ[FACTORY])
    agent.install(agent.WORKER, app, db)
    return celery
