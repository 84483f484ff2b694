"""What can be asked of a service: what it is called, how it is sent, and what its success changes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from behave_flask.core.http import Exchange
from behave_flask.core.outcomes import Outcome

if TYPE_CHECKING:
    from behave_flask.core.world import World


@dataclass(frozen=True)
class Person:
    """Somebody who can ask the service for something.

    For example::

        Person("a visitor")
        Person("Ann", token="...")
        Person("Ben", api_key=("X-API-Key", "..."))
        Person.with_password("Cid", "cid@example.com", "secret")
        Person.with_form("Dan", "/login", {"username": "dan", "password": "secret"})

    Who signs in by a form has the service's cookie, and shows nothing else.

    :param name: what features call them.
    :param token: shown with each request; None for who is anonymous.
    :param user: the record of the account as it was made, attached to no session, for factories that make
        things of this person's.
    :param scheme: how the token is sent (RFC 9110, 11.1).
    :param api_key: a header of the service's own, and what this person shows in it.
    :param form: the path of the page where this person signs in, and what is filled into its form.
    """

    name: str
    token: str | None = None
    user: Any = None
    scheme: str = "Bearer"
    api_key: tuple[str, str] | None = None
    form: tuple[str, Mapping[str, str]] | None = None

    @classmethod
    def with_password(cls, name: str, login: str, password: str, user: Any = None) -> Person:
        """Return somebody who shows a name and a password with each request (Basic, RFC 7617).

        :param name: what features call them.
        :param login: what the service calls them.
        :param password: shown beside it.
        :param user: as for `Person`.
        """
        return cls(name, b64encode(f"{login}:{password}".encode()).decode(), user, scheme="Basic")

    @classmethod
    def with_form(cls, name: str, path: str, filled_in: Mapping[str, str], user: Any = None) -> Person:
        """Return somebody who signs in by a form when first named, with its hidden fields and CSRF token.

        :param name: what features call them.
        :param path: where the page with the form is.
        :param filled_in: what is filled in, by the names of the fields.
        :param user: as for `Person`.
        """
        return cls(name, user=user, form=(path, filled_in))

    @property
    def id(self) -> Any:
        """The id of the account; None without one."""
        return self.user.id if self.user else None

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers by which this person shows who it is."""
        shown = {"Authorization": f"{self.scheme} {self.token}"} if self.token else {}
        return {**shown, self.api_key[0]: self.api_key[1]} if self.api_key else shown


def no_arguments(_world: World, _who: str) -> dict[str, Any]:
    """Return what a valid request takes that needs neither ids nor a body."""
    return {}


@dataclass(frozen=True)
class Operation:
    """One request of the service.

    Example::

        Operation("delete a post", "DELETE /posts/{id}", 204, {"posts"})

    :param action: what somebody does, as features call it.
    :param request: the method and the path, with names in braces for what varies.
    :param success: the exact status of its success.
    :param changes: the names in `Stage.state` of all that a success changes; nothing else may change.
    :param valid: gives the arguments of `World.act` for a request with nothing wrong, made by somebody in the
        world of the permission matrix; it first does what has to be done before.
    """

    action: str
    request: str
    success: int = 200
    changes: AbstractSet[str] = frozenset()
    valid: Callable[[Any, str], dict[str, Any]] = no_arguments

    def outcome(self, exchange: Exchange) -> Outcome:
        """Return what an answer to it means.

        :param exchange: the request and its answer.
        """
        return Outcome(exchange, self.success)

    def headers(self, person: Person) -> Mapping[str, str]:
        """Return the headers by which somebody shows, in doing this, who it is.

        :param person: who does it.
        """
        return person.headers

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.request.partition(" ")[0]

    @property
    def path(self) -> str:
        """The path, with names in braces for what varies."""
        return self.request.partition(" ")[2]
