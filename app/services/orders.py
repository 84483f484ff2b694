"""Orders: stock, money and what becomes of both.

An order's status changes by one UPDATE that names the status it leaves: of two who act at the same moment,
one finds it changed. Who gives money back has a claim to the order meanwhile; nothing is locked while the
provider is asked. Money moves there under keys that are made from the order alone: to try again after a lost
answer does nothing twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models import Order, Product, Refund, User, utcnow
from app.services import claims, outbox
from app.services.payments import PaymentDeclined, PaymentService, PaymentsUnavailable

LARGEST_TOTAL = 2**31 - 1  # cents: PostgreSQL's integer
CHARGE_AGAIN_AFTER = timedelta(minutes=1)
CHARGE_AGAIN_AT_ONCE = 20  # orders
LONGEST_CONVERSATION = timedelta(minutes=2)  # with the provider, with all its tries


class UnknownProduct(LookupError):
    """There is nothing of this id for sale."""


class OutOfStock(Exception):
    """Fewer are left than were asked for."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


class TotalTooLarge(Exception):
    """The order costs more than the books can hold."""


class KeyUsedOtherwise(Exception):
    """The idempotency key came with another request before."""


class Conflict(Exception):
    """The order cannot do this as it stands; the text says why, for the person who asked."""


@dataclass(frozen=True)
class Waiting:
    """An order that awaits its payment: what charging it needs, so that no transaction is open meanwhile."""

    order_id: int
    payment_key: str
    total_cents: int


def place(user: User, product_id: int, quantity: int, key: str | None) -> tuple[Order, bool]:
    """Order so many of a product, and charge for them.

    :param key: the client's idempotency key; the same key brings the same order again.
    :return: the order, which is paid, declined or awaits its payment, and whether it is new.
    :raises UnknownProduct: there is no such product.
    :raises OutOfStock: less than the quantity is left.
    :raises TotalTooLarge: the price of all is more than the books can hold.
    :raises KeyUsedOtherwise: the key came with another product or quantity before.
    :raises Conflict: somebody changed what this order needs at the same moment.
    """
    wanted = (user.id, key, product_id, quantity)
    if known := _find_by_key(*wanted):
        return known, False
    try:
        waiting = _reserve(user, product_id, quantity, key)
    except (OutOfStock, Conflict):
        if known := _find_by_key(*wanted):  # the same request came twice at the same moment
            return known, False
        raise
    return charge(waiting), True


def charge(waiting: Waiting, *, later: bool = False) -> Order:
    """Ask for the money and settle the order by the answer; without an answer it goes on waiting.

    No transaction is open while the provider thinks. An order that was cancelled meanwhile stays so, and its
    charge is void.

    :param later: the customer is not there to see a refusal, and is told of it by mail.
    """
    reference = f"order {waiting.order_id}"
    try:
        charge_id = _payments().charge(waiting.payment_key, waiting.total_cents, reference)
    except PaymentsUnavailable:
        pass  # it was logged where it happened, and `find_waiting` finds the order again
    except PaymentDeclined as refusal:
        if _settle(waiting.order_id, "awaiting_payment", status="declined", decline_reason=str(refusal)):
            _put_back(db.session.get_one(Order, waiting.order_id))
            if later:
                outbox.enqueue("send_payment_declined", waiting.order_id)
    else:
        if _settle(waiting.order_id, "awaiting_payment", status="paid", charge_id=charge_id):
            outbox.enqueue("send_order_confirmation", waiting.order_id)
    outbox.commit()
    return db.session.get_one(Order, waiting.order_id)


def find_waiting() -> list[Waiting]:
    """Return some orders that have been waiting for their payment for longer than a request lasts.

    At random, so that a few that can never be charged do not stand before all others.
    """
    query = (
        select(Order)
        .where(Order.status == "awaiting_payment", Order.created_at < utcnow() - CHARGE_AGAIN_AFTER)
        .order_by(func.random())
        .limit(CHARGE_AGAIN_AT_ONCE)
    )
    waiting = [_waiting(order) for order in db.session.scalars(query)]
    db.session.commit()
    return waiting


def cancel(order: Order) -> None:
    """Give back what was paid and is left, put the goods back on the shelf, and commit.

    :raises Conflict: the order was sent, is neither paid nor waiting for its payment, somebody else changes
        it at the moment, or the provider refuses.
    :raises PaymentsUnavailable: nothing has changed; to cancel again gives nothing back twice.
    """
    with _money_of(order):
        if order.sent_at is not None:
            raise Conflict("This order has been sent and can no longer be cancelled.")
        given = None
        if order.status == "awaiting_payment":
            key = order.payment_key
            db.session.commit()
            _payments().void(key)
        elif order.status == "paid":
            given = _give_back(order, order.refundable_cents, key=None)
        # Or its charge was answered meanwhile, which is void.
        if not _settle(order.id, "awaiting_payment", "paid", status="cancelled"):
            raise Conflict("Only an order that is paid or awaits its payment can be cancelled.")
        if given:
            db.session.add(given)
        _put_back(order)
        db.session.commit()


def mark_as_sent(order: Order) -> None:
    """Store that the goods are on their way, have the customer told so, and commit.

    :raises Conflict: the order is not paid, was sent before, or somebody else changes it at the moment.
    """
    with _money_of(order):  # who cancels it meanwhile would keep the goods and get the money
        if order.sent_at is not None:
            raise Conflict("This order has been sent already.")
        if order.status != "paid":
            raise Conflict("Only a paid order can be sent.")
        order.sent_at = utcnow()
        outbox.enqueue("send_dispatch_notice", order.id)
        outbox.commit()


def refund(order: Order, amount_cents: int | None, key: str | None) -> None:
    """Give back a part of what was paid, and commit.

    :param amount_cents: all that is left, if None.
    :param key: the same key again gives nothing back again.
    :raises Conflict: the order is not paid, less is left, somebody else gives its money back at the moment,
        or the provider refuses.
    :raises KeyUsedOtherwise: the key came with another amount before.
    :raises PaymentsUnavailable: nothing has changed; to ask the same again gives nothing back twice.
    """
    with _money_of(order):
        if _is_done(order, amount_cents, key):
            return
        if order.status != "paid":
            raise Conflict("Only a paid order can be refunded.")
        left = order.refundable_cents
        if amount_cents is not None and amount_cents > left:
            raise Conflict(f"Only {euros(left)} is left to give back.")
        given = _give_back(order, amount_cents or left, key)
        db.session.add(given)
        db.session.flush()
        if given.amount_cents == left:
            _settle(order.id, "paid", status="refunded")
        outbox.enqueue("send_refund_notice", given.id)
        outbox.commit()


def euros(cents: int) -> str:
    """Return an amount as a customer reads it, such as ``12.50 EUR``."""
    return f"{cents // 100}.{cents % 100:02} EUR"


def _find_by_key(user_id: int, key: str | None, product_id: int, quantity: int) -> Order | None:
    if key is None:
        return None
    order = db.session.scalar(select(Order).where(Order.user_id == user_id, Order.idempotency_key == key))
    # A product that is gone from the shop is gone from the order too: then the quantity has to do.
    if order and (order.quantity != quantity or order.product_id not in (product_id, None)):
        raise KeyUsedOtherwise
    return order


def _reserve(user: User, product_id: int, quantity: int, key: str | None) -> Waiting:
    """Take the stock and store the order, not yet paid, in one transaction."""
    product = _take(product_id, quantity)
    total = product.price_cents * quantity
    if total > LARGEST_TOTAL:
        db.session.rollback()
        raise TotalTooLarge
    order = Order(
        user_id=user.id,
        customer_name=user.name,
        customer_email=user.email,
        product_id=product.id,
        product_name=product.name,
        unit_price_cents=product.price_cents,
        quantity=quantity,
        total_cents=total,
        idempotency_key=key,
    )
    db.session.add(order)
    try:
        db.session.flush()
        waiting = _waiting(order)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise Conflict("Something changed at the same moment. Try again.") from None
    return waiting


def _payments() -> PaymentService:
    service: PaymentService = current_app.config["PAYMENT_SERVICE"]
    return service


def _take(product_id: int, quantity: int) -> Product:
    """Take from the shelf in one statement, so that nobody can take the same piece."""
    product: Product | None = db.session.scalar(
        update(Product)
        .where(Product.id == product_id, Product.stock >= quantity)
        .values(stock=Product.stock - quantity)
        .returning(Product)
    )
    if product is None:
        left = db.session.scalar(select(Product.stock).where(Product.id == product_id))
        db.session.rollback()
        raise UnknownProduct if left is None else OutOfStock(left)
    return product


def _put_back(order: Order) -> None:
    db.session.execute(
        update(Product).where(Product.id == order.product_id).values(stock=Product.stock + order.quantity)
    )


def _waiting(order: Order) -> Waiting:
    return Waiting(order.id, order.payment_key, order.total_cents)


def _settle(order_id: int, *before: str, **values: str) -> bool:
    """Settle an order that has one of these statuses; False, if it has not (any more)."""
    expected = update(Order).where(Order.id == order_id, Order.status.in_(before))
    return db.session.scalar(expected.values(**values).returning(Order.id)) is not None


@contextmanager
def _money_of(order: Order) -> Iterator[None]:
    """Let one at a time give the money of an order back, so that two cannot both find enough left."""
    try:
        with claims.held(f"money of order {order.id}", LONGEST_CONVERSATION):
            db.session.refresh(order)
            yield
    except claims.Taken:
        raise Conflict("Somebody changes this order at the moment. Look at it and try again.") from None


def _give_back(order: Order, amount_cents: int, key: str | None) -> Refund:
    """Have the provider give money back, and return what is to be stored of it.

    Without a key of the caller, one is made from what was given back before: asked again after a lost answer,
    it is the same. It holds spaces, so that no caller's key is like it.
    """
    key = key or f"{amount_cents} after {order.refunded_cents}"
    assert order.charge_id is not None, "a paid order has been charged"
    order_id, asked = order.id, (f"{order.payment_key} {key}", order.charge_id, amount_cents)
    db.session.commit()
    try:
        refund_id = _payments().refund(*asked)
    except PaymentDeclined as refusal:
        raise Conflict(f"The payment provider refuses: {refusal}.") from refusal
    return Refund(order_id=order_id, amount_cents=amount_cents, refund_id=refund_id, idempotency_key=key)


def _is_done(order: Order, amount_cents: int | None, key: str | None) -> bool:
    """Tell whether this very refund was made before. Raises KeyUsedOtherwise, if the key made another."""
    done = next((given for given in order.refunds if given.idempotency_key == key), None)
    if done is None:
        return False
    before = sum(given.amount_cents for given in order.refunds if given.id < done.id)
    if done.amount_cents != (amount_cents or order.total_cents - before):
        raise KeyUsedOtherwise
    return True
