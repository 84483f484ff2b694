"""What the shop remembers."""

import hashlib
import secrets
import uuid
from datetime import UTC, datetime
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import current_app
from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    func,
    literal_column,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON, TypeDecorator

from app.extensions import NO_ID_TWICE, Model, db


def utcnow() -> datetime:
    """Return the present time, in UTC and saying so."""
    return datetime.now(UTC)


class UTCDateTime(TypeDecorator[datetime]):
    """A time in UTC, which SQLite too gives back as such."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Add the zone that SQLite does not store."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def password_hasher() -> PasswordHasher:
    """Return Argon2id at the configured price (RFC 9106)."""
    return PasswordHasher(
        time_cost=current_app.config["PASSWORD_TIME_COST"],
        memory_cost=current_app.config["PASSWORD_MEMORY_KIB"],
        parallelism=1,
    )


class User(Model):
    """A person with an account. Without a password nobody can sign in to it yet."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("role IN ('admin', 'user')", name="role"),
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        NO_ID_TWICE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(128))
    role: Mapped[str] = mapped_column(String(5))
    is_active: Mapped[bool] = mapped_column(default=True)
    avatar: Mapped[str | None] = mapped_column(String(40))
    welcomed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)

    @property
    def is_admin(self) -> bool:
        """Whether this is an admin."""
        return self.role == "admin"

    @property
    def avatar_url(self) -> str | None:
        """Where the picture is shown, if there is one."""
        return f"/api/users/{self.id}/avatar" if self.avatar else None

    def set_password(self, password: str) -> None:
        """Store the hash of a new password."""
        self.password_hash = password_hasher().hash(password)

    def check_password(self, password: str) -> bool:
        """Tell whether this is the password; never, where none has been set."""
        try:
            return password_hasher().verify(self.password_hash or "", password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    def generate_token(self) -> str:
        """Add a new access token and return its text, which is stored nowhere. The caller commits."""
        token = secrets.token_urlsafe(32)
        expires_at = utcnow() + current_app.config["TOKEN_LIFETIME"]
        db.session.add(AccessToken(user_id=self.id, digest=digest_of(token), expires_at=expires_at))
        return token


def digest_of(token: str) -> str:
    """Return what is stored of a token: enough to recognise it, too little to use it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class AccessToken(Model):
    """Who holds the token acts as the user, until it expires or its row is deleted."""

    __tablename__ = "access_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship()


class Post(Model):
    """Something a member wrote. It outlives its author's account, then without a name."""

    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow, onupdate=utcnow)

    author: Mapped[User | None] = relationship()


class Product(Model):
    """Something for sale. Prices are whole cents; the stock cannot go below zero."""

    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("stock >= 0", name="stock_not_negative"),
        CheckConstraint("price_cents > 0", name="price_positive"),
        Index("ix_products_in_order", func.lower(literal_column("name")), "id"),  # as the shop shows them
        NO_ID_TWICE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    price_cents: Mapped[int]
    stock: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)


class Order(Model):
    """What a customer ordered, with all that the books need when the product or the account is gone.

    The status goes from ``awaiting_payment`` to ``paid`` or ``declined``; from ``awaiting_payment`` or
    ``paid`` to ``cancelled``; from ``paid`` to ``refunded`` once all of it has been given back.
    """

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("user_id", "idempotency_key", name="uq_orders_user_id_idempotency_key"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("total_cents = quantity * unit_price_cents", name="total_adds_up"),
        CheckConstraint(
            "status IN ('awaiting_payment', 'paid', 'declined', 'cancelled', 'refunded')", name="status"
        ),
        CheckConstraint(
            "status NOT IN ('paid', 'refunded') OR charge_id IS NOT NULL", name="paid_by_a_charge"
        ),
        NO_ID_TWICE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    customer_name: Mapped[str] = mapped_column(String(80))
    customer_email: Mapped[str] = mapped_column(String(254))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id", ondelete="SET NULL"), index=True)
    product_name: Mapped[str] = mapped_column(String(120))
    unit_price_cents: Mapped[int]
    quantity: Mapped[int]
    total_cents: Mapped[int]
    status: Mapped[str] = mapped_column(String(16), default="awaiting_payment", index=True)
    payment_key: Mapped[str] = mapped_column(String(36), unique=True, default=lambda: str(uuid.uuid4()))
    charge_id: Mapped[str | None] = mapped_column(String(64))
    decline_reason: Mapped[str | None] = mapped_column(String(200))
    idempotency_key: Mapped[str | None] = mapped_column(String(64))
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    told_declined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # to the customer, whatever is given back
    told_sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)

    user: Mapped[User | None] = relationship()
    product: Mapped[Product | None] = relationship()
    refunds: Mapped[list["Refund"]] = relationship(back_populates="order", lazy="selectin")

    @property
    def refunded_cents(self) -> int:
        """What has been given back so far, in cents."""
        return sum(refund.amount_cents for refund in self.refunds)

    @property
    def refundable_cents(self) -> int:
        """What can still be given back, in cents."""
        return self.total_cents - self.refunded_cents if self.status == "paid" else 0


class Refund(Model):
    """Money given back for an order, in cents."""

    __tablename__ = "refunds"
    __table_args__ = (
        UniqueConstraint("order_id", "idempotency_key", name="uq_refunds_order_id_idempotency_key"),
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        NO_ID_TWICE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    amount_cents: Mapped[int]
    refund_id: Mapped[str] = mapped_column(String(64))
    idempotency_key: Mapped[str] = mapped_column(String(64))
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)

    order: Mapped[Order] = relationship(back_populates="refunds")


class OutboxMessage(Model):
    """A background task that is to be done; deleted once it has been.

    :ivar due_at: not handed to the broker before this; at once, if None.
    :ivar tries: how often it was tried in vain.
    """

    __tablename__ = "outbox_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    task: Mapped[str] = mapped_column(String(120))
    arguments: Mapped[list[Any]] = mapped_column(JSON)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)


class Claim(Model):
    """That somebody is at work on something, until a moment: what a lock would be, but for a transaction."""

    __tablename__ = "claims"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    holder: Mapped[str] = mapped_column(String(32))
    until: Mapped[datetime] = mapped_column(UTCDateTime)
