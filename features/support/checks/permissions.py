"""Who may do what: the permission matrix of the shop, and the shop in which its rows are played."""

from dataclasses import dataclass
from pathlib import Path

from behave.model import Table

from behave_flask import Legend, PermissionMatrix, Stage
from features.support.world import factories, providers
from features.support.world.people import ANONYMOUS
from features.support.world.world import World

OWNER = "the owner"
LEGEND = Legend(
    columns={
        "an anonymous visitor": "an anonymous visitor",
        "a user": "a user",
        "a member": OWNER,
        "the author": OWNER,
        "the customer": OWNER,
        "an admin": "an admin",
        "a suspended admin": "a suspended admin",
    },
    verdicts={
        "may": ("allowed", "may"),
        "may not": ("forbidden", "may not"),
        "must sign in to": ("must sign in", "must sign in"),
        "finds nothing when trying to": ("does not exist", "finds nothing"),
    },
)


@dataclass(frozen=True)
class NeededRows:
    """The table of a scenario that says who needs a row for what."""

    table: Table


@dataclass(frozen=True)
class Exceptions:
    """The table of a scenario that says for what a rule does not hold."""

    table: Table


def furnish(world: World) -> None:
    """Give the shop one of everything that a request can be about, and a world outside that answers."""
    providers.payments_in_order(world.stage.outside)
    providers.fair_weather(world.stage.outside, presupposed=True)
    with world.making():
        member = world.person("a member")
        post = factories.PostFactory(author=world.person("the author").user)
        product = factories.ProductFactory()
        order = factories.OrderFactory(product=product, user=world.person("the customer").user)
    world.things |= {
        "member": member.user.id,
        "post": post.id,
        "product": product.id,
        "order": order.id,
    }


def _furnished(stage: Stage) -> World:
    world = World(stage)
    furnish(world)
    return world


MATRIX = PermissionMatrix(Path(__file__).parents[2] / "access", LEGEND, _furnished, ANONYMOUS.name)
