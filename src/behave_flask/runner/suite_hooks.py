"""The hooks of a suite in one line: what `environment.py` says where nothing else has to be said."""

import inspect
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from behave.configuration import DEFAULT_RUNNER_CLASS_NAME
from flask import Flask

from behave_flask.core import paths, text
from behave_flask.core.errors import UsageError
from behave_flask.core.stage import EMBEDDED, SERVICES, Stage
from behave_flask.core.world import World
from behave_flask.permissions.permission_matrix import PermissionMatrix
from behave_flask.runner.suite import Suite
from behave_flask.stages.embedded.stage import EmbeddedStage


def hooks_for(
    create_app: Callable[[], Flask] | Flask,
    *,
    world: Callable[[Stage], World] = World,
    matrix: PermissionMatrix | None = None,
    services: Mapping[str, str] | None = None,
    stages: Mapping[str, Callable[[], Stage]] | None = None,
    secrets: Collection[str] = (),
    **parts: Any,
) -> dict[str, Callable[..., None]]:
    """Return the hooks of behave for a Flask service, for `environment.py`.

    For example::

        globals().update(hooks_for(create_app, world=LibraryWorld))

    A step finds the scenario's world as `context.world`, the run as `context.suite`, the permission matrix as
    `context.matrix`.

    :param create_app: makes the service; it takes no arguments, and is called when the run begins. An app
        that is made already will do.
    :param world: makes the world of a scenario on a stage; most often a subclass of `World`.
    :param matrix: the permission matrix; without it that of all personas of the world, if it has some, with
        its tables in the folder `access` beside `environment.py`, if that is there.
    :param services: for the stage "services", the environment variables that configure the service, each
        with what it holds there: "{database_url}", "{broker_url}", "{store_url}", "{mail_host}:{mail_port}",
        "{files}", or the address of somebody else's service, such as "https://weather.example".
    :param stages: by name, what builds further stages; "embedded" and "services" replace the usual ones.
    :param secrets: the names of fields and headers, beside the usual ones, whose values no report shows.
    :param parts: what `EmbeddedStage` takes, such as `mail="EMAIL_SERVICE"`.
    :returns: by name, `before_all`, `before_feature` and so on.
    """
    text.add_secret_fields(*secrets)
    embedded = {EMBEDDED: lambda: EmbeddedStage(_made(create_app), **parts)}
    real = {} if services is None else {SERVICES: lambda: _real(create_app, services)}
    built: Mapping[str, Callable[[], Stage]] = {**embedded, **real, **(stages or {})}

    def before_all(context: Any) -> None:
        _refuse_plain_behave(context.config)
        context.matrix = matrix or _usual_matrix(world, paths.absolute(context.config.base_dir))
        drawn = (context.matrix.folder, context.matrix.legend) if context.matrix else None
        context.suite = Suite(context.config, built, drawn)
        context.suite.start()

    def before_feature(context: Any, feature: Any) -> None:
        context.suite.begin_feature(feature)

    def before_scenario(context: Any, scenario: Any) -> None:
        context.suite.begin_scenario(scenario)
        context.world = world(context.suite.stage)

    def after_step(context: Any, step: Any) -> None:
        context.suite.end_step(context.scenario, step, context.world)

    def after_scenario(context: Any, scenario: Any) -> None:
        context.suite.end_scenario(scenario, getattr(context, "world", None))

    def after_feature(context: Any, feature: Any) -> None:
        context.suite.end_feature(feature)

    def after_all(context: Any) -> None:
        context.suite.stop()

    before_all.stages, before_all.matrix = built, matrix  # type: ignore[attr-defined] # for `behave-flask init`
    after_all.capture = False  # type: ignore[attr-defined] # what the run says at its end is for everybody
    hooks = (
        before_all,
        before_feature,
        before_scenario,
        after_step,
        after_scenario,
        after_feature,
        after_all,
    )
    return {hook.__name__: hook for hook in hooks}


def _refuse_plain_behave(config: Any) -> None:
    """Raise UsageError if behave's own runner has begun the run, which knows nothing of a `Suite`."""
    if config.runner == DEFAULT_RUNNER_CLASS_NAME:
        raise UsageError(
            "behave's own runner cannot play this suite. Name another one where behave is configured:"
            " runner = behave_flask:Runner, below [behave] in behave.ini; or, below [tool.behave] in"
            ' pyproject.toml, runner = "behave_flask:Runner".'
        )


def _usual_matrix(world: Any, features: Path) -> PermissionMatrix | None:
    """Return the matrix of a world's personas, if a suite has what it takes."""
    folder = features / "access"
    if isinstance(world, type) and issubclass(world, World) and world.personas and folder.is_dir():
        return PermissionMatrix.of(world, folder)
    return None


def _real(create_app: Callable[[], Flask] | Flask, settings: Mapping[str, str]) -> Stage:
    """Return the services stage, on the servers of the environment, or on servers of its own."""
    from behave_flask.stages.services.stage import Service, ServicesStage  # their libraries take a while

    name = getattr(create_app, "__qualname__", "")
    if not name.isidentifier() or isinstance(create_app, Flask):
        raise UsageError(
            f"On the stage {SERVICES}, other processes make the service, too: hooks_for() has to be given a"
            f" function of a module, and not {name or repr(create_app)}."
        )
    service = Service.of(f"{create_app.__module__}:{name}", settings)
    return ServicesStage(service, os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL"))


def _made(create_app: Callable[[], Flask] | Flask) -> Flask:
    """Return the service, or say how it is to be given."""
    if isinstance(create_app, Flask):
        return create_app
    name = getattr(create_app, "__name__", "create_app")
    if not callable(create_app):
        raise UsageError(f"hooks_for() takes one Flask app, or what makes one, and not {create_app!r}.")
    try:
        inspect.signature(create_app).bind()
    except TypeError as error:
        raise UsageError(
            f"{name}() cannot be called: {error}. Give its arguments: hooks_for(lambda: {name}(...))."
        ) from error
    app = create_app()
    if isinstance(app, Flask):
        return app
    cure = "behave-flask serves Flask apps alone."
    if isinstance(app, Sequence) and any(isinstance(each, Flask) for each in app):
        index = next(index for index, each in enumerate(app) if isinstance(each, Flask))
        cure = f"Take the one that is meant: hooks_for(lambda: {name}()[{index}])."
    elif any(hasattr(app, name) for name in ("app", "application", "wsgi_app")):
        cure = "Let it return the Flask app itself, wrapped inside: app.wsgi_app = ProxyFix(app.wsgi_app)."
    raise UsageError(f"{name}() returns no Flask app but a {type(app).__name__} ({app!r}). {cure}")
