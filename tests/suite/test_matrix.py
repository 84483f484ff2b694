"""The shop's permission matrix: complete, alive, and shown as it is."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from planting import append, replace

PROJECT = Path(__file__).resolve().parents[2]
COMPLETENESS = "features/access/completeness.feature"
OPERATING = "features/access/operating_access.feature"
OPERATIONS = "features/support/world/operations.py"
LAST_OPERATION = '    Operation("read the description of the interface", "GET /openapi.json"),\n'
COMPLETE = "the tables are complete"
SEE_THE_WEATHER = """\
        | a user               | may     | see the weather                       | GET /api/weather  |
"""
NEW_ROUTE = """
_create_app = create_app


def create_app(config_name=None):
    app = _create_app(config_name)
    app.add_url_rule("/api/secrets", "secrets", lambda: {"secret": "of the house"})
    return app
"""


def pasted(output: str) -> str:
    """The rows that the run shows, as they would be pasted below the last row of a table."""
    rows = dict.fromkeys(re.findall(r"^ +(\|.*/api/secrets \|)$", output, re.MULTILINE))
    assert len(rows) == 3, output
    return "".join(f"        {row}\n" for row in rows)


def test_a_new_route_turns_the_suite_red_until_it_has_the_rows_to_paste_and_an_operation(
    project_copy: Path, behave: Callable[..., Any]
) -> None:
    append(project_copy, "app/__init__.py", NEW_ROUTE)
    red = behave(project_copy, COMPLETENESS)
    assert red.status(COMPLETE) == "failed"
    message = red.case(COMPLETE).message
    assert "No row says who may do this" in message
    append(project_copy, OPERATING, pasted(message))
    asked = behave(project_copy, COMPLETENESS, OPERATING)
    assert asked.code == 1, asked.output
    row = asked.case("an anonymous visitor may use /api/secrets")
    assert "No operation says what GET /api/secrets is" in row.message
    line = "Operation('use /api/secrets', 'GET /api/secrets', 200),"
    assert line in row.message
    replace(project_copy, OPERATIONS, LAST_OPERATION, f"{LAST_OPERATION}    {line}\n")
    green = behave(project_copy, COMPLETENESS, OPERATING)
    assert green.code == 0, green.output
    assert any(case.scenario.startswith("an anonymous visitor may") for case in green.cases)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            SEE_THE_WEATHER,
            "",
            "| a user | may     | see the weather | GET /api/weather |",
        ),
        ("GET /docs  ", "GET /paper ", "there is no GET /paper any more"),
        (
            "| a user               | may     | read the documentation                | GET /docs         |",
            "| a user               | may     | ask whether the shop is well          | GET /healthz      |",
            "a user and GET /healthz stand in 2 rows",
        ),
    ],
    ids=["a row is missing", "a route is gone", "a row is written twice"],
)
def test_tables_that_do_not_fit_the_service_are_told(
    project_copy: Path, behave: Callable[..., Any], old: str, new: str, message: str
) -> None:
    path = project_copy / OPERATING
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    run = behave(project_copy, COMPLETENESS, "-n", COMPLETE)
    assert run.status(COMPLETE) == "failed"
    assert message in run.case(COMPLETE).message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("everything that asks to sign in", "everything that asks to sing   ", "A row cannot be needed for"),
        (
            "        | OPTIONS of everything ",
            "        | GET /gone | a user | it was slow |\n        | OPTIONS of everything ",
            "the exemption of GET /gone for a user exempts nothing",
        ),
        ("is answered as GET is: see the rule below", " " * 41, "gives no reason"),
    ],
)
def test_a_table_of_needs_that_means_nothing_is_told(
    project_copy: Path, behave: Callable[..., Any], old: str, new: str, message: str
) -> None:
    replace(project_copy, COMPLETENESS, old, new)
    run = behave(project_copy, COMPLETENESS, "-n", COMPLETE)
    assert run.status(COMPLETE) in ("failed", "error")
    assert message in run.case(COMPLETE).message


def test_the_counts_and_the_picture_are_shown_at_the_end(
    project_copy: Path, behave: Callable[..., Any]
) -> None:
    replace(project_copy, "app/auth.py", "if not user.is_active:", "if False:")
    run = behave(project_copy, "features/access")
    assert re.search(r"Who may do what: \d+ routes, \d+ cells, \d+ rows", run.output)
    folder = re.search(r"as a picture: (\S+)", run.output)
    assert folder, run.output
    page = (project_copy / folder[1]).read_text()
    assert re.search(r"<strong class=\"bad\">\d+ broken</strong>", page)
    assert page.count('class="forbidden is-broken"') == page.count("a suspended admin: is broken") > 20
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page


def prove_guards(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run what `make prove-guards` runs."""
    where = "features.support.guards:mutants"
    command = [sys.executable, "-m", "behave_flask", "mutants", "authorization", where, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)


def test_the_shop_without_one_guard_of_each_kind_is_killed(project_copy: Path) -> None:
    done = prove_guards(project_copy, "--quick")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(
        r"^Authorization mutants: (\d+), killed: \1, survived: 0\.$", done.stdout, re.MULTILINE
    ), done.stdout


def test_a_guard_that_no_row_sees_survives_and_is_named(project_copy: Path) -> None:
    """A suspended user in place of the suspended admin: who may not anyway shows nothing of suspension."""
    replace(
        project_copy,
        "features/support/world/people.py",
        '{"admin": True, "suspended": True}',
        '{"suspended": True}',
    )
    done = prove_guards(project_copy, "--quick", "suspension")
    assert done.returncode == 1
    assert "Authorization mutants: 1, killed: 0, survived: 1." in done.stdout
    assert "SURVIVED  suspension at" in done.stdout
    assert "stayed green: a suspended admin may not" in done.stdout


def test_a_kind_of_guard_that_there_is_not_is_told_with_those_that_there_are() -> None:
    done = prove_guards(PROJECT, "suspence")
    assert done.returncode == 2
    assert (
        "does not know 'suspence'; it knows known token, owner, private fields, role, route," in done.stderr
    )
