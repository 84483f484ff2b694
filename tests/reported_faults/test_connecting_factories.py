"""A factory that connects, makes tables, migrates or writes: however its suite is played, it passes."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from planting import replace

from behave_flask.databases.postgresql import OwnDatabase

ALL = 8  # scenarios of the library
CONNECTS = "    with app.app_context():\n        {does}\n"
FACTORIES = {
    "creates": "db.create_all()",
    "creates and asks": "db.create_all(); db.session.scalars(db.select(Book)).all()",
    "asks by a connection": "db.create_all(); db.engine.connect().execute(db.text('SELECT 1')).all()",
    "migrates": "import flask_migrate; flask_migrate.upgrade()",
}
SEEDS = (
    "db.create_all()\n"
    "        if not db.session.scalars(db.select(Book)).first():\n"
    "            db.session.add(Book(title='Zadig', reader='ben'))\n"
    "            db.session.commit()"
)


@pytest.fixture
def database_url(postgres_url: str) -> Iterator[str]:
    database = OwnDatabase(postgres_url)
    database.create()
    yield database.url
    database.drop()


def whose_factory(folder: Path, does: str) -> Path:
    replace(
        folder,
        "library.py",
        '    app.extensions["celery"] = _make_celery(app)\n\n',
        '    app.extensions["celery"] = _make_celery(app)\n' + CONNECTS.format(does=does) + "\n",
    )
    return folder


def all_passed(run: Any) -> None:
    assert (run.code, [case.verdict for case in run.junit.values()]) == (0, ["passed"] * ALL), run.output


def test_the_library_that_was_sent_in(lay: Callable[..., Path], play: Callable[..., Any]) -> None:
    all_passed(play(lay("14-create-all-in-factory")))


@pytest.mark.parametrize("does", FACTORIES.values(), ids=FACTORIES)
@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///{folder}/library.db", "postgresql"])
def test_a_factory_that_connects(
    lay: Callable[..., Path], play: Callable[..., Any], request: pytest.FixtureRequest, does: str, url: str
) -> None:
    folder = lay("20-flask-migrate-silences-logs")
    replace(folder, "library.py", '    raise OSError("the printer is on fire")\n', "")
    replace(folder, "features/support/stages.py", "migrate=upgrade", "migrate=lambda: None")
    database = request.getfixturevalue("database_url") if url == "postgresql" else url.format(folder=folder)
    run = play(whose_factory(folder, does), "features/lending", DATABASE_URL=database)
    assert (run.code, {case.verdict for case in run.junit.values()}) == (0, {"passed"}), run.output


@pytest.mark.parametrize("stage", ["embedded", "services"])
def test_what_the_factory_writes_is_there_in_each_scenario_and_nothing_else(
    library: Path, play: Callable[..., Any], stage: str
) -> None:
    replace(
        library,
        "features/lending/borrowing.feature",
        "  Rule: Everybody sees",
        "    Scenario Outline: <who> finds a book that was always there\n"
        "      When Ann looks around\n"
        '      Then there are "Moby-Dick, Zadig"\n\n'
        "      Examples: again and again\n        | who |\n        | Ann |\n        | Ben |\n\n"
        "  Rule: Everybody sees",
    )
    (library / "features/steps/more_steps.py").write_text(
        "from behave import then\n\n\n@then('there are \"{titles}\"')\ndef step_there(context, titles):\n"
        "    found = [book['title'] for book in context.world.outcome.body['books']]\n"
        "    assert ', '.join(found) == titles, found\n"
    )
    run = play(whose_factory(library, SEEDS), "features/lending", "-D", f"stage={stage}")
    red = {title for title, case in run.junit.items() if case.verdict != "passed"}
    assert red == {"One book is there, and one is not"}, run.output  # its snapshot knows no Zadig
    assert len(run.junit) == 5
    assert "rows left over" not in run.output
