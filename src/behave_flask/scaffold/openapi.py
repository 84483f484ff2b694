"""What a service's own OpenAPI document says of a request: an example of what is valid in it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from behave_flask.core.routes import Route
from behave_flask.scaffold.made_up import BY_FORMAT, text

Schema = Mapping[str, Any]
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_PLAIN: Schema = {"integer": 1, "number": 1.0, "boolean": True}
_DEEPEST = 6  # where a schema has itself as a part


class Document:
    """An OpenAPI document, of version 2 or 3."""

    def __init__(self, spec: Schema) -> None:
        """Accept the document, as JSON has it."""
        self._spec = spec

    @staticmethod
    def is_one(data: object) -> bool:
        """Return whether this is such a document."""
        return isinstance(data, dict) and bool({"openapi", "swagger"} & data.keys()) and "paths" in data

    def arguments_of(self, route: Route) -> dict[str, Any]:
        """Return what a valid request of a route takes, beside its path: `json`, `form` or `query`."""
        described = self._described(route)
        parameters = [self._resolved(each) for each in described.get("parameters", ())]
        query = {
            each["name"]: str(self._example(each.get("schema", each), each["name"]))
            for each in parameters
            if each.get("in") == "query" and each.get("required")
        }
        found: dict[str, Any] = {"query": query} if query else {}
        for kind, schema in self._bodies(described, parameters):
            body = self._example(schema)
            if kind == "json":
                return {**found, "json": body}
            if isinstance(body, dict):
                return {**found, "form": {name: str(value) for name, value in body.items()}}
        return found

    def _described(self, route: Route) -> dict[str, Any]:
        """Return what is said of a route; nothing if it is not in the document."""
        for path, item in self._spec["paths"].items():
            paths = (re.sub("/{2,}", "/", f"/{base}{path}") for base in self._bases)
            if any(Route.parse(f"{route.method} {each}").fits(route) for each in paths):
                found = item.get(route.method.lower(), {})
                return {**found, "parameters": [*item.get("parameters", ()), *found.get("parameters", ())]}
        return {}

    @property
    def _bases(self) -> set[str]:
        """What the paths of the service may begin with, before those of the document."""
        servers = [urlsplit(each.get("url", "")).path for each in self._spec.get("servers", ())]
        return {each.rstrip("/") for each in ("", self._spec.get("basePath", ""), *servers)}

    def _bodies(self, described: Schema, parameters: list[Any]) -> Iterator[tuple[str, Any]]:
        """Yield the kinds of body that a request may have, with their schemas."""
        content = self._resolved(described.get("requestBody", {})).get("content", {})
        yield from (("json", content[each].get("schema", {})) for each in content if each.endswith("json"))
        yield from (("form", content[each].get("schema", {})) for each in _FORMS if each in content)
        yield from (("json", each.get("schema", {})) for each in parameters if each.get("in") == "body")
        if fields := {each["name"]: each for each in parameters if each.get("in") == "formData"}:
            yield "form", {"type": "object", "properties": fields}

    def _resolved(self, schema: Any) -> dict[str, Any]:
        """Return what a reference stands for, put together of its parts."""
        if not isinstance(schema, dict):
            return {}
        if "$ref" in schema:
            found: Any = self._spec
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found.get(part, {}) if isinstance(found, dict) else {}
            return self._resolved(found)
        choices = [*schema.get("oneOf", ()), *schema.get("anyOf", ())]
        first = [each for each in choices if each.get("type") != "null"][:1]
        parts = [self._resolved(each) for each in (*schema.get("allOf", ()), *first)]
        merged = {key: value for part in parts for key, value in part.items()} | schema
        if parts:
            merged["properties"] = {
                name: each for part in (*parts, schema) for name, each in part.get("properties", {}).items()
            }
            merged["required"] = [each for part in (*parts, schema) for each in part.get("required") or ()]
        return merged

    def _example(self, schema: Any, name: str = "", depth: int = 0) -> Any:
        """Return a value that a schema allows.

        :param name: of the field that has it.
        """
        schema = self._resolved(schema)
        given = next((schema[key] for key in ("example", "default", "const") if schema.get(key)), None)
        if given is not None or depth > _DEEPEST:
            return given
        if schema.get("enum"):
            return schema["enum"][0]
        kinds = schema.get("type") or ("object" if schema.get("properties") else "string")
        kind = next((each for each in kinds if each != "null"), "") if isinstance(kinds, list) else kinds
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return [self._example(schema.get("items"), name, depth + 1)]
        if kind == "string":
            least, most = schema.get("minLength", 0), schema.get("maxLength")
            return BY_FORMAT.get(schema.get("format", "")) or text(name, least, most)
        return max(schema.get("minimum", 1), _PLAIN.get(kind, 1)) if kind != "boolean" else True

    def _object(self, schema: Schema, depth: int) -> dict[str, Any]:
        """Return what is required, or everything where nothing is."""
        properties = {
            name: each
            for name, each in schema.get("properties", {}).items()
            if not self._resolved(each).get("readOnly")
        }
        wanted = [each for each in schema.get("required") or () if each in properties] or properties
        return {name: self._example(properties[name], name, depth + 1) for name in wanted}
