"""Who is asking: the bearer of an access token (RFC 6750), and how one is had: by signing in.

Programs send the token in a header, the pages keep it in a cookie (`app.pages.session`).
"""

import logging
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, NoReturn, cast

from apiflask import HTTPTokenAuth
from flask import Response, after_this_request, current_app, request
from flask_limiter.util import get_remote_address
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import HTTPException

from app.extensions import db, limiter
from app.models import AccessToken, User, digest_of, utcnow
from app.problems import problem
from app.services import accounts, addresses

log = logging.getLogger(__name__)
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
    return find_token(auth.get_auth().token) or _ask_to_sign_in("This token was revoked meanwhile.")


def open_session(email: str, password: str) -> str:
    """Sign somebody in: commit a new access token and return its text; 401 or 403 for whoever may not."""
    user = accounts.sign_in(email, password)
    if user is None:
        _ask_to_sign_in("The e-mail or the password is wrong.")
    refuse_suspended(user)
    text = user.generate_token()
    db.session.commit()
    return text


def _ask_to_sign_in(detail: str) -> NoReturn:
    """Answer 401, with how to sign in (RFC 9110, 11.6.1)."""
    problem(401, detail, headers={"WWW-Authenticate": auth.authenticate_header()})


def slowed_down(view: Callable[..., Any]) -> Callable[..., Any]:
    """Slow signing in down after failures; all views that have this count together.

    A try is counted before it is looked at, so that many at the same moment are no way around the limit; one
    that did not fail is taken back.
    """
    for limit, key in (("5 per 15 minutes", _who_from_where), ("50 per 15 minutes", get_remote_address)):
        view = limiter.shared_limit(limit, "signing in", key_func=key)(view)

    return _counted(view, frozenset({401}))


def registering(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let no more accounts be opened from one address than a household needs; the views count together."""
    limited = limiter.shared_limit(
        lambda: f"{current_app.config['REGISTRATIONS_PER_HOUR']} per hour",
        "registering",
        key_func=get_remote_address,
    )(view)
    return _counted(limited, frozenset({201, 303, 409}))


def _counted(view: Callable[..., Any], statuses: Collection[int]) -> Callable[..., Any]:
    """Take back what the limits of a view have counted, unless the answer has one of these statuses."""

    def take_back(response: Response) -> Response:
        if response.status_code not in statuses:
            _take_back()
        return response

    @wraps(view)
    def counted(*args: Any, **kwargs: Any) -> Any:
        after_this_request(take_back)
        return view(*args, **kwargs)

    return counted


def _take_back() -> None:
    """Take back what the limits of this request have counted."""
    for counted in limiter.current_limits:
        try:
            limiter.limiter.storage.incr(counted.key, counted.limit.get_expiry(), -1)
        except Exception as error:  # noqa: BLE001 (a store may raise anything; then it stays counted)
            log.warning("A try stays counted that did not fail: %s", type(error).__name__)


@limiter.shared_limit("5 per 15 minutes", "proving who one is", key_func=lambda: f"user {current_user().id}")
def prove(password: str) -> bool:
    """Tell whether this is the password of the person who is asking; slowed down after failures."""
    is_right = current_user().check_password(password)
    if is_right:
        _take_back()
    return is_right


def _who_from_where() -> str:
    """Return a key for this e-mail from this address; never fails, keeps the e-mail out of the store."""
    try:
        sent = request.get_json(silent=True) if request.is_json else request.form
    except HTTPException:  # too large to be read, as the view will say
        sent = None
    email = sent.get("email") if isinstance(sent, dict) else None
    who = addresses.as_stored(email) if isinstance(email, str) else ""
    return f"{digest_of(who)} {get_remote_address()}"
