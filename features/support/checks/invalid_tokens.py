"""Tokens that do not count, each made from what an admin would hold, so that only the token is wrong."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable

from behave_flask import Person
from features.support.world import factories
from features.support.world.world import World


def somebody(world: World, kind: str) -> Person:
    """Return who comes with such a token. Raises KeyError for a kind that is not known."""
    if kind not in KINDS:
        raise KeyError(f"There is no {kind!r}; known are: {', '.join(KINDS)}.")
    return KINDS[kind](world)


def _expired(world: World) -> Person:
    text = factories.token_text()
    world.make(factories.TokenFactory, text=text, user=world.person("an admin").user, expired=True)
    return Person("", text)


def _revoked(world: World) -> Person:
    admin = world.join("whoever signs out", admin=True)
    world.do(admin.name, "sign out")
    return admin


def _deleted(world: World) -> Person:
    gone = world.join("whoever leaves", admin=True)
    world.do("an admin", "delete a user", id=gone.id)
    return gone


def _altered(world: World) -> Person:
    token = world.person("an admin").token or ""
    return Person("", ("b" if token[0] == "a" else "a") + token[1:])


def _cut(world: World) -> Person:
    return Person("", (world.person("an admin").token or "")[:-1])


def _part(data: dict[str, object] | bytes) -> str:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _signed(algorithm: str, sign: Callable[[bytes], bytes]) -> Callable[[World], Person]:
    """A JSON Web Token (RFC 7519) that says it is an admin's."""

    def make(world: World) -> Person:
        admin = world.person("an admin")
        claims: dict[str, object] = {"sub": str(admin.id), "role": "admin", "exp": 4102444800}
        content = f"{_part({'alg': algorithm, 'typ': 'JWT'})}.{_part(claims)}"
        return Person("", f"{content}.{_part(sign(content.encode()))}")

    return make


def _by_another_key(content: bytes) -> bytes:
    return hmac.new(b"a key that is not the shop's", content, hashlib.sha256).digest()


def _basic(world: World) -> Person:
    text = f"{world.email_of('an admin')}:{factories.PASSWORD}"
    return Person("", base64.b64encode(text.encode()).decode(), scheme="Basic")


KINDS: dict[str, Callable[[World], Person]] = {
    "a token that has expired": _expired,
    "a token that was revoked": _revoked,
    "a token of a deleted admin": _deleted,
    "a token with one letter changed": _altered,
    "a token cut short": _cut,
    "a token of another make": lambda _world: Person("", "not-a-token-at-all"),
    "an empty token": lambda _world: Person("", " "),
    "a number in place of a token": lambda world: Person("", str(world.person("an admin").id)),
    "a signed token of another key": _signed("HS256", _by_another_key),
    "a signed token without signature": _signed("none", lambda _content: b""),
    "a name and password": _basic,
}
