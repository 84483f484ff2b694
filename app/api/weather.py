"""The weather where the customer is."""

from typing import Annotated

from apiflask import APIBlueprint
from flask import current_app
from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas import Line, Output
from app.problems import problem
from app.services.weather import UnknownCity, Weather, WeatherService, WeatherUnavailable

blueprint = APIBlueprint("weather", __name__)


class WeatherQuery(BaseModel):
    """Where."""

    model_config = ConfigDict(extra="forbid")

    city: Annotated[Line, Field(max_length=80, examples=["Berlin"])]


class CityWeather(Output):
    """The weather in a city: degrees Celsius, and the sky in a word or two."""

    city: str
    temp: int | float
    condition: str


@blueprint.get("/api/weather")
@blueprint.input(WeatherQuery, location="query", arg_name="query")
@blueprint.output(CityWeather)
@blueprint.doc(
    summary="The weather in a city",
    operation_id="getWeather",
    responses={404: "No such city", 503: "The weather cannot be had at the moment"},
)
def get_weather(query: WeatherQuery) -> dict[str, str | float]:
    """Answers may be as old as a minute."""
    weather = weather_in(query.city)
    return {"city": query.city, "temp": weather.temp, "condition": weather.condition}


def weather_in(city: str) -> Weather:
    """Return the weather in a city; 404 where there is no such city, 503 where the weather cannot be had."""
    service: WeatherService = current_app.config["WEATHER_SERVICE"]
    try:
        return service.current(city)
    except UnknownCity:
        problem(404, "There is no such city.")
    except WeatherUnavailable as error:
        wait = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
        problem(503, "The weather is not available at the moment.", headers=wait)
