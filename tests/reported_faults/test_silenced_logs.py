"""An error in the log fails its scenario, however the service has set up its logging."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from planting import replace

CASE = "features/case"
FOUND = {
    "An error in a log that is plain": "an error in the log of library: the shelf fell down",
    "An error in a log that is named": "an error in the log of library.named: the shelf fell down",
    "An error in a log that is celery": "an error in the log of celery.app.trace: the shelf fell down",
    "An error in a log that is shy": "an error in the log of library.shy: the shelf fell down",
}
QUIET = """
    import logging.config
    logging.config.dictConfig({{"version": 1{more}}})
"""
SETUPS = {
    "dictConfig": QUIET.format(more=""),
    "dictConfig that does not propagate": QUIET.format(
        more=', "loggers": {"library.named": {"propagate": False}, "celery": {"propagate": False}}'
    ),
    "disable": "    logging.disable(logging.CRITICAL)\n",
    "disabled": "    logging.getLogger('library').disabled = NAMED.disabled = True\n",
}


def reported_errors(run: Any) -> dict[str, bool]:
    assert run.code == 1, run.output
    return {title: message in run.junit[title].text for title, message in FOUND.items()}


def test_migrations_that_configure_the_log(lay: Callable[..., Path], play: Callable[..., Any]) -> None:
    """As `flask db init` writes its env.py, which disables every logger that alembic.ini does not name."""
    run = play(lay("20-flask-migrate-silences-logs"), CASE, "features/lending")
    assert reported_errors(run) == dict.fromkeys(FOUND, True), run.output
    borrows = run.junit["A member borrows a book"]
    assert "an error in the log of celery.app.trace: Task library.confirm[" in borrows.text
    assert "(OSError: the printer is on fire)" in borrows.text


def library_with(setup: str, lay: Callable[..., Path]) -> Path:
    folder = lay("20-flask-migrate-silences-logs")
    replace(folder, "features/support/stages.py", "migrate=upgrade", "migrate=db.create_all")
    replace(folder, "library.py", "    db.init_app(app)\n", f"    db.init_app(app)\n{setup}")
    return folder


@pytest.mark.parametrize("setup", SETUPS.values(), ids=SETUPS)
def test_a_service_that_configures_its_log(
    lay: Callable[..., Path], play: Callable[..., Any], setup: str
) -> None:
    run = play(library_with(setup, lay), CASE)
    assert reported_errors(run) == dict.fromkeys(FOUND, True), run.output


@pytest.mark.parametrize("workers", [()])
def test_a_process_that_configures_its_log(lay: Callable[..., Path], play: Callable[..., Any]) -> None:
    run = play(library_with(SETUPS["dictConfig"], lay), CASE, "-D", "stage=services")
    assert reported_errors(run) == dict.fromkeys(FOUND, True), run.output
