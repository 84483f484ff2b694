"""The examples: services of other kinds than the shop, played, short, and with faults planted in them."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from planting import replace

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ALL = {"tea_house": 20, "club": 9}  # scenarios
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
            "tea_house",
            'if request.endpoint in ("take", "kitchen") and',
            'if request.endpoint == "kitchen" and',
            ["a visitor must sign in to take a tea"],
        ),
        (
            "tea_house",
            'if session["guest"] == HOST else',
            "if session else",
            ["Ann may not look into the kitchen"],
        ),
        (
            "tea_house",
            'if (tea := request.form.get("tea")) not in TEAS:',
            'if not (tea := request.form.get("tea")):',
            ["A tea that there is not"],
        ),
        (
            "tea_house",
            'if request.method == "POST" and request.form',
            'if request.method == "PUT" and request.form',
            ["Another site sends it"],
        ),
        (
            "tea_house",
            '        session["guest"] = name\n',
            "",
            [
                "Ann may take a tea",
                "the host may take a tea",
                "Ann may not look into the kitchen",
                "the host may look into the kitchen",
                "Two teas",
                "Nobody has what somebody else has",
                "A tea that there is not",
            ],
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


def test_who_cannot_sign_in_is_told_by_name(example: Copy, behave: Callable[..., Any]) -> None:
    folder = example("tea_house")
    replace(folder, "tea_house.py", '"hana": "another-password"', '"hana": "a-new-password"')
    message = behave(folder, "features/access").case("the host may see the menu").message
    assert (
        "the host could not sign in by the form of /sign-in, with name and password: the answer is 422,"
        " which leads to the form again."
    ) in message


def lines_of_code(folder: Path) -> int:
    """The lines of a suite that are neither empty nor comments, without its words and its features."""
    files = [*folder.glob("features/*.py"), *folder.glob("features/support/**/*.py")]
    lines = [line.strip() for file in files for line in file.read_text().splitlines()]
    return len([line for line in lines if line and not line.startswith("#")])


@pytest.mark.parametrize("name", ["lending_library", *ALL])
def test_what_a_suite_needs_beside_its_words_is_short(name: str) -> None:
    assert 0 < lines_of_code(EXAMPLES / name) <= 25


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


@pytest.mark.parametrize("name", ["lending_library", *ALL])
def test_it_is_linted(example: Copy, command: Callable[..., Any], name: str) -> None:
    done = command(example(name), "lint", "features")
    assert done.returncode == 0, done.stdout
