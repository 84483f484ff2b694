"""What a form or a query sends several times under one name arrives as often, on both stages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from planting import replace

ROUTE = """
    @app.post("/shelf")
    def shelf() -> Any:
        pages = request.files.getlist("page")
        return {
            "pages": [[page.filename, page.read().decode(), page.mimetype] for page in pages],
            "cover": request.files["cover"].filename,
            "tags": request.form.getlist("tag"),
            "title": request.form.getlist("title"),
            "orders": request.args.getlist("order"),
        }

    @app.get("/books")
"""
FEATURE = """
Feature: Several of one name

  Scenario: pages, tags and orders
    When somebody fills the shelf
    Then all of it has arrived
"""
STEPS = """
from behave import then, when

from behave_flask.core.http import Exchange, File, Request


@when("somebody fills the shelf")
def step_fill(context):
    form = {
        "page": [File("one.txt", b"first", "text/plain"), File("two.txt", b"second", "text/html")],
        "cover": File("cover.png", b"", "image/png"),
        "tag": ["red", "old"],
        "title": "Emma",
    }
    asked = Request("POST", "/shelf", query={"order": ["up", "down"]}, form=form)
    context.world.exchanges.append(Exchange("somebody", asked, context.world.stage.send(asked)))


@then("all of it has arrived")
def step_arrived(context):
    asked, answer = context.world.exchanges[-1].request, context.world.exchanges[-1].response
    assert answer.json == {
        "pages": [["one.txt", "first", "text/plain"], ["two.txt", "second", "text/html"]],
        "cover": "cover.png",
        "tags": ["red", "old"],
        "title": ["Emma"],
        "orders": ["up", "down"],
    }, answer
    told = str(asked)
    assert "POST /shelf?order=up&order=down" in told, told
    assert "page: one.txt, 5 bytes\\npage: two.txt, 6 bytes" in told, told
"""


def shelf(folder: Path) -> Path:
    replace(folder, "library.py", '\n    @app.get("/books")\n', ROUTE)
    (folder / "features/case").mkdir()
    (folder / "features/case/several.feature").write_text(FEATURE)
    (folder / "features/steps/several_steps.py").write_text(STEPS)
    return folder


def test_all_of_one_name_arrive(library: Path, play: Callable[..., Any]) -> None:
    run = play(shelf(library), "features/case")
    assert (run.code, run.verdicts) == (0, {"pages, tags and orders": ("passed", "passed")}), run.output


@pytest.mark.parametrize("workers", [()])
def test_on_real_parts_too(library: Path, play: Callable[..., Any]) -> None:
    run = play(shelf(library), "features/case", "-D", "stage=services")
    assert (run.code, run.verdicts) == (0, {"pages, tags and orders": ("passed", "passed")}), run.output
