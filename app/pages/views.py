"""What each page shows and does. The rules are those of the API: the same schemas and services."""

import secrets
from typing import Annotated, Any

from apiflask import APIFlask, HTTPError
from flask import Blueprint, flash, g, redirect, request, session, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from app import permissions
from app.api import orders as ordering
from app.api import posts, products, profile, schemas, users, weather
from app.auth import open_session, registering, slowed_down
from app.extensions import db
from app.models import Order
from app.pages import forms
from app.pages.errors import show, shown_again
from app.pages.session import (
    SEE_OTHER,
    SecureWhereServedSo,
    begin,
    end,
    me,
    signed_in,
    viewer,
    within_site,
)
from app.services import accounts, avatars
from app.services.orders import euros

blueprint = Blueprint("pages", __name__, static_folder="static")
STATES = {
    "awaiting_payment": "awaits payment",
    "paid": "paid",
    "declined": "declined",
    "cancelled": "cancelled",
    "refunded": "refunded",
}
PAGE_SIZE = 10
Part = Annotated[int, Field(ge=1, le=10_000)]


class OrderForm(ordering.NewOrder, ordering.IdempotencyHeader):
    """What the form of an order sends."""


class Parts(BaseModel):
    """Which part of the users, and which of the orders, the admin's page shows."""

    users: Part = 1
    orders: Part = 1


def _catalogue(problem: Any = None) -> str:
    query = products.ProductQuery() if problem else forms.read_query(products.ProductQuery)
    found = products.find_products(query.model_copy(update={"per_page": PAGE_SIZE}))
    form = forms.refilled(forms.Order)
    return show(
        "catalogue.html",
        problem=problem,
        found=found,
        query=query,
        form=form,
        ordered=form.product_id.data,
        key=secrets.token_urlsafe(12),
    )


@blueprint.get("/")
def catalogue() -> str:
    """What is for sale, everybody may look."""
    return _catalogue()


@blueprint.post("/orders")
@signed_in()
@shown_again(_catalogue)
def place_order() -> Response:
    """Order something, and see it among one's orders."""
    numbers = frozenset({"product_id", "quantity"})
    wanted = forms.read(forms.Order, OrderForm, numbers=numbers)
    order, _ = ordering.place_or_refuse(me(), wanted, wanted.idempotency_key)
    ordering.refuse_declined(order)
    paid = order.status == "paid"
    flash(
        f"You ordered {order.quantity} {order.product_name} for {euros(order.total_cents)}."
        + ("" if paid else " The payment provider has not answered yet and is asked again.")
    )
    return _see("pages.dashboard")


def _sign_up(problem: Any = None) -> str:
    return show("sign_up.html", problem=problem, form=forms.refilled(forms.SignUp))


@blueprint.get("/sign-up")
def sign_up() -> str:
    """The form for a new account."""
    return _sign_up()


@blueprint.post("/sign-up")
@shown_again(_sign_up)
@registering
def open_account() -> Response:
    """Open an account, and be signed in to it."""
    given = forms.read(forms.SignUp, schemas.Registration)
    user = accounts.open_account(name=given.name, email=given.email, password=given.password)
    token = user.generate_token()
    db.session.commit()
    answer = begin(token, url_for("pages.dashboard"))
    flash(f"Welcome, {given.name}.")
    return answer


def _sign_in(problem: Any = None) -> str:
    return show("sign_in.html", problem=problem, form=forms.refilled(forms.SignIn))


@blueprint.get("/sign-in")
def sign_in() -> str:
    """The form to sign in."""
    return _sign_in()


@blueprint.post("/sign-in")
@shown_again(_sign_in)
@slowed_down
def start_session() -> Response:
    """Sign in, and go on to the page that was asked for."""
    given = forms.read(forms.SignIn, schemas.SignIn)
    return begin(open_session(given.email, given.password), within_site(request.args.get("next")))


@blueprint.post("/sign-out")
@signed_in()
def sign_out() -> Response:
    """Sign out."""
    forms.read(forms.Form, schemas.Input)
    answer = end(url_for("pages.catalogue"))
    flash("You are signed out.")
    return answer


def _dashboard(problem: Any = None) -> str:
    my_weather = _my_weather()  # first: it ends the transaction
    user = me()
    return show(
        "dashboard.html",
        problem=problem,
        form=forms.refilled(forms.Avatar),
        orders=ordering.find_orders(user, ordering.OrderQuery(per_page=PAGE_SIZE), everybodys=False),
        posts=db.paginate(posts.posts_of(user), page=1, per_page=PAGE_SIZE, error_out=False),
        weather=my_weather,
    )


@blueprint.get("/dashboard")
@signed_in()
def dashboard() -> str:
    """My orders, my posts, the weather in my city, my picture."""
    return _dashboard()


@blueprint.post("/dashboard/city")
@signed_in()
@shown_again(_dashboard)
def choose_city() -> Response:
    """Keep my city, for as long as I am signed in."""
    session["city"] = forms.read(forms.City, weather.WeatherQuery).city
    return _see("pages.dashboard")


def _my_weather() -> dict[str, Any]:
    """Return the city with its weather, or with why there is none; nothing without a city."""
    city = session.get("city")
    if not city:
        return {}
    db.session.rollback()  # no connection of the database is held while the provider thinks
    try:
        return {"city": city, "now": weather.weather_in(city)}
    except HTTPError as error:
        return {"city": city, "trouble": error.message}


@blueprint.get("/dashboard/picture")
@signed_in()
def my_picture() -> Any:
    """My picture itself."""
    return profile.picture_of(me())


@blueprint.post("/dashboard/picture")
@signed_in()
@shown_again(_dashboard)
def upload_picture() -> Response:
    """Show a picture of myself, in place of the one before."""
    profile.let_picture_in()
    profile.store_or_refuse(me(), forms.read(forms.Avatar, schemas.AvatarForm))
    flash("This is your picture now.")
    return _see("pages.dashboard")


@blueprint.post("/dashboard/picture/removal")
@signed_in()
@shown_again(_dashboard)
def remove_picture() -> Response:
    """Take my picture away."""
    forms.read(forms.Form, schemas.Input)
    avatars.take_away(me())
    flash("Your picture is gone.")
    return _see("pages.dashboard")


def _admin(problem: Any = None) -> str:
    parts = Parts() if problem else forms.read_query(Parts)
    all_orders = ordering.OrderQuery(page=parts.orders, per_page=PAGE_SIZE)
    return show(
        "admin.html",
        problem=problem,
        parts=parts,
        users=users.find_users(schemas.PageQuery(page=parts.users, per_page=PAGE_SIZE)),
        orders=ordering.find_orders(me(), all_orders, everybodys=True),
    )


@blueprint.get("/admin")
@signed_in(role="admin")
def admin() -> str:
    """All users and all orders."""
    return _admin()


@blueprint.post("/admin/orders/<int:order_id>/sent")
@signed_in(role="admin")
@shown_again(_admin)
def mark_as_sent(order_id: int) -> Response:
    """Say that an order is on its way."""
    forms.read(forms.Form, schemas.Input)
    order = permissions.see_order(me(), db.session.get(Order, order_id))
    ordering.mark_as_sent_or_refuse(order)
    flash(f"{order.customer_name}'s order of {order.quantity} {order.product_name} is sent.")
    return _see("pages.admin")


def _see(endpoint: str) -> Response:
    return redirect(url_for(endpoint), SEE_OTHER)


@blueprint.app_context_processor
def _what_every_page_shows() -> dict[str, Any]:
    if "is_page" not in g:
        return {}
    return {
        "viewer": None if g.get("in_trouble") else viewer(),
        "token_form": forms.refilled(forms.Form),
        "states": STATES,
        "euros": euros,
    }


def init_app(app: APIFlask) -> None:
    """Serve the pages."""
    app.session_interface = SecureWhereServedSo()
    app.register_blueprint(blueprint)
