"""An editor knows every sentence of the suite: what the official Cucumber language service makes of it."""

import ast
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
MODULES = PROJECT / "node_modules"
READS = PROJECT / "tests/suite/language_service.mjs"
SETTINGS = sorted(each.name for each in (PROJECT / ".vscode").iterdir())

service = pytest.mark.skipif(
    not (MODULES / "@cucumber/language-service").exists(),
    reason="the language service is not installed: npm ci",
)


def asked(project: Path, *sentences: str) -> dict[str, Any]:
    done = subprocess.run(
        ["node", READS, project, MODULES, *sentences], capture_output=True, text=True, check=True, timeout=300
    )
    return json.loads(done.stdout)


def written_definitions() -> int:
    """The decorators of step functions in the suite's files."""
    trees = [ast.parse(file.read_text()) for file in (PROJECT / "features/steps").glob("*.py")]
    decorators = [
        each for tree in trees for node in ast.walk(tree) for each in getattr(node, "decorator_list", ())
    ]
    return sum(
        getattr(getattr(each, "func", None), "id", "") in {"given", "when", "then"} for each in decorators
    )


@service
def test_every_step_is_known_and_each_leads_to_its_definition() -> None:
    file, sentence = "features/steps/orders_steps.py", "Ann has an order of 2 Tea that is paid"
    found = asked(PROJECT, sentence, "Ann has forgotten 2 Tea that are paid")
    assert found["errors"] == []
    assert found["undefined"] == []
    assert found["steps"] > 2000
    assert found["definitions"] == written_definitions()
    known, unknown = found["asked"]
    decorator = '@given("{who} has an order of {quantity:d} {name:Product} that {status:OrderStatus}")'
    line = (PROJECT / file).read_text().splitlines().index(decorator) + 1
    assert known == {"undefined": 0, "places": [f"{file}:{line}"]}
    assert unknown == {"undefined": 1, "places": []}


@service
def test_the_words_of_a_type_are_offered() -> None:
    offered = asked(PROJECT)["offered"]
    who, _, verdict, *_ = offered["{who:Unquoted} {verdict:Verdict} {action:Unquoted}"]
    assert {"may", "may not", "must sign in to", "finds nothing when trying to"} <= set(verdict)
    assert who != ["?"]


@service
@pytest.mark.parametrize("what", ["a type", "a definition"])
def test_what_is_not_told_to_it_is_not_known(project_copy: Path, what: str) -> None:
    folder = project_copy / ".vscode"
    folder.mkdir()
    for name in SETTINGS:
        (folder / name).write_text((PROJECT / ".vscode" / name).read_text())
    if what == "a type":
        settings = json.loads((folder / "settings.json").read_text())
        types = settings["cucumber.parameterTypes"]
        settings["cucumber.parameterTypes"] = [each for each in types if each["name"] != "verdict:Verdict"]
        (folder / "settings.json").write_text(json.dumps(settings))
    else:
        (project_copy / "features/steps/access_steps.py").unlink()
    found = asked(project_copy)
    assert found["undefined"] != []
    assert (found["errors"] != []) == (what == "a type")


def test_what_is_committed_is_what_the_command_writes(
    project_copy: Path, command: Callable[..., Any]
) -> None:
    done = command(project_copy, "ide")
    assert (done.returncode, "the editor does not know" in done.stdout) == (0, False), done.stdout
    for name in SETTINGS:
        made = (project_copy / ".vscode" / name).read_text()
        assert made == (PROJECT / ".vscode" / name).read_text(), f"{name} is out of date: behave-flask ide"
