"""Money that customers get back."""

from typing import Any

from behave_flask import Outcome
from features.support.areas import orders
from features.support.inputs.field_values import ABSENT, with_field
from features.support.inputs.words import euros
from features.support.world.world import World


def give(world: World, who: str, order: str, amount: Any = ABSENT, *, slip: str | None = None) -> Outcome:
    """Let somebody give money back, or try to: an amount in cents, or all that is left.

    :param slip: a name that they give to this refund, to send it again.
    """
    headers = {"Idempotency-Key": slip} if slip is not None else {}
    body = with_field({}, "amount_cents", amount)
    outcome = world.attempt(who, "refund an order", id=world.thing(order), json=body, headers=headers)
    if given := orders.read(world, order).refunds:
        world.things[order.replace("order", "refund")] = max(refund.id for refund in given)
    return outcome


def come_to(world: World, order: str, cents: int) -> None:
    """Check how much of an order has been given back."""
    found = sum(refund.amount_cents for refund in orders.read(world, order).refunds)
    if found != cents:
        raise AssertionError(f"{euros(found)} of {order} has been given back, not {euros(cents)}.")
