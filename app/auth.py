"""Who is asking: the bearer of an access token (RFC 6750)."""

from typing import cast

from apiflask import HTTPTokenAuth
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import AccessToken, User, digest_of, utcnow
from app.problems import problem

auth = HTTPTokenAuth(realm="Corner Shop", description="The token that `POST /api/tokens` answers with.")


def find_token(token: str) -> AccessToken | None:
    """Return the stored token with this text, and its user, unless it is unknown, revoked or expired."""
    owned = select(AccessToken).options(joinedload(AccessToken.user, innerjoin=True))
    stored = db.session.scalar(owned.where(AccessToken.digest == digest_of(token)))
    return stored if stored is not None and stored.expires_at > utcnow() else None


@auth.verify_token
def _verify(token: str | None) -> User | None:
    stored = find_token(token or "")  # None: `Bearer a=b` is read as parameters
    if stored is None:
        return None
    refuse_suspended(stored.user)
    return stored.user


@auth.get_user_roles
def _roles(user: User) -> list[str]:
    return [user.role]


def refuse_suspended(user: User) -> None:
    """Answer 403 to a suspended account."""
    if not user.is_active:
        problem(403, "This account is suspended.")


def current_user() -> User:
    """Return the person who is asking, in a view that requires one."""
    return cast("User", auth.current_user)


def current_token() -> AccessToken:
    """Return the token by which the person who is asking does so, in a view that requires one."""
    stored = find_token(auth.get_auth().token)
    return stored or problem(401, "This token was revoked meanwhile.")
