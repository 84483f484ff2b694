"""Acceptance tests for Flask services, with behave.

The names of `__all__` are public: they change with a new major version only, all others at any time. Each is
loaded when it is first used, so that a suite needs no library for what it does not use. Some are modules::

    from behave_flask import EmbeddedStage, Suite, attempts
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # for mypy and editors, what `_HOMES` says
    from behave_flask.core.errors import UsageError as UsageError
    from behave_flask.core.http import Exchange as Exchange
    from behave_flask.core.http import File as File
    from behave_flask.core.http import Request as Request
    from behave_flask.core.http import Response as Response
    from behave_flask.core.operations import Operation as Operation
    from behave_flask.core.operations import Person as Person
    from behave_flask.core.outcomes import Outcome as Outcome
    from behave_flask.core.outcomes import PlainOutcome as PlainOutcome
    from behave_flask.core.stage import Stage as Stage
    from behave_flask.core.world import World as World
    from behave_flask.databases.none import NoDatabase as NoDatabase
    from behave_flask.databases.sqlite_file import SQLiteFile as SQLiteFile
    from behave_flask.databases.transactions import SQLAlchemyDatabase as SQLAlchemyDatabase
    from behave_flask.lint import attempts as attempts
    from behave_flask.model import evidence as evidence
    from behave_flask.permissions.matrix import Legend as Legend
    from behave_flask.permissions.permission_matrix import PermissionMatrix as PermissionMatrix
    from behave_flask.reports.allure_formatter import AllureFormatter as AllureFormatter
    from behave_flask.reports.progress import Live as Live
    from behave_flask.runner.runner import Runner as Runner
    from behave_flask.runner.suite import Suite as Suite
    from behave_flask.runner.suite_hooks import hooks_for as hooks_for
    from behave_flask.stages.embedded.stage import EmbeddedStage as EmbeddedStage
    from behave_flask.stages.services.stage import Service as Service
    from behave_flask.stages.services.stage import ServicesStage as ServicesStage

_HOMES = {  # each public name with the module that defines it, or is it
    "AllureFormatter": "reports.allure_formatter",
    "EmbeddedStage": "stages.embedded.stage",
    "Exchange": "core.http",
    "File": "core.http",
    "Legend": "permissions.matrix",
    "Live": "reports.progress",
    "NoDatabase": "databases.none",
    "Operation": "core.operations",
    "Outcome": "core.outcomes",
    "PlainOutcome": "core.outcomes",
    "PermissionMatrix": "permissions.permission_matrix",
    "Person": "core.operations",
    "Request": "core.http",
    "Response": "core.http",
    "Runner": "runner.runner",
    "Service": "stages.services.stage",
    "ServicesStage": "stages.services.stage",
    "SQLAlchemyDatabase": "databases.transactions",
    "SQLiteFile": "databases.sqlite_file",
    "Stage": "core.stage",
    "Suite": "runner.suite",
    "UsageError": "core.errors",
    "attempts": "lint.attempts",
    "evidence": "model.evidence",
    "hooks_for": "runner.suite_hooks",
    "World": "core.world",
}
__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(f"{__name__}.{_HOMES[name]}")
    found = home if _HOMES[name].endswith(f".{name}") else getattr(home, name)
    globals()[name] = found
    return found
