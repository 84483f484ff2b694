"""The HTTP API: one module an area, views of a few lines with declared input, output and problems."""

from apiflask import APIFlask
from werkzeug.routing import IntegerConverter, Map

from app.api import openapi, operating, orders, posts, products, profile, tokens, users, weather
from app.api.body import StrictJSON


class IdConverter(IntegerConverter):
    """An id that the database can hold; any other number is a 404, not a database error."""

    def __init__(self, map: Map) -> None:  # noqa: A002 - the name that werkzeug gives it
        super().__init__(map, min=1, max=openapi.LARGEST_ID)


def init_app(app: APIFlask) -> None:
    """Register the areas, and complete the OpenAPI document that describes them."""
    app.json = StrictJSON(app)
    app.url_map.converters["int"] = IdConverter
    for module in (users, tokens, profile, posts, products, orders, weather, operating):
        app.register_blueprint(module.blueprint)
    openapi.init_app(app)
