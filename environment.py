"""Hooks only: each delegates in a line or two to behave-flask (any service) or to support (this shop)."""

from typing import Any

from behave.fixture import use_fixture_by_tag
from behave.model import Feature, Scenario, Step

from behave_flask import Suite
from features.support import parameter_types  # noqa: F401 - registers the types that steps take
from features.support.checks.permissions import MATRIX
from features.support.shop.stages import STAGES
from features.support.world.fixtures import FIXTURES
from features.support.world.world import World


def before_all(context: Any) -> None:
    context.suite = Suite(context.config, STAGES, (MATRIX.folder, MATRIX.legend))
    context.suite.start()


def before_feature(context: Any, feature: Feature) -> None:
    context.suite.begin_feature(feature)


def before_scenario(context: Any, scenario: Scenario) -> None:
    context.suite.begin_scenario(scenario)
    context.world = World(context.suite.stage, context.suite.visits)
    for tag in scenario.effective_tags:
        if tag.startswith("fixture."):
            use_fixture_by_tag(tag, context, FIXTURES)


def after_step(context: Any, step: Step) -> None:
    context.suite.end_step(context.scenario, step, context.world)


def after_scenario(context: Any, scenario: Scenario) -> None:
    context.suite.end_scenario(scenario, getattr(context, "world", None))


def after_feature(context: Any, feature: Feature) -> None:
    context.suite.end_feature(feature)


def after_all(context: Any) -> None:
    context.suite.stop()


after_all.capture = False  # type: ignore[attr-defined] # what the run says at its end is for everybody
