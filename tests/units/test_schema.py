"""A schema that an earlier run has made is taken over, and never one that is not what the migrations say."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import inspect, text

from behave_flask.databases.schema_image import kept

Run = Callable[..., list[str]]


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "versions/0001.py").write_text("create table shelves")
    return folder


@pytest.fixture
def migrated() -> list[str]:
    """How often the migrations have run."""
    return []


@pytest.fixture
def run(tmp_path: Path, migrations: Path, migrated: list[str]) -> Run:
    """Begin a run with a new database, and return its tables."""

    def begin(folder: Path = tmp_path / "kept", url: str = "sqlite://") -> list[str]:
        app, db = Flask("a service"), SQLAlchemy()
        app.config["SQLALCHEMY_DATABASE_URI"] = url
        db.init_app(app)

        def migrate() -> None:
            migrated.append("once")
            with db.engine.begin() as connection:
                for number, _ in enumerate(sorted(migrations.rglob("*.py")), start=1):
                    connection.execute(text(f"create table if not exists shelves_{number} (id integer)"))

        with app.app_context():
            try:
                kept(migrate, db, migrations, folder)()
                return inspect(db.engine).get_table_names()
            finally:
                db.engine.dispose()

    return begin


def test_a_later_run_takes_over_what_the_first_has_made(run: Run, migrated: list[str]) -> None:
    assert [run(), run(), run()] == [["shelves_1"]] * 3
    assert len(migrated) == 1


@pytest.mark.parametrize("file", ["versions/0002.py", "versions/0001.py", "env.py"])
def test_after_a_change_the_migrations_run_again(
    run: Run, migrations: Path, migrated: list[str], file: str, tmp_path: Path
) -> None:
    run()
    (migrations / file).write_text("create another table")
    assert run() == run()
    assert len(migrated) == 2
    assert len(run()) == len(list(migrations.rglob("*.py")))
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_what_python_compiles_is_no_change(run: Run, migrations: Path, migrated: list[str]) -> None:
    run()
    (migrations / "versions/__pycache__").mkdir()
    (migrations / "versions/__pycache__/0001.cpython-311.pyc").write_bytes(b"\0")
    run()
    assert len(migrated) == 1


@pytest.mark.parametrize("keep", [0, 100, 5_000])
def test_a_file_that_is_no_whole_database_is_not_taken(
    run: Run, migrated: list[str], tmp_path: Path, keep: int
) -> None:
    run()
    (file,) = (tmp_path / "kept").iterdir()
    file.write_bytes(file.read_bytes()[:keep])
    assert run() == ["shelves_1"]
    assert len(migrated) == 2
    assert run() == ["shelves_1"]
    assert len(migrated) == 2


def test_a_database_in_a_file_is_migrated_itself(run: Run, migrated: list[str], tmp_path: Path) -> None:
    for _ in range(2):
        assert run(url=f"sqlite:///{tmp_path}/own.sqlite") == ["shelves_1"]
    assert len(migrated) == 2
    assert not (tmp_path / "kept").exists()


def test_nothing_is_kept_where_nothing_can_be_written(run: Run, migrated: list[str], tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    for _ in range(2):
        assert run(folder=tmp_path / "a file/kept") == ["shelves_1"]
    assert len(migrated) == 2
