"""34: what is asked for twice is played once; features whose paths look alike have reports of their own."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Play = Callable[..., Any]
BORROWING = "features/lending/borrowing.feature"


@pytest.mark.parametrize(
    ("places", "count"),
    [
        (["features/lending", "features"], 8),
        (["features", "features/lending", BORROWING], 8),
        ([BORROWING, f"./{BORROWING}"], 3),
        ([BORROWING, f"features/../{BORROWING}"], 3),
        ([f"{BORROWING}:10", f"./{BORROWING}:10"], 1),
        ([f"{BORROWING}:10", f"./{BORROWING}:16"], 2),
        ([f"{BORROWING}:10", "features/lending"], 3),
        (["features/lending", f"./{BORROWING}:10"], 3),
    ],
)
def test_overlapping_places_are_played_once(library: Path, play: Play, places: list[str], count: int) -> None:
    played = play(library, *places)

    assert played.code == 0, played.output
    assert f"{count} scenarios passed, 0 failed" in played.output or "1 scenario passed" in played.output
    assert len(played.verdicts) == count
    assert "cannot be trusted" not in played.output


def test_a_link_to_a_feature_is_played_once(library: Path, play: Play) -> None:
    (library / "features/again.feature").symlink_to("lending/borrowing.feature")
    played = play(library, BORROWING, "features/again.feature")

    assert played.code == 0, played.output
    assert len(played.verdicts) == 3


def test_paths_that_look_alike_have_reports_of_their_own(library: Path, play: Play) -> None:
    text = (library / BORROWING).read_text()
    for file in ("a/b.feature", "a.b.feature"):
        (library / "features" / file).parent.mkdir(exist_ok=True)
        (library / "features" / file).write_text(text.replace("Borrowing a book", f"Borrowing by {file}"))
        snapshots = (library / "features" / file).parent / "__snapshots__"
        snapshots.mkdir(exist_ok=True)
        shutil.copy(
            library / "features/lending/__snapshots__/borrowing.ambr",
            snapshots / Path(file).with_suffix(".ambr").name,
        )
    played = play(library, "features/a", "features/a.b.feature")

    assert played.code == 0, played.output
    assert "6 scenarios passed, 0 failed" in played.output
    names = {file.name for file in (played.reports / "junit").glob("*.xml")}
    assert names == {"TESTS-a.b.xml", "TESTS-a%2Eb.xml"}
