"""What the API takes and gives, field by field."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from apiflask.fields import UploadFile
from flask_sqlalchemy.pagination import Pagination
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, RootModel
from pydantic_core import PydanticCustomError
from werkzeug.datastructures import FileStorage

from app.services import addresses, names

# A line has no control characters; prose has line breaks and tabs. Neither is blank.
# PostgreSQL cannot store NUL.
_NOT_IN_A_LINE = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
_NOT_IN_PROSE = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"


class Input(BaseModel):
    """A body: unknown fields are refused, and so are values of another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Output(BaseModel):
    """An answer, read from a model's attributes."""

    model_config = ConfigDict(from_attributes=True)


def refuse(sentence: str) -> PydanticCustomError:
    """Return what a validator raises: a whole sentence that tells a customer what to enter instead."""
    return PydanticCustomError("sentence", "{sentence}", {"sentence": sentence})


def _line(text: str) -> str:
    if re.search(f"[{_NOT_IN_A_LINE}]", text):
        raise refuse("Enter one line, without control characters.")
    return _seen(_whole_characters(text)).strip()


def _prose(text: str) -> str:
    if re.search(f"[{_NOT_IN_PROSE}]", text):
        raise refuse("Control characters are not allowed.")
    return _seen(_whole_characters(text)).replace("\r\n", "\n").strip()


def _whole_characters(text: str) -> str:
    if re.search("[\ud800-\udfff]", text):  # JSON can write half a surrogate pair, UTF-8 cannot
        raise refuse("This text cannot be stored.")
    return text


def _seen(text: str) -> str:
    if names.has_unseen(text):
        raise refuse("Invisible characters are not allowed.")
    return text


def _not_blank(text: str) -> str:
    if not text:
        raise refuse("This must not be blank.")
    return text


def _email(text: str) -> str:
    try:
        return addresses.read(text)
    except addresses.NoAddressError:
        raise refuse("Enter an e-mail address such as ann@example.com.") from None


def _secret(text: str) -> str:
    if re.search(f"[{_NOT_IN_A_LINE}]", text):
        raise refuse("Control characters are not allowed.")
    return text


def _pattern(pattern: str) -> Any:
    return Field(json_schema_extra={"pattern": pattern})


# Lengths are counted after trimming: `Annotated[Line, Field(max_length=80)]`.
Line = Annotated[
    str,
    _pattern(rf"^[^{_NOT_IN_A_LINE}]*[^\s{_NOT_IN_A_LINE}][^{_NOT_IN_A_LINE}]*$"),
    AfterValidator(_line),
    AfterValidator(_not_blank),
]
OptionalProse = Annotated[str, _pattern(rf"^[^{_NOT_IN_PROSE}]*$"), AfterValidator(_prose)]
Prose = Annotated[
    str,
    _pattern(rf"^[^{_NOT_IN_PROSE}]*[^\s{_NOT_IN_PROSE}][^{_NOT_IN_PROSE}]*$"),
    AfterValidator(_prose),
    AfterValidator(_not_blank),
]
Name = Annotated[Line, Field(max_length=80, examples=["Ann Example"])]
Email = Annotated[
    str,
    Field(json_schema_extra={"format": "email", "maxLength": 254}, examples=["ann@example.com"]),
    AfterValidator(_email),
]
GivenPassword = Annotated[
    str, Field(min_length=1, max_length=128), _pattern(rf"^[^{_NOT_IN_A_LINE}]*$"), AfterValidator(_secret)
]
Password = Annotated[
    str,
    Field(min_length=8, max_length=128, examples=["a long enough password"]),
    _pattern(rf"^[^{_NOT_IN_A_LINE}]*$"),
    AfterValidator(_secret),
]


def absent() -> Any:
    """Return the default of a field that may be left out but not be null; see `model_fields_set`."""
    return Field(default_factory=lambda: None)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_whole)  # JSON Schema calls 45.0 an integer; stands behind the bounds of an int


class PageQuery(BaseModel):
    """Which part of a collection is asked for. Unknown words are refused: one may be misspelt."""

    model_config = ConfigDict(extra="forbid")

    page: int = Field(default=1, ge=1, le=10_000)
    per_page: int = Field(default=20, ge=1, le=100)


class Page(Output):
    """A part of a collection: `total` items make `pages` pages."""

    page: int
    per_page: int
    pages: int
    total: int


def page_of(found: Pagination, data: list[Any]) -> dict[str, Any]:
    """Return the members of a `Page` with its data."""
    return {
        "data": data,
        "page": found.page,
        "per_page": found.per_page,
        "pages": found.pages,
        "total": found.total or 0,
    }


class Registration(Input):
    """Somebody opens an account."""

    name: Name
    email: Email
    password: Password


class NewUser(Input):
    """An admin opens an account for somebody; without a password nobody can sign in to it yet."""

    name: Name
    email: Email
    password: Password = absent()
    role: Literal["admin", "user"] = "user"


class UserChange(Input):
    """What an admin may change of an account."""

    name: Name = absent()
    email: Email = absent()
    password: Password = absent()
    role: Literal["admin", "user"] = absent()
    is_active: bool = absent()


class ProfileChange(Input):
    """What somebody may change of their own account."""

    name: Name = absent()
    email: Email = absent()
    password: Password = absent()
    current_password: GivenPassword = absent()


def _chosen(value: Any) -> FileStorage:
    if not isinstance(value, FileStorage):
        raise refuse("Choose a picture.")
    return value


class AvatarForm(Input):
    """A picture to upload."""

    avatar: Annotated[UploadFile, BeforeValidator(_chosen)]


class SignIn(Input):
    """Who somebody says they are."""

    email: Annotated[Line, Field(max_length=254, examples=["ann@example.com"])]
    password: GivenPassword


class Token(Output):
    """An access token: whoever holds it acts as the user."""

    token: str
    token_type: Literal["Bearer"]
    expires_at: datetime


class PublicUser(Output):
    """What everybody who is signed in sees of a user."""

    id: int
    name: str
    avatar_url: str | None
    created_at: datetime


class FullUser(PublicUser):
    """What an admin and oneself see of a user."""

    email: str
    role: Literal["admin", "user"]
    is_active: bool


class User(RootModel[FullUser | PublicUser]):
    """A user, as far as the person who asks may see."""


class UserPage(Page):
    """A part of all users, by id."""

    data: list[FullUser | PublicUser]


class NewPost(Input):
    """Something to publish."""

    title: Annotated[Line, Field(max_length=120)]
    body: Annotated[Prose, Field(max_length=10_000)]


class PostChange(Input):
    """What may change of a post."""

    title: Annotated[Line, Field(max_length=120)] = absent()
    body: Annotated[Prose, Field(max_length=10_000)] = absent()


class Author(Output):
    """Who wrote a post."""

    id: int
    name: str


class Post(Output):
    """A post; its author is null when the account has been deleted."""

    id: int
    title: str
    body: str
    author: Author | None
    created_at: datetime
    updated_at: datetime


class PostPage(Page):
    """A part of some posts, newest first."""

    data: list[Post]


class Health(Output):
    """The shop can do its work."""

    status: Literal["ok"]
