"""Work that services do beside their requests, by the libraries that they use: done when a step looks."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from apscheduler.schedulers.background import BackgroundScheduler
from fakeredis import FakeStrictRedis
from flask import Flask, current_app
from flask_executor import Executor
from redis import BlockingConnectionPool, Redis
from rq import Queue

from behave_flask.core.http import Request
from behave_flask.databases.none import NoDatabase
from behave_flask.stages.embedded.stage import EmbeddedStage

pytestmark = pytest.mark.usefixtures("nothing_of_others")

POST = Request("POST", "/")
done: list[str] = []


def work(what: str = "done") -> str:
    """What is to be done, a while after it was asked for."""
    threading.Event().wait(0.02)
    done.append(what)
    return what


def fail() -> None:
    raise ZeroDivisionError("nobody hears of it")


def raised_by(future: Future[Any]) -> None:
    with pytest.raises(ZeroDivisionError):
        future.result()


Serve = Callable[..., EmbeddedStage]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Begin a scenario with a service whose one view does this."""
    done.clear()
    opened: list[EmbeddedStage] = []

    def begin(view: Callable[[], object], app: Flask | None = None) -> EmbeddedStage:
        app = app or Flask("background")

        @app.post("/")
        def post() -> str:
            view()
            return ""

        stage = EmbeddedStage(app, database=NoDatabase())
        stage.start()
        stage.begin_scenario()
        opened.append(stage)
        return stage

    yield begin
    for stage in opened:
        stage.end_scenario()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as made:
        yield made


def test_what_flask_executor_does_is_done_when_the_step_looks(serve: Serve) -> None:
    app = Flask("background")
    executor = Executor(app)

    def view() -> None:
        executor.submit(lambda: work(current_app.name))  # in an application context of its own
        executor.submit_stored("key", work, "stored")

    stage = serve(view, app)
    assert stage.send(POST).status == 200
    assert sorted(done) == ["background", "stored"]
    assert stage.unverified() == []


def test_work_that_fails_unseen_is_a_finding_with_its_place(serve: Serve, pool: ThreadPoolExecutor) -> None:
    stage = serve(lambda: pool.submit(fail))
    assert stage.send(POST).status == 200
    (finding,) = stage.unverified()
    line = fail.__code__.co_firstlineno + 1
    assert finding == (
        "work in a pool of threads failed, and the service did not look: ZeroDivisionError: nobody hears of"
        f" it (tests/units/test_background_of_others.py:{line})"
    )


@pytest.mark.parametrize(
    "look",
    [
        raised_by,
        lambda future: future.exception(),
        lambda future: future.add_done_callback(lambda _: None),
        Future.cancel,
    ],
    ids=["result", "exception", "callback", "cancelled"],
)
def test_work_whose_error_the_service_looks_at_is_no_finding(
    serve: Serve, pool: ThreadPoolExecutor, look: Callable[[Future[Any]], object]
) -> None:
    begun = threading.Event()
    pool.submit(begun.wait)

    def view() -> None:
        future = pool.submit(fail)
        if look is Future.cancel:
            assert future.cancel()
        begun.set()
        look(future)

    stage = serve(view)
    assert stage.send(POST).status == 200
    assert stage.unverified() == []


def test_a_scheduler_that_the_factory_starts_is_no_work_of_a_request(serve: Serve) -> None:
    scheduler = BackgroundScheduler()
    scheduler.add_job(work, "interval", hours=1, id="chores")
    scheduler.start()
    try:
        stage = serve(lambda: None)
        assert stage.send(POST).status == 200
        assert stage.end_scenario() == []
        scheduler.get_job("chores").func()  # as a step lets it be done
        assert done == ["done"]
        stage.begin_scenario()
    finally:
        scheduler.shutdown()


def test_rq_does_its_work_at_once_on_a_redis_in_memory(serve: Serve) -> None:
    """RQ's own documentation, "Testing": what the factory gives the suite."""
    queue = Queue(is_async=False, connection=FakeStrictRedis())
    stage = serve(lambda: queue.enqueue(work, "mailed"))
    assert stage.send(POST).status == 200
    assert done == ["mailed"]
    assert stage.unverified() == []


def test_what_rq_queues_is_seen_and_done_on_demand(serve: Serve) -> None:
    queue = Queue("mails", connection=Redis(db=2))
    stage = serve(lambda: queue.enqueue(work, what="mailed"))
    for _ in range(2):
        assert stage.send(POST).status == 200
        (task,) = stage.state()["tasks"]
        assert (task.name, task.kwargs, task.queue) == (f"{__name__}.work", {"what": "mailed"}, "mails")
        assert stage.unverified() == [f"a queued task, {__name__}.work(what='mailed')"]
        assert stage.tasks.take(f"{__name__}.work") == task
        assert done == []
        assert stage.tasks.run_due() == [task]
        assert done == ["mailed"]
        done.clear()
        assert stage.end_scenario() == []
        stage.begin_scenario()


def test_a_job_of_rq_that_fails_is_an_error_in_the_log(serve: Serve) -> None:
    stage = serve(lambda: Queue(connection=Redis()).enqueue(fail))
    stage.send(POST)
    stage.tasks.run_due()
    (finding,) = stage.unverified()
    assert "an error in the log of rq.worker" in finding
    assert "ZeroDivisionError: nobody hears of it" in finding


def test_a_job_of_rq_for_later_waits_for_its_time(serve: Serve) -> None:
    stage = serve(lambda: Queue(connection=Redis()).enqueue_in(timedelta(minutes=5), work))
    stage.send(POST)
    (task,) = stage.tasks.pending()
    assert task.eta is not None
    assert stage.tasks.run_due() == []
    with time_machine.travel(task.eta + timedelta(seconds=1)):
        assert [each.id for each in stage.tasks.run_due()] == [task.id]
    assert done == ["done"]


def test_a_job_of_rq_can_come_twice_and_a_stopped_redis_refuses_it(serve: Serve) -> None:
    stage = serve(lambda: Queue(connection=Redis()).enqueue(work))
    stage.send(POST)
    (task,) = stage.tasks.run_due()
    stage.tasks.deliver_again(task)
    assert stage.tasks.run_due() == [task]
    assert done == ["done", "done"]
    stage.tasks.stop_broker()
    assert stage.send(POST).status == 500
    stage.errors.take("Exception on / [POST]")
    assert stage.tasks.pending() == stage.tasks.run_due() == []
    stage.tasks.start_broker()
    assert stage.send(POST).status == 200
    stage.tasks.verify_all()
    with pytest.raises(AssertionError, match="RQ has no schedule"):
        stage.tasks.publish_schedule()


def again() -> None:
    Queue(connection=Redis()).enqueue(again)


def test_jobs_of_rq_that_queue_jobs_without_end_are_told(serve: Serve) -> None:
    stage = serve(again)
    stage.send(POST)
    with pytest.raises(AssertionError, match=r"200 tasks ran and .*again .* tasks queue tasks without end"):
        stage.tasks.run_due()
    stage.tasks.verify_all()


@pytest.mark.parametrize(
    "connect",
    [
        lambda: Redis(decode_responses=True),
        lambda: Redis.from_url("redis://ann:secret@redis.example.com:6380/2", decode_responses=True),
        lambda: Redis.from_url("rediss://redis.example.com", decode_responses=True),
        lambda: Redis(connection_pool=BlockingConnectionPool(decode_responses=True)),
        lambda: Redis(unix_socket_path="/run/redis.sock", decode_responses=True),
    ],
    ids=["host", "URL", "TLS", "waiting pool", "socket"],
)
def test_each_client_has_the_redis_of_its_scenario(serve: Serve, connect: Callable[[], Redis]) -> None:
    seen: list[object] = []

    def view() -> None:
        client = connect()
        seen.append(client.get("name"))
        client.set("name", "Ann")
        seen.append(connect().get("name"))

    stage = serve(view)
    for _ in range(2):
        assert stage.send(POST).status == 200
        assert stage.end_scenario() == []
        stage.begin_scenario()
    assert seen == [None, "Ann"] * 2


def test_a_redis_that_is_allowed_is_really_asked() -> None:
    app = Flask("background")
    app.add_url_rule("/", "view", lambda: str(Redis(port=1).ping()), methods=["POST"])
    stage = EmbeddedStage(app, database=NoDatabase(), allowed=[("localhost", 1)])
    stage.begin_scenario()
    assert stage.send(POST).status == 500
    assert "Connection refused" in stage.end_scenario()[0]


def test_without_fakeredis_a_redis_is_refused_and_named_with_its_place(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("behave_flask.stages.embedded.stage.find_spec", lambda _: None)
    stage = serve(lambda: Redis().ping())
    assert stage.send(POST).status == 500
    stage.errors.take("Exception on / [POST]")
    line = test_without_fakeredis_a_redis_is_refused_and_named_with_its_place.__code__.co_firstlineno + 4
    place = f"past all arranged answers (tests/units/test_background_of_others.py:{line})"
    assert all(place in finding for finding in stage.unverified())
    assert stage.unverified() != []
