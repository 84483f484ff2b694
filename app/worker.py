"""Celery, bound to the shop: each task runs in an app context of its own.

Run a worker by `celery --app app.worker:celery worker --beat`.
"""

from typing import Any

from celery import Celery, Task
from flask import Flask

from app import tasks as tasks  # registers them
from app.extensions import db


def init_app(app: Flask) -> Celery:
    """Make the app's Celery application, configured by the app's own ``CELERY_*`` settings, live."""

    class ContextTask(Task):
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            with app.app_context():
                return self.run(*args, **kwargs)

        def retry(self, *args: Any, **kwargs: Any) -> Any:
            db.session.rollback()  # nothing stays locked until the next try
            return super().retry(*args, **kwargs)

    celery = Celery("app", task_cls=ContextTask)
    celery.config_from_object(app.config, namespace="CELERY")
    celery.set_default()
    app.extensions["celery"] = celery
    return celery


def __getattr__(name: str) -> Celery:
    """Build the shop only when a worker asks for ``celery``."""
    if name != "celery":
        raise AttributeError(name)
    from app import create_app

    celery: Celery = create_app().extensions["celery"]
    return celery
