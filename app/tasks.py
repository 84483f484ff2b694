"""What happens in the background. Every task may run twice and still do its work once.

A mail is sent first and its time stored after it, under a lock on the row: who comes second finds it sent.
Only a worker that dies between the two sends it again.
"""

from typing import Any

from celery import shared_task
from flask import current_app
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.models import Order, Refund, User, utcnow
from app.services import orders, outbox
from app.services.orders import euros

# While mail (its errors are OSErrors) or the database is down: again after 1, 2, 4 … 32 minutes, then every
# hour for a day; then Celery logs an ERROR.
UNTIL_IT_IS_SENT: dict[str, Any] = {
    "autoretry_for": (OSError, OperationalError),
    "retry_backoff": 60,
    "retry_backoff_max": 3600,
    "retry_jitter": False,
    "max_retries": 29,
}


def send_mail(to: str, subject: str, *paragraphs: str) -> None:
    """Send a mail; raises OSError when it cannot be handed over."""
    current_app.config["EMAIL_SERVICE"].send(to, subject, "\n\n".join(paragraphs) + "\n")


@shared_task(**UNTIL_IT_IS_SENT)
def send_welcome(user_id: int) -> None:
    """Welcome a new member, once."""
    user = db.session.get(User, user_id, with_for_update=True)
    if user is None or user.welcomed_at is not None:
        return
    send_mail(
        user.email,
        "Welcome!",
        f"Hello {user.name},",
        "your account at the Corner Shop is open. You are welcome to look around, order and write.",
        "Corner Shop",
    )
    user.welcomed_at = utcnow()
    db.session.commit()


@shared_task(**UNTIL_IT_IS_SENT)
def send_order_confirmation(order_id: int) -> None:
    """Confirm a paid order to its customer, once. Not when it was cancelled before the mail could go."""
    order = db.session.get(Order, order_id, with_for_update=True)
    if order is None or order.status != "paid" or order.confirmed_at is not None:
        return
    send_mail(
        order.customer_email,
        "Order confirmed",
        f"Hello {order.customer_name},",
        f"thank you for your order {order.id}:",
        _line_of(order),
        "Corner Shop",
    )
    order.confirmed_at = utcnow()
    db.session.commit()


@shared_task(**UNTIL_IT_IS_SENT)
def send_payment_declined(order_id: int) -> None:
    """Tell a customer, once, that the payment of an order was refused after all."""
    order = db.session.get(Order, order_id, with_for_update=True)
    if order is None or order.status != "declined" or order.told_declined_at is not None:
        return
    send_mail(
        order.customer_email,
        "Your payment was declined",
        f"Hello {order.customer_name},",
        f"your payment for order {order.id} was declined: {order.decline_reason}.",
        _line_of(order),
        "The order is closed and nothing was charged. You are welcome to order again.",
        "Corner Shop",
    )
    order.told_declined_at = utcnow()
    db.session.commit()


@shared_task(**UNTIL_IT_IS_SENT)
def send_refund_notice(refund_id: int) -> None:
    """Tell a customer, once, that money was given back."""
    refund = db.session.get(Refund, refund_id, with_for_update=True)
    if refund is None or refund.told_at is not None:
        return
    order = refund.order
    send_mail(
        order.customer_email,
        "Your refund",
        f"Hello {order.customer_name},",
        f"we have given back {euros(refund.amount_cents)} for your order {order.id}:",
        _line_of(order),
        "Corner Shop",
    )
    refund.told_at = utcnow()
    db.session.commit()


@shared_task
def publish_outbox() -> None:
    """Publish what was enqueued while the broker was down."""
    outbox.publish()
    outbox.log_unknown()


@shared_task
def charge_waiting_orders() -> None:
    """Ask again for the money of orders that the payment provider gave no answer for."""
    for waiting in orders.find_waiting():
        orders.charge(waiting, later=True)


def _line_of(order: Order) -> str:
    return f"{order.quantity} × {order.product_name}, {euros(order.total_cents)}"
