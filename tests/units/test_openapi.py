"""What `init` sends by a service's OpenAPI document: an example of what its schemas allow."""

from typing import Any

import pytest

from behave_flask.core.routes import Route
from behave_flask.scaffold.openapi import Document

POST = Route("/things/{id}", "POST", "", ("int",))


def body(schema: dict[str, Any], **parts: Any) -> Any:
    """What is sent where this is the schema of the body."""
    content = {"application/json": {"schema": schema}}
    spec = {
        "openapi": "3.1.0",
        "paths": {"/things/{thing_id}": {"post": {"requestBody": {"content": content}}}},
    }
    return Document({**spec, **parts}).arguments_of(POST)["json"]


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        ({"type": "integer"}, 1),
        ({"type": "integer", "minimum": 5}, 5),
        ({"type": "boolean"}, True),
        ({"type": ["string", "null"], "minLength": 9}, "exampleee"),
        ({"type": "string", "maxLength": 3}, "exa"),
        ({"type": "string", "format": "uuid"}, "00000000-0000-0000-0000-000000000001"),
        ({"enum": ["dog", "cat"]}, "dog"),
        ({"type": "string", "example": "Tea"}, "Tea"),
        ({"type": "array", "items": {"type": "number"}}, [1.0]),
        ({"anyOf": [{"type": "null"}, {"type": "string"}]}, "example"),
        ({"properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}, {"a": 1, "b": 1}),
        ({"required": ["b"], "properties": {"a": {}, "b": {"type": "integer"}}}, {"b": 1}),
        (
            {"properties": {"id": {"readOnly": True}, "email": {"type": "string"}}},
            {"email": "somebody@example.com"},
        ),
        (
            {
                "allOf": [
                    {"properties": {"a": {"type": "integer"}}},
                    {"properties": {"b": {"type": "integer"}}},
                ]
            },
            {"a": 1, "b": 1},
        ),
    ],
)
def test_a_body_is_an_example_of_its_schema(schema: dict[str, Any], example: Any) -> None:
    assert body(schema) == example


def test_a_schema_that_has_itself_as_a_part_comes_to_an_end() -> None:
    schema = {"properties": {"n": {"type": "integer"}, "next": {"$ref": "#/components/schemas/Node"}}}
    found = body({"$ref": "#/components/schemas/Node"}, components={"schemas": {"Node": schema}})
    assert found["next"]["next"]["n"] == 1


def test_the_second_version_is_read_as_well() -> None:
    parameters = [
        {"in": "formData", "name": "size", "type": "integer", "required": True},
        {"in": "query", "name": "q", "type": "string", "required": True},
        {"in": "query", "name": "page", "type": "integer"},
    ]
    spec = {
        "swagger": "2.0",
        "basePath": "/api/",
        "paths": {"//things/{id}": {"post": {"parameters": parameters}}},
    }
    route = Route("/api/things/{id}", "POST", "", ("int",))
    assert Document(spec).arguments_of(route) == {"query": {"q": "example"}, "form": {"size": "1"}}
    assert Document(spec).arguments_of(Route("/api/things/{id}", "PUT", "", ("int",))) == {}


@pytest.mark.parametrize("data", [[], {}, {"openapi": "3.0.0"}, {"paths": {}}, None])
def test_not_everything_is_a_document(data: object) -> None:
    assert not Document.is_one(data)
