"""What a request brings: a JSON body, checked against a schema."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel

from app.problems import problem

View = Callable[..., Any]


def json_body(blueprint: APIBlueprint, schema: type[BaseModel]) -> Callable[[View], View]:
    """Pass the checked body to the view as ``body``; 415 if it is not JSON, 400 if it cannot be read, 422 if invalid.

    Stands below `auth_required`: who may not ask is told so, whatever was sent.
    """

    def decorate(view: View) -> View:
        parsed = blueprint.input(schema, location="json", arg_name="body")(view)

        @wraps(parsed)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if not request.is_json:  # APIFlask would parse any content type as JSON
                problem(415, "Send JSON (Content-Type: application/json).")
            return parsed(*args, **kwargs)

        return checked

    return decorate
