"""What the API takes and gives, field by field."""

from typing import Annotated, Any

from flask_sqlalchemy.pagination import Pagination
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints


class Input(BaseModel):
    """A body: unknown fields are refused, and so are values of another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Output(BaseModel):
    """An answer, read from a model's attributes."""

    model_config = ConfigDict(from_attributes=True)


def _without_control_characters(text: str) -> str:
    """PostgreSQL cannot store NUL, and no name or title has a use for the others."""
    if any(ord(character) < 32 and character not in "\n\t" for character in text):
        raise ValueError("Control characters are not allowed.")
    return text


Plain = AfterValidator(_without_control_characters)
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\r\n\t]*$"), Plain]
Prose = Annotated[str, StringConstraints(strip_whitespace=True), Plain]


class PageQuery(BaseModel):
    """Which part of a collection is asked for."""

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
