"""Features in the language that behave.ini or `--lang` names: whatever reads a feature file knows it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from console_command import behave_flask

from behave_flask.model import feature_files
from behave_flask.model.results import ExampleId
from behave_flask.permissions import matrix
from behave_flask.reports import parity
from tests.reported_faults.conftest import Played

FOLDER = "09-lang-option"
Lay, Play = Callable[..., Path], Callable[..., Played]


@pytest.fixture
def german(lay: Lay) -> Path:
    """The input without the library's own features, which are in English, and with titles that differ."""
    folder = lay(FOLDER)
    for name in ("access", "lending"):
        shutil.rmtree(folder / "features" / name)
    other = folder / "features/case/b.feature"
    other.write_text(other.read_text().replace("Szenario: Sie ist zu", "Szenario: Sie ist wieder zu"))
    table = folder / "features/zugang/z.feature"  # the headings of a matrix are in English everywhere
    original = table.read_text().replace("<wer> <darf> <was>", "<who> <verdict> <action> über <request>")
    table.write_text(original.replace("| wer | darf | was |", "| who | verdict | action |"))
    return folder


def by_option(folder: Path) -> list[str]:
    """Take the language out of behave.ini, and return the option that names it."""
    ini = folder / "behave.ini"
    original = ini.read_text()
    assert "lang = de\n" in original
    ini.write_text(original.replace("lang = de\n", ""))
    return ["--lang", "de"]


@pytest.mark.parametrize("options", [lambda _: [], by_option], ids=["behave.ini", "--lang"])
def test_the_page_and_the_reports_have_all(
    german: Path, play: Play, options: Callable[[Path], list[str]]
) -> None:
    played = play(german, *options(german), "features/case")

    assert played.code == 1
    assert played.verdicts == {
        "Sie ist zu": ("passed", "passed"),
        "Sie ist offen": ("failure", "failed"),
        "Sie ist wieder zu": ("passed", "passed"),
    }
    assert played.page
    assert "cannot be read" not in played.page
    assert "Of 4 examples 2 hold, 1 is broken, 1 was not checked." in played.page
    assert "Wer bezahlt, bekommt Wechselgeld." in played.page


def test_a_tag_of_a_file_that_is_not_asked_for_is_known(german: Path, play: Play) -> None:
    played = play(german, "-t", "not @kasse", "features/case/a.feature")

    assert "ParserError" not in played.output
    assert set(played.junit) == {"Sie ist zu", "Sie ist offen"}


MATRIX = """
from dataclasses import replace
from pathlib import Path
from behave_flask import Legend
from features.support.world import PERMISSIONS

legend = Legend(columns={"Ann": "Ann"}, verdicts={"darf": ("allowed", "darf")})
MATRIX = replace(PERMISSIONS, folder=Path(__file__).parents[1] / "zugang", legend=legend)
"""


def test_a_matrix_is_drawn(german: Path, play: Play) -> None:
    folder = german
    (folder / "features/support/german.py").write_text(MATRIX)
    environment = folder / "features/environment.py"
    ours = "\n\nMATRIX = GERMAN.folder, GERMAN.legend\n\n\ndef before_all"
    hooks = environment.read_text().replace("\n\ndef before_all", ours)
    environment.write_text(f"from features.support.german import MATRIX as GERMAN\n{hooks}")

    played = play(folder, "features/zugang")

    assert played.code == 0, played.output
    assert "Who may do what, as a picture" in played.output
    assert "Ann" in (played.reports / "who-may-do-what.html").read_text()


def test_programs_beside_behave_know_it(
    german: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = german
    monkeypatch.chdir(folder)
    (folder / "pyproject.toml").write_text("[tool.behave-flask.lint]\ntags = ['kasse']\nwords = []\n")

    behave_flask("lint", "features/case")
    assert "cannot be parsed" not in capsys.readouterr().out
    by_option(folder)
    behave_flask("lint", "features/case")
    assert "cannot be parsed" in capsys.readouterr().out
    behave_flask("lint", "--language", "de", "features/case")
    assert "cannot be parsed" not in capsys.readouterr().out
    assert behave_flask("lint", "--language", "xx", "features/case") == 2
    assert "There is no language “xx”" in capsys.readouterr().err

    feature_files.use_language("de")
    tagged = folder / "features/case/b.feature"
    tagged.write_text(tagged.read_text().replace("@kasse", "@embedded"))
    alone = [str(ExampleId("Die andere Kasse", None, "Sie ist wieder zu"))]
    assert parity.on_one_alone(Path("features")) == alone
    assert [row.who for row in matrix.rows_in(Path("features/zugang"))] == ["Ann"]


def test_shards_of_features_in_it_are_one_whole(
    german: Path, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    from behave_flask.parallel.shards import Merge

    folder = german
    for number in (1, 2):
        play(folder, "--lang", "de", "-D", f"shard={number}/2", f"--junit-directory=reports/{number}/junit")
    monkeypatch.chdir(folder)
    merge = Merge([folder / f"reports/{number}" for number in (1, 2)])

    page = merge.write_page(folder / "reports/whole", merge.faults(), failed=True)

    assert page
    assert "cannot be read" not in page.read_text("utf-8")
    assert "Die andere Kasse" in page.read_text("utf-8")
