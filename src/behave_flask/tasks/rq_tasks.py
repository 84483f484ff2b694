"""What a service has queued by RQ, in the Redis in memory, done on demand and in this process.

Functions are run as RQ names them, with what it has serialised. Retries, time limits, dependents and results
are a worker's affair, and not shown here.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from datetime import UTC, datetime
from typing import Any, NoReturn

from behave_flask.core.extras import requires_extra
from behave_flask.core.protocols import QueuedTask
from behave_flask.tasks.ledger import TaskError, TaskLedger

with requires_extra("rq"):
    from fakeredis import FakeServer, FakeStrictRedis
    from rq import Queue
    from rq.job import Job
    from rq.registry import ScheduledJobRegistry

logger = logging.getLogger("rq.worker")


class RQTasks(TaskLedger):
    """All queues of RQ on one server in memory."""

    def __init__(self, server: FakeServer) -> None:
        """Accept the server."""
        super().__init__()
        self._server = server

    def pending(self) -> list[QueuedTask]:
        """Return what is queued, oldest first within a queue, also on a stopped server. Nothing runs."""
        with self._reached():
            return [task for _, _, task in self._held()]

    def run_due(self) -> list[QueuedTask]:
        """Run what is due by the present clock, also what is queued meanwhile, and return what ran, in order.

        A job that fails is logged, as a worker does it, and counts as run.
        """
        ran: list[QueuedTask] = []
        while self._server.connected and (due := self._next_due()):
            queue, job, task = due
            self._require_end(ran, task)
            queue.remove(job)
            try:
                copy_context().run(job.perform)  # a module of jobs may push a context, as RQ's users do
            except Exception:
                logger.exception("%s failed", task.name)
            ran.append(task)
        return ran

    def deliver_again(self, task: QueuedTask) -> None:
        """Queue a job once more."""
        for db in list(self._server.dbs):
            connection = FakeStrictRedis(server=self._server, db=db)
            if Job.exists(task.id, connection):
                Queue(task.queue, connection=connection).push_job_id(task.id)

    def publish_schedule(self, *_names: str) -> NoReturn:
        """Raise TaskError: a schedule is a program of its own beside RQ."""
        raise TaskError("RQ has no schedule: let a step call what the schedule would call.")

    def stop_broker(self) -> None:
        """Make every use of Redis fail from now on."""
        self._server.connected = False

    def start_broker(self) -> None:
        """Bring the server back, with all that it had."""
        self._server.connected = True

    def clear(self) -> None:
        """Forget what was seen; the server is emptied when a scenario begins."""
        super().clear()
        self.start_broker()

    @contextmanager
    def _reached(self) -> Iterator[None]:
        before, self._server.connected = self._server.connected, True
        try:
            yield
        finally:
            self._server.connected = before

    def _next_due(self) -> tuple[Any, Job, QueuedTask] | None:
        now = datetime.now(UTC)
        return next((held for held in self._held() if held[2].eta is None or held[2].eta <= now), None)

    def _held(self) -> Iterator[tuple[Any, Job, QueuedTask]]:
        """Yield each job with what holds it: its queue, or the registry of those that are for later."""
        for db in list(self._server.dbs):
            for queue in Queue.all(connection=FakeStrictRedis(server=self._server, db=db)):
                for job in queue.jobs:
                    yield queue, job, _described(job, queue.name, None)
                later = ScheduledJobRegistry(queue=queue)  # type: ignore[no-untyped-call]
                for name in later.get_job_ids():
                    job = Job.fetch(name, connection=queue.connection)
                    yield later, job, _described(job, queue.name, later.get_scheduled_time(name))


def _described(job: Job, queue: str, eta: datetime | None) -> QueuedTask:
    return QueuedTask(job.id, str(job.func_name), list(job.args), dict(job.kwargs), eta, 0, queue)
