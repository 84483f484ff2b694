"""What is for sale."""

from typing import Any

from behave_flask import Outcome
from features.support.inputs.field_values import with_field
from features.support.shop import models
from features.support.world import factories
from features.support.world.operations import PRODUCT
from features.support.world.world import World


def sell(world: World, name: str, **attributes: Any) -> None:
    """Let the shop sell something, known by its name."""
    described = {"description": f"{name} as it should be.", **attributes}
    world.things[name] = world.make(factories.ProductFactory, name=name, **described).id


def sell_many(world: World, count: int) -> None:
    """Let the shop sell so many things, called "Product 01" and so on."""
    with world.making():
        for number in range(1, count + 1):
            factories.ProductFactory(name=f"Product {number:02}")


def put_on_sale(world: World, who: str, product: dict[str, Any]) -> Outcome:
    """Let somebody put something on sale, or try to; it is known by its name."""
    outcome = world.attempt(who, "add a product", json=product)
    if outcome.word == "allowed":
        world.things[outcome.body["name"]] = outcome.body["id"]
    return outcome


def put_on_sale_with(world: World, who: str, field: str, entered: Any) -> Outcome:
    """Let somebody put a product on sale, or try to, that is fine but for one field."""
    return put_on_sale(world, who, with_field(PRODUCT, field, entered))


def change(world: World, who: str, name: str, field: str, entered: Any) -> Outcome:
    """Let somebody change one field of a product, or try to."""
    sent = with_field({}, field, entered)
    return world.attempt(who, "change a product", id=world.thing(name), json=sent)


def stock_is(world: World, name: str, stock: int) -> None:
    """Check how many pieces are left on the shelf."""
    with world.stage.data() as session:
        found = session.get_one(models.Product, world.thing(name)).stock
    if found != stock:
        raise AssertionError(f"The stock of {name} is {found}, not {stock}.")


def is_off_sale(world: World, name: str) -> None:
    """Check that a product is no longer there."""
    with world.stage.data() as session:
        if session.get(models.Product, world.thing(name)):
            raise AssertionError(f"{name} is still for sale.")
