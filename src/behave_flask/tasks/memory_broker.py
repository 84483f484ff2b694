"""A Celery broker inside the process: kombu's memory transport, with a switch to take it down.

Celery finds the transport by name, and it finds its broker in the options of the connection. While that is
down, publishing fails as with a broker that refuses the connection, with Celery's own retries and Celery's
own error.
"""

# mypy: allow-untyped-calls
# kombu says that it is typed, but few of its functions are annotated.

from queue import Queue
from typing import Any

from behave_flask.core.extras import requires_extra

with requires_extra("celery"):
    from kombu.exceptions import OperationalError
    from kombu.transport import memory, virtual

OPTION = "memory_broker"  # of `broker_transport_options`
_REFUSED = "the broker refuses the connection (stopped by the scenario)"


class MemoryBroker:
    """What is behind every connection of a Celery app: its queues, and whether it is down."""

    def __init__(self) -> None:
        self.down = False
        self.queues: dict[str, Queue[Any]] = {}
        self.state = virtual.BrokerState()

    def refuse_if_down(self) -> None:
        """Raise ConnectionRefusedError while the broker is down."""
        if self.down:
            raise ConnectionRefusedError(_REFUSED)

    def reset(self) -> None:
        """Be up again, with empty queues."""
        self.down = False
        for queue in self.queues.values():
            queue.queue.clear()


class Channel(memory.Channel):
    """A channel with the queues of its broker; those of kombu belong to every memory transport."""

    def __init__(self, connection: "Transport", **kwargs: Any) -> None:
        self._broker = connection.broker
        self.queues = self._broker.queues
        super().__init__(connection, **kwargs)

    def _put(self, queue: str, message: Any, **kwargs: Any) -> None:
        self._broker.refuse_if_down()
        super()._put(queue, message, **kwargs)

    def _put_fanout(self, exchange: str, message: Any, routing_key: str | None = None, **kwargs: Any) -> None:
        # Celery repeats a refused broadcast for ever, so the error that would end it is raised at once.
        if self._broker.down:
            raise OperationalError(_REFUSED)
        super()._put_fanout(exchange, message, routing_key, **kwargs)


class Transport(memory.Transport):
    """The memory transport, able to refuse."""

    Channel = Channel
    # Without this Celery does not retry and hands the bare OSError to the service.
    recoverable_connection_errors = (OSError,)

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self.broker: MemoryBroker = client.transport_options[OPTION]
        self.state = self.broker.state

    def establish_connection(self) -> Any:
        """Connect, or raise ConnectionRefusedError while the broker is down."""
        self.broker.refuse_if_down()
        return super().establish_connection()
