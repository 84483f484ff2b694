from app.config import Settings


class EmailService:
    def __init__(self, settings: Settings) -> None: ...
