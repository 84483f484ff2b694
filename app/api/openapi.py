"""Completes what APIFlask says of the API in `/openapi.json`, so that every answer is declared."""

from typing import Any

from apiflask import APIFlask

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


def init_app(app: APIFlask) -> None:
    """Have the document completed whenever it is made."""
    app.spec_processor(_complete)


def _complete(spec: dict[str, Any]) -> dict[str, Any]:
    schemas = spec.setdefault("components", {}).setdefault("schemas", {})
    schemas.pop("HTTPError", None)
    schemas.pop("ValidationError", None)
    schemas["Problem"] = PROBLEM
    spec.pop("servers", None)  # whatever host the document happened to be asked from
    for path in spec["paths"].values():
        for operation in path.values():
            _declare_problems(operation)
            _bound_ids(operation)
    return spec


def _declare_problems(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    if operation.get("security"):
        responses.setdefault("401", {"description": "Not signed in"})
        responses.setdefault("403", {"description": "Not allowed, or the account is suspended"})
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
        for status, description in WHEN_THERE_IS_A_BODY.items():
            responses.setdefault(status, {"description": description})
    for status, response in responses.items():
        if int(status) >= 400:
            response["content"] = {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }


def _bound_ids(operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path" and parameter["schema"].get("type") == "integer":
            parameter["schema"] |= {"minimum": 1, "maximum": LARGEST_ID}
