"""Publish before commit: what is caught, by name, and what is right and must not raise a false alarm."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from planted import Planted
from sqlalchemy import create_engine, delete, event, insert, select, text, update
from sqlalchemy.orm import Session


@pytest.fixture
def service(planted: Planted) -> Planted:
    planted.greet = planted.task("greet", lambda: None)
    planted.isolation.begin()
    with planted.isolation.session() as session:
        session.add_all([planted.Person(id=101, name="Ann"), planted.Person(id=102, name="Bob")])
    return planted


def unflushed(service: Planted) -> None:
    service.db.session.add(service.Person(name="Cid"))


def flushed(service: Planted) -> None:
    unflushed(service)
    service.db.session.flush()


def changed(service: Planted) -> None:
    service.db.session.get(service.Person, 101).name = "Zoe"


def deleted(service: Planted) -> None:
    service.db.session.delete(service.db.session.get(service.Person, 101))


def core_insert(service: Planted) -> None:
    service.db.session.execute(insert(service.Person).values(name="Cid"))


def core_update(service: Planted) -> None:
    service.db.session.execute(update(service.Person).values(name=service.Person.name + "!"))


def core_delete(service: Planted) -> None:
    service.db.session.execute(delete(service.Person))


def plain_sql(service: Planted) -> None:
    service.db.session.execute(text("UPDATE planted_person SET name = 'Zoe' WHERE id = 101"))


def in_a_savepoint(service: Planted) -> None:
    with service.db.session.begin_nested():
        service.db.session.add(service.Person(name="Cid"))


EARLY = {
    unflushed: "new Person",
    flushed: "new Person",
    changed: "changed Person",
    deleted: "deleted Person",
    core_insert: "INSERT INTO planted_person",
    core_update: "UPDATE planted_person SET",
    core_delete: "DELETE FROM planted_person",
    plain_sql: "UPDATE planted_person SET",
    in_a_savepoint: "new Person",
}


@pytest.mark.parametrize("write", EARLY, ids=lambda write: write.__name__)
def test_a_task_published_before_the_commit_is_found_with_what_was_written(
    service: Planted, write: Callable[[Planted], None]
) -> None:
    def view() -> None:
        write(service)
        service.greet.delay()
        service.db.session.commit()

    assert service.request(view) == 201
    (finding,) = service.guard.findings()
    assert finding.startswith(
        f"greet was published before the commit; not yet in the database: {EARLY[write]}. A worker may run it"
    )


@pytest.mark.parametrize("write", EARLY, ids=lambda write: write.__name__)
def test_a_task_published_after_the_commit_is_right(
    service: Planted, write: Callable[[Planted], None]
) -> None:
    def view() -> None:
        write(service)
        service.db.session.commit()
        service.greet.delay()

    assert service.request(view) == 201
    assert service.guard.findings() == []


def test_running_the_task_later_would_not_have_shown_it(service: Planted) -> None:
    seen: list[str] = []

    def look() -> None:
        seen.extend(service.db.session.scalars(select(service.Person.name)))

    late_looker = service.task("look", look)

    def view() -> None:
        unflushed(service)
        late_looker.delay()
        service.db.session.commit()

    service.request(view)
    service.tasks.run_due()
    assert "Cid" in seen
    assert len(service.guard.findings()) == 1


def test_a_task_published_although_the_rows_are_rolled_back_is_found(service: Planted) -> None:
    def view() -> None:
        flushed(service)
        service.greet.delay()
        service.db.session.rollback()

    service.request(view)
    assert len(service.guard.findings()) == 1


def test_several_rows_of_a_kind_are_counted(service: Planted) -> None:
    def view() -> None:
        service.db.session.add_all([service.Person(name="Cid"), service.Person(name="Dan")])
        changed(service)
        service.greet.delay()

    service.request(view)
    assert "new Person (2 times), changed Person." in service.guard.findings()[0]


def test_a_finding_is_kept_although_the_service_swallows_every_error(service: Planted) -> None:
    def view() -> None:
        unflushed(service)
        service.tasks.stop_broker()
        try:
            service.greet.delay()
        except Exception:  # noqa: BLE001
            service.db.session.rollback()

    assert service.request(view) == 201
    assert len(service.guard.findings()) == 1


def test_hooks_of_the_service_that_publish_after_a_commit_or_a_rollback_are_right() -> None:
    def hooks(service: Planted) -> None:
        notice = service.task("told", lambda: None)

        @event.listens_for(service.db.session, "after_commit")
        def publish(session: Session) -> None:
            if not session.in_nested_transaction():
                notice.delay()

        event.listen(service.db.session, "after_soft_rollback", lambda *_: notice.delay())

    service = Planted("sqlite://", hooks)
    service.isolation.begin()

    def gives_up() -> None:
        flushed(service)
        service.db.session.rollback()

    assert [service.request(lambda: service.add("Ann")), service.request(gives_up)] == [201, 201]
    assert service.guard.findings() == []
    assert len(service.tasks.pending()) == 2
    service.tasks.clear()
    service.isolation.end()
    service.close()


def test_a_hook_that_also_fires_when_a_savepoint_ends_is_found(service: Planted) -> None:
    event.listen(service.db.session, "after_commit", lambda session: service.greet.delay())

    def view() -> None:
        in_a_savepoint(service)
        service.db.session.commit()

    assert service.request(view) == 201
    assert len(service.guard.findings()) == 1


def test_an_outbox_relay_that_selects_publishes_deletes_and_commits_is_right(service: Planted) -> None:
    def relay() -> None:
        rows = service.db.session.scalars(select(service.Person).with_for_update(skip_locked=True)).all()
        for _ in rows:
            service.greet.delay()
        for row in rows:
            service.db.session.delete(row)
        service.db.session.commit()

    relaying = service.task("relay", relay)

    def view() -> None:
        service.add("Cid")
        relaying.delay()

    assert service.request(view) == 201
    assert [task.name for task in service.tasks.run_due()] == ["relay", "greet", "greet", "greet"]
    assert service.names() == []
    assert service.guard.findings() == []


def test_reading_in_plain_sql_is_no_write(service: Planted) -> None:
    def view() -> None:
        service.db.session.execute(text("SELECT name AS updated FROM planted_person")).all()
        service.greet.delay()

    service.request(view)
    assert service.guard.findings() == []


def test_what_was_rolled_back_is_no_longer_uncommitted(service: Planted) -> None:
    def view() -> None:
        flushed(service)
        service.db.session.rollback()
        service.greet.delay()

    service.request(view)
    assert service.guard.findings() == []


def test_what_was_rolled_back_to_a_savepoint_is_no_longer_uncommitted(service: Planted) -> None:
    def view() -> None:
        savepoint = service.db.session.begin_nested()
        flushed(service)
        savepoint.rollback()
        service.greet.delay()

    service.request(view)
    assert service.guard.findings() == []


def test_what_was_rolled_back_to_a_savepoint_around_the_one_it_was_written_in_is_forgotten(
    service: Planted,
) -> None:
    def view() -> None:
        savepoint = service.db.session.begin_nested()
        in_a_savepoint(service)
        savepoint.rollback()
        service.greet.delay()

    service.request(view)
    assert service.guard.findings() == []


def test_what_was_written_around_a_savepoint_that_failed_is_still_uncommitted(service: Planted) -> None:
    def view() -> None:
        flushed(service)
        savepoint = service.db.session.begin_nested()
        core_delete(service)
        savepoint.rollback()
        service.greet.delay()
        service.db.session.commit()

    service.request(view)
    assert "not yet in the database: new Person. " in service.guard.findings()[0]


def test_a_value_set_to_what_it_was_is_no_write(service: Planted) -> None:
    def view() -> None:
        service.db.session.get(service.Person, 101).name = "Ann"
        service.greet.delay()

    service.request(view)
    assert service.guard.findings() == []


def test_publishing_outside_an_application_context_is_left_alone(
    service: Planted, caplog: pytest.LogCaptureFixture
) -> None:
    service.greet.delay()
    assert service.guard.findings() == []
    assert caplog.text == ""


def test_what_one_request_forgot_to_commit_is_no_fault_of_the_next(service: Planted) -> None:
    service.request(lambda: flushed(service))
    service.request(lambda: service.greet.delay())
    assert service.guard.findings() == []


def test_findings_are_forgotten_between_scenarios(service: Planted) -> None:
    def view() -> None:
        unflushed(service)
        service.greet.delay()

    service.request(view)
    assert service.guard.findings()
    service.guard.clear()
    assert service.guard.findings() == []


def test_what_another_request_has_not_committed_yet_is_its_own(service: Planted) -> None:
    begun, go_on = Event(), Event()

    def slow() -> None:
        with Session(bind=create_engine("sqlite://")) as session:
            session.execute(text("CREATE TABLE slow (id INTEGER)"))
            session.execute(text("INSERT INTO slow VALUES (1)"))
            begun.set()
            go_on.wait()

    other = Thread(target=slow)
    other.start()
    begun.wait()
    assert service.request(lambda: service.greet.delay()) == 201
    go_on.set()
    other.join()
    assert service.guard.findings() == []
