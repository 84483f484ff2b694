"""What differs between two stages is named, and nothing else is."""

from html import escape
from pathlib import Path

import pytest

from behave_flask.model.results import ExampleId
from behave_flask.reports import parity

CASE = """
<testcase classname="area.Feature" name="{name}">
  <properties><property name="example" value="{example}"/></properties>{element}
</testcase>
"""
ELEMENTS = {"passed": "", "failed": "<failure/>", "broken": "<error/>"}


def junit(folder: Path, **states: str) -> Path:
    folder.mkdir()
    examples = {name: escape(str(ExampleId("Feature", None, name)), quote=True) for name in states}
    cases = "".join(
        CASE.format(name=name, example=examples[name], element=ELEMENTS[state])
        for name, state in states.items()
    )
    (folder / "TESTS-area.xml").write_text(f"<testsuite>{cases}</testsuite>")
    return folder


def test_another_outcome_and_a_missing_scenario_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "features").mkdir()
    (tmp_path / "features/area.feature").write_text(
        "Feature: Feature\n  @embedded\n  Scenario: alone\n    Given this\n"
    )
    one = junit(tmp_path / "one", same="passed", other="passed", gone="passed", alone="passed")
    two = junit(tmp_path / "two", same="passed", other="failed", more="passed")
    monkeypatch.chdir(tmp_path)
    assert parity.compare(one, two) == 1
    assert capsys.readouterr().out.splitlines() == [
        "area.Feature: gone: passed, but not there",
        "area.Feature: more: not there, but passed",
        "area.Feature: other: passed, but failed",
        "4 scenarios here, 3 there, 1 on one alone, 3 differ.",
    ]
    assert parity.compare(one, one) == 0


def test_a_run_without_scenarios_is_no_parity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "features").mkdir()
    monkeypatch.chdir(tmp_path)
    assert parity.compare(junit(tmp_path / "one"), junit(tmp_path / "two")) == 1


def test_the_features_stand_where_behave_finds_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/area.feature").write_text(
        "Feature: Feature\n  @services\n  Scenario: alone\n    Given a\n"
    )
    (tmp_path / "behave.ini").write_text("[behave]\npaths = specs\n")
    monkeypatch.chdir(tmp_path)
    one, two = junit(tmp_path / "one", same="passed"), junit(tmp_path / "two", same="passed", alone="passed")
    assert parity.compare(one, two) == 0, capsys.readouterr().out


def test_rows_of_one_title_are_told_apart_and_a_hook_is_compared_too(tmp_path: Path) -> None:
    def run(folder: Path, **states: str) -> parity.Outcomes:
        folder.mkdir()
        rows = [ExampleId("Feature", None, "a row", (("who", who),)) for who in states]
        cases = "".join(
            CASE.format(name="a row", example=escape(str(row), quote=True), element=ELEMENTS[state])
            for row, state in zip(rows, states.values(), strict=True)
        )
        hook = '<testcase classname="area.Feature" name="(after_feature)"><error/></testcase>'
        (folder / "TESTS-area.xml").write_text(
            f"<testsuite>{cases}{hook if 'Ben' in states else ''}</testsuite>"
        )
        return parity.outcomes(folder)

    one, two = run(tmp_path / "one", Ann="failed", Ben="passed"), run(tmp_path / "two", Ann="passed")
    assert parity.differences(one, two) == [
        "area.Feature: (after_feature): broken, but not there",
        "area.Feature: a row: failed, but passed",
        "area.Feature: a row: passed, but not there",
    ]
