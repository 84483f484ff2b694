"""Commands for those who run the shop: `flask --app app create-admin`, `flask --app app load-demo`."""

import os
import secrets
from itertools import cycle

import click
from flask import Flask
from flask.cli import with_appcontext
from pydantic import ValidationError
from sqlalchemy import select

from app.api.schemas import Registration
from app.config import MIGRATIONS
from app.extensions import db
from app.models import Order, Post, Product, User, utcnow
from app.problems import messages_by_field
from app.services import accounts

PEOPLE = {
    "Ada Admin": "ada@example.com",
    "Ben Baker": "ben@example.com",
    "Cleo Carter": "cleo@example.com",
    "Dan Dyer": "dan@example.com",
}
PRODUCTS = [
    ("Apple juice", "Cloudy, one litre.", 250, 40),
    ("Bread", "Rye and sourdough, baked this morning.", 420, 12),
    ("Candles", "Six, of beeswax.", 990, 15),
    ("Cheese", "From the mountains, 200 g.", 580, 20),
    ("Coffee", "Whole beans, 500 g.", 1190, 25),
    ("Honey", "From the roof next door, 250 g.", 650, 8),
    ("Matches", "A box of forty.", 90, 200),
    ("Umbrella", "The last one.", 1890, 1),
]
POSTS = [
    ("Welcome to the corner", "This is where we tell each other what is new."),
    ("The bread sells out by ten", "Come early, or order the evening before."),
    ("Lost: one umbrella", "Black, wooden handle.\n\nIt was raining, of course."),
    ("Honey from the roof", "The bees had a good summer."),
    ("Coffee tasting on Friday", "Five beans, one evening. Bring a cup."),
    ("Found: one umbrella", "It hangs behind the counter."),
]


@click.command("create-admin")
@click.argument("email")
@click.option("--name", default="Admin", show_default=True, help="Their name, as others see it.")
@click.option(
    "--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Else it is asked for."
)
@with_appcontext
def create_admin(email: str, name: str, password: str) -> None:
    """Open an account for an admin who signs in with EMAIL."""
    try:
        who = Registration(email=email, name=name, password=password)
        admin = accounts.open_account(**who.model_dump(), role="admin", welcome=False)
    except ValidationError as error:
        sentences = [f"{field}: {' '.join(said)}" for field, said in messages_by_field(error).items()]
        raise click.ClickException("\n".join(sentences)) from None
    except accounts.EmailTakenError:
        raise click.ClickException(f"{email} has an account already; nothing was changed.") from None
    except accounts.WeakPasswordError:
        raise click.ClickException("The password must not be the name or the e-mail.") from None
    click.echo(f"{admin.name} <{admin.email}> is an admin now, with id {admin.id}.")


@click.command("load-demo")
@click.option("--password", help="For all who are made; without it one is made up and shown.")
@with_appcontext
def load_demo(password: str | None) -> None:
    """Fill the shop with people, products, posts and orders to try it with. What is there already stays."""
    password = password or secrets.token_urlsafe(12)
    people = [_person(name, email, password) for name, email in PEOPLE.items()]
    if not db.session.scalar(select(Product).limit(1)):
        _fill(people)
    db.session.commit()
    click.echo("The demo data are loaded.")


def _person(name: str, email: str, password: str) -> User:
    known = db.session.scalar(select(User).where(User.email == email))
    if known is not None:
        click.echo(f"{email} is here already, with the password from before.")
        return known
    role = "admin" if name.endswith("Admin") else "user"
    click.echo(f"{email} ({role}) signs in with {password}")
    return accounts.open_account(name=name, email=email, password=password, role=role, welcome=False)


def _fill(people: list[User]) -> None:
    products = [Product(name=n, description=d, price_cents=p, stock=s) for n, d, p, s in PRODUCTS]
    authors = cycle(people)
    db.session.add_all(products)
    db.session.add_all(Post(author_id=next(authors).id, title=title, body=body) for title, body in POSTS)
    db.session.flush()
    customers = cycle(people[1:])
    db.session.add_all(_order(next(customers), product, 1 + product.id % 3) for product in products[:5])


def _order(customer: User, product: Product, quantity: int) -> Order:
    """Return an order that was paid and confirmed long ago."""
    return Order(
        user_id=customer.id,
        customer_name=customer.name,
        customer_email=customer.email,
        product_id=product.id,
        product_name=product.name,
        unit_price_cents=product.price_cents,
        quantity=quantity,
        total_cents=product.price_cents * quantity,
        status="paid",
        charge_id=f"ch_demo_{product.id}",
        confirmed_at=utcnow(),
    )


def add_migrations(app: Flask) -> None:
    """Offer `flask db`. What that takes, 10 MiB and 0.2 s, nobody needs who only serves."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(MIGRATIONS), compare_type=True)


def init_app(app: Flask) -> None:
    """Offer the commands; `flask` itself says that it is at work."""
    if os.environ.get("FLASK_RUN_FROM_CLI") == "true":
        add_migrations(app)
    app.cli.add_command(create_admin)
    app.cli.add_command(load_demo)
