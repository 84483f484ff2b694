"""The linter for feature files: each rule is broken once and must say so; what is in order stays green."""

import textwrap
from pathlib import Path

import pytest
from console_command import behave_flask

CLEAN = """\
    @epic.access
    Feature: Who may do what
      Staff look after the shop, customers look after themselves.
      When nobody has signed in, the shop shows its shelves and no more.
      Every row is a promise.

      Rule: Only an admin manages accounts

        Background:
          Given a shop with these people
            | name | role  |
            | Ann  | admin |

        @slow
        Scenario Outline: <who> <verdict> <action>
          Given a user to delete
          When <who> tries to <action> by <request>
          Then <who> <verdict> <action>

          Examples: accounts
            | who        | verdict | action        | request               |
            | an admin   | may     | delete a user | DELETE /api/users/1   |
            # One row for each kind of person.
            | a visitor  | may not | delete a user | DELETE client \\| JSON |

        Scenario: an admin signs in twice
          When Ann signs in
          Then Ann is welcome
          When Ann signs in
          Then Ann is welcome
          And nobody is told
"""
CONFIG = """
    [tool.behave-flask.lint]
    tags = ["epic.*", "slow"]
    words = ["JSON", "SQL", "client"]
    long = ["*/matrix.feature"]
    """


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(textwrap.dedent(CONFIG))
    (tmp_path / "features").mkdir()
    return tmp_path / "features"


def lint(folder: Path, text: str, name: str = "x.feature") -> int:
    (folder / name).write_text(textwrap.dedent(text), "utf-8")
    return behave_flask("lint", "features")


def test_what_is_in_order_is_clean_and_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lint(folder, CLEAN) == 0
    assert capsys.readouterr().out == "1 features, 2 scenarios, 2 examples: clean\n"


SCENARIO = "        Scenario: an admin signs in twice"
TWICE = "          Then Ann is welcome\n          When Ann signs in\n          Then Ann is welcome\n"
ROW = "            | a   | may     | do     | so      |\n"
ROWS = "".join(line for line in CLEAN.splitlines(keepends=True)[21:24])
# Each: what of the clean text is replaced, by what, and the finding that must come.
FAULTS = {
    "a short narrative": (
        " look after themselves.\n      When nobody has signed in, the shop shows its shelves and no more.\n",
        "",
        "x.feature:2: the feature is described in 1 lines, not 2 to 4",
    ),
    "a long narrative": (
        "      Every row is a promise.\n",
        "      a\n      b\n      c\n",
        "x.feature:2: the feature is described in 5 lines, not 2 to 4",
    ),
    "a title twice": (
        "an admin signs in twice",
        "an admin may  delete a user",
        "x.feature:26: the title “an admin may delete a user” is taken by line 22",
    ),
    "an outline's title without enough columns": (
        "Scenario Outline: <who> <verdict> <action>",
        "Scenario Outline: somebody <action>",
        "x.feature:24: the title “somebody delete a user” is taken by line 22: name more columns in the",
    ),
    "a scenario without a title": (
        "Scenario: an admin signs in twice",
        "Scenario:",
        "x.feature:26: the scenario has no title",
    ),
    "no caption": ("Examples: accounts", "Examples:", "x.feature:20: the Examples have no caption"),
    "columns out of line": (
        "| an admin   | may     |",
        "| an admin | may     |",
        "x.feature:22: the columns do not line up with those of line 21",
    ),
    "a step's table out of line": (
        "| Ann  | admin |",
        "| Ann | admin |",
        "x.feature:12: the columns do not line up with those of line 11",
    ),
    "a row twice": (
        "        Scenario: an admin signs in twice",
        "          Examples: more\n            | who | verdict | action | request |\n" + 2 * ROW + SCENARIO,
        "x.feature:29: the row stands already at line 28",
    ),
    "no Then": (
        TWICE + "          And nobody is told\n",
        "",
        "x.feature:26: the scenario has no Then, so it checks nothing",
    ),
    "an unchecked last When": (
        "          And nobody is told\n",
        "          When Ann leaves\n",
        "x.feature:26: the scenario ends without a Then, so its last When is not checked",
    ),
    "no step": (
        "        Scenario: an admin signs in twice",
        "        Scenario: empty\n\n        Scenario: an admin signs in twice",
        "x.feature:26: the scenario has no step, so it runs nothing",
    ),
    "an outline without rows": (
        ROWS,
        "",
        "x.feature:15: the outline has no row of Examples, so it runs nothing",
    ),
    "an outline without a table": (
        "            | who        | verdict | action        | request               |\n" + ROWS,
        "",
        "x.feature:15: the outline has no row of Examples, so it runs nothing",
    ),
    "a first And": (
        "          Given a user to delete",
        "          And a user to delete",
        "x.feature:16: the scenario begins with “And”",
    ),
    "a Given too late": (
        "          And nobody is told",
        "          Given a shop\n          Then nobody is told",
        "x.feature:31: a Given comes after a When or Then",
    ),
    "a star": (
        "          And nobody is told",
        "          * nobody is told",
        "x.feature:31: begins with “*”, which does not say whether it is Given, When or Then",
    ),
    "a Background that acts": (
        "          Given a shop with these people",
        "          When a shop opens with these people",
        "x.feature:10: a Background says only what is given",
    ),
    "a placeholder without a column": (
        "by <request>",
        "by <requst>",
        "x.feature:21: there is no column for <requst>",
    ),
    "a column without a placeholder": (
        "by <request>",
        "at once",
        "x.feature:21: no step or title uses the column “request”",
    ),
    "a keyword without its colon": (
        "      Every row is a promise.",
        "      Scenario an admin may",
        "x.feature:5: “Scenario an admin may” is read as description; was “Scenario:” meant?",
    ),
    "a foreign keyword": (
        "      Rule: Only an admin manages accounts\n",
        "      Rule: Only an admin manages accounts\n        Szenario: Ann leaves\n",
        "x.feature:8: “Szenario: Ann leaves” is read as description; was “Scenario:” meant?",
    ),
    "a lower-case keyword": (
        "      Rule: Only an admin manages accounts\n",
        "      Rule: Only an admin manages accounts\n        example: Ann leaves\n",
        "x.feature:8: “example: Ann leaves” is read as description; was “Example:” meant?",
    ),
    "a mistyped step": (
        "        Scenario: an admin signs in twice\n",
        "        Scenario: an admin signs in twice\n          Givn a shop\n",
        "x.feature:27: “Givn a shop” is read as description; was “Given” meant?",
    ),
    "an unknown tag": ("@slow", "@slwo", "x.feature:14: the tag @slwo is not among the allowed ones"),
    "an unknown tag above": (
        "@epic.access",
        "@epci.access",
        "x.feature:1: the tag @epci.access is not among",
    ),
    "a technical word in a step": (
        "nobody is told",
        "nobody gets the json",
        "x.feature:31: says “json”, which is not the owner's word",
    ),
    "a technical word in the narrative": (
        "Every row is a promise.",
        "Every row is a promise in SQL.",
        "x.feature:5: says “SQL”",
    ),
    "a technical word in a cell": ("| a visitor  |", "| client     |", "x.feature:24: says “client”"),
    "a technical word in a caption": ("Examples: accounts", "Examples: SQL", "x.feature:20: says “SQL”"),
    "a technical word in a step's table": ("| Ann  |", "| SQL  |", "x.feature:12: says “SQL”"),
    "white space at the end": (
        "a user to delete\n",
        "a user to delete \n",
        "x.feature:16: has white space at",
    ),
    "a tab": ("          Given a user", "\t\t  Given a user", "x.feature:16: has a tab"),
    "a step in lower case": (
        "          And nobody is told",
        "          and nobody is told",
        "x.feature:31: begins with “and”, which behave alone reads as “And”",
    ),
    "a step below the Examples": (
        SCENARIO,
        f"          Then it is done\n\n{SCENARIO}",
        "x.feature:26: a step stands below the Examples; put it above them",
    ),
    "a row without its last bar": (
        "DELETE /api/users/1   |",
        "DELETE /api/users/1",
        "x.feature:22: the row does not end with “|”, so that its last cell is not read",
    ),
    "a step's row without its last bar": (
        "| admin |",
        "| admin",
        "x.feature:12: the row does not end with “|”, so that its last cell is not read",
    ),
    "Examples without a row": (
        SCENARIO,
        f"          Examples: more\n            | who |\n\n{SCENARIO}",
        "x.feature:26: the Examples have no row, so they run nothing",
    ),
    "Examples without a table": (
        SCENARIO,
        f"          Examples: more\n\n{SCENARIO}",
        "x.feature:26: the Examples have no row, so they run nothing",
    ),
    "tags of nothing": (
        "          And nobody is told\n",
        "          And nobody is told\n\n        @slow\n        # Until later.\n",
        "x.feature:33: nothing stands below these tags",
    ),
    "a Background with a star": (
        "          Given a shop with these people",
        "          * a shop with these people",
        "x.feature:10: begins with “*”, which does not say whether it is Given, When or Then",
    ),
    "a placeholder of the Background without a column": (
        "Given a shop with these people",
        "Given a shop of <owner> with these people",
        "x.feature:21: there is no column for <owner>",
    ),
    "a failure that nobody explains": (
        "@slow",
        "@slow @xfail",
        "x.feature:22: @xfail needs a reason and an issue",
    ),
    "what cannot be parsed": (
        "          And nobody is told",
        "          Nobody is told",
        'x.feature:31: cannot be parsed: Parser failure in state=steps at line 31: "Nobody is told"',
    ),
    "a row with too few cells": (
        "            | an admin   | may     | delete a user | DELETE /api/users/1   |",
        "            | an admin   | may     |",
        "x.feature:22: cannot be parsed: Malformed table",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_rule_is_named_with_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    old, new, finding = FAULTS[fault]
    planted = CLEAN.replace(old, new, 1)
    assert planted != CLEAN, "the fault was not planted"

    assert lint(folder, planted) == 1
    assert f"features/{finding}" in capsys.readouterr().out


def test_another_language_has_the_same_rules(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "# language: de\nFunktionalität: x\n  eins\n  zwei\n\n"
    step = "    Angenommen ein Laden\n    Dann ist er offen\n"
    assert lint(folder, f"{text}  Szenario: a\n{step}") == 0
    assert lint(folder, f"{text}  Szenariogrundriss: a\n{step}") == 1
    assert "x.feature:6: the outline has no row" in capsys.readouterr().out
    assert lint(folder, "# language: xx\nFeature: x\n") == 1
    assert "x.feature:1: cannot be parsed: behave knows no language “xx”" in capsys.readouterr().out


def test_a_narrative_may_have_numbers_and_gaps(folder: Path) -> None:
    text = (
        "Feature: x\n\n  24 hours a day,\n\n  “always open”.\n\n  Scenario: a\n    Given a shop\n    Then b\n"
    )
    assert lint(folder, text) == 0


def test_without_forbidden_words_anything_may_be_said(folder: Path) -> None:
    Path("pyproject.toml").write_text('[tool.behave-flask.lint]\ntags = ["*"]\nwords = []\n')
    assert lint(folder, CLEAN.replace("nobody is told", "SQL")) == 0


def test_a_doc_string_is_read_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "          And nobody is told\n" + textwrap.indent('"""\nfine\nclient\n"""\n', " " * 12)
    assert lint(folder, CLEAN.replace("          And nobody is told\n", text)) == 1
    assert "x.feature:34: says “client”" in capsys.readouterr().out


def test_a_scenario_of_thens_alone_proves_nothing_unless_a_background_gives(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = "Feature: x\n  one\n  two\n\n{}  Scenario: a\n    Then all is well\n"
    assert lint(folder, bare.format("")) == 1
    assert "x.feature:5: the scenario has neither Given nor When" in capsys.readouterr().out
    assert lint(folder, bare.format("  Background:\n    Given a shop\n\n")) == 0


def test_a_feature_without_scenarios_or_without_a_feature_is_found(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lint(folder, "Feature: x\n  one\n  two\n") == 1
    assert "x.feature:1: the feature has no scenario" in capsys.readouterr().out
    assert lint(folder, "# nothing\n") == 1
    assert "x.feature:1: holds no Feature" in capsys.readouterr().out


def test_a_long_file_is_found_unless_it_is_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    padding = "\n" * (121 - len(CLEAN.splitlines()))
    assert lint(folder, CLEAN + padding) == 1
    assert "x.feature:121: the file has 121 lines, more than 120" in capsys.readouterr().out
    (folder / "x.feature").unlink()
    assert lint(folder, CLEAN + padding, name="matrix.feature") == 0


def test_a_file_that_is_no_text_is_found(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "x.feature").write_bytes(b"Feature: \xff\n")
    assert behave_flask("lint", "features") == 1
    assert "x.feature:1: is not UTF-8" in capsys.readouterr().out


def test_seeing_no_feature_is_not_clean(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert behave_flask("lint", "features") == 1
    assert "no feature file here, so nothing was checked" in capsys.readouterr().out


def test_every_file_counts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lint(folder, CLEAN)
    capsys.readouterr()
    assert lint(folder, CLEAN.replace("nobody is told", "SQL"), name="y.feature") == 1
    out = capsys.readouterr().out
    assert out.endswith("2 features, 4 scenarios, 4 examples: 1 findings\n")


def test_unusable_arguments_get_one_line_and_exit_code_2(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert behave_flask("lint", "nowhere") == 2
    assert capsys.readouterr().err == "There is no nowhere.\n"
    assert behave_flask("lint") == 2
    assert "Missing argument 'PATHS...'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("[tool]\nbehave-flask = 1\n", "cannot use [tool.behave-flask.lint]"),
        ("[tool.behave-flask.lint]\ntags = []\n", "cannot use [tool.behave-flask.lint]"),
        ("[tool.behave-flask.lint]\ntags = []\nwords = []\ntagz = []\n", "does not know tagz"),
        ("[tool", "cannot use [tool.behave-flask.lint]"),
    ],
)
def test_an_unusable_configuration_gets_one_line_and_exit_code_2(
    folder: Path, capsys: pytest.CaptureFixture[str], config: str, words: str
) -> None:
    Path("pyproject.toml").write_text(config)
    assert lint(folder, CLEAN) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert words in line


@pytest.mark.parametrize("config", [None, "", "[project]\nname = 'x'\n", "[tool.behave-flask.other]\n"])
def test_without_a_configuration_every_tag_and_word_is_allowed(folder: Path, config: str | None) -> None:
    Path("pyproject.toml").unlink()
    if config is not None:
        Path("pyproject.toml").write_text(config)
    feature = CLEAN.replace("nobody is told", "SQL").replace("  Scenario", "  @anything\n  Scenario", 1)
    assert feature.count("@anything") == 1
    assert lint(folder, feature) == 0
    assert lint(folder, CLEAN.replace("    Then", "    And", 1)) == 1


def test_the_old_name_of_the_configuration_is_read_with_a_hint(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("pyproject.toml").write_text("[tool.gherkin_lint]\ntags = ['epic.*']\nwords = ['nobody']\n")
    assert lint(folder, CLEAN) == 1
    output = capsys.readouterr()
    assert output.err.startswith("[tool.gherkin_lint] is called [tool.behave-flask.lint] now;")
    assert "nobody" in output.out


def test_a_column_that_a_background_a_tag_or_behave_itself_uses_is_in_order(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    used = CLEAN.replace("Given a shop with these people", "Given a shop of <request> with these people")
    used = used.replace("by <request>", "at once, as number <row.index> of <examples.name>")
    assert lint(folder, used) == 0, capsys.readouterr().out
    tagged = CLEAN.replace("by <request>", "at once").replace("@slow", "@slow<request>")
    assert lint(folder, tagged) == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        "features/x.feature:14: the tag @slow<request> is not among the allowed ones",
        "1 features, 2 scenarios, 2 examples: 1 findings",
    ]


def test_lines_are_counted_as_behave_counts_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends a line also where an editor may not: at a form feed, or a separator of lines."""
    text = CLEAN.replace("Every row is a promise.", "Every row\u2028is a promise.").replace("Ann  |", "Ann |")
    assert lint(folder, text) == 1
    assert "x.feature:13: the columns do not line up with those of line 12" in capsys.readouterr().out
