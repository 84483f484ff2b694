"""Feature files that cannot be read: named with the reason, on the page, and no obstacle to the others."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from behave.model import Feature
from console_command import behave_flask

from behave_flask.model import feature_files
from behave_flask.model.feature_files import UnreadableFeature
from tests.reported_faults.conftest import INPUTS, Played

FOLDER = "23-not-utf8-beside"
GOOD = "Feature: The till\n\n  Scenario: It is shut\n    Given a till\n    Then the drawer is shut\n"
Lay, Play = Callable[..., Path], Callable[..., Played]


def link_to_nowhere(file: Path) -> None:
    file.symlink_to("gone.feature")


def not_for_us(file: Path) -> None:
    """A file that cannot be opened: root may open any, but none that is a link to itself."""
    file.symlink_to(file.name)


# Each: how the file comes to be, and the line and the words with which it is named.
UNREADABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "Latin-1": (
        lambda file: file.write_bytes(GOOD.replace("till", "café").encode("latin-1")),
        ":1: is not UTF-8 (the byte 0xe9 in line 1): save it as UTF-8",
    ),
    "UTF-16": (
        lambda file: file.write_bytes(GOOD.encode("utf-16")),
        ":1: is not UTF-8 (the byte 0xff in line 1): save it as UTF-8",
    ),
    "UTF-16 without a mark": (
        lambda file: file.write_bytes(GOOD.encode("utf-16-le")),
        ":1: holds zero bytes, as UTF-16 does: save it as UTF-8",
    ),
    "no Gherkin": (
        lambda file: file.write_text(GOOD + "    And so\n    Nobody knows\n"),
        ':7: cannot be parsed: Parser failure in state=steps at line 7: "Nobody knows"',
    ),
    "an unknown language": (
        lambda file: file.write_text("# language: xx\n" + GOOD),
        ":1: cannot be parsed: behave knows no language “xx”",
    ),
    "a text without an end": (
        lambda file: file.write_text(GOOD + '      """\n      Nothing below is read.\n'),
        ":6: cannot be parsed: the text that begins here has no end",
    ),
    "a link to nowhere": (
        link_to_nowhere,
        ":1: cannot be read: it is a link to gone.feature, which is not there",
    ),
    "a link to itself": (not_for_us, ":1: cannot be read: Too many levels of symbolic links"),
}


@pytest.fixture
def folder(lay: Lay) -> Path:
    """The library with one good feature in features/case."""
    found = lay(FOLDER)
    for file in (found / "features/case").glob("*.feature"):
        file.unlink()
    (found / "features/case/good.feature").write_text(GOOD)
    return found


def test_they_are_named_and_the_others_are_played(folder: Path, play: Play) -> None:
    for number, (make, _) in enumerate(UNREADABLE.values()):
        make(folder / f"features/case/bad{number}.feature")

    played = play(folder, "features/case")

    assert played.code == 1
    assert played.verdicts.pop("It is shut") == ("passed", "passed")
    assert played.page
    for number, (_, why) in enumerate(UNREADABLE.values()):
        name = f"features/case/bad{number}.feature"
        assert f"Cannot be read: {name}{why}" in played.output
        assert f"The feature case/bad{number}.feature cannot be read" in played.page
        assert played.verdicts[f"(reading case/bad{number}.feature)"] == ("error", "broken")
        assert f"{name}{why}" in played.junit[f"(reading case/bad{number}.feature)"].text
        assert name in played.rerun
    assert "features/case/good.feature:3" not in played.rerun
    assert "Traceback" not in played.output


def test_one_that_is_asked_for_alone_is_red_and_on_the_page(folder: Path, play: Play) -> None:
    shutil.copy(INPUTS / FOLDER / "features/case/latin.feature", folder / "features/case/latin.feature")

    played = play(folder, "features/case/latin.feature")

    assert played.code == 1
    assert "Cannot be read: features/case/latin.feature:1: is not UTF-8" in played.output
    assert "Traceback" not in played.output
    assert played.verdicts == {"(reading case/latin.feature)": ("error", "broken")}
    assert played.page
    assert "The feature case/latin.feature cannot be read" in played.page
    assert "features/case/latin.feature" in played.rerun


def test_one_beside_what_is_asked_for_is_told_and_on_the_page(folder: Path, play: Play) -> None:
    shutil.copy(INPUTS / FOLDER / "features/case/latin.feature", folder / "features/case/latin.feature")

    played = play(folder, "features/case/good.feature")

    assert played.code == 0, played.output
    assert played.verdicts == {"It is shut": ("passed", "passed")}
    assert "Cannot be read, so the page does not say what it promises: features/case/latin" in played.output
    assert played.page
    assert "The feature case/latin.feature cannot be read" in played.page


def test_a_mark_at_the_beginning_and_the_lines_of_windows_are_no_matter(folder: Path, play: Play) -> None:
    case = folder / "features/case"
    for name in ("bom", "bomde"):
        shutil.copy(INPUTS / FOLDER / f"{name}.feature", case / f"{name}.feature")
    shutil.copy(INPUTS / FOLDER / "features/case/crlf.feature", case / "crlf.feature")
    (case / "good.feature").unlink()
    text = (case / "bomde.feature").read_text("utf-8").replace("Sie ist zu", "Sie ist wirklich zu")
    (case / "bomde.feature").write_text(text, "utf-8")
    text = (case / "bom.feature").read_text("utf-8").replace("It is shut", "It is really shut")
    (case / "bom.feature").write_text(text, "utf-8")

    played = play(folder, "features/case")

    assert played.code == 1
    assert played.verdicts == {
        "It is really shut": ("passed", "passed"),
        "Sie ist wirklich zu": ("passed", "passed"),
        "It is shut": ("passed", "passed"),
        "It is open": ("failure", "failed"),
    }
    assert played.page
    assert "cannot be read" not in played.page


def test_misspelled_keywords_in_lines_of_windows_have_their_numbers(folder: Path, play: Play) -> None:
    shutil.copy(INPUTS / FOLDER / "features/case/crlf0.feature", folder / "features/case/crlf0.feature")

    played = play(folder, "features/case")

    assert played.code == 1
    assert "crlf0.feature:5: “Scenario It is open” is read as description" in played.output
    assert "crlf0.feature:6: “Given a till” is read as description" in played.output
    assert "crlf0.feature:9: “Thn the drawer is open” is read as description" in played.output


def test_linked_folders_and_folders_with_the_name_of_a_feature(
    folder: Path, play: Play, tmp_path: Path
) -> None:
    """They are on the page and in the reports; a link back to where it stands is not followed on the page."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "linked.feature").write_text(GOOD.replace("is shut", "is shut elsewhere", 1))
    (folder / "features/linked").symlink_to(elsewhere, target_is_directory=True)
    (folder / "features/odd.feature").mkdir()
    (folder / "features/odd.feature/inner.feature").write_text(GOOD.replace("is shut", "is shut inside", 1))

    played = play(folder, "features/case", "features/linked", "features/odd.feature")

    assert played.code == 0, played.output
    titles = {"It is shut", "It is shut elsewhere", "It is shut inside"}
    assert played.verdicts == dict.fromkeys(titles, ("passed", "passed"))
    assert played.page
    assert "linked/linked.feature" in played.page
    assert "odd.feature/inner.feature" in played.page
    assert "All" in played.page or "What was checked holds: 3 of" in played.page
    loop = folder / "features/case/loop"
    loop.symlink_to(folder / "features", target_is_directory=True)
    found = list(feature_files.find(folder / "features"))
    assert len(found) == len({file.resolve() for file in found})


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read any file")
def test_a_file_that_may_not_be_read_is_named(folder: Path, play: Play) -> None:
    (folder / "features/case/secret.feature").write_text(GOOD)
    (folder / "features/case/secret.feature").chmod(0)

    played = play(folder, "features/case")

    assert played.code == 1
    assert "secret.feature:1: cannot be read: Permission denied" in played.output


@pytest.mark.parametrize("fault", UNREADABLE)
def test_the_linter_names_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    make, why = UNREADABLE[fault]
    monkeypatch.chdir(folder)
    (folder / "pyproject.toml").write_text("[tool.behave-flask.lint]\ntags = []\nwords = []\n")
    make(folder / "features/case/bad.feature")

    assert behave_flask("lint", "features/case") == 1
    text = capsys.readouterr().out
    assert "features/case/bad.feature:" in text
    if "parsed" not in why:
        assert f"features/case/bad.feature{why}" in text


def test_the_linter_says_once_that_lines_end_as_those_of_windows(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    (folder / "pyproject.toml").write_text("[tool.behave-flask.lint]\ntags = []\nwords = []\n")
    shutil.copy(INPUTS / FOLDER / "features/case/crlf.feature", folder / "features/case/good.feature")

    assert behave_flask("lint", "features/case") == 1
    assert capsys.readouterr().out.splitlines() == [
        "features/case/good.feature:1: has lines that end as those of Windows do: save it with those of Unix",
        "1 features, 1 scenarios, 2 examples: 1 findings",
    ]


def test_an_error_inside_the_parser_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Feature:
        raise IndexError("list index out of range")

    (tmp_path / "x.feature").write_text(GOOD)
    monkeypatch.setattr(feature_files, "parse_feature", broken)

    with pytest.raises(UnreadableFeature, match="cannot be parsed: behave's parser raises IndexError: list"):
        feature_files.parse(tmp_path / "x.feature")
