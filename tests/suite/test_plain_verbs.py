"""A plain verb says that it is done: each step with one is refused by the shop once, and has to fail then."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from planting import append

# Refuses whatever the shop is asked for in a step of the suite's that is no attempt, the first time that a
# scenario comes to it, and keeps by its pattern what became of the step.
HOOKS = """
from pathlib import Path

import app as shop
from behave.runner import the_step_registry
from behave_flask.lint.attempts import is_attempt
from behave_flask.core.stage import Printed

_after_step, _before_all, _met = after_step, before_all, set()


def before_all(context):
    _before_all(context)
    command = context.suite.stage.command
    context.suite.stage.command = lambda *said: _refused() if shop.refuses else command(*said)


def _refused():
    shop.refused = True
    return Printed(1, "Error: as planted")


def before_step(context, step):
    shop.refuses = shop.refused = False
    found = the_step_registry.find_step_definition(step)
    if found and step.step_type != "then" and not is_attempt(step.step_type, step.name):
        shop.refuses = found.pattern not in _met
        context.pattern = found.pattern


def after_step(context, step):
    refuses, shop.refuses = shop.refuses, False
    if refuses and shop.refused:
        _met.add(context.pattern)
        with Path("refused.txt").open("a") as told:
            told.write(f"{step.status.name} {context.pattern}\\n")
    _after_step(context, step)
"""
SHOP = """
refuses = refused = False
_create_app_that_takes = create_app


def create_app(config_name=None):
    app = _create_app_that_takes(config_name)

    @app.before_request
    def refuse():
        global refused
        if refuses:
            refused = True
            problem = {"status": 418, "title": "I'm a teapot"}
            return problem, 418, {"Content-Type": "application/problem+json"}

    return app
"""


@pytest.fixture(scope="module")
def refused(
    tmp_path_factory: pytest.TempPathFactory,
    copy_project: Callable[[Path], Path],
    behave: Callable[..., Any],
    chromium: str,
) -> dict[str, str]:
    """What became of each step, by its pattern, when the shop refused what it asked for."""
    folder = copy_project(tmp_path_factory.mktemp("verbs") / "project")
    append(folder, "environment.py", HOOKS)
    append(folder, "app/__init__.py", SHOP)
    run = behave(folder, BROWSER=chromium)
    assert run.code == 1, run.output
    lines = (folder / "refused.txt").read_text().splitlines()
    return {pattern: status for status, _, pattern in (line.partition(" ") for line in lines)}


def test_a_step_with_a_plain_verb_fails_if_the_shop_refuses_it(refused: dict[str, str]) -> None:
    assert [pattern for pattern, status in refused.items() if status != "failed"] == []


@pytest.mark.parametrize(
    "pattern",
    [
        "Nina has registered",
        "{name} has also signed in on {device}",
        "the demo data are loaded with the password {password:Entry}",
        "{who} sets the {field:AccountField} of {whose} to {entered:Entry}",
        "{who} deletes the account of {whose}",
        "{who} lists the orders",
        "{who} visits {page:Page}",
        "{who} removes the picture on the dashboard",
    ],
)
def test_steps_of_every_kind_were_refused(refused: dict[str, str], pattern: str) -> None:
    assert refused[pattern] == "failed"
