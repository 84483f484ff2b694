"""Which engines of SQLAlchemy a service has, whatever library made them, and when."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple
from weakref import WeakSet

from flask import Flask

from behave_flask.core.extras import requires_extra
from behave_flask.databases import instances

with requires_extra("sqlalchemy"):
    from sqlalchemy import Engine, MetaData, event


class Bind(NamedTuple):
    """One database of a service.

    :ivar name: None for the default one.
    :ivar engine: the service's.
    :ivar metadata: the tables that are the database's own, where the library says so: two may have one URL.
    """

    name: str | None
    engine: Engine
    metadata: MetaData | None = None


def of(app: Flask) -> list[Bind]:
    """Return the databases of a service, as far as their engines are made by now, the default one first.

    An extension says which they are (Flask-SQLAlchemy, Flask-SQLAlchemy-Lite). Without one, as with
    Alchemical or plain SQLAlchemy, they are all engines of this process.
    """
    return _of_extension(app) or [Bind(_name(index, each), each) for index, each in enumerate(_of_process())]


def _of_extension(app: Flask) -> list[Bind]:
    extension = app.extensions.get("sqlalchemy")
    with app.app_context():
        engines = getattr(extension, "engines", None)
    if not isinstance(engines, Mapping):
        return []
    metadatas = getattr(extension, "metadatas", {}) if len(engines) > 1 else {}
    found = [
        Bind(None if key == "default" else key, engine, metadatas.get(key)) for key, engine in engines.items()
    ]
    return sorted(found, key=lambda bind: bind.name is not None)


def _of_process() -> list[Engine]:
    """Return all engines that are in use.

    Of those with one URL, the last comes first: a factory that is called a second time makes one more.
    """
    alive = [each for each in _alive() if not each.dialect.is_async]
    latest = list({each.url: each for each in alive}.values())
    return [*latest, *(each for each in alive if each not in latest)]


def asynchronous() -> str:
    """Return the URL of an engine that is asynchronous; nothing if there is none."""
    return next((str(each.url) for each in _alive() if each.dialect.is_async), "")


def _alive() -> Iterator[Engine]:
    return (each for each in instances.of(Engine) if type(each) is Engine)


def _name(index: int, engine: Engine) -> str | None:
    return f"{engine.url.database or engine.dialect.name} ({index + 1})" if index else None


@cache
def watch() -> "WeakSet[Engine]":
    """Return the engines that connect from now on: a library may make one when it is first needed."""
    connected: WeakSet[Engine] = WeakSet()
    event.listen(Engine, "engine_connect", lambda connection: connected.add(connection.engine))
    return connected
