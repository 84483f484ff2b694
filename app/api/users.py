"""Accounts: opened by oneself or by an admin, seen by everybody, managed by admins."""

from typing import Any

from apiflask import APIBlueprint, HTTPError
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import select

from app import permissions
from app.api import schemas
from app.api.body import json_body
from app.auth import auth, current_user, registering
from app.extensions import db
from app.models import User
from app.problems import problem, render
from app.services import accounts

blueprint = APIBlueprint("users", __name__, tag="Accounts")
EMAIL_TAKEN = "An account with this e-mail exists already."
NAME_TAKEN = "Somebody who works for the shop is called so. Add something to your name."
WEAK_PASSWORD = "The password must not be your name or your e-mail."  # noqa: S105
LAST_ADMIN = "The shop needs an admin: make somebody else one first."


def user_or_404(user_id: int) -> User:
    """Return the user; 404 if there is none."""
    return db.session.get(User, user_id) or problem(404, "There is no such user.")


def shown(user: User) -> schemas.PublicUser:
    """Return of the user what the person who asks may see."""
    private = permissions.sees_private_fields(current_user(), user)
    return (schemas.FullUser if private else schemas.PublicUser).model_validate(user)


@blueprint.app_errorhandler(accounts.EmailTakenError)
def _email_taken(_error: accounts.EmailTakenError) -> Any:
    return render(HTTPError(409, EMAIL_TAKEN, extra_data={"errors": {"email": [EMAIL_TAKEN]}}))


@blueprint.app_errorhandler(accounts.NameTakenError)
def _name_taken(_error: accounts.NameTakenError) -> Any:
    return render(HTTPError(409, NAME_TAKEN, extra_data={"errors": {"name": [NAME_TAKEN]}}))


@blueprint.app_errorhandler(accounts.WeakPasswordError)
def _weak_password(_error: accounts.WeakPasswordError) -> Any:
    return render(HTTPError(422, WEAK_PASSWORD, extra_data={"errors": {"password": [WEAK_PASSWORD]}}))


@blueprint.app_errorhandler(accounts.LastAdminError)
def _last_admin(_error: accounts.LastAdminError) -> Any:
    return render(HTTPError(409, LAST_ADMIN))


@blueprint.post("/register")
@registering
@json_body(blueprint, schemas.Registration)
@blueprint.output(schemas.FullUser, 201)
@blueprint.doc(
    operation_id="register",
    responses={409: "The e-mail has an account already", 429: "Too many accounts from one address"},
)
def register(body: schemas.Registration) -> Any:
    """Open an account.

    The new member is welcomed by e-mail.
    """
    user = accounts.open_account(name=body.name, email=body.email, password=body.password)
    return user, 201, {"Location": f"/api/users/{user.id}"}


@blueprint.get("/api/users")
@blueprint.auth_required(auth)
@blueprint.input(schemas.PageQuery, location="query", arg_name="query")
@blueprint.output(schemas.UserPage)
@blueprint.doc(operation_id="listUsers")
def list_users(query: schemas.PageQuery) -> Any:
    """List the users, by id.

    You see all of yourself, an admin sees all of everybody, others see the public fields.
    """
    found = find_users(query)
    return schemas.page_of(found, [shown(user) for user in found.items])


def find_users(query: schemas.PageQuery) -> Pagination:
    """Return a part of all users, by id."""
    return db.paginate(
        select(User).order_by(User.id), page=query.page, per_page=query.per_page, error_out=False
    )


@blueprint.post("/api/users")
@blueprint.auth_required(auth, roles=["admin"])
@json_body(blueprint, schemas.NewUser)
@blueprint.output(schemas.FullUser, 201)
@blueprint.doc(operation_id="createUser", responses={409: "The e-mail has an account already"})
def create_user(body: schemas.NewUser) -> Any:
    """Open an account for somebody.

    They are welcomed by e-mail. Without a password nobody can sign in until an admin sets one.
    """
    user = accounts.open_account(name=body.name, email=body.email, password=body.password, role=body.role)
    return user, 201, {"Location": f"/api/users/{user.id}"}


@blueprint.get("/api/users/<int:user_id>")
@blueprint.auth_required(auth)
@blueprint.output(schemas.User)
@blueprint.doc(operation_id="getUser")
def get_user(user_id: int) -> Any:
    """Look at a user.

    You see all of yourself, an admin sees all of everybody, others see the public fields.
    """
    return shown(user_or_404(user_id))


@blueprint.patch("/api/users/<int:user_id>")
@blueprint.auth_required(auth, roles=["admin"])
@json_body(blueprint, schemas.UserChange)
@blueprint.output(schemas.FullUser)
@blueprint.doc(
    operation_id="changeUser",
    responses={409: "The e-mail has an account already, or this is the last active admin"},
)
def change_user(user_id: int, body: schemas.UserChange) -> Any:
    """Change an account.

    Only the fields that are given change. A new password signs the user out everywhere; an account that is
    not active cannot act.
    """
    return accounts.change(user_or_404(user_id), body.model_dump(exclude_unset=True))


@blueprint.delete("/api/users/<int:user_id>")
@blueprint.auth_required(auth, roles=["admin"])
@blueprint.doc(operation_id="deleteUser", responses={204: "Deleted", 409: "This is the last active admin"})
def delete_user(user_id: int) -> Any:
    """Delete an account.

    Its access tokens and its picture go with it. Its orders stay for the books, with the customer's name
    and e-mail. Its posts stay, without an author.
    """
    accounts.close_account(user_or_404(user_id))
    return "", 204
