"""What is broken on purpose on real parts: processes die, servers stop, many requests come at one moment.

Whatever a scenario breaks is whole again when it closes, also when it failed half-way. Servers that were
given are not the run's to stop: scenarios that do so say it by a tag, and are left out there.
"""

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select

from behave_flask.core.http import Request, Response
from behave_flask.core.protocols import QueuedTask
from behave_flask.core.waiting import until
from behave_flask.databases.deletion import CommittedData
from behave_flask.stages.servers import PrivatePostgres, PrivateRedis, Server
from behave_flask.stages.services.agent import ProcessAgent
from behave_flask.stages.services.control import Controls, ServedClock
from behave_flask.stages.services.redis_tasks import RedisTasks
from behave_flask.stages.services.stand_ins import MailServer

MISSES_QUEUE = "consumer: Cannot connect to"  # what Celery's worker logs every few seconds
STOPS_QUEUE, STOPS_MEMORY = "stops.queue", "stops.memory"  # tags of what stops Redis, or PostgreSQL


@dataclass
class Outages:
    """Breaks the parts of one stage, and mends them.

    :ivar send: lets the service answer a request, also from several threads.
    :ivar processes: by role: the one that serves, "web", and the one that does background work, "worker".
    :ivar redis: None, if it is not the run's own; so is `postgres`.
    """

    send: Callable[[Request], Response]
    processes: Mapping[str, Server]
    controls: Controls
    clock: ServedClock
    data: CommittedData
    tasks: RedisTasks
    mail: MailServer
    redis: PrivateRedis | None
    postgres: PrivatePostgres | None
    _halted: list[Server] = field(default_factory=list)
    _changed: set[str] = field(default_factory=set)  # roles of processes that are to be made anew
    _queue_stopped: bool = False
    _findings: list[str] = field(default_factory=list)  # of processes that have ended

    # the worker

    def kill_worker_at_mail(self) -> None:
        """Make the worker begin with the next task, and kill it when it is about to hand over a mail.

        Raises AssertionError if it never comes to one.
        """
        self.begin_mail()
        self._part_with("worker")
        self.processes["worker"].halt(signal.SIGKILL)
        self._halted.append(self.processes["worker"])
        self.controls.forget("worker")
        self.mail.go_on()

    def begin_mail(self) -> QueuedTask:
        """Make the worker begin with the next task, and keep it waiting when it is to hand over a mail."""
        self.mail.hold()
        task = self.tasks.begin_next()
        until(self.mail.somebody_waits, "the background work sends no mail")
        return task

    def end_mail(self, task: QueuedTask) -> None:
        """Let the mail server take the mail, and the worker end the task."""
        self.mail.go_on()
        self.tasks.wait_for(task)

    def start_worker(self) -> None:
        """Start the worker that was killed, at the test's time; it looks for what was left to it."""
        self._resume(self.processes["worker"])
        until(lambda: self.controls.ask_one("worker", ProcessAgent.take_over), "the worker is not ready")

    # servers

    def stop_queue(self) -> None:
        """Stop Redis, with all that it has."""
        assert self.redis is not None, f"This Redis is not ours to stop: tag the scenario @{STOPS_QUEUE}."
        self._changed |= {"web", "worker"}
        self._queue_stopped = True
        self.tasks.leave()
        self._halted.append(self.redis)
        self.redis.pause()

    def start_queue(self) -> None:
        """Start Redis again, with all that it had."""
        assert self.redis is not None, f"This Redis is not ours to start: tag the scenario @{STOPS_QUEUE}."
        self._resume(self.redis)
        self.tasks.come_back()

    def restart_memory(self) -> None:
        """Restart PostgreSQL, which ends every connection."""
        assert self.postgres is not None, (
            f"This PostgreSQL is not ours to stop: tag the scenario @{STOPS_MEMORY}."
        )
        self._changed |= {"web", "worker"}
        self._halted.append(self.postgres)
        # Before the connections that hold rows `under_way`: a stop ends all in no order, and a request
        # that is given its row in time goes on.
        self.data.end_connections()
        self.postgres.halt(signal.SIGINT)  # "fast shutdown": ends the clients' connections, writes everything
        self._resume(self.postgres)
        self.data.forget_connections()

    # the web process

    def reload_web(self) -> None:
        """Make gunicorn put new processes in the place of the old ones, and wait until one serves."""
        self._part_with("web")
        self.controls.forget("web")
        self.clock.leave_word()
        self.processes["web"].send(signal.SIGHUP)
        until(lambda: "web" in self.controls.roles(), "no new process serves")

    @contextmanager
    def under_way(self, requests: Sequence[Request], at: Select[Any]) -> Iterator[list[Future[Response]]]:
        """Send requests at one moment; in the block each stands before the rows, which are held for it.

        Whoever is answered without changing them is not waited for. After the block all may go on.

        :param at: selects the rows that the requests will change.
        """
        with ThreadPoolExecutor(len(requests)) as pool, self.data.held(at) as waiting:
            coming = [pool.submit(self.send, request) for request in requests]
            until(
                lambda: waiting() + sum(each.done() for each in coming) >= len(coming),
                "not every request comes to what it is to change",
            )
            yield coming

    # the end of a scenario

    def recover(self) -> None:
        """Start again whatever stands still, so that it can be asked what it knows."""
        self.mail.go_on()
        with ExitStack() as each:
            for server in list(self._halted):
                each.callback(self._resume, server)
        if self.tasks.is_away:
            self.tasks.come_back()
        self.data.forget_connections()

    def findings(self) -> list[str]:
        """Return what the processes had found that have ended since."""
        return list(self._findings)

    def explain(self, finding: str) -> bool:
        """Return whether a finding is only that the worker misses the queue that was stopped."""
        return self._queue_stopped and MISSES_QUEUE in finding

    def renew(self) -> None:
        """Start the processes that were concerned afresh: nothing of the scenario stays in them."""
        changed, self._changed = self._changed, set()
        self._findings.clear()
        self._queue_stopped = False
        self.clock.forget()
        with ThreadPoolExecutor() as pool:
            list(pool.map(self._renew, sorted(changed)))

    def _renew(self, role: str) -> None:
        self.controls.forget(role)
        self.processes[role].halt(signal.SIGQUIT)
        self.processes[role].resume()

    def _part_with(self, role: str) -> None:
        """Take down what the process of this role has found, before it goes."""
        self.clock.keep()
        self._changed.add(role)
        self._findings += self.controls.ask_one(role, ProcessAgent.findings)

    def _resume(self, server: Server) -> None:
        self.clock.leave_word()
        server.resume()
        self._halted.remove(server)
