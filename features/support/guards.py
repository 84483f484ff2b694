"""The shop without each of its guards, which the permission matrix must notice: `make prove-guards`.

For every row that refuses there is a guard behind it. Each is switched off alone, at one route.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask import Flask, request
from sqlalchemy import select

from app import auth, create_app, permissions
from app.extensions import db
from app.models import AccessToken, Order, Post, User, digest_of
from app.pages import session
from behave_flask.core.routes import Route
from behave_flask.permissions.authorization_mutants import Mutant, Title
from behave_flask.permissions.matrix import Row
from features.support.checks import invalid_tokens
from features.support.checks.permissions import MATRIX
from features.support.shop import building
from features.support.world.people import ANONYMOUS, COOKIE

BAD_TOKENS = MATRIX.folder / "bad_tokens.feature"
SEEING = MATRIX.folder.parent / "accounts" / "seeing_accounts.feature"
COMPLETENESS = MATRIX.folder / "completeness.feature"
COMPLETE = COMPLETENESS.name, "the tables are complete"
UNGUARDED = "/api/unguarded"
# What somebody holds whose token is not looked at, because it is none.
EMPTY = "an empty token"
NO_TOKEN = {"a name and password", EMPTY}
# What is about the token itself asks for one, whoever was let in.
NEEDS_TOKEN_ITSELF = {"DELETE /api/tokens/current", "PATCH /api/profile"}
SUSPENDED = "a suspended admin"
# Of `seeing_accounts.feature`: what only oneself and an admin see, and who is shown to whom without it.
PRIVATE = ("e-mail", "role", "standing")
STRANGERS = (("Mia", "Max"), ("Ada", "Mia"))

Here = Callable[[], bool]  # whether the present request is at the route in question
Off = AbstractContextManager[Any]


def mutants() -> list[Mutant]:
    """Return the shop without each of its guards, by what the tables refuse, and with a route too many.

    :raises AssertionError: for a row that refuses and has no guard behind it.
    """
    rows = MATRIX.rows
    found = [*_sign_in(rows), *_roles(rows), *_suspensions(rows), *_owners(rows), *_tokens(rows), _fields()]
    refused = {_title(row) for row in rows if MATRIX.verdicts[row.verdict] != "allowed"}
    if without := refused - {title for mutant in found for title in mutant.rows}:
        raise AssertionError(f"No guard is known for these rows: {sorted(without)}.")
    return [*found, _unguarded_route()]


def _sign_in(rows: list[Row]) -> Iterator[Mutant]:
    """Whoever has no token is asked to sign in; off: they are taken for some member."""
    for row in _refused(rows, "must sign in", ANONYMOUS.name):
        kinds = NO_TOKEN - ({EMPTY} if row.request in NEEDS_TOKEN_ITSELF else set())
        titles = {_title(row), *(_bad(kind) for kind in kinds)}
        yield _mutant("sign-in", row, _let_in_without_token, titles)


def _tokens(rows: list[Row]) -> Iterator[Mutant]:
    """A token has to be known, and not expired; off: an unknown one is taken for some member's."""
    unknown = {_bad(kind) for kind in set(invalid_tokens.KINDS) - NO_TOKEN - {"a token that has expired"}}
    for row in _refused(rows, "must sign in", ANONYMOUS.name):
        yield _mutant("known token", row, _let_in_with_unknown_token, unknown)
        yield _mutant("token's end", row, _let_in_with_expired_token, {_bad("a token that has expired")})


def _roles(rows: list[Row]) -> Iterator[Mutant]:
    """Some things only an admin may do; off: everybody may who has signed in."""
    by_role = [row for row in _refused(rows, "forbidden") if not _is_owners(row)]
    for request_, same in _by_request(by_role):
        yield _mutant("role", same[0], _let_any_role, {_title(row) for row in same}, request_)


def _owners(rows: list[Row]) -> Iterator[Mutant]:
    """Some things are somebody's; off: they are everybody's."""
    for row in [*_refused(rows, "forbidden"), *_refused(rows, "does not exist")]:
        if _is_owners(row):
            yield _mutant("owner", row, OWNED[row.request], {_title(row)})


def _suspensions(rows: list[Row]) -> Iterator[Mutant]:
    """A suspended account cannot act; off: it can."""
    for row in _refused(rows, "forbidden", SUSPENDED):
        yield _mutant("suspension", row, _let_suspended, {_title(row)})


def _fields() -> Mutant:
    """Others see the public fields of a user; off: they see all."""
    hidden = {f"Max does not see the {field} of Mia, one at a time and in the list" for field in PRIVATE}
    shown = {f"{whose} is shown to {who} as recorded" for whose, who in STRANGERS}
    shown.add("the list of users is shown to Mia as recorded")
    off = partial(patch.object, permissions, "sees_private_fields", lambda *_: True)
    rows = frozenset((SEEING.name, title) for title in hidden | shown)
    return Mutant("private fields", "private fields of a user", off, rows, _tables())


def _refused(rows: Iterable[Row], word: str, who: str | None = None) -> list[Row]:
    suspended = who == SUSPENDED
    return [
        row
        for row in rows
        if MATRIX.verdicts[row.verdict] == word
        and who in (None, row.who)
        and (row.who == SUSPENDED) == suspended
    ]


def _is_owners(row: Row) -> bool:
    return row.request in OWNED


def _by_request(rows: list[Row]) -> Iterator[tuple[str, list[Row]]]:
    for request_ in dict.fromkeys(row.request for row in rows):
        yield request_, [row for row in rows if row.request == request_]


def _mutant(kind: str, row: Row, off: Callable[[Here], Off], titles: set[Title], at: str = "") -> Mutant:
    here = partial(_is_at, Route.parse(at or row.request))
    return Mutant(kind, f"{kind} at {row.request}", partial(off, here), frozenset(titles), _tables())


def _tables() -> tuple[Path, ...]:
    return (*sorted(MATRIX.folder.glob("*_access.feature")), BAD_TOKENS, SEEING)


def _unguarded_route() -> Mutant:
    """The comparison of tables and routes fails for a route that no table has, and shows its row."""
    return Mutant(
        "route",
        f"a route that no table has, {UNGUARDED}",
        _with_unguarded_route,
        frozenset({COMPLETE}),
        (COMPLETENESS,),
        prints=f"GET {UNGUARDED} |",
    )


def _is_at(route: Route) -> bool:
    """Tell whether the present request is of this route."""
    rule = request.url_rule
    return rule is not None and route.fits(Route.of(rule, request.method))


def _title(row: Row) -> Title:
    return row.place.partition(":")[0], f"{row.who} {row.verdict} {row.action}"


def _bad(kind: str) -> Title:
    return BAD_TOKENS.name, f"whoever comes with {kind} is asked to sign in, everywhere"


def _somebodys_token() -> AccessToken | None:
    return db.session.scalar(select(AccessToken).order_by(AccessToken.id))


def _let_in_without_token(here: Here) -> Off:
    """Take whoever comes without a token for some member."""
    guard = auth.auth.authenticate

    def authenticate(given: Any, stored_password: Any) -> Any:
        if here() and not getattr(given, "token", None) and (some := _somebodys_token()):
            return some.user
        return guard(given, stored_password)

    def holder() -> AccessToken | None:
        return pages_guard() or (_somebodys_token() if here() and not request.cookies.get(COOKIE) else None)

    pages_guard = session.holder
    both = ExitStack()  # programs send it, the pages keep it in a cookie
    both.enter_context(patch.object(auth.auth, "authenticate", authenticate))
    both.enter_context(patch.object(session, "holder", holder))
    return both


def _let_in_with_unknown_token(here: Here) -> Off:
    """Take a token that is not known for some member's."""
    guard = auth.find_token

    def find_token(text: str) -> AccessToken | None:
        known = select(AccessToken).where(AccessToken.digest == digest_of(text))
        return _somebodys_token() if here() and db.session.scalar(known) is None else guard(text)

    return patch.object(auth, "find_token", find_token)


def _let_in_with_expired_token(here: Here) -> Off:
    """Take a token that is known, however old it is."""
    guard = auth.find_token

    def find_token(text: str) -> AccessToken | None:
        known = select(AccessToken).where(AccessToken.digest == digest_of(text))
        return db.session.scalar(known) if here() else guard(text)

    return patch.object(auth, "find_token", find_token)


def _let_any_role(here: Here) -> Off:
    """Take everybody's role as good enough."""
    guard = auth.auth.authorize

    def authorize(role: Any, user: User, given: Any) -> Any:
        return True if here() else guard(role, user, given)

    return patch.object(auth.auth, "authorize", authorize)


def _let_suspended(here: Here) -> Off:
    """Let a suspended account act."""
    guard = auth.refuse_suspended

    def refuse_suspended(user: User) -> None:
        return None if here() else guard(user)

    return patch.object(auth, "refuse_suspended", refuse_suspended)


def _let_change_post(here: Here) -> Off:
    """Let everybody change a post."""
    guard = permissions.change_post

    def change_post(user: User, post: Post) -> None:
        return None if here() else guard(user, post)

    return patch.object(permissions, "change_post", change_post)


def _let_see_order(here: Here) -> Off:
    """Let everybody see an order, if it exists."""
    guard = permissions.see_order

    def see_order(user: User, order: Order | None) -> Order:
        return order if here() and order is not None else guard(user, order)

    return patch.object(permissions, "see_order", see_order)


# Where a thing is somebody's, and only they, or an admin, may touch it: how to let everybody.
OWNED: dict[str, Callable[[Here], Off]] = {
    "PATCH /api/posts/{id}": _let_change_post,
    "DELETE /api/posts/{id}": _let_change_post,
    "GET /api/orders/{id}": _let_see_order,
    "POST /api/orders/{id}/cancel": _let_see_order,
}


@contextmanager
def _with_unguarded_route() -> Iterator[None]:
    """Let the shop have a route that nobody has thought of."""

    def tell_a_secret() -> dict[str, str]:
        return {"secret": "everybody's"}

    def create(name: str) -> Flask:
        app: Flask = create_app(name)
        app.add_url_rule(UNGUARDED, view_func=tell_a_secret)
        return app

    with patch.object(building, "create_app", create):
        yield
