"""Background tasks on Redis and a separate worker: what is queued waits until the scenario asks.

The service publishes to its own queues, from which nobody consumes. When work is to be done, each message
that is due goes, unchanged, to the queue that the worker consumes from, one at a time, and its end is waited
for.
"""

# mypy: allow-untyped-calls
# kombu says that it is typed, but few of its functions are annotated.

import json
import secrets
from datetime import UTC, datetime
from threading import Event
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from celery import Celery
from redis import Redis
from redis.exceptions import RedisError

from behave_flask.core import clock
from behave_flask.core.errors import UsageError
from behave_flask.core.protocols import QueuedTask
from behave_flask.stages.services.agent import ProcessAgent
from behave_flask.stages.services.control import Controls, ServedClock
from behave_flask.tasks.celery_tasks import CeleryLedger, describe
from behave_flask.tasks.ledger import TaskError

READY = "acceptance-ready"  # the queue of the worker
_CLAIM = "acceptance-suite"  # the key by which a run owns a database of Redis
_BINDINGS = "_kombu.binding."  # what Celery declared when it connected; it does not declare it twice
_UNACKNOWLEDGED = "unacked"
_DEADLINE = 30.0  # seconds for one task


class OwnRedis:
    """An empty database of a Redis server, for one run, and a user of it who can be locked out."""

    def __init__(self, url: str) -> None:
        """Claim the last database of the server that is empty. Raises UsageError if there is none."""
        self._user, self._password = f"acceptance-{secrets.token_hex(4)}", secrets.token_hex(16)
        self.url, self.client = self._claim(url)
        self.is_down = False
        try:
            self.come_back()
        except RedisError as error:
            self.client.flushdb()
            raise UsageError(f"No user of its own for the suite at {_shown(url)}: {error}") from None

    @property
    def user_url(self) -> str:
        """The URL of the database for the user who can be locked out."""
        parts = urlsplit(self.url)
        place = f"{quote(self._user)}:{self._password}@{parts.hostname}:{parts.port or 6379}"
        return urlunsplit(parts._replace(netloc=place))

    @property
    def version(self) -> str:
        """What the server is, in a word and a number."""
        info = self.client.info("server")
        name = info.get("server_name", "redis")
        return f"{name} {info.get(f'{name}_version', info['redis_version'])}"

    def lock_out(self) -> None:
        """Refuse the user, and end their connections."""
        self._user_is("off")
        self.client.execute_command("CLIENT", "KILL", "USER", self._user)
        self.is_down = True

    def let_in(self) -> None:
        """Make the user come again."""
        self._user_is("on")
        self.is_down = False

    def come_back(self) -> None:
        """Make the user again, whom a server that was stopped has forgotten."""
        self._user_is("on", f">{self._password}", "~*", "&*", "+@all")

    def clear(self) -> None:
        """Delete all that the service has put there."""
        keys = [key for key in self.client.keys("*") if not key.decode().startswith((_CLAIM, _BINDINGS))]
        if keys:
            self.client.delete(*keys)

    def pass_time(self, seconds: float) -> None:
        """Make everything that is to be forgotten after a while be so much older."""
        for key in self.client.keys("*"):
            if (left := self.client.pttl(key)) > 0:
                # Redis deletes at once what is given no time.
                self.client.pexpire(key, left - round(seconds * 1000))

    def give_back(self) -> None:
        """Empty the database and remove the user."""
        self.client.execute_command("ACL", "DELUSER", self._user)
        self.client.flushdb()
        self.client.close()

    def _user_is(self, *rules: str) -> None:
        self.client.execute_command("ACL", "SETUSER", self._user, *rules)

    def _claim(self, url: str) -> tuple[str, Any]:
        parts = urlsplit(url)
        try:
            server: Any = Redis.from_url(url)
            count = int(server.config_get("databases")["databases"])
            for number in reversed(range(count)):
                own = urlunsplit(parts._replace(path=f"/{number}"))
                client = Redis.from_url(own)
                if not client.dbsize() and client.set(_CLAIM, self._user, nx=True):
                    return own, client
        except RedisError as error:
            raise UsageError(f"No Redis for the suite at {_shown(url)}: {error}") from None
        raise UsageError(f"The Redis at {_shown(url)} has no empty database for the suite.")


class RedisTasks(CeleryLedger):
    """The queues of a service on Redis, as `TaskQueue` has those in one process."""

    def __init__(self, celery: Celery, redis: OwnRedis, controls: Controls, clock: ServedClock) -> None:
        """Accept the service's Celery app, configured for this Redis; the lines to its worker."""
        super().__init__(celery)
        self._redis, self._controls, self._clock = redis, controls, clock
        self._queues = list(celery.amqp.queues.consume_from)
        self._channel = celery.connection_for_read().channel()
        self._seen: dict[tuple[str, int], bytes] = {}
        self._left: list[tuple[QueuedTask, bytes]] | None = None  # what a stopped server has

    def pending(self) -> list[QueuedTask]:
        """Read the queues, oldest first within each. Nothing is taken."""
        return [task for task, _ in self._waiting()]

    def run_due(self) -> list[QueuedTask]:
        """Make the worker do what is due, one task after the other."""
        ran: list[QueuedTask] = []
        while (due := self._next_due()) is not None:
            self._require_end(ran, due[0])
            self._require_known(due[0])
            self._hand_over(*due)
            self.wait_for(due[0])
            ran.append(due[0])
        return ran

    def deliver_again(self, task: QueuedTask) -> None:
        """Put the message of a task into its queue once more."""
        self._waiting()
        message = self._seen.get((task.id, task.retries))
        if message is None:
            raise TaskError(f"{task.name} ({task.id}) was not seen in this scenario.")
        if self._redis.is_down:
            raise TaskError("The broker is stopped and delivers nothing.")
        self._redis.client.lpush(task.queue, message)

    def stop_broker(self) -> None:
        """Refuse the service's connections to Redis as its broker."""
        self._redis.lock_out()

    def start_broker(self) -> None:
        """Make the service connect again."""
        self._redis.let_in()

    def clear(self) -> None:
        """Forget every message, and start the broker."""
        self._seen.clear()
        self._verified.clear()
        self._queued.clear()
        if self._redis.is_down:
            self._redis.let_in()
        self._redis.clear()

    @property
    def is_away(self) -> bool:
        """Whether the server is stopped, with all that is queued."""
        return self._left is not None

    def leave(self) -> None:
        """Take down what is queued, before the server is stopped."""
        self._left = self._waiting()

    def come_back(self) -> None:
        """Use the server again, which has been started."""
        self._redis.come_back()
        self._left = None

    def begin_next(self) -> QueuedTask:
        """Hand the next task that is due to the worker, and wait for nothing. Raises TaskError for none."""
        due = self._next_due()
        if due is None:
            raise TaskError("Nothing is due.")
        self._hand_over(*due)
        return due[0]

    def wait_for(self, task: QueuedTask) -> None:
        """Wait until a task that was handed to the worker has ended. Raises TaskError where it does not."""
        ended = self._controls.ask_one("worker", ProcessAgent.wait_for, task.id, _DEADLINE)
        end = clock.monotonic() + _DEADLINE
        # The end of a run is reported just before its message is acknowledged.
        while ended and self._redis.client.hlen(_UNACKNOWLEDGED) and clock.monotonic() < end:
            Event().wait(0.001)
        if not ended or self._redis.client.hlen(_UNACKNOWLEDGED):
            raise TaskError(f"The worker has not done {task} within {_DEADLINE:g} seconds.")

    def _waiting(self) -> list[tuple[QueuedTask, bytes]]:
        if self._left is not None:
            return self._left
        found = []
        for queue in self._queues:
            for raw in reversed(self._redis.client.lrange(queue, 0, -1)):
                message = self._channel.message_to_python(json.loads(raw))
                task = describe(message, queue, self._celery)
                self._seen[task.id, task.retries] = raw
                found.append((task, raw))
        return found

    def _next_due(self) -> tuple[QueuedTask, bytes] | None:
        if self._redis.is_down or self.is_away:
            return None
        now = datetime.now(UTC)
        return next((each for each in self._waiting() if each[0].eta is None or each[0].eta <= now), None)

    def _hand_over(self, task: QueuedTask, message: bytes) -> None:
        self._clock.keep()
        move = self._redis.client.pipeline()
        move.lrem(task.queue, -1, message).lpush(READY, message)
        move.execute()


def _shown(url: str) -> str:
    """The URL without a password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{parts.hostname}:{parts.port or 6379}"))
