"""Who uses the pages: the holder of an access token, which the browser keeps in a cookie.

One model for programs and browsers: signing out, a new password and time end both. The cookie is out of reach
of scripts, stays out of requests that other sites make (SameSite), and travels over TLS only where the shop
is served so. Flask's own session holds no more than the token against forged forms and what to say next.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect
from werkzeug.wrappers import Response

from app import auth
from app.extensions import db
from app.models import AccessToken, User
from app.problems import problem

COOKIE = "shop_token"
SEE_OTHER = 303
View = Callable[..., Any]


class SecureWhereServedSo(SecureCookieSessionInterface):
    """Flask's own session, whose cookie travels over TLS alone wherever the shop is served so."""

    def get_cookie_secure(self, _app: Flask) -> bool:
        """Tell whether this request came over TLS."""
        return request.is_secure


def holder() -> AccessToken | None:
    """Return the token by which the browser acts, or None for a visitor."""
    text = request.cookies.get(COOKIE)
    return auth.find_token(text) if text else None


def viewer() -> User | None:
    """Return who looks at the page, or None for a visitor and for whoever cannot act."""
    if "me" in g and not inspect(me()).expired:  # after a commit or a rollback it may have changed, or gone
        return me()
    held = holder()
    return held.user if held and held.user.is_active else None


def me() -> User:
    """Return who looks at the page, in a view that requires somebody."""
    user: User = g.me
    return user


def signed_in(role: str | None = None) -> Callable[[View], View]:
    """Let in who is signed in, and has the role; others are sent to sign in, or told that they may not."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            held = holder()
            if held is None:
                return ask_to_sign_in()
            auth.refuse_suspended(held.user)
            if not auth.auth.authorize(role, held.user, None):
                problem(403, "Only an admin may see this.")
            g.me = held.user
            answer: ResponseReturnValue = view(*args, **kwargs)
            return answer

        return guarded

    return decorate


def ask_to_sign_in() -> Response:
    """Send a visitor to sign in, and back afterwards if a page was asked for."""
    back = None if request.method == "POST" else request.full_path.rstrip("?")
    return redirect(url_for("pages.sign_in", next=back), SEE_OTHER)


def within_site(place: str | None) -> str:
    """Return a place of this site, or the dashboard where another is meant.

    Browsers take a backslash for a slash, and leave out control characters (URL Standard, 4.4).
    """
    if place is None or not place.startswith("/") or place.startswith("//"):
        return url_for("pages.dashboard")
    strange = any(letter <= " " or letter in "\\\x7f" for letter in place)
    return url_for("pages.dashboard") if strange else place


def begin(token: str, place: str) -> Response:
    """Go on with a new token: the one before ends, and so does all that the browser was handed before it."""
    end_held()
    answer = redirect(place, SEE_OTHER)
    age = int(current_app.config["TOKEN_LIFETIME"].total_seconds())
    answer.set_cookie(COOKIE, token, max_age=age, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer


def end(place: str) -> Response:
    """End the session."""
    end_held()
    answer = redirect(place, SEE_OTHER)
    answer.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer


def end_held() -> None:
    """Revoke the token by which the browser acts, if it does, and forget what it was handed."""
    if held := holder():
        db.session.delete(held)
        db.session.commit()
    session.clear()
