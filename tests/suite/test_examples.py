"""The small examples: services of other kinds than the shop, played, and faults planted in them."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from planting import replace

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ALL = {"guest_book": 18, "club": 9}  # scenarios
Copy = Callable[[str], Path]


@pytest.fixture
def example(tmp_path: Path) -> Copy:
    """Copy an example by its name."""
    ignore = shutil.ignore_patterns("reports", "__pycache__")
    return lambda name: shutil.copytree(EXAMPLES / name, tmp_path / name, ignore=ignore)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("arguments", [[], ["-j", "2"], ["-D", "order=random"]], ids=" ".join)
def test_it_is_played(example: Copy, behave: Callable[..., Any], name: str, arguments: list[str]) -> None:
    run = behave(example(name), *arguments)
    assert (run.code, [case.status for case in run.cases]) == (0, ["passed"] * ALL[name]), run.output


def red(run: Any) -> list[str]:
    return [case.scenario for case in run.cases if case.status != "passed"]


@pytest.mark.parametrize(
    ("name", "old", "new", "scenarios"),
    [
        (
            "guest_book",
            'if request.endpoint in ("write", "strike") and',
            'if request.endpoint == "write" and',
            ["a visitor must sign in to strike an entry"],
        ),
        (
            "guest_book",
            'if entry["guest"] == session["guest"]:',
            "if entry:",
            ["Ben may not strike an entry"],
        ),
        (
            "guest_book",
            'if text := request.form.get("text", "").strip():',
            'if text := request.form.get("text", ""):',
            ["An empty entry is none"],
        ),
        (
            "club",
            "if not member().is_chair:",
            "if not member():",
            ["a member may not admit somebody"],
        ),
        (
            "club",
            "        return found or abort(401)",
            "        return found or Member(name='nobody', is_chair=False)",
            ["a visitor must sign in to see who is in", "a visitor must sign in to admit somebody"],
        ),
        (
            "club",
            "        Thread(target=welcome",
            "        lambda: Thread(target=welcome",
            ["the chair may admit somebody", "Somebody is admitted"],
        ),
    ],
)
def test_a_fault_turns_its_scenarios_red(
    example: Copy, behave: Callable[..., Any], name: str, old: str, new: str, scenarios: list[str]
) -> None:
    folder = example(name)
    replace(folder, f"{name}.py", old, new)
    assert red(behave(folder)) == scenarios


def test_nobody_is_who_somebody_else_is(example: Copy, behave: Callable[..., Any]) -> None:
    folder = example("guest_book")
    feature = folder / "features/book/writing.feature"
    feature.write_text(
        feature.read_text()
        + """
    Scenario: Two guests and a visitor
      Given Ann has written "It was dark."
      When Ann writes "First."
      And Ben writes "Second."
      Then a visitor reads "ann: First."
      And Ben reads "ben: Second."
"""
    )
    run = behave(folder, "features/book")
    assert red(run) == [], run.output


def test_a_route_without_a_row_is_red_with_what_it_does(example: Copy, behave: Callable[..., Any]) -> None:
    folder = example("club")
    replace(
        folder,
        "club.py",
        '    @app.get("/members")\n',
        '    app.get("/rules")(lambda: {})\n\n    @app.get("/members")\n',
    )
    message = behave(folder, "features/access").case("The table is complete").message
    for who in ("a visitor", "a member ", "the chair"):
        assert f"| {who} | may     | use /rules | GET /rules |" in message


def test_a_factory_with_arguments_is_told_how_to_be_given(example: Copy, behave: Callable[..., Any]) -> None:
    folder = example("club")
    replace(folder, "features/environment.py", 'lambda: create_app("sqlite://")', "create_app")
    run = behave(folder)
    assert run.code != 0
    assert "create_app() cannot be called: missing a required argument: 'database_url'" in run.output
    assert "hooks_for(lambda: create_app(...))" in run.output
