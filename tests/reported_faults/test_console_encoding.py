"""32: a terminal, or a log, that is not UTF-8 shows what it can; the reports are in UTF-8 whatever it is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Lay = Callable[..., Path]
Play = Callable[..., Any]
POOR = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "cp1252:strict"},
        POOR,
    ],
    ids=["ascii", "latin-1", "cp1252", "C"],
)
def test_a_console_that_is_not_utf_8(lay: Lay, play: Play, environment: dict[str, str]) -> None:
    played = play(lay("32-console-encoding"), "features/case", **environment)

    assert played.code == 1
    assert "1 feature" in played.output or "0 features passed, 1 failed" in played.output
    assert r"\U0001f600" in played.output
    assert "Traceback" not in played.output
    assert played.verdicts == {
        "It is shut – é": ("passed", "passed"),
        "It is open – é": ("failure", "failed"),
        "It is shut again": ("passed", "passed"),
    }
    assert "It is open – é" in played.page
    assert played.rerun[-1] == "features/case/a.feature:7"


def test_reports_of_others_are_in_utf_8(lay: Lay, play: Play) -> None:
    played = play(
        lay("32-console-encoding"), "-f", "plain", "-o", "reports/plain.txt", "features/case", **POOR
    )

    assert "could not be written" not in played.output
    plain = (played.reports / "plain.txt").read_text(encoding="utf-8")
    assert "Scenario: It is open – é" in plain
    assert "The drawer is open." in plain


def test_a_folder_with_umlauts_under_a_poor_locale(lay: Lay, play: Play) -> None:
    played = play(lay("24-quoting"), "features", **POOR)

    assert played.code == 1
    assert "cannot be trusted" not in played.output
    assert "could not be written" not in played.output
    (title,) = [title for title in played.verdicts if title.startswith("It is open")]
    assert played.verdicts[title] == ("failure", "failed")
    assert title.partition(" (")[0] in played.page
    assert any(line.endswith("<till>.feature:7") for line in played.rerun)
