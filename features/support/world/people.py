"""Who acts in the features: personas by what they are, and people by their names."""

from dataclasses import dataclass
from typing import Any

COOKIE = "shop_token"  # in which a browser keeps the token


@dataclass(frozen=True)
class Person:
    """Somebody who can ask the service for something. Without a token it is an anonymous visitor.

    `user` is the record of the account as it was made, for factories that make things of this person's; it is
    attached to no session.
    """

    name: str
    token: str | None = None
    user: Any = None
    scheme: str = "Bearer"

    @property
    def id(self) -> int | None:
        """The number of the account."""
        return self.user.id if self.user else None

    @property
    def email(self) -> str | None:
        """The address of the account, as it was when it was made."""
        return self.user.email if self.user else None

    @property
    def headers(self) -> dict[str, str]:
        """How this person shows who it is (RFC 6750, 2.1)."""
        return {"Authorization": f"{self.scheme} {self.token}"} if self.token else {}

    @property
    def cookie(self) -> str:
        """What this person's browser keeps (RFC 6265, 4.2)."""
        return f"{COOKIE}={self.token}" if self.token and self.scheme == "Bearer" else ""


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
