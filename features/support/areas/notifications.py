"""How each e-mail comes about: what happens in the shop so that somebody has to be told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from behave_flask import Person
from behave_flask.core.protocols import QueuedTask
from features.support.areas import background, orders, refunds
from features.support.inputs.words import TASKS
from features.support.shop import models
from features.support.world import factories, providers
from features.support.world.world import World


def cause(world: World, task: str, who: str) -> None:
    """Let happen what a person is to be told of by a task, which is then queued.

    The news of a declined payment comes of background work, which sends it if mail works.
    """
    done = _CAUSES[task](world, who) or []
    tried = [each for each in done if each.name == task]
    world.tasks[task] = tried[0] if tried else world.stage.tasks.take(task)


def _welcome(world: World, who: str) -> None:
    made = world.do("an admin", "create a user", json={"name": who, "email": "ann@example.com"})
    with world.stage.data() as session:
        world.people[who] = Person(who, None, session.get_one(models.User, made.body["id"]))


def _order_confirmation(world: World, who: str) -> None:
    product = world.make(factories.ProductFactory)
    body = {"product_id": product.id, "quantity": 1}
    world.join(who, name=who)
    world.do(who, "place an order", json=body)


def _refund(world: World, who: str) -> None:
    world.things["Its order"] = world.make(factories.OrderFactory, user=world.join(who, name=who).user).id
    refunds.give(world, "an admin", "Its order").must_succeed()


def _dispatch(world: World, who: str) -> None:
    world.things["Its order"] = world.make(factories.OrderFactory, user=world.join(who, name=who).user).id
    orders.mark_as_sent(world, "an admin", "Its order").must_succeed()


def _declined_payment(world: World, who: str) -> list[QueuedTask]:
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    user = world.join(who, name=who).user
    world.make(factories.OrderFactory, user=user, awaiting_payment=True, created_at=an_hour_ago)
    providers.charge_declined(world.stage.outside, "the card has expired")
    return background.do_chores(world)


_CAUSES: dict[str, Callable[[World, str], list[QueuedTask] | None]] = {
    TASKS["the welcome"]: _welcome,
    TASKS["the order confirmation"]: _order_confirmation,
    TASKS["the news of the refund"]: _refund,
    TASKS["the news of the dispatch"]: _dispatch,
    TASKS["the news of the declined payment"]: _declined_payment,
}
