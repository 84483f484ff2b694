"""Accounts: who has one, how they sign in, and what becomes of it."""

import secrets
from functools import lru_cache
from typing import Any

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models import AccessToken, User, password_hasher, utcnow
from app.services import addresses, avatars, names, outbox


class EmailTakenError(Exception):
    """Another account has this e-mail."""


class LastAdminError(Exception):
    """The shop would be left without an admin who can act."""


class NameTakenError(Exception):
    """An admin has a name that looks like this one."""


class WeakPasswordError(Exception):
    """The password is the account's name or e-mail."""


def open_account(
    *, name: str, email: str, password: str | None, role: str = "user", welcome: bool = True
) -> User:
    """Store a new account, and have its owner welcomed by mail.

    :param email: checked, and in lower case.
    :param password: None if nobody is to sign in to it yet.
    :raises EmailTakenError: also when somebody takes it at the same moment.
    :raises NameTakenError: an admin has a name that looks like it.
    :raises WeakPasswordError: the password is the name or the e-mail.
    """
    user = User(name=name, email=email, role=role)
    if role != "admin":
        _refuse_name_of_an_admin(user)
    if password is not None:
        _set_password(user, password)
    db.session.add(user)
    _flush()
    if welcome:
        outbox.enqueue("send_welcome", user.id)
    outbox.commit()
    return user


def change(user: User, changes: dict[str, Any], keep: AccessToken | None = None) -> User:
    """Change fields of an account; a new password ends all its sessions but the one to keep.

    :param changes: new values of ``name``, ``email``, ``password``, ``role``, ``is_active``.
    :raises EmailTakenError: another account has the new e-mail.
    :raises LastAdminError: the last active admin would no longer be one.
    :raises NameTakenError: an admin has a name that looks like the new one.
    :raises WeakPasswordError: the new password is the name or the e-mail.
    """
    if changes.get("role", "admin") != "admin" or not changes.get("is_active", True):
        _require_another_admin(user)
    for field in changes.keys() - {"password"}:
        setattr(user, field, changes[field])
    if "name" in changes and not user.is_admin:
        _refuse_name_of_an_admin(user)
    if "password" in changes:
        _set_password(user, changes["password"])
    _flush()
    if "password" in changes:
        _end_sessions(user, keep)
    db.session.commit()
    return user


def close_account(user: User) -> None:
    """Delete an account with its tokens and picture; its orders and posts stay, without it.

    :raises LastAdminError: it is the last active admin's.
    """
    _require_another_admin(user)
    locked = db.session.get(User, user.id, with_for_update=True, populate_existing=True)
    if locked is None:
        return
    picture = locked.avatar
    db.session.delete(locked)
    db.session.commit()
    avatars.remove(picture)


def sign_in(email: str, password: str) -> User | None:
    """Return whose e-mail and password these are, or None; either way after the same work.

    A hash made at another price is made anew, and expired tokens are cleared away: the caller commits.
    """
    user = db.session.scalar(select(User).where(User.email == addresses.as_stored(email)))
    owner = user if user and user.password_hash else _nobody()
    if not owner.check_password(password):
        return None
    if password_hasher().check_needs_rehash(owner.password_hash or ""):
        owner.set_password(password)
    db.session.execute(
        delete(AccessToken).where(AccessToken.user_id == owner.id, AccessToken.expires_at <= utcnow())
    )
    return owner


def _nobody() -> User:
    """Somebody with a password that nobody knows, so that an unknown account costs what a known one does."""
    price = current_app.config["PASSWORD_TIME_COST"], current_app.config["PASSWORD_MEMORY_KIB"]
    return User(password_hash=_hash_of_nothing(price))


@lru_cache
def _hash_of_nothing(_price: tuple[int, int]) -> str:
    return password_hasher().hash(secrets.token_urlsafe())


def _set_password(user: User, password: str) -> None:
    if password.lower() in (user.name.lower(), user.email):
        raise WeakPasswordError
    user.set_password(password)


def _end_sessions(user: User, keep: AccessToken | None) -> None:
    kept = keep.id if keep else None
    db.session.execute(
        delete(AccessToken).where(AccessToken.user_id == user.id, AccessToken.id.is_distinct_from(kept))
    )


def _refuse_name_of_an_admin(user: User) -> None:
    """See that nobody looks like somebody who speaks for the shop."""
    with db.session.no_autoflush:
        admins = db.session.scalars(select(User.name).where(User.role == "admin", User.is_active))
        if names.look(user.name) in map(names.look, admins):
            raise NameTakenError


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:  # the e-mail is all that can be taken
        db.session.rollback()
        raise EmailTakenError from error


def _require_another_admin(user: User) -> None:
    """Lock the admins, so that two of them cannot go at the same moment."""
    if db.session.get_bind().dialect.name == "sqlite":  # it locks by writing, and knows no FOR UPDATE
        db.session.execute(update(User).where(User.role == "admin").values(role=User.role))
    admins = select(User.id).where(User.role == "admin", User.is_active).order_by(User.id).with_for_update()
    if list(db.session.scalars(admins)) == [user.id]:
        raise LastAdminError
