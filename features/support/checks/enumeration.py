"""What may be learnt from a refusal, and from trying one number after the other."""

from dataclasses import dataclass

from features.support.world import factories
from features.support.world.world import World

BEYOND = 5  # numbers tried below and above those that exist


@dataclass(frozen=True)
class FoundOrders:
    """The ids of the orders that somebody was shown."""

    ids: list[int]


def give_orders(world: World, who: str, number: int) -> None:
    """Give somebody orders, beside those of others."""
    with world.making():
        owner = world.person(who).user
        orders = factories.OrderFactory.create_batch(number, user=owner)
        factories.OrderFactory.create_batch(2)
    world.things |= {f"order {i} of {who}": order.id for i, order in enumerate(orders, 1)}


def guess_orders(world: World, who: str) -> list[int]:
    """Let somebody try every number around those of the orders, and return those that answered."""
    orders = [number for name, number in world.things.items() if name.startswith("order")]
    tried = range(max(1, min(orders) - BEYOND), max(orders) + BEYOND + 1)
    answers = {number: world.act(who, "see an order", id=number) for number in tried}
    for outcome in answers.values():
        outcome.must_be("allowed" if outcome.word == "allowed" else "does not exist")
    return [number for number, outcome in answers.items() if outcome.word == "allowed"]


def found_only_own(world: World, who: str, found: list[int]) -> None:
    """Check that what was found are exactly the person's own orders."""
    own = [number for name, number in world.things.items() if name.endswith(f" of {who}")]
    if found != sorted(own):
        raise AssertionError(f"{who} found the orders {found}; their own are {sorted(own)}.")
