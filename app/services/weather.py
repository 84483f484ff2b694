from app.config import Settings


class WeatherService:
    def __init__(self, settings: Settings) -> None: ...
