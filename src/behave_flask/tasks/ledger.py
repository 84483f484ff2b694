"""What is queued, and which of it the steps have verified; the same for every kind of queue."""

from behave_flask.core.protocols import QueuedTask, Tasks


class TaskError(AssertionError):
    """The background work cannot be run as asked; the message says why."""


class TaskLedger(Tasks):
    """Remembers what was seen to be queued in a scenario, and what of it was verified."""

    def __init__(self, limit: int = 200) -> None:
        """Begin with nothing.

        :param limit: how many runs of one `run_due` are no endless loop.
        """
        self._limit = limit
        self._verified: set[tuple[str, int]] = set()
        self._queued: dict[tuple[str, int], QueuedTask] = {}

    @property
    def queued(self) -> list[QueuedTask]:
        """All that this scenario was seen to queue, in that order, also what has run by now."""
        self._queued.update({(task.id, task.retries): task for task in self.pending()})
        return list(self._queued.values())

    def take(self, name: str) -> QueuedTask:
        """Return the first queued task of that name not yet verified, and mark it as verified.

        Raises AssertionError that lists what is queued instead.
        """
        for task in self.pending():
            if task.name == name and (task.id, task.retries) not in self._verified:
                self._verified.add((task.id, task.retries))
                return task
        listed = "".join(f"\n  - {task}" for task in self.pending()) or " nothing."
        raise AssertionError(f"{name} is not queued. Queued:{listed}")

    def verify_all(self) -> None:
        """Mark everything that is queued as verified."""
        self._verified.update((task.id, task.retries) for task in self.pending())

    def findings(self) -> list[str]:
        """The tasks that are still queued and that no step verified."""
        return [
            f"a queued task, {task}"
            for task in self.pending()
            if (task.id, task.retries) not in self._verified
        ]

    def _require_end(self, ran: list[QueuedTask], task: QueuedTask) -> None:
        if len(ran) >= self._limit:
            raise TaskError(
                f"{self._limit} tasks ran and {task.name} (retry {task.retries}, arguments {task.args}"
                f" {task.kwargs}) is due again: tasks queue tasks without end. Look for a retry without a"
                " limit or without a delay."
            )

    def clear(self) -> None:
        """Forget what was seen."""
        self._verified.clear()
        self._queued.clear()
