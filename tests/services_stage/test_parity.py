"""What differs between two stages is named, and nothing else is."""

from pathlib import Path

import pytest

from behave_flask.reports import parity

CASE = '<testcase classname="area.Feature" name="{}" status="{}"/>'


def junit(folder: Path, **statuses: str) -> Path:
    folder.mkdir()
    cases = "".join(CASE.format(name, status) for name, status in statuses.items())
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
