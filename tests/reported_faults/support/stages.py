"""How the library is built as it is served: by gunicorn, with PostgreSQL, Redis and a worker."""

from celery import Celery
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from behave_flask import Stage
from library import create_app, db


def build() -> tuple[Flask, SQLAlchemy, Celery]:
    app = create_app()
    return app, db, app.extensions["celery"]


def services() -> Stage:
    from behave_flask import Service, ServicesStage  # their libraries would slow down other runs

    library = Service(
        settings=lambda around: {
            "DATABASE_URL": around.database_url,
            "BROKER_URL": around.broker_url,
            "MAIL_SERVER": f"{around.mail_host}:{around.mail_port}",
        },
        build=build,
        migrate=db.create_all,
        web="features.support.served:web()",
        worker="features.support.served:celery",
        commands="library",
        gunicorn="python:features.support.served",
    )
    return ServicesStage(library, database_url=None, redis_url=None)
