"""For those who run the shop or build on it."""

from typing import Any

from apiflask import APIBlueprint
from flask import render_template

from app.api import documentation, openapi, schemas
from app.extensions import db
from app.services.health import DatabaseCheck

blueprint = APIBlueprint("operating", __name__)
_database = DatabaseCheck()


@blueprint.get("/healthz")
@blueprint.output(schemas.Health)
@blueprint.doc(operation_id="health", responses={503: "The database does not answer"})
def health() -> Any:
    """Tell whether the shop can work."""
    _database.require_answer(db.engine)
    return {"status": "ok"}


@blueprint.get("/openapi.json")
@blueprint.doc(
    operation_id="describe",
    responses=openapi.file("The document", {"application/json": {"type": "object"}}),
)
def describe() -> Any:
    """Describe this API (OpenAPI 3.1)."""
    return openapi.document()


@blueprint.get("/docs")
@blueprint.doc(
    operation_id="document",
    responses=openapi.file("The page", {"text/html": {"type": "string"}}),
)
def document() -> str:
    """Describe this API on a page for people."""
    shown = documentation.of(openapi.document())
    return render_template("docs.html", rules_of=documentation.rules_of, **shown)
