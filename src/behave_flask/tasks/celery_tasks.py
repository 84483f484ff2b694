"""Background tasks on demand: Celery's own messages, serialised, held until the scenario asks to run them.

Nothing runs by itself and no thread is involved. Celery's own request and tracer run each task, so retries,
delays, expiry, routing and results are Celery's. Not shown here: time limits, and `Reject(requeue=True)`.
"""

# mypy: allow-untyped-calls
# kombu says that it is typed, but few of its functions are annotated.

from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask, has_app_context

from behave_flask.core.extras import requires_extra
from behave_flask.core.protocols import QueuedTask
from behave_flask.tasks.ledger import TaskError, TaskLedger
from behave_flask.tasks.memory_broker import OPTION, MemoryBroker, Transport

with requires_extra("celery"):
    from celery import Celery
    from celery.worker.request import Request
    from kombu.message import Message
    from kombu.messaging import Producer


@dataclass(frozen=True, eq=False)
class _Held:
    """A message that was taken from the broker and not yet acknowledged, and what it says."""

    message: Message
    task: QueuedTask


def configure(celery: Celery) -> None:
    """Put the service's Celery app on a broker of its own in this process.

    Call it before the service publishes anything; done twice, it is done once.
    A publish that is refused fails at once (one retry without a pause), and a queue that nobody declared is
    an error.
    """
    _set(
        celery,
        broker_url="memory://",
        broker_transport=f"{Transport.__module__}:{Transport.__qualname__}",
        broker_transport_options={OPTION: MemoryBroker(), **celery.conf.broker_transport_options},
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0},
        task_create_missing_queues=False,
    )
    if celery.conf.result_backend:  # to publish to one on a server is to connect to it
        _set(celery, result_backend="cache+memory://")
        celery._backend_cache = None
        celery._local.__dict__.pop("backend", None)


def _set(celery: Celery, **settings: Any) -> None:
    """Change settings, also those of the service's namespace, which Celery before 5.7 reads first."""
    prefix = getattr(celery.conf, "prefix", None) or ""
    spelled = str.upper if prefix.isupper() else str.lower
    celery.conf.update(settings | {prefix + spelled(name): value for name, value in settings.items()})


class CeleryLedger(TaskLedger):
    """What a Celery app has queued, and of what it knows."""

    def __init__(self, celery: Celery, limit: int = 200) -> None:
        """Accept the service's Celery app, and how many runs of one `run_due` are no endless loop."""
        super().__init__(limit)
        self._celery = celery

    def publish_schedule(self, *names: str) -> None:
        """Queue every periodic task of the service once, or those named, as Celery's beat would in time."""
        for entry in self._celery.conf.beat_schedule.values():
            if not names or entry["task"] in names:
                self._celery.send_task(entry["task"], entry.get("args"), entry.get("kwargs"))

    def _require_known(self, task: QueuedTask) -> None:
        if task.name not in self._celery.tasks:
            raise TaskError(
                f"{task.name} is queued, but no such task is registered: a worker would throw the message"
                " away."
            )


class TaskQueue(CeleryLedger):
    """Celery's own memory:// transport, drained on demand: messages go through the real serialisation.

    Make it once per process, after `configure`. The service's Task class pushes the application context of a
    task (Flask's documentation, "Background Tasks with Celery"), therefore none may be pushed around it here.
    """

    def __init__(self, celery: Celery, app: Flask, limit: int = 200) -> None:
        """Accept the service's Celery app, the service, and how often one `run_due` may run at most.

        Raises TaskError if the service would run its tasks at once, or publishes elsewhere.
        """
        super().__init__(celery, limit)
        self._app, self._broker = app, self._require_broker()
        channel = celery.connection_for_read().channel()
        self._producer = Producer(channel)
        self._queues = [queue(channel) for queue in celery.amqp.queues.consume_from.values()]
        for queue in self._queues:
            queue.declare()
        self._accepted = celery.conf.accept_content
        self._held: list[_Held] = []
        self._seen: dict[tuple[str, int], _Held] = {}

    def pending(self) -> list[QueuedTask]:
        """Return what is queued, oldest first within a queue, even in a stopped broker. Nothing runs."""
        return [held.task for held in self._fetch()]

    def run_due(self) -> list[QueuedTask]:
        """Run what is due by the present clock, also what is queued meanwhile, and return what ran, in order.

        A task that fails is logged by Celery and counts as run, an expired one too. With the broker stopped
        nothing runs. Raises TaskError inside an application context, for a task unknown to the service, and
        when tasks keep queueing tasks beyond the limit.
        """
        ran: list[QueuedTask] = []
        while (due := self._next_due()) is not None:
            self._require_end(ran, due.task)
            self._run(due)
            ran.append(due.task)
        return ran

    def deliver_again(self, task: QueuedTask) -> None:
        """Queue the message of `task` once more, as a broker does that lost the acknowledgement.

        Raises TaskError if this scenario has not seen the task, or the broker is stopped.
        """
        held = self._seen.get((task.id, task.retries))
        if held is None:
            raise TaskError(
                f"{task.name} ({task.id}) was not seen in this scenario, so it cannot be delivered again."
            )
        if self._broker.down:
            raise TaskError("The broker is stopped and delivers nothing. Start it before a second delivery.")
        message = held.message
        self._producer.publish(
            message.body,
            exchange="",  # AMQP's default exchange, where the routing key is the name of a queue
            routing_key=task.queue,
            content_type=message.content_type,
            content_encoding=message.content_encoding,
            headers=message.headers,
            correlation_id=message.properties.get("correlation_id"),
            priority=message.properties.get("priority"),
            reply_to=message.properties.get("reply_to"),
        )

    def stop_broker(self) -> None:
        """From now on publishing fails with kombu.exceptions.OperationalError, and nothing is delivered."""
        self._broker.down = True

    def start_broker(self) -> None:
        """The broker is there again, with the messages that it had."""
        self._broker.down = False

    def clear(self) -> None:
        """Forget every message, held or queued, and start the broker: call it between scenarios."""
        for held in self._held:
            held.message.reject()
        self._held.clear()
        self._seen.clear()
        super().clear()
        self._broker.reset()

    def _require_broker(self) -> MemoryBroker:
        if self._celery.conf.task_always_eager:
            raise TaskError(
                "task_always_eager is set: tasks would run inside the request, on its uncommitted data, and"
                " nothing would be queued. Switch it off for the suite."
            )
        with self._celery.producer_or_acquire() as producer:
            transport = producer.connection.transport
        if not isinstance(transport, Transport):
            raise TaskError(
                f"The service publishes through {type(transport).__module__}, not through the suite's"
                " broker. Call configure(celery) before the first publish: Celery keeps the connection that"
                " it opened then."
            )
        return transport.broker

    def _fetch(self) -> list[_Held]:
        """Take what the broker has, un-acknowledged, after what is held already."""
        for queue in self._queues:
            while (message := queue.get(accept=self._accepted)) is not None:
                held = _Held(message, describe(message, queue.name, self._celery))
                self._held.append(held)
                self._seen[held.task.id, held.task.retries] = held
        return self._held

    def _next_due(self) -> _Held | None:
        if has_app_context():
            raise TaskError(
                "An application context is pushed while background tasks are to run. A worker has none: a"
                " task would see the session and the user of somebody else. Leave the context of"
                f" {self._app.name!r} before."
            )
        if self._broker.down:
            return None
        now = datetime.now(UTC)
        return next((h for h in self._fetch() if h.task.eta is None or h.task.eta <= now), None)

    def _run(self, held: _Held) -> None:
        message = held.message
        self._require_known(held.task)
        self._held.remove(held)
        Request(
            message, app=self._celery, on_ack=message.ack_log_error, on_reject=message.reject_log_error
        ).execute()


def describe(message: Message, queue: str, celery: Celery) -> QueuedTask:
    """Read a message of a queue."""
    # A copy, because the task that runs may change what it is given.
    args, kwargs, _ = deepcopy(message.decode())
    headers = message.headers
    eta = datetime.fromisoformat(headers["eta"]) if headers.get("eta") else None
    if eta is not None and eta.tzinfo is None:
        eta = eta.replace(tzinfo=celery.timezone)
    return QueuedTask(
        id=headers["id"],
        name=headers["task"],
        args=list(args),
        kwargs=dict(kwargs),
        eta=eta,
        retries=headers.get("retries") or 0,
        queue=queue,
    )
