"""What customers order. An order is known as "Ann's order": the last one of hers."""

from datetime import UTC, datetime
from typing import Any

from behave.model import Table
from sqlalchemy import func, select

from behave_flask import Outcome
from behave_flask.core.step_tables import rows_of
from features.support.inputs.field_values import with_field
from features.support.inputs.words import ORDER_STATUSES, euros
from features.support.shop import models
from features.support.world import factories
from features.support.world.world import World


def has_ordered(world: World, who: str, quantity: int, product: str, status: str) -> None:
    """Let an order be there, in a state; a refunded one with its refund."""
    with world.stage.data() as session:
        bought = session.get_one(models.Product, world.thing(product))
    charged = {} if status in ("paid", "cancelled", "refunded") else {"charge_id": None}
    with world.making():
        user = world.person(who).user
        order = factories.OrderFactory(user=user, product=bought, quantity=quantity, status=status, **charged)
        if status == "refunded":
            factories.RefundFactory(order=order, amount_cents=order.total_cents)
    world.things[f"{who}'s order"] = order.id


def forget(world: World, order: str) -> None:
    """Let an order never have been."""
    with world.stage.data() as session:
        session.delete(session.get_one(models.Order, world.thing(order)))


def place(
    world: World, who: str, quantity: int, product: str, *, slip: str | None = None, again: bool = False
) -> Outcome:
    """Let somebody order, or try to.

    :param slip: a name that they give to this order, to send it again.
    :param again: it was ordered before, and the answer is to say so.
    """
    action = "place an order again" if again else "place an order"
    return remember(world, who, world.attempt(who, action, **order_arguments(world, quantity, product, slip)))


def order_arguments(world: World, quantity: int, product: str, slip: str | None) -> dict[str, Any]:
    """Return what somebody says who orders, on a slip with a name if there is one."""
    body = {"product_id": world.thing(product), "quantity": quantity}
    return {"json": body, "headers": {"Idempotency-Key": slip} if slip is not None else {}}


def place_with(world: World, who: str, product: str, field: str, entered: Any) -> Outcome:
    """Let somebody place an order, or try to, that is fine but for one field."""
    body = {"product_id": world.thing(product), "quantity": 1}
    return remember(world, who, world.attempt(who, "place an order", json=with_field(body, field, entered)))


def cancel(world: World, who: str, order: str) -> Outcome:
    """Let somebody cancel an order, or try to."""
    return world.attempt(who, "cancel an order", id=world.thing(order))


def mark_as_sent(world: World, who: str, order: str) -> Outcome:
    """Let somebody say that an order is sent, or try to."""
    return world.attempt(who, "mark an order as sent", id=world.thing(order))


def has_been_sent(world: World, order: str) -> None:
    """Let an order have left the shop."""
    with world.stage.data() as session:
        session.get_one(models.Order, world.thing(order)).sent_at = datetime.now(UTC)


def is_sent(world: World, order: str) -> datetime:
    """Check that an order has left the shop; return when."""
    if (sent_at := read(world, order).sent_at) is None:
        raise AssertionError(f"{order} has not been sent.")
    return sent_at


def shown_when_sent(world: World, who: str, order: str) -> None:
    """Check that the last answer, which is somebody's, says when this order was sent."""
    sent_at, body = is_sent(world, order), world.outcome_of(who).must_succeed().body
    if (body["id"], datetime.fromisoformat(body["sent_at"])) != (world.thing(order), sent_at):
        raise AssertionError(f"{order} was sent at {sent_at}.\n{world.outcome.exchange}")


def cancelled_by_another(world: World, order_id: int) -> None:
    """Let somebody cancel an order from elsewhere, which puts its goods back."""
    with world.stage.data() as session:
        order = session.get_one(models.Order, order_id)
        order.status = "cancelled"
        session.get_one(models.Product, order.product_id).stock += order.quantity


def read(world: World, order: str) -> models.Order:
    """Return an order as it is stored now, with its refunds."""
    with world.stage.data() as session:
        return session.get_one(models.Order, world.thing(order))


def is_in_state(world: World, order: str, status: str) -> None:
    """Check what has become of an order."""
    found = read(world, order).status
    if found != status:
        words = {stored: word for word, stored in ORDER_STATUSES.items()}
        raise AssertionError(f"{order} {words[found]}; expected: it {words[status]}.")


def come_to(world: World, order: str, cents: int) -> None:
    """Check the total of an order."""
    found = read(world, order).total_cents
    if found != cents:
        raise AssertionError(f"{order} comes to {euros(found)}, not {euros(cents)}.")


def count_is(world: World, who: str, count: int) -> None:
    """Check how many orders somebody has."""
    query = select(func.count()).select_from(models.Order).where(models.Order.user_id == world.account(who))
    with world.stage.data() as session:
        found = session.scalar(query)
    if found != count:
        raise AssertionError(f"{who} has {found} orders, not {count}.")


def make_all(world: World, table: Table) -> None:
    """Let orders be there, the first the oldest: customer, pieces, product, state."""
    for row in rows_of(table, "customer", "pieces", "product", "state"):
        status = ORDER_STATUSES[row["state"]]
        has_ordered(world, row["customer"], int(row["pieces"]), row["product"], status)


def remember(world: World, who: str, outcome: Outcome) -> Outcome:
    """Know the order that an answer is about, if it is about one, as somebody's; return the outcome."""
    if place := outcome.response.headers.get("location", ""):
        world.things[f"{who}'s order"] = int(place.rpartition("/")[2])
    return outcome
