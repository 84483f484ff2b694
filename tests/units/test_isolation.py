"""Isolation by rollback: what it hides from the next scenario, and what it finds in this one."""

import psycopg
import pytest
from planted import Planted
from sqlalchemy import create_engine, event, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool, SingletonThreadPool, StaticPool

from behave_flask.databases import engines
from behave_flask.databases.isolation import IsolationError
from behave_flask.databases.transactions import SQLAlchemyDatabase

ENDED = "The service ended the scenario's outer transaction on the default database"


def test_what_a_scenario_committed_is_gone_when_it_ends(planted: Planted) -> None:
    planted.isolation.begin()
    assert planted.request(lambda: planted.add("Ann")) == 201
    assert planted.names() == ["Ann"]
    assert planted.isolation.end() == []
    assert planted.isolation.rows_left() == {}


def test_a_row_that_the_service_forgot_to_commit_is_not_seen(planted: Planted) -> None:
    def forgets() -> None:
        planted.db.session.add(planted.Person(name="Ann"))
        planted.db.session.flush()

    planted.isolation.begin()
    assert planted.request(forgets) == 201
    assert planted.names() == []


@pytest.mark.parametrize("tidy", [True, False], ids=["rolled back by the view", "left to the teardown"])
def test_a_refused_row_leaves_the_earlier_ones(planted: Planted, tidy: bool) -> None:
    def repeats() -> None:
        try:
            planted.add("Ann")
        except DBAPIError:
            if tidy:
                planted.db.session.rollback()

    planted.isolation.begin()
    planted.request(lambda: planted.add("Ann"))
    planted.request(repeats)
    planted.request(lambda: planted.add("Bob"))
    assert planted.names() == ["Ann", "Bob"]
    assert planted.isolation.end() == []


def test_a_session_of_the_test_left_open_during_a_request_is_named_with_its_line(planted: Planted) -> None:
    planted.isolation.begin()
    with (
        planted.isolation.session(),
        pytest.raises(IsolationError, match=r"test_isolation\.py:\d+ is still open during a request"),
    ):
        planted.request(lambda: planted.add("Ann"))


def test_without_that_check_the_open_session_would_silently_delete_what_the_request_wrote(
    planted: Planted,
) -> None:
    planted.isolation.begin()
    with planted.isolation.session() as session:
        session.scalars(select(planted.Person)).all()
        with planted.app.app_context():
            planted.add("Ann")
        session.rollback()
    assert planted.names() == []


def test_a_session_that_nobody_closed_is_found_by_its_savepoint(planted: Planted) -> None:
    planted.isolation.begin()
    with planted.app.app_context():
        kept = Session(planted.db.engine)
    kept.add(planted.Person(name="Ann"))
    kept.flush()
    with pytest.raises(IsolationError, match="A transaction is still open on the default database"):
        planted.isolation.check_idle()
    kept.close()
    planted.isolation.check_idle()


def test_a_session_that_only_read_may_stay_open_and_write_later(planted: Planted) -> None:
    planted.isolation.begin()
    with planted.app.app_context():
        kept = Session(planted.db.engine)
    kept.execute(text("SELECT 1"))
    planted.request(lambda: planted.add("Ann"))
    kept.rollback()
    kept.execute(text("SELECT 1"))
    planted.request(lambda: planted.add("Bob"))
    kept.add(planted.Person(name="Cid"))
    kept.commit()
    kept.close()
    assert planted.names() == ["Ann", "Bob", "Cid"]
    assert planted.isolation.end() == []


def test_a_savepoint_left_open_on_another_bind_names_the_bind(planted: Planted) -> None:
    planted.isolation.begin()
    with planted.app.app_context():
        kept = Session(planted.db.engines["audit"])
    kept.execute(insert(planted.Entry).values(text="seen"))
    with pytest.raises(IsolationError, match="A transaction is still open on the database 'audit'"):
        planted.isolation.check_idle()
    kept.close()


def test_a_second_session_of_the_test_at_the_same_time_is_refused(on_sqlite: Planted) -> None:
    on_sqlite.isolation.begin()
    with (
        on_sqlite.isolation.session(),
        pytest.raises(IsolationError, match=r"its session of .*test_isolation\.py:\d+ is still open"),
    ):
        on_sqlite.names()
    assert on_sqlite.names() == []


def test_a_session_of_the_test_that_raised_is_rolled_back_and_the_next_one_opens(planted: Planted) -> None:
    planted.isolation.begin()
    with pytest.raises(DBAPIError), planted.isolation.session() as session:
        session.add_all([planted.Person(name="Ann"), planted.Person(name="Ann")])
    planted.isolation.check_idle()
    assert planted.names() == []


def test_objects_of_the_tests_session_keep_their_values_after_it(planted: Planted) -> None:
    planted.isolation.begin()
    with planted.isolation.session() as session:
        session.add(person := planted.Person(name="Ann"))
    assert person.name == "Ann"
    assert person.id


def test_a_held_application_context_is_named_before_the_request_is_sent(on_sqlite: Planted) -> None:
    on_sqlite.isolation.begin()
    with (
        on_sqlite.app.app_context(),
        pytest.raises(
            IsolationError, match="An application context of 'planted' is pushed around the request"
        ),
    ):
        on_sqlite.request(lambda: on_sqlite.add("Ann"))


def test_a_broken_deferred_key_names_table_and_rows_on_sqlite(on_sqlite: Planted) -> None:
    def orphan() -> None:
        on_sqlite.db.session.add(on_sqlite.Pet(id=7, owner_id=999))
        on_sqlite.db.session.commit()

    on_sqlite.isolation.begin()
    assert on_sqlite.request(orphan) == 201
    assert on_sqlite.isolation.end() == [
        (
            "A deferred foreign key is broken on the default database: planted_pet has rows without their"
            " planted_person (rowid 7). A real commit would have refused them."
        )
    ]
    assert on_sqlite.isolation.rows_left() == {}


def test_a_broken_deferred_key_fails_the_commit_on_postgresql_as_a_real_one_does(
    on_postgresql: Planted,
) -> None:
    refused: list[str] = []

    def orphan() -> None:
        on_postgresql.db.session.add(on_postgresql.Pet(owner_id=999))
        try:
            on_postgresql.db.session.commit()
        except DBAPIError as error:
            refused.append(str(error.orig))
            raise

    on_postgresql.isolation.begin()
    assert on_postgresql.request(orphan) == 500
    assert 'violates foreign key constraint "planted_pet_owner_id_fkey"' in refused[0]
    assert on_postgresql.request(lambda: on_postgresql.add("Ann")) == 201
    assert on_postgresql.isolation.end() == []


def test_a_deferred_key_may_be_mended_before_the_commit_on_postgresql(on_postgresql: Planted) -> None:
    def late_owner(number: int, name: str) -> None:
        with on_postgresql.db.session.begin_nested():
            on_postgresql.db.session.add(on_postgresql.Pet(owner_id=number))
        on_postgresql.db.session.add(on_postgresql.Person(id=number, name=name))
        on_postgresql.db.session.commit()

    on_postgresql.isolation.begin()
    assert on_postgresql.request(lambda: late_owner(5, "Ann")) == 201
    assert on_postgresql.request(lambda: late_owner(6, "Bob")) == 201
    assert on_postgresql.names() == ["Ann", "Bob"]
    assert on_postgresql.isolation.end() == []


def test_a_deferred_key_broken_past_the_sessions_is_found_at_the_end_on_postgresql(
    on_postgresql: Planted,
) -> None:
    def orphan() -> None:
        driver = on_postgresql.db.engine.raw_connection()
        driver.cursor().execute("INSERT INTO planted_pet (owner_id) VALUES (999)")

    on_postgresql.isolation.begin()
    assert on_postgresql.request(orphan) == 201
    (finding,) = on_postgresql.isolation.end()
    assert finding.startswith("A deferred constraint is broken on the default database: ")
    assert "planted_pet_owner_id_fkey" in finding
    assert on_postgresql.isolation.rows_left() == {}


def test_a_broken_key_on_one_bind_does_not_spoil_a_commit_on_another(on_postgresql: Planted) -> None:
    def orphan() -> None:
        driver = on_postgresql.db.engine.raw_connection()
        driver.cursor().execute("INSERT INTO planted_pet (owner_id) VALUES (999)")

    def notes() -> None:
        on_postgresql.db.session.add(on_postgresql.Entry(text="seen"))
        on_postgresql.db.session.commit()

    on_postgresql.isolation.begin()
    assert [on_postgresql.request(orphan), on_postgresql.request(notes)] == [201, 201]
    assert on_postgresql.isolation.end()[0].startswith(
        "A deferred constraint is broken on the default database"
    )


def test_the_tests_own_session_is_held_to_deferred_keys_too(on_postgresql: Planted) -> None:
    on_postgresql.isolation.begin()
    with (
        pytest.raises(DBAPIError, match="planted_pet_owner_id_fkey"),
        on_postgresql.isolation.session() as session,
    ):
        session.add(on_postgresql.Pet(owner_id=999))


def test_a_session_of_the_services_own_keeps_and_takes_back_what_is_its_own(planted: Planted) -> None:
    def writes(name: str, *, keeps: bool) -> None:
        with Session(planted.db.engine) as session:
            session.add(planted.Person(name=name))
            session.flush()
            session.commit() if keeps else session.rollback()

    planted.isolation.begin()
    planted.request(lambda: planted.add("Ann"))
    planted.request(lambda: writes("Bob", keeps=True))
    planted.request(lambda: writes("Cid", keeps=False))
    assert planted.names() == ["Ann", "Bob"]
    assert planted.isolation.end() == []
    assert planted.isolation.rows_left() == {}


def test_a_connection_is_isolated_as_a_session_is(planted: Planted) -> None:
    def writes(name: str) -> None:
        with planted.db.engine.begin() as connection:
            connection.execute(insert(planted.Person).values(name=name))

    def fails() -> None:
        with planted.db.engine.begin() as connection:
            connection.execute(insert(planted.Person).values(name="Bob"))
            connection.execute(insert(planted.Person).values(name="Ann"))

    planted.app.logger.disabled = True
    planted.isolation.begin()
    assert [planted.request(lambda: writes("Ann")), planted.request(fails)] == [201, 500]
    assert planted.names() == ["Ann"]
    assert planted.isolation.end() == []
    assert planted.isolation.rows_left() == {}


def test_a_session_on_the_connection_of_another_is_isolated(planted: Planted) -> None:
    """SQLAlchemy-Continuum keeps such a session, and never ends it."""

    def writes() -> None:
        history = Session(bind=planted.db.session.connection())
        history.add(planted.Person(name="Ann"))
        history.flush()
        planted.add("Bob")

    planted.isolation.begin()
    assert planted.request(writes) == 201
    assert planted.names() == ["Ann", "Bob"]
    assert planted.isolation.end() == []
    assert planted.isolation.rows_left() == {}


@pytest.mark.parametrize("first_commits", [True, False])
@pytest.mark.parametrize("second_commits", [True, False])
def test_a_session_whose_work_went_with_another_one_is_found(
    planted: Planted, first_commits: bool, second_commits: bool
) -> None:
    def overlaps() -> None:
        first, second = Session(planted.db.engine), Session(planted.db.engine)
        first.add(planted.Person(name="Ann"))
        first.flush()
        second.add(planted.Person(name="Bob"))
        second.flush()
        first.commit() if first_commits else first.rollback()
        second.commit() if second_commits else second.rollback()

    planted.isolation.begin()
    planted.request(overlaps)
    found = planted.isolation.end()
    assert len(found) == (first_commits != second_commits)
    assert all(each.startswith("Two transactions overlapped on the default database") for each in found)


def test_a_raw_commit_is_found_and_so_are_the_rows_that_it_really_wrote(planted: Planted) -> None:
    def commits() -> None:
        planted.db.session.execute(text("COMMIT"))

    planted.isolation.begin()
    planted.request(lambda: planted.add("Ann"))
    with pytest.raises(IsolationError, match=ENDED):
        planted.request(commits)
    (finding,) = planted.isolation.end()
    assert finding.startswith(ENDED)
    assert planted.isolation.rows_left() == {"planted_person": 1}


def names(planted: Planted) -> list[str]:
    return [row[1] for row in planted.isolation.snapshot()["planted_person"]]


def test_what_is_kept_each_scenario_begins_with_until_it_is_forgotten(planted: Planted) -> None:
    planted.isolation.begin()
    planted.request(lambda: planted.add("Ann"))
    planted.isolation.keep()
    planted.request(lambda: planted.add("Ben"))
    assert planted.isolation.end() == []
    for _ in range(2):
        planted.isolation.begin()
        assert names(planted) == ["Ann"]
        planted.request(lambda: planted.db.session.delete(planted.db.session.get(planted.Person, 1)))
        planted.request(lambda: planted.add("Cleo"))
        assert planted.isolation.end() == []
    assert planted.isolation.is_kept
    planted.isolation.forget()
    assert not planted.isolation.is_kept
    assert planted.isolation.rows_left() == {}
    planted.isolation.begin()
    assert names(planted) == []
    planted.isolation.end()


def test_what_is_kept_is_lost_with_the_transaction(planted: Planted) -> None:
    planted.isolation.begin()
    planted.request(lambda: planted.add("Ann"))
    planted.isolation.keep()
    with pytest.raises(IsolationError, match=ENDED):
        planted.request(lambda: planted.db.session.execute(text("ROLLBACK")))
    (finding,) = planted.isolation.end()
    assert finding.startswith(ENDED)
    assert not planted.isolation.is_kept
    planted.isolation.begin()
    assert names(planted) == []
    assert planted.isolation.end() == []


def test_broken_keys_are_found_after_what_is_kept_too(on_sqlite: Planted) -> None:
    on_sqlite.isolation.begin()
    on_sqlite.isolation.keep()
    for _ in range(2):
        on_sqlite.isolation.begin()
        with on_sqlite.isolation.session() as session:
            session.add(on_sqlite.Pet(owner_id=7))
        (finding,) = on_sqlite.isolation.end()
        assert "planted_pet has rows without their planted_person" in finding
    on_sqlite.isolation.forget()


def test_a_scenario_after_one_that_was_spoilt_is_isolated_again(planted: Planted) -> None:
    planted.isolation.begin()
    with pytest.raises(IsolationError, match=ENDED):
        planted.request(lambda: planted.db.session.execute(text("ROLLBACK")))
    assert planted.isolation.end()[0].startswith(ENDED)
    planted.isolation.begin()
    assert planted.request(lambda: planted.add("Ann")) == 201
    assert planted.isolation.end() == []
    assert planted.isolation.rows_left() == {}


def test_a_statement_that_failed_outside_any_savepoint_is_found_on_postgresql(on_postgresql: Planted) -> None:
    on_postgresql.isolation.begin()
    with on_postgresql.app.app_context():
        driver = on_postgresql.db.engine.raw_connection()
    with pytest.raises(psycopg.Error):
        driver.cursor().execute("SELECT 1/0")
    (finding,) = on_postgresql.isolation.end()
    assert finding.startswith("The transaction on the default database is in an error state")


def test_a_lost_connection_does_not_keep_the_next_scenario_from_being_isolated(
    on_postgresql: Planted, postgres_url: str
) -> None:
    on_postgresql.isolation.begin()
    with on_postgresql.isolation.session() as session:
        backend = session.scalar(text("SELECT pg_backend_pid()"))
    other = create_engine(postgres_url)
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": backend})
    other.dispose()
    (finding,) = on_postgresql.isolation.end()
    assert finding.startswith("The connection to the default database was lost during the scenario: ")
    on_postgresql.isolation.begin()
    assert on_postgresql.request(lambda: on_postgresql.add("Ann")) == 201
    assert on_postgresql.isolation.end() == []


def test_every_bind_is_isolated_and_named_in_what_is_counted(planted: Planted) -> None:
    def writes_both() -> None:
        planted.db.session.add(planted.Entry(text="Ann came"))
        planted.add("Ann")

    planted.isolation.begin()
    assert planted.request(writes_both) == 201
    with planted.isolation.session() as session:
        session.add(planted.Entry(text="seen"))
    seen = planted.isolation.snapshot()
    assert [text for _, text in seen["audit:planted_entry"]] == ["Ann came", "seen"]
    assert len(seen["planted_person"]) == 1
    assert planted.isolation.end() == []
    assert planted.isolation.rows_left() == {}


def test_rows_left_names_the_table_of_another_bind(planted: Planted) -> None:
    with planted.app.app_context():
        planted.db.session.add(planted.Entry(text="for good"))
        planted.db.session.commit()
    assert planted.isolation.rows_left() == {"audit:planted_entry": 1}


def test_a_snapshot_shows_a_change_of_one_value_and_keeps_the_order_of_the_keys(planted: Planted) -> None:
    def renames() -> None:
        planted.db.session.get(planted.Person, 1).name = "Zoe"
        planted.db.session.commit()

    planted.isolation.begin()
    with planted.isolation.session() as session:
        session.add_all([planted.Person(id=2, name="Bob"), planted.Person(id=1, name="Ann")])
    before = planted.isolation.snapshot()
    assert before["planted_person"] == [(1, "Ann"), (2, "Bob")]
    planted.request(lambda: planted.db.session.get(planted.Person, 1))
    assert planted.isolation.snapshot() == before
    planted.request(renames)
    assert planted.isolation.snapshot()["planted_person"] == [(1, "Zoe"), (2, "Bob")]


def test_sqlite_minds_foreign_keys_and_rolls_back_outside_a_scenario_too(on_sqlite: Planted) -> None:
    with on_sqlite.app.app_context():
        assert on_sqlite.db.session.scalar(text("PRAGMA foreign_keys")) == 1
        on_sqlite.db.session.add(on_sqlite.Person(name="Ann"))
        on_sqlite.db.session.flush()
        on_sqlite.db.session.rollback()
    assert on_sqlite.isolation.rows_left() == {}


def test_a_service_that_begins_sqlites_transactions_itself_is_isolated_all_the_same(
    on_sqlite: Planted,
) -> None:
    own = create_engine("sqlite://")
    event.listen(own, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    with on_sqlite.app.app_context():
        on_sqlite.db.engine.dispose()
        on_sqlite.db.engines[None] = own  # Flask-SQLAlchemy's live dictionary
    on_sqlite.isolation = SQLAlchemyDatabase(lambda: engines.of(on_sqlite.app))
    on_sqlite.make_tables()
    on_sqlite.isolation.begin()
    assert on_sqlite.request(lambda: on_sqlite.add("Ann")) == 201
    assert on_sqlite.isolation.end() == []
    assert on_sqlite.isolation.rows_left() == {}


@pytest.mark.parametrize("pool", [StaticPool, SingletonThreadPool])
def test_sqlite_that_was_connected_before_is_isolated_all_the_same(
    on_sqlite: Planted, pool: type[Pool]
) -> None:
    app, db = on_sqlite.app, on_sqlite.db
    with app.app_context():
        db.engines[None].dispose()
        db.engines[None] = early = create_engine("sqlite://", poolclass=pool)  # the live dictionary
        db.create_all()
        assert db.session.query(on_sqlite.Person).count() == 0
    on_sqlite.isolation = SQLAlchemyDatabase(lambda: engines.of(app))
    on_sqlite.isolation.begin()
    assert on_sqlite.request(lambda: on_sqlite.add("Ann")) == 201
    with on_sqlite.isolation.session() as session:
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    assert on_sqlite.isolation.end() == []
    assert on_sqlite.isolation.rows_left() == {}
    early.dispose()


def test_calls_in_the_wrong_order_say_so(on_sqlite: Planted) -> None:
    with (
        pytest.raises(IsolationError, match="No scenario is open: call begin"),
        on_sqlite.isolation.session(),
    ):
        pass
    on_sqlite.isolation.begin()
    with pytest.raises(IsolationError, match="A scenario is open already"):
        on_sqlite.isolation.begin()
    with pytest.raises(IsolationError, match=r"call end\(\) first"):
        on_sqlite.isolation.rows_left()


def test_nothing_is_left_over_after_a_hundred_scenarios_of_five_mixed_requests(planted: Planted) -> None:
    def nested() -> None:
        with planted.db.session.begin_nested():
            planted.db.session.add(planted.Person(name="Bob"))
        planted.db.session.commit()

    def fails() -> None:
        planted.db.session.add(planted.Person(name="Cid"))
        planted.db.session.flush()
        raise ZeroDivisionError

    def forgets() -> None:
        planted.db.session.add(planted.Person(name="Dan"))
        planted.db.session.flush()

    planted.app.logger.disabled = True
    views = [lambda: planted.add("Ann"), lambda: planted.add("Ann"), nested, fails, forgets]
    for _ in range(100):
        planted.isolation.begin()
        assert [planted.request(view) for view in views] == [201, 500, 201, 500, 201]
        assert planted.names() == ["Ann", "Bob"]
        assert planted.isolation.end() == []
    assert planted.isolation.rows_left() == {}


def test_what_sqlite_holds_survives_the_fork_of_workers(on_sqlite: Planted) -> None:
    with on_sqlite.app.app_context():
        on_sqlite.add("made by a migration")
    on_sqlite.isolation.before_fork()
    for worker in (1, 0):
        on_sqlite.isolation.after_fork(worker)
        on_sqlite.isolation.begin()
        assert on_sqlite.names() == ["made by a migration"]
        on_sqlite.isolation.end()
