"""Data for a scenario, by factory_boy: seeded, so that a scenario has the same data each time it runs alone.

A factory writes through the session that `World.make` opens and closes around it.
"""

from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from functools import cache

import factory
import factory.random
from argon2 import PasswordHasher
from factory.alchemy import SQLAlchemyModelFactory
from sqlalchemy.orm import Session

from features.support.shop import models

CHEAPEST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "a long enough password"
session: ContextVar[Session | None] = ContextVar("session", default=None)


@cache
def password_hash(password: str) -> str:
    """Return the hash of a password, computed once a run."""
    return CHEAPEST.hash(password)


def token_text() -> str:
    """Return a text for an access token, of the usual length."""
    return f"{factory.random.randgen.getrandbits(258):043x}"[-43:]


class Factory(SQLAlchemyModelFactory):
    """What the factories share: the session of the moment, which writes all at once at its end."""

    class Meta:
        abstract = True
        sqlalchemy_session_factory = session.get

    @classmethod
    def _setup_next_sequence(cls) -> int:
        return 1


class UserFactory(Factory):
    """A member whose password is PASSWORD; traits: admin, suspended, without_password."""

    class Meta:
        model = models.User

    class Params:
        admin = factory.Trait(role="admin")
        suspended = factory.Trait(is_active=False)
        without_password = factory.Trait(password_hash=None)

    name = factory.Faker("name")
    email = factory.Sequence(lambda number: f"member{number}@example.com")
    password_hash = factory.LazyFunction(lambda: password_hash(PASSWORD))
    role = "user"
    is_active = True


class TokenFactory(Factory):
    """An access token, good for an hour, made from the `text` that its holder sends; trait: expired."""

    class Meta:
        model = models.AccessToken
        exclude = ("text",)

    class Params:
        expired = factory.Trait(
            expires_at=factory.LazyFunction(lambda: datetime.now(UTC) - timedelta(seconds=1))
        )

    text = factory.LazyFunction(token_text)
    digest = factory.LazyAttribute(lambda token: models.digest_of(token.text))
    user = factory.SubFactory(UserFactory)
    expires_at = factory.LazyFunction(lambda: datetime.now(UTC) + timedelta(hours=1))


class PostFactory(Factory):
    """A post of a member."""

    class Meta:
        model = models.Post

    title = factory.Faker("sentence", nb_words=5)
    body = factory.Faker("paragraph", nb_sentences=5)
    author = factory.SubFactory(UserFactory)


class ProductFactory(Factory):
    """Something for sale, ten in stock; trait: sold_out."""

    class Meta:
        model = models.Product

    class Params:
        sold_out = factory.Trait(stock=0)

    name = factory.Sequence(lambda number: f"Product {number}")
    description = factory.Faker("sentence")
    price_cents = 1250
    stock = 10


class OrderFactory(Factory):
    """A paid order of one piece; traits: awaiting_payment, declined, cancelled."""

    class Meta:
        model = models.Order

    class Params:
        awaiting_payment = factory.Trait(status="awaiting_payment", charge_id=None)
        declined = factory.Trait(status="declined", charge_id=None)
        cancelled = factory.Trait(status="cancelled")

    user = factory.SubFactory(UserFactory)
    product = factory.SubFactory(ProductFactory)
    customer_name = factory.SelfAttribute("user.name")
    customer_email = factory.SelfAttribute("user.email")
    product_name = factory.SelfAttribute("product.name")
    unit_price_cents = factory.SelfAttribute("product.price_cents")
    quantity = 1
    total_cents = factory.LazyAttribute(lambda order: order.unit_price_cents * order.quantity)
    status = "paid"
    charge_id = factory.Sequence(lambda number: f"ch_{number}")
    payment_key = factory.Faker("uuid4")


class RefundFactory(Factory):
    """Money given back for an order."""

    class Meta:
        model = models.Refund

    order = factory.SubFactory(OrderFactory)
    amount_cents = 100
    refund_id = factory.Sequence(lambda number: f"re_{number}")
    idempotency_key = factory.Faker("uuid4")
