"""The HTTP API: one module an area, views of a few lines with declared input, output and problems."""

from apiflask import APIFlask
from werkzeug.routing import IntegerConverter

from app.api import openapi, operating, orders, posts, products, profile, tokens, users, weather
from app.api.body import StrictJSON


class IdConverter(IntegerConverter):
    """An id. A number that no row can have becomes 0, which none has: a 404 and not a database error."""

    regex = "[0-9]+"

    def to_python(self, value: str) -> int:
        """Return the id, or 0. A ``ValidationError`` would make a 405 of it where other methods exist."""
        number = int(value[:20])
        return number if number <= openapi.LARGEST_ID else 0


def init_app(app: APIFlask) -> None:
    """Register the areas, and complete the OpenAPI document that describes them."""
    app.json = StrictJSON(app)
    app.url_map.converters["int"] = IdConverter
    for module in (users, tokens, profile, posts, products, orders, weather, operating):
        app.register_blueprint(module.blueprint)
    openapi.init_app(app)
