"""Who acts in the features: personas by what they are, and people by their names."""

from typing import Any

from behave_flask import Person

COOKIE = "shop_token"  # in which a browser keeps the token


def cookie_of(person: Person) -> str:
    """Return what a person's browser keeps (RFC 6265, 4.2); empty without a token."""
    return f"{COOKIE}={person.token}" if person.token and person.scheme == "Bearer" else ""


ANONYMOUS = Person("an anonymous visitor")

# Each persona is made when a feature first speaks of it, with these traits of UserFactory.
PERSONAS: dict[str, dict[str, Any]] = {
    "a user": {},
    "an admin": {"admin": True},
    "a suspended admin": {"admin": True, "suspended": True},
    "a member": {},
    "the author": {},
    "the customer": {},
    "another customer": {},
}
