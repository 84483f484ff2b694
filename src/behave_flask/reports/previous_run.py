"""What the last run left is taken away before this one loads anything, so that it is never taken for its own.

Until a run has begun, its list for `rerun` says that it has not.
"""

import shutil
from pathlib import Path

from behave.configuration import Configuration

from behave_flask.core import text
from behave_flask.reports import allure_results, rerun

OWNERS_PAGE, MATRIX_PAGE = "promises.html", "who-may-do-what.html"  # beside the folder of JUnit


def take_away(config: Configuration) -> None:
    """Remove the reports that a run with these settings would write anew."""
    reports = Path(config.junit_directory).parent
    for page in (OWNERS_PAGE, MATRIX_PAGE):
        (reports / page).unlink(missing_ok=True)
    if config.junit:
        for file in Path(config.junit_directory).glob("TESTS-*.xml"):
            file.unlink()
    for folder in _allure_folders(config):
        allure_results.put_aside(folder)
    rerun.write(config, rerun.NOT_BEGUN, ())


def not_begun(config: Configuration, error: BaseException) -> None:
    """Say on the list for `rerun` why this run could not begin."""
    reason = " ".join(text.clean(error).split())
    rerun.write(config, f"{rerun.NOT_BEGUN}: {type(error).__name__}: {reason}", ())
    for folder in _allure_folders(config):
        shutil.rmtree(folder / allure_results.ASIDE, ignore_errors=True)


def _allure_folders(config: Configuration) -> list[Path]:
    """Return the folders that are there, of all that a formatter may write into."""
    named = [Path(output.name) for output in config.outputs if output.name]
    usual = allure_results.default_folder(config)
    return [folder for folder in dict.fromkeys([*named, usual]) if any(folder.glob("*-result.json"))]
