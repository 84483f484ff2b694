"""The words of the matrix, with the bare work behind them."""

from typing import Any

from behave import given, then, when

from bench import work
from features.support.checks import permissions


@given("a shop with a member, a product, an order and a post")
def step_shop(context: Any) -> None:
    permissions.furnish(context.world)


@when("{who} tries to {action} by {request:Request}")
def step_try(context: Any, who: str, action: str, request: str) -> None:
    work.attempt(context.world, who, action, request)


@then("{who:Unquoted} {verdict:Verdict} {action:Unquoted}")
def step_verdict(context: Any, who: str, verdict: str, action: str) -> None:
    work.judge(context.world, permissions.MATRIX.verdicts[verdict])
