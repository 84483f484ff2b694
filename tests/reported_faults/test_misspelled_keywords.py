"""Keywords that are misspelled, or without their colon, in other languages than English: they are refused."""

from collections.abc import Callable
from pathlib import Path

from tests.reported_faults.conftest import Played

FOLDER = "08-misspelled-other-languages"
# Each file: its lines of which the parser would make description, and the keyword that was meant.
DROPPED = {
    "a": [(12, "Dan ist sie offen", "Dann")],
    "f": [
        (10, "Exemple Elle est ouverte", "Exemple:"),
        (11, "Étant donné eine Kasse", "Étant donné"),
        (12, "Alors ist sie offen", "Alors"),
        (15, "Alor ist sie offen", "Alors"),
    ],
    "h": [
        (6, "Beispiel Er ist offen", "Beispiel:"),
        (7, "Angenommen eine Kasse", "Angenommen"),
        (8, "Dann ist sie offen", "Dann"),
    ],
    "j": [
        (10, "シナリオ 開いている", "シナリオ:"),
        (11, "前提 eine Kasse", "前提"),
        (12, "ならば ist sie offen", "ならば"),
    ],
    "r": [
        (10, "Сценарий Она открыта", "Сценарий:"),
        (11, "Допустим eine Kasse", "Допустим"),
        (12, "Тогда ist sie offen", "Тогда"),
    ],
    "s": [
        (10, "Escenario Está abierta", "Escenario:"),
        (11, "Dado eine Kasse", "Dado"),
        (12, "Entonces ist sie offen", "Entonces"),
    ],
}


def test_they_are_refused_with_file_and_line(lay: Callable[..., Path], play: Callable[..., Played]) -> None:
    played = play(lay(FOLDER), "features/case")

    assert played.code == 1
    findings = [line for line in played.output.splitlines() if "is read as description" in line]
    assert findings == [
        f"features/case/{name}.feature:{line}: “{text}” is read as description; was “{keyword}” meant?"
        for name, lines in DROPPED.items()
        for line, text, keyword in lines
    ]
    assert not played.junit  # nothing has run


PROSE = """# language: de
Funktionalität: Die Kasse
  Wenn der Laden schließt, kauft niemand mehr.
  Als Kunde möchte ich das wissen.

  Regel: Nur das Personal öffnet sie
    Denn sonst fehlt am Abend etwas.
    Beispiele dafür gibt es viele.
    * ein Cent
    * ein Euro

    Szenario: Sie ist zu
      Kann man hinein, so ist sie offen.
      Angenommen eine Kasse
      Dann ist sie zu
"""


def test_ordinary_words_stay(lay: Callable[..., Path], play: Callable[..., Played]) -> None:
    folder = lay(FOLDER)
    (folder / "features/prose").mkdir()
    (folder / "features/prose/a.feature").write_text(PROSE, encoding="utf-8")

    played = play(folder, "features/prose")

    assert played.code == 0, played.output
    assert played.verdicts == {"Sie ist zu": ("passed", "passed")}


# A line for each thing that hides a keyword from the parser.
HIDDEN = """# language: de
Funktionalität: Die Kasse

  Szenario: Sie ist zu
    Angenommen eine Kasse
    Dann ist sie zu

  Regel: Was man nicht sieht

    Szenario: Nach dem Wort steht ein Tabulator, ein Leerzeichen ohne Umbruch, ein Doppelpunkt
      Angenommen\teine Kasse
      Angenommen\u00a0eine Kasse
      Angenommen: eine Kasse
      Given eine Kasse
      Angenommen eine Kasse
      Dann ist sie zu

  Regel: Der Doppelpunkt ist ein anderer

    Szenario： Sie ist offen

  Regel: Vor dem Doppelpunkt ist Platz

    Szenario : Sie ist offen

  Regel: Das Wort ist klein

    szenario: Sie ist offen
"""


def test_what_hides_a_keyword_from_the_parser_is_seen(
    lay: Callable[..., Path], play: Callable[..., Played]
) -> None:
    folder = lay(FOLDER)
    (folder / "features/prose").mkdir()
    (folder / "features/prose/a.feature").write_text(HIDDEN, encoding="utf-8")

    played = play(folder, "features/prose")

    assert played.code == 1
    findings = [line.split(":")[1] for line in played.output.splitlines() if "is read as description" in line]
    assert findings == ["11", "12", "13", "14", "20", "24", "28"]
