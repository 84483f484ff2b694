"""What a request brings: a JSON body, checked against a schema."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

from apiflask import APIBlueprint
from flask import request
from flask.json.provider import DefaultJSONProvider
from pydantic import BaseModel

from app.problems import invalid, problem

View = Callable[..., Any]


class StrictJSON(DefaultJSONProvider):
    """JSON as RFC 8259 has it, without NaN and Infinity; nested too deep is an error like others."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Return the value.

        :raises ValueError: it is not JSON, or nested deeper than Python follows.
        """
        try:
            return super().loads(s, parse_constant=_refuse_constant, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deep") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def json_body(blueprint: APIBlueprint, schema: type[BaseModel]) -> Callable[[View], View]:
    """Pass the checked body to the view as ``body``; 415: not JSON, 400: cannot be read, 422: invalid.

    Stands below `auth_required`: who may not ask is told so, whatever was sent.
    """

    def decorate(view: View) -> View:
        parsed = blueprint.input(schema, location="json", arg_name="body")(view)

        @wraps(parsed)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if not request.is_json:  # APIFlask would parse any content type as JSON
                problem(415, "Send JSON (Content-Type: application/json).")
            if not isinstance(request.get_json(), dict):  # and would take null for an empty object
                invalid(body="Send a JSON object.")
            return parsed(*args, **kwargs)

        return checked

    return decorate
