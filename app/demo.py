"""Demo data, to try the shop with: `flask --app app load-demo`."""

import secrets
from itertools import cycle

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app.extensions import db
from app.models import Order, Post, Product, User, utcnow
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
