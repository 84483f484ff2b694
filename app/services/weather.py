"""The weather in a city, asked of a provider and remembered for a short while."""

import logging
import time
from threading import Lock
from typing import Annotated

from cachetools import TTLCache
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.config import Settings
from app.services.outside import Outside, Unavailable

log = logging.getLogger(__name__)
TRIES = 2
CITIES_REMEMBERED = 1024


class UnknownCity(LookupError):
    """The provider knows no such city."""


class WeatherUnavailable(Unavailable):
    """The provider gave no weather."""


class Weather(BaseModel):
    """What the provider says: the temperature in degrees Celsius, and the sky in a word or two."""

    model_config = ConfigDict(strict=True, frozen=True)

    temp: Annotated[int | float, Field(ge=-1000, le=1000, allow_inf_nan=False)]
    condition: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class WeatherService:
    """The weather provider."""

    def __init__(self, settings: Settings) -> None:
        self._provider = Outside(
            base=str(settings.weather_url),
            headers={"X-Api-Key": settings.weather_key.get_secret_value()},
            timeout=settings.outside_timeout_seconds,
            tries=TRIES,
            pause=settings.outside_retry_pause_seconds,
        )
        self._lock = Lock()
        self._remembered: TTLCache[str, Weather] = TTLCache(
            CITIES_REMEMBERED, settings.weather_cache_seconds, timer=time.time
        )

    def current(self, city: str) -> Weather:
        """Return the weather in a city now, or a short while ago.

        :raises UnknownCity: the provider knows no such city.
        :raises WeatherUnavailable: the provider is slow, broken, or asked too often.
        """
        key = city.strip().casefold()
        with self._lock:
            remembered = self._remembered.get(key)
        if remembered is not None:
            return remembered
        weather = self._ask(city)
        with self._lock:
            self._remembered[key] = weather
        return weather

    def _ask(self, city: str) -> Weather:
        try:
            answer = self._provider.ask("GET", "/current", params={"city": city})
            if answer.status == 200:
                return answer.read(Weather)
        except Unavailable as error:
            log.warning("The weather provider is unavailable: %s", error)
            raise WeatherUnavailable(str(error), error.retry_after) from error
        if answer.status == 404:
            raise UnknownCity(city)
        # Another 4xx is our own fault (a wrong key, a changed API) and stays until somebody looks.
        level = logging.ERROR if answer.status >= 400 else logging.WARNING
        log.log(
            level, "The weather provider gave an answer that is not known: GET /current: %s", answer.status
        )
        raise WeatherUnavailable(f"GET /current: {answer.status}")
