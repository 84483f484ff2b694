"""A service without a queue for background work."""

from typing import NoReturn

from behave_flask.core.protocols import QueuedTask

_NONE = (
    "The service has no queue for background work: no Celery app was found."
    ' If it has one, name it: hooks_for(..., celery=celery). For RQ: pip install "behave-flask[rq]".'
)


class NoTasks:
    """Stands where a queue would: nothing is ever queued."""

    queued: list[QueuedTask] = []  # noqa: RUF012 (never changed)

    def pending(self) -> list[QueuedTask]:
        """Return nothing."""
        return []

    def run_due(self) -> list[QueuedTask]:
        """Run nothing."""
        return []

    def deliver_again(self, task: QueuedTask) -> NoReturn:
        """Raise AssertionError, as all that needs a queue does."""
        raise AssertionError(_NONE)

    def take(self, name: str) -> NoReturn:
        """Raise AssertionError."""
        raise AssertionError(f"{name} is not queued. {_NONE}")

    def verify_all(self) -> None:
        """Do nothing."""

    def publish_schedule(self, *_names: str) -> NoReturn:
        """Raise AssertionError."""
        raise AssertionError(_NONE)

    def stop_broker(self) -> NoReturn:
        """Raise AssertionError."""
        raise AssertionError(_NONE)

    def start_broker(self) -> NoReturn:
        """Raise AssertionError."""
        raise AssertionError(_NONE)

    def findings(self) -> list[str]:
        """Return nothing."""
        return []

    def clear(self) -> None:
        """Do nothing."""
