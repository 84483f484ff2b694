"""One's own account, and the pictures that people show of themselves."""

from functools import wraps
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from app.api import openapi, schemas
from app.api.body import View, json_body
from app.api.users import user_or_404
from app.auth import auth, current_token, current_user, prove
from app.config import KIB
from app.models import User
from app.problems import invalid, problem, try_again
from app.services import accounts, avatars

blueprint = APIBlueprint("profile", __name__)
MULTIPART_OVERHEAD = 64 * KIB  # boundaries and headers around a file of the largest size


@blueprint.get("/api/profile")
@blueprint.auth_required(auth)
@blueprint.output(schemas.FullUser)
@blueprint.doc(operation_id="getProfile")
def get_profile() -> Any:
    """Look at yourself."""
    return current_user()


@blueprint.patch("/api/profile")
@blueprint.auth_required(auth)
@json_body(blueprint, schemas.ProfileChange)
@blueprint.output(schemas.FullUser)
@blueprint.doc(
    operation_id="changeProfile",
    responses={409: "The e-mail has an account already", 429: "Too many wrong passwords"},
)
def change_profile(body: schemas.ProfileChange) -> Any:
    """Change your account.

    Only the fields that are given change. A new e-mail or password needs the `current_password`; a new
    password signs you out everywhere else.
    """
    user = current_user()
    if "password" in body.model_fields_set or body.email not in (None, user.email):
        _prove(body.current_password)
    changes = body.model_dump(exclude_unset=True, exclude={"current_password"})
    return accounts.change(user, changes, keep=current_token())


def _prove(password: str | None) -> None:
    if password is None:
        invalid(current_password="Enter your current password to change your e-mail or your password.")  # noqa: S106
    if not prove(password):
        invalid(current_password="This is not your current password.")  # noqa: S106


def let_picture_in() -> None:
    """Let this request be as large as a form with a file of the largest size."""
    request.max_content_length = avatars.MAX_BYTES + MULTIPART_OVERHEAD


def _upload_form(view: View) -> View:
    """Let a form with a file of the largest size in, and nothing but a form."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        let_picture_in()
        if request.mimetype != "multipart/form-data":
            problem(415, "Send the picture as a form (Content-Type: multipart/form-data).")
        return view(*args, **kwargs)

    return checked


@blueprint.post("/api/profile/avatar")
@blueprint.auth_required(auth)
@_upload_form
@blueprint.input(schemas.AvatarForm, location="files", arg_name="form")
@blueprint.output(schemas.FullUser)
@blueprint.doc(
    operation_id="uploadAvatar",
    responses={
        413: "The file is larger than 5 MiB",
        415: "It is not PNG, JPEG or WebP",
        503: "None can be taken at the moment",
    },
)
def upload_avatar(form: schemas.AvatarForm) -> Any:
    """Show a picture of yourself.

    PNG, JPEG or WebP, at most 5 MiB and 25 million pixels. It is kept with at most 1024 pixels a side and
    without what else the file holds, such as where it was taken. It replaces the one before.
    """
    user = current_user()
    store_or_refuse(user, form)
    return user


def store_or_refuse(user: User, form: schemas.AvatarForm) -> None:
    """Keep a picture that was uploaded; 413, 415 or 422 for one that the shop does not take."""
    data = form.avatar.read(avatars.MAX_BYTES + 1)
    if len(data) > avatars.MAX_BYTES:
        problem(413, "The picture may have at most 5 MiB.")
    try:
        avatars.store(user, data)
    except avatars.NotAPictureError:
        problem(415, "Choose a PNG, JPEG or WebP picture.")
    except avatars.DamagedPictureError as error:
        invalid(avatar=str(error))
    except (avatars.TooBusyError, avatars.NoRoomError):
        problem(503, "No picture can be taken at the moment. Try again shortly.", headers=try_again())


@blueprint.delete("/api/profile/avatar")
@blueprint.auth_required(auth)
@blueprint.doc(operation_id="deleteAvatar", responses={204: "Taken away", 404: "There was none"})
def delete_avatar() -> Any:
    """Take your picture away."""
    if not avatars.take_away(current_user()):
        problem(404, "You have no picture.")
    return "", 204


@blueprint.get("/api/users/<int:user_id>/avatar")
@blueprint.auth_required(auth)
@blueprint.doc(
    operation_id="getAvatar",
    responses=openapi.file("The picture", {kind: {} for kind in avatars.TYPES.values()})
    | {
        304: {"description": "You have it already"},
        404: {"description": "There is no such user, or no picture"},
        412: {"description": "It is not the one that `If-Match` names"},
    },
)
def get_avatar(user_id: int) -> Response:
    """Look at the picture of a user."""
    return picture_of(user_or_404(user_id))


def picture_of(user: User) -> Response:
    """Return an answer with somebody's picture; 404 if there is none."""
    found = avatars.find(user)
    if found is None:
        problem(404, "This user has no picture.")
    response = Response(found.content, mimetype=found.media_type)
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(found.version)
    response.make_conditional(request)
    return response
