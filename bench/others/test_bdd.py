"""The rows in pytest-bdd, from the feature that behave runs, each in a transaction that is rolled back."""

import os
from collections.abc import Iterator

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from bench import work
from features.support.checks import permissions
from features.support.world.world import World

scenarios(os.environ["BENCH_FEATURE"])
VERDICTS = permissions.MATRIX.verdicts
VERDICT = "|".join(sorted(VERDICTS, key=len, reverse=True))


@pytest.fixture
def world() -> Iterator[World]:
    with work.scenario(work.started()) as world:
        yield world


@given("a shop with a member, a product, an order and a post")
def step_shop(world: World) -> None:
    permissions.furnish(world)


@when(parsers.re(r"(?P<who>.+?) tries to (?P<action>.+) by (?P<asked>[A-Z]+ /\S*)"))
def step_try(world: World, who: str, action: str, asked: str) -> None:
    work.attempt(world, who, action, asked)


@then(parsers.re(rf"(?P<who>.+?) (?P<verdict>{VERDICT}) (?P<action>.+)"))
def step_verdict(world: World, verdict: str) -> None:
    work.judge(world, VERDICTS[verdict])
