"""The API on a page for people: what the OpenAPI document says, arranged by area."""

from typing import Any

Spec = dict[str, Any]


def of(spec: Spec) -> dict[str, Any]:
    """Return what `docs.html` shows of an OpenAPI document."""
    areas: dict[str, list[Spec]] = {}
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            area = (operation.get("tags") or ["Other"])[0]
            areas.setdefault(area, []).append(_operation(spec, method.upper(), path, operation))
    for_customers_first = sorted(areas.items(), key=lambda area: area[0] == "Operating")
    return {"info": spec["info"], "areas": dict(for_customers_first)}


def _operation(spec: Spec, method: str, path: str, operation: Spec) -> Spec:
    return operation | {
        "method": method,
        "path": path,
        "who": _who_may(operation),
        "fields": _fields(spec, operation),
        "queries": [each for each in operation.get("parameters", []) if each["in"] != "path"],
        "answers": sorted(operation["responses"].items()),
    }


def _who_may(operation: Spec) -> str:
    roles = [role for way in operation.get("security", []) for scopes in way.values() for role in scopes]
    if roles:
        return " or ".join(f"{role}s" for role in roles)
    return "everybody who is signed in" if operation.get("security") else "everybody"


def _fields(spec: Spec, operation: Spec) -> list[Spec]:
    """Return the fields of the body, with what each may hold in words."""
    bodies = list(operation.get("requestBody", {}).get("content", {}).values())
    schema = _resolve(spec, bodies[0]["schema"]) if bodies else {}
    required = schema.get("required", [])
    return [
        {"name": name, "required": name in required, "rules": rules_of(_resolve(spec, field))}
        for name, field in schema.get("properties", {}).items()
    ]


def _resolve(spec: Spec, schema: Spec) -> Spec:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Spec = spec["components"]["schemas"][name] if name else schema
    return found


def rules_of(schema: Spec) -> str:
    """Return in words what a value may be."""
    if "enum" in schema:
        return " or ".join(map(str, schema["enum"]))
    kind = schema["type"]
    words = [{"binary": "file", "email": "e-mail address"}.get(schema.get("format", ""), kind)]
    unit = "characters" if kind == "string" else ""
    low, high = schema.get("minLength", schema.get("minimum")), schema.get("maxLength", schema.get("maximum"))
    words += [f"at least {low} {unit}"] if low is not None else []
    words += [f"at most {high} {unit}"] if high is not None else []
    return ", ".join(word.strip() for word in words if word)
