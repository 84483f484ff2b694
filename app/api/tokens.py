"""Access tokens: signing in, slowed down after repeated failures, and signing out."""

from typing import Any

from apiflask import APIBlueprint

from app.api import schemas
from app.api.body import json_body
from app.auth import auth, current_token, find_token, open_session, slowed_down
from app.extensions import db

blueprint = APIBlueprint("tokens", __name__, tag="Signing in")


@blueprint.post("/api/tokens")
@slowed_down
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
    text = open_session(body.email, body.password)
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
