"""A Celery broker inside the process: kombu's memory transport, with a switch to take it down.

Celery finds it by name: `behave_flask.tasks.memory_broker:Transport`. While it is down, publishing fails as
with a broker that refuses the connection, with Celery's own retries and Celery's own error. One service a
process: the queues are shared.
"""

# mypy: allow-untyped-calls
# kombu says that it is typed, but few of its functions are annotated.

from queue import Queue
from typing import Any, ClassVar

from behave_flask.core.extras import requires_extra

with requires_extra("celery"):
    from kombu.exceptions import OperationalError
    from kombu.transport import memory, virtual

_REFUSED = "the broker refuses the connection (stopped by the scenario)"


class Broker:
    """The state behind every connection of the process."""

    down: ClassVar[bool] = False
    queues: ClassVar[dict[str, Queue[Any]]] = {}

    @classmethod
    def refuse_if_down(cls) -> None:
        """Raise ConnectionRefusedError while the broker is down."""
        if cls.down:
            raise ConnectionRefusedError(_REFUSED)

    @classmethod
    def reset(cls) -> None:
        """Be up again, with empty queues."""
        cls.down = False
        for queue in cls.queues.values():
            queue.queue.clear()


class Channel(memory.Channel):
    """A channel with queues of its own; those of kombu belong to every memory transport."""

    queues = Broker.queues

    def _put(self, queue: str, message: Any, **kwargs: Any) -> None:
        Broker.refuse_if_down()
        super()._put(queue, message, **kwargs)

    def _put_fanout(self, exchange: str, message: Any, routing_key: str | None = None, **kwargs: Any) -> None:
        # Celery repeats a refused broadcast for ever, so the error that would end it is raised at once.
        if Broker.down:
            raise OperationalError(_REFUSED)
        super()._put_fanout(exchange, message, routing_key, **kwargs)


class Transport(memory.Transport):
    """The memory transport, able to refuse."""

    Channel = Channel
    global_state = virtual.BrokerState()
    # Without this Celery does not retry and hands the bare OSError to the service.
    recoverable_connection_errors = (OSError,)

    def establish_connection(self) -> Any:
        """Connect, or raise ConnectionRefusedError while the broker is down."""
        Broker.refuse_if_down()
        return super().establish_connection()
