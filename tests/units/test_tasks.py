"""Background tasks on demand: what is queued, what runs when, and how the broker's faults look."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import flask
import pytest
import time_machine
from celery import Celery
from celery.exceptions import QueueNotFound
from kombu import Queue
from kombu.exceptions import EncodeError, OperationalError
from planted import Planted

from behave_flask.core.protocols import QueuedTask
from behave_flask.tasks.celery_tasks import TaskQueue, configure
from behave_flask.tasks.ledger import TaskError

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)


@pytest.fixture
def service(on_sqlite: Planted) -> Planted:
    on_sqlite.ran = []
    on_sqlite.greet = on_sqlite.task("greet", lambda *args, **kwargs: on_sqlite.ran.append((args, kwargs)))
    return on_sqlite


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_what_is_queued_can_be_read_before_anything_ran(service: Planted) -> None:
    sent = service.greet.delay((1, 2), loudly=True)
    service.greet.delay("second")
    first, second = service.tasks.pending()
    assert first == QueuedTask(sent.id, "greet", [[1, 2]], {"loudly": True}, None, 0, "celery")
    assert second.args == ["second"]
    assert service.tasks.pending() == [first, second]
    assert service.ran == []


def test_what_is_due_runs_once_and_in_order(service: Planted) -> None:
    service.greet.delay(1)
    service.greet.delay(2)
    assert [task.args for task in service.tasks.run_due()] == [[1], [2]]
    assert [args for args, _ in service.ran] == [(1,), (2,)]
    assert service.tasks.run_due() == []
    assert service.tasks.pending() == []


def test_what_a_task_queues_runs_too(service: Planted) -> None:
    relay = service.task("relay", lambda: service.greet.delay("from the relay"))
    relay.delay()
    assert [task.name for task in service.tasks.run_due()] == ["relay", "greet"]


def test_a_delayed_task_waits_for_the_travelled_clock(
    service: Planted, clock: time_machine.Traveller
) -> None:
    service.greet.apply_async(countdown=60)
    assert [task.eta for task in service.tasks.pending()] == [NOON + timedelta(minutes=1)]
    clock.shift(59)
    assert service.tasks.run_due() == []
    clock.shift(1)
    assert [task.name for task in service.tasks.run_due()] == ["greet"]


def test_a_time_without_a_zone_is_in_the_zone_of_the_service(
    service: Planted, clock: time_machine.Traveller
) -> None:
    service.celery.conf.timezone = "Europe/Berlin"  # summer time since that morning
    service.greet.apply_async(eta=datetime(2026, 3, 29, 14, 1))  # noqa: DTZ001
    assert [task.eta for task in service.tasks.pending()] == [NOON + timedelta(minutes=1)]
    assert service.tasks.run_due() == []
    clock.shift(60)
    assert len(service.tasks.run_due()) == 1


def test_an_expired_task_leaves_the_queue_without_an_effect(
    service: Planted, clock: time_machine.Traveller
) -> None:
    service.greet.apply_async(expires=30)
    clock.shift(31)
    service.tasks.run_due()
    assert service.ran == []
    assert service.tasks.pending() == []


def test_a_retry_keeps_its_id_counts_up_and_waits(service: Planted, clock: time_machine.Traveller) -> None:
    @service.celery.task(shared=False, name="stubborn", bind=True, max_retries=2)
    def stubborn(self) -> None:
        service.ran.append(self.request.retries)
        raise self.retry(countdown=30)

    sent = stubborn.delay()
    for _ in range(3):
        assert [task.id for task in service.tasks.run_due()] == [sent.id]
        clock.shift(30)
    assert service.ran == [0, 1, 2]
    assert service.tasks.pending() == []


def test_a_retry_without_end_is_stopped_and_named(service: Planted) -> None:
    @service.celery.task(shared=False, name="endless", bind=True, max_retries=None)
    def endless(self, order: int) -> None:
        raise self.retry(countdown=0)

    endless.delay(7)
    with pytest.raises(
        TaskError, match=r"20 tasks ran and endless \(retry 20, arguments \[7\] \{\}\) is due again"
    ):
        service.tasks.run_due()


def test_a_task_that_fails_counts_as_run_and_is_logged(
    service: Planted, caplog: pytest.LogCaptureFixture
) -> None:
    service.task("broken", lambda: 1 / 0).delay()
    assert [task.name for task in service.tasks.run_due()] == ["broken"]
    assert service.tasks.pending() == []
    assert "Task broken" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_each_task_has_a_fresh_application_context(service: Planted) -> None:
    @service.celery.task(shared=False, name="remembering")
    def remembering() -> None:
        service.ran.append(flask.g.get("seen"))
        flask.g.seen = True

    remembering.delay()
    remembering.delay()
    service.tasks.run_due()
    assert service.ran == [None, None]


def test_what_a_task_commits_is_seen_and_rolled_back_with_the_scenario(planted: Planted) -> None:
    planted.task("add", planted.add).delay("Ann")
    planted.isolation.begin()
    planted.tasks.run_due()
    assert planted.names() == ["Ann"]
    assert planted.isolation.end() == []
    assert planted.isolation.rows_left() == {}


def test_an_argument_that_cannot_be_serialised_is_refused_when_it_is_published(service: Planted) -> None:
    with pytest.raises(EncodeError, match="not JSON serializable"):
        service.greet.delay(object())
    assert service.tasks.pending() == []


def test_a_stopped_broker_refuses_quickly_and_the_committed_row_stays(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("kombu.utils.functional.sleep", pauses.append)  # between Celery's tries
    errors: list[Exception] = []
    greet = planted.task("greet", lambda: None)

    def registers() -> None:
        planted.add("Ann")
        try:
            greet.delay()
        except OperationalError as error:
            errors.append(error)
            raise

    planted.isolation.begin()
    planted.tasks.stop_broker()
    assert planted.request(registers) == 500
    assert not sum(pauses)
    assert "the broker refuses the connection" in str(errors[0])
    assert planted.names() == ["Ann"]


def test_a_stopped_broker_refuses_a_new_connection(service: Planted) -> None:
    service.tasks.stop_broker()
    with (
        service.celery.connection_for_write() as connection,
        pytest.raises(OperationalError, match="refuses"),
    ):
        connection.ensure_connection(max_retries=1, interval_start=0)


def test_a_broker_that_comes_back_delivers_what_it_had_and_takes_more(service: Planted) -> None:
    service.greet.delay("before")
    service.tasks.stop_broker()
    with pytest.raises(OperationalError):
        service.greet.delay("lost")
    assert service.tasks.run_due() == []
    service.tasks.start_broker()
    service.greet.delay("after")
    assert [task.args for task in service.tasks.run_due()] == [["before"], ["after"]]


def test_a_message_delivered_again_runs_again_with_the_same_id(service: Planted) -> None:
    sent = service.greet.delay("Ann", loudly=True)
    (task,) = service.tasks.run_due()
    service.tasks.deliver_again(task)
    assert service.tasks.pending() == [task]
    assert [again.id for again in service.tasks.run_due()] == [sent.id]
    assert service.ran == [(("Ann",), {"loudly": True})] * 2


def test_a_second_attempt_can_be_delivered_again(service: Planted) -> None:
    @service.celery.task(shared=False, name="once more", bind=True, max_retries=1)
    def once_more(self) -> None:
        service.ran.append(self.request.retries)
        if self.request.retries == 0:
            raise self.retry(countdown=0)

    once_more.delay()
    first, second = service.tasks.run_due()
    service.tasks.deliver_again(second)
    assert service.tasks.run_due() == [second]
    assert (first.id, service.ran) == (second.id, [0, 1, 1])


def test_a_stopped_broker_refuses_a_word_to_the_workers_without_trying_for_ever(service: Planted) -> None:
    service.celery.control.revoke("some-task")
    service.tasks.stop_broker()
    with pytest.raises(OperationalError, match="refuses the connection"):
        service.celery.control.revoke("some-task")


def test_a_second_delivery_of_an_unseen_task_or_from_a_stopped_broker_is_refused(service: Planted) -> None:
    service.greet.delay()
    (task,) = service.tasks.pending()
    service.tasks.stop_broker()
    with pytest.raises(TaskError, match="The broker is stopped and delivers nothing"):
        service.tasks.deliver_again(task)
    service.tasks.clear()
    with pytest.raises(TaskError, match=r"greet .* was not seen in this scenario"):
        service.tasks.deliver_again(task)


def test_a_message_left_over_is_gone_from_the_next_scenario(service: Planted) -> None:
    service.greet.delay("held")
    service.tasks.pending()
    service.greet.delay("queued")
    service.tasks.stop_broker()
    service.tasks.clear()
    assert service.tasks.pending() == []
    service.greet.delay("next scenario")
    assert [task.args for task in service.tasks.run_due()] == [["next scenario"]]


def test_a_message_of_another_celery_app_on_kombus_own_memory_transport_stays_out(service: Planted) -> None:
    other = Celery("other", broker="memory://", set_as_current=False)
    other.send_task("greet", ["from elsewhere"])
    assert service.tasks.pending() == []


def test_two_services_of_one_process_have_brokers_of_their_own(service: Planted) -> None:
    other = Celery("another", set_as_current=False)
    configure(other)
    their_queue = TaskQueue(other, service.app)
    service.tasks.stop_broker()
    other.send_task("greet")
    assert service.tasks.pending() == []
    assert [task.name for task in their_queue.pending()] == ["greet"]
    their_queue.clear()
    with pytest.raises(OperationalError):
        service.greet.delay()


def test_a_task_on_a_queue_of_its_own_runs_too_and_names_it(service: Planted) -> None:
    celery = Celery("routed", set_as_current=False)
    celery.conf.task_queues = [Queue("letters", routing_key="post.#"), Queue("celery", routing_key="celery")]
    configure(celery)
    tasks = TaskQueue(celery, service.app)

    def mail() -> None:
        pass

    celery.task(name="mail", shared=False)(mail).apply_async(queue="letters")
    assert [(task.name, task.queue) for task in tasks.pending()] == [("mail", "letters")]
    (task,) = tasks.run_due()
    tasks.deliver_again(task)
    assert tasks.run_due() == [task]


def test_a_queue_that_nobody_declared_is_an_error_of_the_publisher(service: Planted) -> None:
    with pytest.raises(QueueNotFound, match="nowhere"):
        service.greet.apply_async(queue="nowhere")


def test_tasks_do_not_run_inside_an_application_context(service: Planted) -> None:
    service.greet.delay()
    with (
        service.app.app_context(),
        pytest.raises(TaskError, match="An application context is pushed while background tasks are to run"),
    ):
        service.tasks.run_due()
    assert [task.name for task in service.tasks.run_due()] == ["greet"]


def test_a_task_that_changes_its_arguments_does_not_change_what_was_queued(service: Planted) -> None:
    service.task("emptying", lambda things: things.clear()).delay([1, 2])
    assert [task.args for task in service.tasks.run_due()] == [[[1, 2]]]


def test_a_task_that_the_service_does_not_know_is_named(service: Planted) -> None:
    service.celery.send_task("no.such.task")
    with pytest.raises(TaskError, match=r"no\.such\.task is queued, but no such task is registered"):
        service.tasks.run_due()


def test_eager_tasks_are_refused(service: Planted) -> None:
    service.celery.conf.task_always_eager = True
    with pytest.raises(TaskError, match="task_always_eager is set"):
        TaskQueue(service.celery, service.app)


def test_a_service_that_published_before_it_was_configured_is_refused(service: Planted) -> None:
    early = Celery("early", broker="memory://", set_as_current=False)
    early.send_task("greet")
    configure(early)
    with pytest.raises(
        TaskError, match=r"publishes through kombu\.transport\.memory, not through the suite's"
    ):
        TaskQueue(early, service.app)


def test_results_are_kept_in_this_process_and_no_server_is_asked_for_them() -> None:
    app = flask.Flask("adder")
    celery = Celery("adder", broker="redis://nowhere.invalid", backend="redis://nowhere.invalid")
    assert type(celery.backend).__name__ == "RedisBackend"
    configure(celery)
    tasks = TaskQueue(celery, app)

    @celery.task(name="add")
    def add(a: int, b: int) -> int:
        return a + b

    sent = add.delay(1, 2)
    assert not sent.ready()
    tasks.run_due()
    assert sent.get(timeout=1) == 3


@pytest.mark.parametrize(("namespace", "prefix"), [("CELERY", "CELERY_"), ("celery", "celery_")])
def test_settings_in_a_namespace_of_the_service_do_not_win_over_the_brokers(
    namespace: str, prefix: str
) -> None:
    theirs = {
        "BROKER_URL": "redis://localhost:1/0",
        "BROKER_TRANSPORT_OPTIONS": {"socket_timeout": 1},
        "RESULT_BACKEND": "redis://localhost:1/1",
        "TASK_CREATE_MISSING_QUEUES": True,
    }
    spelled = str.upper if prefix.isupper() else str.lower
    celery = Celery("of a service", set_as_current=False)
    celery.config_from_object(
        {prefix + spelled(name): value for name, value in theirs.items()}, namespace=namespace
    )
    configure(celery)
    tasks = TaskQueue(celery, flask.Flask("of a service"))

    @celery.task(name="greet")
    def greet() -> None: ...

    greet.delay()
    assert [task.name for task in tasks.pending()] == ["greet"]
    assert celery.conf.broker_transport_options["socket_timeout"] == 1
    with pytest.raises(QueueNotFound):
        celery.send_task("greet", queue="nobody's")
