"""Rows of a permission matrix that cannot be drawn: refused before the run, with what is known."""

from collections.abc import Callable
from pathlib import Path

from tests.reported_faults.conftest import Played

ROW = "        | Ann    | may             | look around   | GET /books            |\n"
# Each: the cells of a row, and what the run says of it.
FLAWED = {
    ("Anne", "may", "look around", "GET /books"): (
        "the matrix knows no person “Anne”; it knows nobody, Ann. Nearest are: Ann."
    ),
    ("Ann", "may nott", "look around", "GET /books"): (
        "the matrix knows no verdict “may nott”; it knows may, must sign in to."
    ),
    ("", "may", "look around", "GET /books"): "“who” is empty",
    ("Ann", "", "look around", "GET /books"): "“verdict” is empty",
    ("Ann", "may", "", "GET /books"): "“action” is empty",
    ("Ann", "may", "look around", ""): "“request” is empty",
    ("Ann", "may", "look around", "get /books"): "'get /books' is no request",
    ("Ann", "may", "look about", "GET books"): "'GET books' is no request",
}
NO_COLUMN = """
    Scenario Outline: <who> <verdict> <action> once more
      Given the library has "<what>"
      When <who> tries to <action> by GET /books
      Then <who> <verdict> <action>

      Examples: books once more
        | who | verdict | action      | what |
        | Ann | may     | look around | Emma |
"""


def test_they_are_named_before_anything_runs(library: Path, play: Callable[..., Played]) -> None:
    file = library / "features/access/who_may_do_what.feature"
    original = file.read_text()
    line = original[: original.index(ROW)].count("\n") + 1
    table = original.replace(ROW, ROW + "".join(f"| {' | '.join(cells)} |\n" for cells in FLAWED)).replace(
        "\n  Rule: Nothing is left out", f"{NO_COLUMN}\n  Rule: Nothing is left out"
    )
    file.write_text(table)
    last = table[: table.index("        | who | verdict | action      | what")].count("\n") + 1

    played = play(library, "features/lending")

    assert played.code == 1
    assert "Traceback" not in played.output
    assert "The permission matrix cannot be read, so nothing has run." in played.output
    for number, flaw in enumerate(FLAWED.values(), line + 1):
        assert f"features/access/who_may_do_what.feature:{number}: {flaw}" in played.output
    missing = "the table has no column “request”, and the others of the matrix"
    assert f"features/access/who_may_do_what.feature:{last}: {missing}" in played.output
    assert not any(case.verdict == "passed" for case in played.junit.values())


def test_what_is_right_is_drawn(library: Path, play: Callable[..., Played]) -> None:
    played = play(library, "features/access")

    assert played.code == 0, played.output
    assert "Who may do what, as a picture" in played.output
