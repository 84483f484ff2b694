from app.config import Settings


class PaymentService:
    def __init__(self, settings: Settings) -> None: ...
