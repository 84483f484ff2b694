"""Completes what APIFlask says of the API in `/openapi.json`, so that every answer is declared."""

from typing import Any

from apiflask import APIFlask
from flask import current_app

LARGEST_ID = 2**31 - 1  # PostgreSQL's integer

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "At 422: what is wrong with each field.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}
WHEN_THERE_IS_A_BODY = {
    "400": "The body cannot be read",
    "411": "The length of the body is not announced",
    "413": "The body is too large",
    "415": "The body is of another type",
}


def document() -> dict[str, Any]:
    """Return the document, which is made once."""
    made: dict[str, Any] = current_app.extensions.setdefault("openapi", {})
    if not made:
        made |= current_app.spec  # type: ignore[attr-defined] # it is an APIFlask
    return made


def init_app(app: APIFlask) -> None:
    """Have the document completed whenever it is made."""
    app.config.update(
        SUCCESS_DESCRIPTION="Done",
        AUTH_ERROR_DESCRIPTION="Not signed in",
        VALIDATION_ERROR_DESCRIPTION="Some fields need your attention",
    )
    app.spec_processor(_complete)  # type: ignore[arg-type]  # a dict: the format is JSON


def file(description: str, kinds: dict[str, dict[str, Any]]) -> dict[int | str, dict[str, Any]]:
    """Return the responses of an operation that answers with a file.

    :param kinds: the media types, each with the schema of what is in it.
    """
    return {200: {"description": description, "content": {kind: {"schema": kinds[kind]} for kind in kinds}}}


def _complete(spec: dict[str, Any]) -> dict[str, Any]:
    schemas = spec.setdefault("components", {}).setdefault("schemas", {})
    schemas.pop("HTTPError", None)
    schemas.pop("ValidationError", None)
    schemas["Problem"] = PROBLEM
    spec.pop("servers", None)  # whatever host the document happened to be asked from
    for path in spec["paths"].values():
        for method, operation in path.items():
            _declare_problems(operation, method)
            _declare_location(operation)
            _bound_ids(operation)
    return spec


def _declare_problems(operation: dict[str, Any], method: str) -> None:
    responses = operation["responses"]
    if operation.get("security"):
        responses.setdefault("403", {"description": "Not allowed, or the account is suspended"})
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
        for status, description in WHEN_THERE_IS_A_BODY.items():
            responses.setdefault(status, {"description": description})
    if method != "get":
        responses.setdefault("409", {"description": "Somebody changed this at the same moment"})
    responses.setdefault("503", {"description": "The shop is busy"})
    for status, response in responses.items():
        if int(status) >= 400:
            response["content"] = {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }


def _declare_location(operation: dict[str, Any]) -> None:
    if (made := operation["responses"].get("201")) and operation.get("operationId") != "signIn":
        where = {"schema": {"type": "string"}, "required": True, "description": "Where it is"}
        made["headers"] = {"Location": where}


def _bound_ids(operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path" and parameter["schema"].get("type") == "integer":
            parameter["schema"] |= {"minimum": 1, "maximum": LARGEST_ID}
