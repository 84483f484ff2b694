"""Access tokens: signing in, slowed down after repeated failures, and signing out."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import HTTPException

from app.api import schemas
from app.api.body import json_body
from app.auth import auth, current_token, find_token, refuse_suspended
from app.extensions import db, limiter
from app.models import digest_of
from app.problems import problem
from app.services import accounts

blueprint = APIBlueprint("tokens", __name__, tag="Signing in")


def _who_from_where() -> str:
    """Return a key for this e-mail from this address; never fails, keeps the e-mail out of the store."""
    try:
        body = request.get_json(silent=True) if request.is_json else None
    except HTTPException:  # too large to be read, as the view will say
        body = None
    email = body.get("email") if isinstance(body, dict) else None
    who = email.strip().lower() if isinstance(email, str) else ""
    return f"{digest_of(who)} {get_remote_address()}"


def _failed(response: Response) -> bool:
    return response.status_code == 401


@blueprint.post("/api/tokens")
@limiter.limit("5 per 15 minutes", key_func=_who_from_where, deduct_when=_failed)
@limiter.limit("50 per 15 minutes", key_func=get_remote_address, deduct_when=_failed)
@json_body(blueprint, schemas.SignIn)
@blueprint.output(schemas.Token, 201)
@blueprint.doc(
    operation_id="signIn",
    responses={
        401: "The e-mail or the password is wrong",
        403: "The account is suspended",
        429: "Too many failures",
    },
)
def sign_in(body: schemas.SignIn) -> Any:
    """Sign in: get an access token.

    Send the token with later requests (`Authorization: Bearer …`). After 5 failures within 15 minutes for
    one e-mail, or 50 for all, from one address, it has to wait.
    """
    user = accounts.sign_in(body.email, body.password)
    if user is None:
        problem(
            401,
            "The e-mail or the password is wrong.",
            headers={"WWW-Authenticate": auth.authenticate_header()},
        )
    refuse_suspended(user)
    text = user.generate_token()
    db.session.commit()
    stored = find_token(text)
    return {"token": text, "token_type": "Bearer", "expires_at": stored and stored.expires_at}


@blueprint.delete("/api/tokens/current")
@blueprint.auth_required(auth)
@blueprint.doc(operation_id="signOut", responses={204: "The token is worth nothing now"})
def sign_out() -> Any:
    """Sign out: revoke the token that is sent."""
    db.session.delete(current_token())
    db.session.commit()
    return "", 204
