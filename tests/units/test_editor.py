"""What `behave-flask ide` writes: nothing that a person wrote is lost, and what it cannot tell is said."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

STEPS = """
from behave import given, register_type, then, when
from parse import with_pattern


@with_pattern(r"red|green as \\(grass\\)")
def colour(text):
    return text


@with_pattern(r"(?P<number>[0-9]+) pieces?")
def pieces(text):
    return int(text.split()[0])


@with_pattern(r"(?>much|more)")
def much(text):
    return text


register_type(Colour=colour, Pieces=pieces, Much=much)


@given("a {colour:Colour} shop with {stock:Pieces}, and {who}")
def step_shop(context, colour, stock, who):
    pass
"""
UNSEEN = """
@when("a text that goes"
      " on")
def step_goes_on(context):
    pass


@when("a text that goes" + " on and on")
def step_goes_on_and_on(context):
    pass


@when("a price of {price:.2f}")
def step_price(context, price):
    pass


@when("a {word} of its own")
def step_word(context, word):
    pass


@when("in/out")
def step_slash(context):
    pass


@when("very {much:Much}")
def step_much(context, much):
    pass
"""
FEATURE = """
Feature: f
  Scenario Outline: s
    Given a <colour> shop with 3 pieces, and Ann

    Examples: colours
      | colour |
      | red    |
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "specs/steps").mkdir(parents=True)
    (tmp_path / "specs/steps/shop_steps.py").write_text(STEPS)
    (tmp_path / "specs/shop.feature").write_text(FEATURE)
    (tmp_path / "behave.ini").write_text("[behave]\npaths = specs\n")
    return tmp_path


def settings_of(project: Path) -> Any:
    return json.loads((project / ".vscode/settings.json").read_text())


def test_each_place_has_the_expression_of_behaves_registry(
    project: Path, command: Callable[..., Any]
) -> None:
    assert command(project, "ide").returncode == 0
    settings = settings_of(project)
    assert settings["cucumber.features"] == ["specs/**/*.feature", ".vscode/words.feature"]
    assert settings["cucumber.glue"] == ["specs/steps/*.py"]
    assert settings["cucumber.parameterTypes"] == [
        {"name": "colour:Colour", "regexp": r"red|green as \(grass\)"},
        {"name": "stock:Pieces", "regexp": "(?:[0-9]+) pieces?"},
        {"name": "who", "regexp": ".+?"},
    ]
    words = (project / ".vscode/words.feature").read_text()
    assert (
        "* a red shop with 3 pieces, and Ann\n    * a green as (grass) shop with 3 pieces, and Ann\n" in words
    )


def test_what_the_editor_cannot_know_is_said(project: Path, command: Callable[..., Any]) -> None:
    with (project / "specs/steps/shop_steps.py").open("a") as file:
        file.write(UNSEEN)
    said = command(project, "ide").stdout
    for line in (
        "“a text that goes on”: it reads no text that goes on in another line, or has a \\ in it",
        "“a price of {price:.2f}”: {price:.2f} has a sign that may not be in a name there",
        "“a {word} of its own”: {word} is Cucumber's own: give it another name",
        "“in/out”: its “/” means something else to it",
        "“very {much:Much}”: the expression of {much:Much} has what only Python knows",
    ):
        assert f"the editor does not know {line}" in said
    assert said.count("the editor does not know") == 5
    assert "specs/steps/shop_steps.py:" in said
    assert {each["name"] for each in settings_of(project)["cucumber.parameterTypes"]} == {
        "colour:Colour",
        "stock:Pieces",
        "who",
    }


def test_what_a_person_wrote_stays(project: Path, command: Callable[..., Any]) -> None:
    (project / ".vscode").mkdir()
    mine = {
        "editor.tabSize": 3,
        "cucumber.glue": ["more/*.py"],
        "cucumber.parameterTypes": [
            {"name": "mine", "regexp": "[a-z]+"},
            {"name": "old:Type", "regexp": "of an earlier call"},
        ],
    }
    launch = {"configurations": [{"name": "behave: all", "args": ["--stop"]}, {"name": "mine"}]}
    extensions = {"recommendations": ["me.mine"], "unwantedRecommendations": ["ms-python.python"]}
    for name, content in (("settings", mine), ("launch", launch), ("extensions", extensions)):
        (project / f".vscode/{name}.json").write_text(json.dumps(content))
    command(project, "ide")
    settings = settings_of(project)
    assert settings["editor.tabSize"] == 3
    assert settings["cucumber.glue"] == ["more/*.py", "specs/steps/*.py"]
    names = [each["name"] for each in settings["cucumber.parameterTypes"]]
    assert names == ["mine", "colour:Colour", "stock:Pieces", "who"]
    made = json.loads((project / ".vscode/launch.json").read_text())["configurations"]
    assert made[:2] == launch["configurations"]
    assert [each["name"] for each in made[2:]] == [
        "behave: the scenario at the cursor",
        "behave: this feature",
    ]
    recommended = json.loads((project / ".vscode/extensions.json").read_text())["recommendations"]
    assert recommended == ["me.mine", "CucumberOpen.cucumber-official", "ms-python.debugpy"]


def test_a_second_call_changes_nothing(project: Path, command: Callable[..., Any]) -> None:
    assert "Written: .vscode/settings.json" in command(project, "ide").stdout
    before = {file.name: file.read_text() for file in (project / ".vscode").iterdir()}
    assert "Written" not in command(project, "ide").stdout
    assert {file.name: file.read_text() for file in (project / ".vscode").iterdir()} == before


def test_definitions_in_an_environment_of_the_folder_are_known_and_those_outside_are_counted(
    project: Path, tmp_path_factory: pytest.TempPathFactory, command: Callable[..., Any]
) -> None:
    inside, outside = project / ".venv/lib/python3.11/site-packages", tmp_path_factory.mktemp("outside")
    inside.mkdir(parents=True)
    words = "from behave import given\n\n\n@given('a word of {}')\ndef step(context):\n    pass\n"
    for folder, name in ((inside, "theirs"), (outside, "far")):
        (folder / f"{name}.py").write_text(words.format(name))
    steps = project / "specs/steps/shop_steps.py"
    imported = f"import sys\nsys.path[:0] = [{str(inside)!r}, {str(outside)!r}]\nimport far, theirs\n"
    steps.write_text(imported + steps.read_text())
    said = command(project, "ide").stdout
    assert settings_of(project)["cucumber.glue"] == [
        ".venv/lib/*/site-packages/theirs.py",
        "specs/steps/*.py",
    ]
    assert f"The editor does not know 1 step definitions outside this folder, as in {outside}." in said


def test_the_debugger_starts_behave_at_the_cursor(project: Path, command: Callable[..., Any]) -> None:
    command(project, "ide")
    launch = json.loads((project / ".vscode/launch.json").read_text())["configurations"][0]
    arguments = [
        each.replace("${relativeFile}", "specs/shop.feature").replace("${lineNumber}", "3")
        for each in launch["args"]
    ]
    done = subprocess.run(
        [sys.executable, "-m", launch["module"], *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 scenario passed, 0 failed, 0 skipped" in done.stdout


def test_a_file_with_comments_is_left_as_it_is(project: Path, command: Callable[..., Any]) -> None:
    (project / ".vscode").mkdir()
    (project / ".vscode/settings.json").write_text('{"a": 1} // mine\n')
    done = command(project, "ide")
    assert done.returncode == 1
    assert ".vscode/settings.json is left as it is, for it cannot be read as JSON" in done.stdout
    assert (project / ".vscode/settings.json").read_text() == '{"a": 1} // mine\n'
    assert (project / ".vscode/launch.json").exists()


def test_without_a_suite_it_is_refused(tmp_path: Path, command: Callable[..., Any]) -> None:
    done = command(tmp_path, "ide")
    assert done.returncode == 2
    assert "Traceback" not in done.stdout
