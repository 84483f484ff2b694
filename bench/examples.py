"""Makes the folders in which the ways of testing run: `python -m bench.examples FOLDER N KIND...`.

A process of its own: the memory of a process that starts others is counted as theirs.
"""

import json
import shutil
import sys
from collections.abc import Callable
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from behave_flask.permissions.matrix import HEADINGS
from bench.ways import OTHERS, ROOT
from features.support.checks.permissions import MATRIX

IN_A_FEATURE = 200  # examples: hardly anybody writes more of them into one file
BEHAVEX_FEATURES = 10  # it hands out whole features: one alone would leave a process idle
_HEAD = """Feature: Who may do what{part}

  Background:
    Given a shop with a member, a product, an order and a post

  Scenario Outline: <number>: <who> <verdict> <action>
    When <who> tries to <action> by <request>
    Then <who> <verdict> <action>

    Examples: rows of the matrix, over and over
"""
_ONCE = "@furnish_once\n"
_COUNTED = """
from bench import counting

counting.begin()
"""

Cells = tuple[str, ...]


def examples(count: int) -> list[Cells]:
    """Return so many examples, made of the rows of `features/access`, each with a number of its own."""
    rows = [tuple(getattr(row, name) for name in HEADINGS) for row in MATRIX.rows]
    return [(str(number), *row) for number, row in enumerate(islice(cycle(rows), count), start=1)]


def feature(cells: list[Cells], part: str = "") -> str:
    """Return a feature with these examples."""
    lines = [f"      | {' | '.join(each)} |\n" for each in [("number", *HEADINGS), *cells]]
    return _HEAD.format(part=part) + "".join(lines)


def make(folder: Path, kinds: list[str], cells: list[Cells]) -> None:
    """Make a folder of each kind, afresh, named by its place in the list."""
    shutil.rmtree(folder, ignore_errors=True)
    for number, kind in enumerate(kinds):
        place = folder / str(number)
        (place / "features").mkdir(parents=True)
        KINDS[kind](place, cells)


def _suite(folder: Path, cells: list[Cells], tags: str = "") -> None:
    """Here `behave` is this suite, with its configuration, hooks and steps."""
    shutil.copy(ROOT / "behave.ini", folder)
    hooks = (ROOT / "environment.py").read_text(encoding="utf-8")
    (folder / "environment.py").write_text(f"{hooks}\n\n{_COUNTED}", encoding="utf-8")
    for name in ("features/environment.py", "features/steps"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "features/matrix").mkdir()
    for number, begin in enumerate(range(0, len(cells), IN_A_FEATURE), start=1):
        text = tags + feature(cells[begin : begin + IN_A_FEATURE], f", part {number}")
        (folder / f"features/matrix/part_{number:03}.feature").write_text(text, encoding="utf-8")


def _without_allure(folder: Path, cells: list[Cells], tags: str = "") -> None:
    """The same; JUnit is left out on the command line."""
    _suite(folder, cells, tags)
    lines = (folder / "behave.ini").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(("format =", "outfiles ="))]
    (folder / "behave.ini").write_text("".join(kept), encoding="utf-8")


def _data(folder: Path, cells: list[Cells]) -> None:
    """The examples as data, and as the feature for pytest-bdd."""
    rows = [(number, who, MATRIX.verdicts[verdict], *rest) for number, who, verdict, *rest in cells]
    (folder / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    (folder / "matrix.feature").write_text(feature(cells), encoding="utf-8")
    shutil.copy(OTHERS / "pytest.ini", folder)


def _behavex(folder: Path, cells: list[Cells]) -> None:
    """The examples in some features, and steps that do the bare work."""
    for name in ("environment.py", "steps"):
        (folder / "features" / name).symlink_to(OTHERS / "behavex" / name)
    for part in range(min(BEHAVEX_FEATURES, len(cells))):
        text = feature(cells[part::BEHAVEX_FEATURES], f", part {part}")
        (folder / f"features/part_{part}.feature").write_text(text, encoding="utf-8")


KINDS: dict[str, Callable[[Path, list[Cells]], None]] = {
    "suite": _suite,
    "without-allure": _without_allure,
    "suite-once": partial(_suite, tags=_ONCE),
    "without-allure-once": partial(_without_allure, tags=_ONCE),
    "data": _data,
    "behavex": _behavex,
}

if __name__ == "__main__":
    make(Path(sys.argv[1]), sys.argv[3:], examples(int(sys.argv[2])))
