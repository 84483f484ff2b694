"""The rows under BehaveX: a transaction a scenario, and no check beside the verdict."""

from typing import Any

from bench import work
from features.support import parameter_types  # noqa: F401 - the types of the steps


def before_scenario(context: Any, _scenario: Any) -> None:
    context.stage = work.started()
    context.stage.begin_scenario()
    context.world = work.World(context.stage)


def after_scenario(context: Any, _scenario: Any) -> None:
    context.stage.end_scenario()
