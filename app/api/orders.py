"""Buying, and money back."""

from datetime import datetime
from typing import Annotated, Any, Literal, NoReturn

from apiflask import APIBlueprint
from flask import url_for
from flask_sqlalchemy.pagination import Pagination
from pydantic import BaseModel, Field, RootModel
from sqlalchemy import select

from app import permissions
from app.api.body import json_body
from app.api.openapi import LARGEST_ID
from app.api.schemas import WHOLE, Input, Output, Page, PageQuery, absent, page_of
from app.auth import auth, current_user
from app.extensions import db
from app.models import Order, User
from app.problems import invalid, problem
from app.services import orders
from app.services.payments import PaymentsUnavailable

blueprint = APIBlueprint("orders", __name__)
COME_BACK_AFTER = 30  # seconds, where the payment provider names no time

Status = Literal["awaiting_payment", "paid", "declined", "cancelled", "refunded"]


class NewOrder(Input):
    """So many of a product."""

    product_id: Annotated[int, Field(ge=1, le=LARGEST_ID, examples=[1]), WHOLE]
    quantity: Annotated[int, Field(ge=1, le=100, examples=[2]), WHOLE]


class NewRefund(Input):
    """How much to give back, in cents; all that is left, if left out."""

    amount_cents: Annotated[int, Field(ge=1, le=orders.LARGEST_TOTAL, examples=[250]), WHOLE] = absent()


class IdempotencyHeader(BaseModel):
    """A name that the client gives to a request, so that it can be sent again without being done again."""

    idempotency_key: Annotated[str, Field(pattern="^[!-~]{1,64}$", examples=["b1f3a2"])] = absent()


class OrderQuery(PageQuery):
    """Which orders."""

    status: Status = absent()


class Customer(Output):
    """Who ordered, as they were called then; the id is null when the account has been deleted."""

    id: int | None
    name: str
    email: str


class OwnOrder(Output):
    """An order, as its customer sees it. The product's id is null when it is no longer for sale."""

    id: int
    product_id: int | None
    product_name: str
    unit_price_cents: int
    quantity: int
    total_cents: int
    refunded_cents: int
    status: Status
    sent_at: datetime | None
    created_at: datetime


class AnyOrder(OwnOrder):
    """An order, as an admin sees it."""

    customer: Customer


class OrderView(RootModel[AnyOrder | OwnOrder]):
    """An order, as far as the person who asks may see."""


class OrderPage(Page):
    """A part of the orders, newest first."""

    data: list[AnyOrder | OwnOrder]


def _shown(order: Order, viewer: User) -> OwnOrder:
    own = OwnOrder.model_validate(order)
    if not viewer.is_admin:
        return own
    customer = Customer(id=order.user_id, name=order.customer_name, email=order.customer_email)
    return AnyOrder(**own.model_dump(), customer=customer)


def _order(order_id: int) -> Order:
    return permissions.see_order(current_user(), db.session.get(Order, order_id))


def _come_back(error: PaymentsUnavailable) -> NoReturn:
    wait = COME_BACK_AFTER if error.retry_after is None else error.retry_after
    problem(
        503, "The payment provider does not answer. Nothing has changed.", headers={"Retry-After": str(wait)}
    )


def _also(description: str) -> Any:
    """Declare one more answer with an order."""
    schema = {"$ref": "#/components/schemas/OrderView"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


@blueprint.post("/api/orders")
@blueprint.auth_required(auth)
@blueprint.input(IdempotencyHeader, location="headers", arg_name="headers")
@json_body(blueprint, NewOrder)
@blueprint.output(OrderView, status_code=201, description="Ordered and paid")
@blueprint.doc(
    summary="Order something",
    operation_id="placeOrder",
    responses={
        200: _also("Ordered before, with the same idempotency key"),
        202: _also("Ordered; the payment provider has not answered yet and is asked again"),
        402: "The payment was declined",
        409: "Not enough is left, or something changed at the same moment",
    },
)
def place_order(headers: IdempotencyHeader, body: NewOrder) -> tuple[OwnOrder, int, dict[str, str]]:
    """Takes the goods from the shelf, then charges for them.

    A request may be sent again with the same `Idempotency-Key`: it is answered with the same order, and
    charged once. The goods of an order that awaits its payment are held for it.
    """
    order, is_new = place_or_refuse(current_user(), body, headers.idempotency_key)
    where = {"Location": url_for("orders.get_order", order_id=order.id)}
    refuse_declined(order, where)
    status = 202 if order.status == "awaiting_payment" else 201 if is_new else 200
    return _shown(order, current_user()), status, where


def place_or_refuse(user: User, wanted: NewOrder, key: str | None) -> tuple[Order, bool]:
    """Return the order and whether it is new; 409 or 422 where none can be placed."""
    try:
        return orders.place(user, wanted.product_id, wanted.quantity, key)
    except orders.UnknownProduct:
        invalid(product_id="There is no such product.")
    except orders.TotalTooLarge:
        invalid(quantity=f"An order may cost up to {orders.euros(orders.LARGEST_TOTAL)}.")
    except orders.KeyUsedOtherwise:
        invalid(idempotency_key="This key came with another order before.")
    except orders.OutOfStock as error:
        problem(409, f"Only {error.left} left." if error.left else "Sold out.", left=error.left)
    except orders.Conflict as error:
        problem(409, str(error))


def refuse_declined(order: Order, headers: dict[str, str] | None = None) -> None:
    """Answer 402, if the order could not be paid."""
    if order.status == "declined":
        problem(402, f"The payment was declined: {order.decline_reason}.", headers=headers)


@blueprint.get("/api/orders")
@blueprint.auth_required(auth)
@blueprint.input(OrderQuery, location="query", arg_name="query")
@blueprint.output(OrderPage)
@blueprint.doc(summary="My orders; for an admin, all orders", operation_id="listOrders")
def list_orders(query: OrderQuery) -> dict[str, Any]:
    """Newest first."""
    viewer = current_user()
    found = find_orders(viewer, query, everybodys=viewer.is_admin)
    return page_of(found, [_shown(order, viewer) for order in found.items])


def find_orders(viewer: User, query: OrderQuery, *, everybodys: bool) -> Pagination:
    """Return a part of somebody's own orders, or of everybody's, newest first."""
    wanted = select(Order).order_by(Order.id.desc())
    if not everybodys:
        wanted = wanted.where(Order.user_id == viewer.id)
    if query.status is not None:
        wanted = wanted.where(Order.status == query.status)
    return db.paginate(wanted, page=query.page, per_page=query.per_page, error_out=False)


@blueprint.get("/api/orders/<int:order_id>")
@blueprint.auth_required(auth)
@blueprint.output(OrderView)
@blueprint.doc(
    summary="An order", operation_id="getOrder", responses={404: "No such order, or somebody else's"}
)
def get_order(order_id: int) -> OwnOrder:
    """One's own; for an admin, any."""
    return _shown(_order(order_id), current_user())


@blueprint.post("/api/orders/<int:order_id>/cancel")
@blueprint.auth_required(auth)
@blueprint.output(OrderView)
@blueprint.doc(
    summary="Cancel an order",
    operation_id="cancelOrder",
    responses={
        404: "No such order, or somebody else's",
        409: "The order has been sent or can no longer be cancelled, or the payment provider refuses",
        503: "The payment provider does not answer; nothing has changed",
    },
)
def cancel_order(order_id: int) -> OwnOrder:
    """Gives back what was paid and has not been given back yet, and puts the goods back on the shelf."""
    order = _order(order_id)
    try:
        orders.cancel(order)
    except orders.Conflict as error:
        problem(409, str(error))
    except PaymentsUnavailable as error:
        _come_back(error)
    return _shown(order, current_user())


@blueprint.post("/api/orders/<int:order_id>/send")
@blueprint.auth_required(auth, roles=["admin"])
@blueprint.output(OrderView)
@blueprint.doc(
    summary="Mark an order as sent",
    operation_id="markOrderAsSent",
    responses={404: "No such order", 409: "The order is not paid, or was sent before"},
)
def send_order(order_id: int) -> OwnOrder:
    """Says that the goods are on their way. The customer is told by mail, and can no longer cancel."""
    order = _order(order_id)
    mark_as_sent_or_refuse(order)
    return _shown(order, current_user())


def mark_as_sent_or_refuse(order: Order) -> None:
    """Mark an order as sent; 409 for one that cannot be."""
    try:
        orders.mark_as_sent(order)
    except orders.Conflict as error:
        problem(409, str(error))


@blueprint.post("/api/orders/<int:order_id>/refund")
@blueprint.auth_required(auth, roles=["admin"])
@blueprint.input(IdempotencyHeader, location="headers", arg_name="headers")
@json_body(blueprint, NewRefund)
@blueprint.output(OrderView)
@blueprint.doc(
    summary="Give money back",
    operation_id="refundOrder",
    responses={
        404: "No such order",
        409: "The order is not paid, less is left than was asked for, or the payment provider refuses",
        503: "The payment provider does not answer; nothing has changed",
    },
)
def refund_order(order_id: int, headers: IdempotencyHeader, body: NewRefund) -> OwnOrder:
    """All that is left, or a part of it. The customer is told by mail.

    A request may be sent again with the same `Idempotency-Key`: the money is given back once.
    """
    order = _order(order_id)
    try:
        orders.refund(order, body.amount_cents, headers.idempotency_key)
    except orders.KeyUsedOtherwise:
        invalid(idempotency_key="This key came with another amount before.")
    except orders.Conflict as error:
        problem(409, str(error))
    except PaymentsUnavailable as error:
        _come_back(error)
    return _shown(order, current_user())
