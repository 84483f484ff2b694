"""Requests that are wrong in themselves, whatever they are about, and what every answer has to be like."""

import re
from typing import Any

from pydantic import ValidationError

from behave_flask import Operation
from features.support.world.world import World

JSON = "application/json"
TOO_MUCH = 1024 * 1024  # bytes, several times what any request but a picture may have
MISTAKES: dict[str, tuple[str, dict[str, Any]]] = {
    "ask for a page that there is not": ("GET /nowhere", {}),
    "ask for a page with an odd name": ("GET /%00/..%2f..%2fetc%2fpasswd/%ff", {}),
    "ask with a browser for programs' things": ("GET /api/nowhere", {"headers": {"Accept": "text/html"}}),
    "ask for a page with a line too many": (
        "GET /api/products//1",
        {"headers": {"Host": "evil.example.com"}},
    ),
    "write to a page that there is not": ("POST /api/nowhere", {"json": {}}),
    "wipe out the whole catalogue": ("DELETE /api/products", {}),
    "do what nobody ever heard of": ("BREW /healthz", {}),
    "send a form": (
        "POST /register",
        {"body": b"name=Nina", "content_type": "application/x-www-form-urlencoded"},
    ),
    "send nothing": ("POST /register", {}),
    "send half a sentence": ("POST /register", {"body": b'{"name": ', "content_type": JSON}),
    "send letters that nobody can read": (
        "POST /register",
        {"body": b'{"name": "\xff\xfe"}', "content_type": JSON},
    ),
    "send a box in a box in a box without end": (
        "POST /register",
        {"body": b"[" * 100_000, "content_type": JSON},
    ),
    "send a list": ("POST /register", {"json": ["Nina"]}),
    "leave everything out": ("POST /register", {"json": {}}),
    "name a field with half a letter": (
        "POST /register",
        {"body": b'{"name": "Nina", "email": "nina@example.com", "\\ud83d": 1}', "content_type": JSON},
    ),
    "send a whole book": ("POST /register", {"body": b" " * TOO_MUCH + b"{}", "content_type": JSON}),
    "send something without saying how much will come": (
        "POST /register",
        {"body": b"{}", "content_type": JSON, "headers": {"Transfer-Encoding": "chunked"}},
    ),
    "come without a token": ("GET /api/profile", {}),
    "come with a token that was made up": (
        "GET /api/profile",
        {"headers": {"Authorization": "Bearer made-up"}},
    ),
}
NOTHING_ELSE = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
# What an answer lets a browser load, in words and as a policy (CSP Level 3).
LOADS = {
    "nothing": "",
    "its own style": r"; style-src 'nonce-[\w-]{22}'",
    "the shop's own styles, pictures and scripts": r"; style-src 'self'; img-src 'self'; script-src 'self'",
}
FORBIDS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
TELLTALES = re.compile(
    r"traceback|werkzeug|flask|sqlalchemy|psycopg|sqlite|gunicorn|pydantic|python|\.py\b|line \d",
    re.IGNORECASE,
)
STUMBLE = "the shop stumbles over a wire"
# What nobody thought of, in words.
FAULTS: dict[str, Exception] = {
    STUMBLE: ZeroDivisionError(STUMBLE),
    "the shop cannot make sense of its own words": ValidationError.from_exception_data(
        "Words", [{"type": "missing", "loc": ("word",), "input": {}}]
    ),
}


def make(world: World, who: str, mistake: str) -> None:
    """Let somebody try one of MISTAKES. Raises KeyError for another."""
    request, arguments = MISTAKES[mistake]
    world.attempt(who, Operation(mistake, request), **arguments)


def our_fault(world: World, who: str) -> None:
    """Check that somebody was told, in the shape of every error, that it is not their fault, and no more."""
    response = world.outcome_of(who).response
    expected = {"type": "about:blank", "status": 500, "title": "Internal Server Error"}
    body = response.json if response.type == "application/problem+json" else {}
    detail = body.pop("detail", None)
    if body != expected or detail != "Something went wrong on our side." or STUMBLE.encode() in response.body:
        raise AssertionError(f"{who} was told something else.\n{world.outcome.exchange}")


def sealed(world: World) -> None:
    """Check that the answer tells a browser not to guess, keep or follow anything of it."""
    headers = world.outcome.response.headers
    if open_ := [name for name, value in FORBIDS.items() if headers.get(name) != value]:
        raise AssertionError(f"Not forbidden: {', '.join(open_)}. The headers are {dict(headers)}.")
    if not headers.get("content-security-policy", "").startswith(NOTHING_ELSE):
        raise AssertionError(f"The policy is {headers.get('content-security-policy')!r}.")


def lets_load(world: World, what: str) -> None:
    """Check that the answer lets a browser load what one of LOADS says, and nothing else."""
    policy = world.outcome.response.headers.get("content-security-policy", "")
    if not re.fullmatch(re.escape(NOTHING_ELSE) + LOADS[what], policy):
        raise AssertionError(f"The policy is {policy!r}; that is not: {what}.")


def says_how_to_sign_in(world: World, name: str) -> None:
    """Check that the answer asks for a bearer token of this shop (RFC 6750, 3)."""
    found = world.outcome.response.headers.get("www-authenticate")
    if found != f'Bearer realm="{name}"':
        raise AssertionError(f"The answer says how to sign in: {found}.")


def reveals_no_internals(world: World) -> None:
    """Check that neither the answer nor its headers name what the shop is made of."""
    response = world.outcome.response
    text = "\n".join([*map(": ".join, response.headers.items()), response.body.decode(errors="replace")])
    if found := TELLTALES.search(text):
        raise AssertionError(f"The answer speaks of {found[0]!r}:\n{text}")


def can_be_done_there(world: World, methods: set[str]) -> None:
    """Check what the answer says can be done in that place (RFC 9110, 15.5.6)."""
    found = {method.strip() for method in world.outcome.response.headers.get("allow", "").split(",")}
    if found != methods:
        raise AssertionError(f"The answer names {sorted(found)}, not {sorted(methods)}.")
