"""The words of the features, and what they stand for in the service."""

TASKS = {
    "the welcome": "app.tasks.send_welcome",
    "the order confirmation": "app.tasks.send_order_confirmation",
    "the news of the refund": "app.tasks.send_refund_notice",
    "the news of the dispatch": "app.tasks.send_dispatch_notice",
    "the news of the declined payment": "app.tasks.send_payment_declined",
}
# Fields whose name in the service differs from what the features call them, but for spaces.
FIELDS = {
    "e-mail": "email",
    "standing": "is_active",
    "number": "id",
    "picture": "avatar_url",
    "day of joining": "created_at",
}
ACCOUNT_FIELDS = FIELDS | {name: name for name in ("name", "password", "role", "nickname")}
ORDER_STATUSES = {
    "awaits payment": "awaiting_payment",
    "is paid": "paid",
    "was declined": "declined",
    "is cancelled": "cancelled",
    "is refunded": "refunded",
}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
COUNTS = {word: number for number, word in enumerate(_NUMBERS)}
TIMES = {"once": 1, "twice": 2, "three times": 3, "four times": 4, "six times": 6}
SPANS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


def euros(cents: int) -> str:
    """Return an amount as a customer reads it: "12.50 EUR"."""
    return f"{cents // 100}.{cents % 100:02} EUR"
