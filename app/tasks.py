"""What happens in the background. Every task may run twice and still do its work once.

A mail is sent under a claim and its time stored after it: who comes second finds it sent, or on its way. Only
a worker that dies between the two sends it again, with the same words and the same Message-ID.
"""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Any, NamedTuple

from celery import shared_task
from flask import current_app
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from app.extensions import db
from app.models import Order, Refund, User, utcnow
from app.services import claims, orders, outbox
from app.services.email import LONGEST_SESSION
from app.services.orders import euros

# While the database is down, and with it the outbox that keeps what is tried again: by the broker.
UNTIL_THE_DATABASE_IS_BACK: dict[str, Any] = {
    "autoretry_for": (OperationalError, NoConnectionLeft),
    "default_retry_delay": 60,
    "max_retries": None,
}
MAIL_CLAIM = timedelta(seconds=LONGEST_SESSION + 30)
CHARGE_FOR_SECONDS = 60  # then the next run goes on: a task ends before the broker takes its worker for dead


class Mail(NamedTuple):
    """What is told to somebody."""

    to: str
    subject: str
    paragraphs: tuple[str, ...]


@shared_task(**UNTIL_THE_DATABASE_IS_BACK)
def send_welcome(user_id: int) -> None:
    """Welcome a new member, once."""
    _send_once("send_welcome", User, user_id, "welcomed_at", _welcome)


@shared_task(**UNTIL_THE_DATABASE_IS_BACK)
def send_order_confirmation(order_id: int) -> None:
    """Confirm a paid order to its customer, once. Not when it was cancelled before the mail could go."""
    _send_once("send_order_confirmation", Order, order_id, "confirmed_at", _order_confirmation)


@shared_task(**UNTIL_THE_DATABASE_IS_BACK)
def send_payment_declined(order_id: int) -> None:
    """Tell a customer, once, that the payment of an order was refused after all."""
    _send_once("send_payment_declined", Order, order_id, "told_declined_at", _payment_declined)


@shared_task(**UNTIL_THE_DATABASE_IS_BACK)
def send_dispatch_notice(order_id: int) -> None:
    """Tell a customer, once, that an order is on its way."""
    _send_once("send_dispatch_notice", Order, order_id, "told_sent_at", _dispatch_notice)


@shared_task(**UNTIL_THE_DATABASE_IS_BACK)
def send_refund_notice(refund_id: int) -> None:
    """Tell a customer, once, that money was given back."""
    _send_once("send_refund_notice", Refund, refund_id, "told_at", _refund_notice)


@shared_task
def publish_outbox() -> None:
    """Publish what is due: what the broker did not take, or has lost, and what is tried again."""
    outbox.publish()
    outbox.log_unknown()


@shared_task
def charge_waiting_orders() -> None:
    """Ask again for the money of orders that the payment provider gave no answer for."""
    end = monotonic() + CHARGE_FOR_SECONDS
    for waiting in orders.find_waiting():
        if monotonic() < end:
            orders.charge(waiting, later=True)


def _send_once(
    task: str, kind: type[Any], identity: int, sent_at: str, compose: Callable[[Any], Mail | None]
) -> None:
    """Send a mail about something, unless it was sent, and store when.

    :param sent_at: the column for it.
    :param compose: returns the mail, or None where there is nothing to tell any more.
    """
    try:
        with claims.held(f"{task} {identity}", MAIL_CLAIM):
            about = db.session.get(kind, identity)
            mail = compose(about) if about is not None and getattr(about, sent_at) is None else None
            db.session.commit()  # nothing is locked while the mail server is spoken to
            if mail is not None:
                _send(mail)
                now = {sent_at: utcnow()}
                db.session.execute(update(kind).where(kind.id == identity).values(now))
            outbox.remove(task, identity)
            db.session.commit()
    except claims.Taken as other:
        outbox.put_off(task, identity, until=other.until)
    except OSError as error:
        outbox.try_again(task, identity, error=error)


def _send(mail: Mail) -> None:
    """Send a mail; raises OSError when it cannot be handed over."""
    text = "\n\n".join(mail.paragraphs) + "\n"
    current_app.config["EMAIL_SERVICE"].send(mail.to, mail.subject, text)


def _welcome(user: User) -> Mail:
    return Mail(
        user.email,
        "Welcome!",
        (
            f"Hello {user.name},",
            "your account at the Corner Shop is open. You are welcome to look around, order and write.",
            "Corner Shop",
        ),
    )


def _order_confirmation(order: Order) -> Mail | None:
    if order.status != "paid":
        return None
    return _mail_about(order, "Order confirmed", f"thank you for your order {order.id}:", _line_of(order))


def _payment_declined(order: Order) -> Mail | None:
    if order.status != "declined":
        return None
    return _mail_about(
        order,
        "Your payment was declined",
        f"your payment for order {order.id} was declined: {order.decline_reason}.",
        _line_of(order),
        "The order is closed and nothing was charged. You are welcome to order again.",
    )


def _dispatch_notice(order: Order) -> Mail:
    return _mail_about(
        order, "Your order is on its way", f"your order {order.id} is on its way to you:", _line_of(order)
    )


def _refund_notice(refund: Refund) -> Mail:
    order = refund.order
    # By it no two are alike, and each mail has an ID of its own.
    in_all = sum(given.amount_cents for given in order.refunds if given.id <= refund.id)
    return _mail_about(
        order,
        "Your refund",
        f"we have given back {euros(refund.amount_cents)} for your order {order.id}:",
        _line_of(order),
        f"In all, we have given back {euros(in_all)} of it.",
    )


def _mail_about(order: Order, subject: str, *paragraphs: str) -> Mail:
    greeting = f"Hello {order.customer_name},"
    return Mail(order.customer_email, subject, (greeting, *paragraphs, "Corner Shop"))


def _line_of(order: Order) -> str:
    return f"{order.quantity} × {order.product_name}, {euros(order.total_cents)}"
