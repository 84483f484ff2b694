"""What can be asked of a service: what it is called, how it is sent, and what its success changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from behave_flask.core.http import Exchange
from behave_flask.core.outcomes import Outcome

if TYPE_CHECKING:
    from behave_flask.core.world import World


@dataclass(frozen=True)
class Person:
    """Somebody who can ask the service for something.

    Example::

        Person("Ann", token="...")

    :param name: what features call them.
    :param token: shown with each request; None for who is anonymous.
    :param user: the record of the account as it was made, attached to no session, for factories that make
        things of this person's.
    :param scheme: how the token is sent (RFC 9110, 11.1).
    """

    name: str
    token: str | None = None
    user: Any = None
    scheme: str = "Bearer"

    @property
    def id(self) -> Any:
        """The id of the account; None without one."""
        return self.user.id if self.user else None

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers by which this person shows who it is."""
        return {"Authorization": f"{self.scheme} {self.token}"} if self.token else {}


def no_arguments(_world: World, _who: str) -> dict[str, Any]:
    """Return what a valid request takes that needs neither ids nor a body."""
    return {}


@dataclass(frozen=True)
class Operation:
    """One request of the service.

    Example::

        Operation("delete a post", "DELETE /posts/{id}", 204, frozenset({"posts"}))

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
    changes: frozenset[str] = frozenset()
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
