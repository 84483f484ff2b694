"""The shop's models, of which data are made."""

from app.models import AccessToken, Order, OutboxMessage, Post, Product, Refund, User, digest_of

__all__ = ["AccessToken", "Order", "OutboxMessage", "Post", "Product", "Refund", "User", "digest_of"]
