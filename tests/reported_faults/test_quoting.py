"""24: a command that is printed can be pasted, whatever folders, files and titles are called."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

Lay = Callable[..., Path]
Play = Callable[..., Any]


def test_the_command_that_repeats_a_failure_can_be_pasted(lay: Lay, play: Play) -> None:
    library = lay("24-quoting")
    played = play(library, "features")

    assert played.code == 1
    assert "cannot be trusted" not in played.output
    commands = [
        shlex.split(line.partition("To repeat: ")[2])
        for line in played.output.splitlines()
        if "To repeat: " in line
    ]
    assert len(commands) == 2
    for program, *arguments in commands:
        assert program == "behave"
        again = play(library, *arguments)
        assert "0 scenarios passed, 1 failed" in again.output
        assert len(again.junit) == 1


def test_odd_titles_are_in_every_report(lay: Lay, play: Play) -> None:
    played = play(lay("24-quoting"), "features")

    (odd,) = [title for title in played.verdicts if title.startswith("It is open (really)")]
    (long,) = [title for title in played.verdicts if title.startswith("A very long title")]
    assert len(long) > 500
    assert played.verdicts[odd] == played.verdicts[long] == ("failure", "failed")
    assert "It is open (really) [yes] a.b*c? | $HOME `x` \\d &#39;q&#39;" in played.page
    assert long in played.page
    assert len([line for line in played.rerun if line.endswith((":7", ":11"))]) == 2


def test_a_path_too_long_for_the_name_of_a_report(library: Path, play: Play) -> None:
    folder = (
        library / "features" / "/".join(f"{number} {'a deep folder ' * 8}".strip() for number in range(4))
    )
    folder.mkdir(parents=True)
    (folder / "till.feature").write_text(
        "Feature: Deep\n\n  Scenario: It is open\n    When Ann looks around\n    Then Ann gets it\n"
    )
    played = play(library, "features/0 " + ("a deep folder " * 8).strip())

    assert played.code == 0, played.output
    assert played.verdicts == {"It is open": ("passed", "passed")}
    assert all(len(file.name.encode()) < 256 for file in (played.reports / "junit").iterdir())
