"""What the linter finds, as SARIF: valid by the schema, and the same findings at the same lines."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from console_command import behave_flask

PROJECT = Path(__file__).resolve().parents[2]
SCHEMA = PROJECT / "node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
CHECK = Path(sys.executable).with_name("check-jsonschema")
pytestmark = pytest.mark.skipif(not SCHEMA.exists(), reason="the schema of SARIF is not installed: npm ci")
WRONG = "Feature: Nothing \n\n  Scenario: it does not begin\n    Then “it” ends\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "features").mkdir()
    return tmp_path / "features"


def sarif(capsys: pytest.CaptureFixture[str], path: str = "features") -> tuple[int, Any, str]:
    """Return the exit code, the run of the log, and what stands on the standard error."""
    code = behave_flask("lint", "--format", "sarif", path)
    output = capsys.readouterr()
    Path("log.sarif").write_text(output.out, "utf-8")
    # The schema has a pattern that is none in JavaScript's strict mode.
    command = [CHECK, "--regex-variant", "python", "--schemafile", SCHEMA, "log.sarif"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert checked.returncode == 0, checked.stdout
    (run,) = json.loads(output.out)["runs"]
    return code, run, output.err


def lines(run: Any) -> list[str]:
    """Return the findings of a log, as the linter prints them in its own format."""
    found = []
    for result in run["results"]:
        assert result["ruleId"] in [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        file = unquote(urlsplit(place["artifactLocation"]["uri"]).path)
        found.append(f"{file}:{place['region']['startLine']}: {result['message']['text']}")
    return found


@pytest.mark.parametrize("named", ["features", "absolute"])
def test_it_holds_the_findings_that_the_text_holds(
    folder: Path, capsys: pytest.CaptureFixture[str], named: str
) -> None:
    (folder / "a: 100 % ü#1.feature").write_text(WRONG, "utf-8")
    (folder / "unreadable.feature").write_bytes(b"Feature: \xff\n")
    path = "features" if named == "features" else str(folder)
    assert behave_flask("lint", path) == 1
    *expected, counted = capsys.readouterr().out.splitlines()
    code, run, errors = sarif(capsys, path)
    assert code == 1
    assert len(expected) > 2
    assert lines(run) == expected
    assert errors == f"{counted}\n"


def test_what_is_clean_has_no_result(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps = "    Given a shop\n    When Ann signs in\n    Then Ann is in\n"
    text = f"Feature: All is well\n  Ann uses the shop.\n  She is let in.\n\n  Scenario: it works\n{steps}"
    (folder / "x.feature").write_text(text, "utf-8")
    code, run, errors = sarif(capsys)
    assert (code, run["results"], errors) == (0, [], "1 features, 1 scenarios, 0 examples: clean\n")
    assert run["invocations"] == [{"executionSuccessful": True}]


@pytest.mark.usefixtures("folder")
def test_seeing_no_feature_is_no_success(capsys: pytest.CaptureFixture[str]) -> None:
    code, run, errors = sarif(capsys)
    assert (code, run["invocations"]) == (1, [{"executionSuccessful": False}])
    assert "no feature file here, so nothing was checked" in errors


def test_a_hint_is_no_part_of_the_log(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("pyproject.toml").write_text("[tool.gherkin_lint]\ntags = ['*']\nwords = []\n")
    (folder / "x.feature").write_text(WRONG, "utf-8")
    _, _, errors = sarif(capsys)
    assert errors.startswith("[tool.gherkin_lint] is called [tool.behave-flask.lint] now;")
