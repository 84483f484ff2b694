"""What a dead worker had taken is found as soon as its time is over: each look of another one is a real one.

The wait on a real clock is measured by `python -m bench.killed_worker`.
"""

import time

import pytest
from celery import Celery
from kombu import Connection, Queue

from app import create_app
from behave_flask.stages.servers import PrivateRedis


def look(connection: Connection) -> None:
    """Look for what others had and have not done, as a worker does every 10 s."""
    connection.transport.cycle.maybe_restore_messages()


def test_the_second_look_finds_what_the_first_was_too_early_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with PrivateRedis() as redis:
        monkeypatch.setenv("BROKER_URL", redis.url)
        celery: Celery = create_app("testing").extensions["celery"]
        with celery.connection_for_write() as dead, celery.connection_for_read() as worker:
            queue = Queue("celery", channel=dead.channel())
            celery.amqp.Producer(dead).publish({}, routing_key="celery", declare=[queue])
            assert queue.get(no_ack=False) is not None
            consumer = celery.amqp.TaskConsumer(worker.channel())
            consumer.consume()
            look(worker)
            assert queue.get() is None
            after_five_minutes = time.time() + 5 * 60
            monkeypatch.setattr("kombu.transport.redis.time", lambda: after_five_minutes)
            look(worker)
            assert queue.get() is not None
