"""Green means that something ran, and looked at something: each way round it is planted, and goes red."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from console_command import behave_flask
from features_of_their_own import write

from behave_flask.model.expected_failures import HOW

BUYING = """
    @critical
    Feature: Buying

      Background:
        Given a shop

      Rule: What is paid is one's own
        It does not matter who pays.

        Scenario: Ann buys bread
          When Ann buys bread
          Then Ann has bread
          And the list is
            | thing |
            | bread |

        @slow
        Scenario Outline: <who> buys <what>
          Given a shop that is open
          When <who> buys <what>
          Then <who> has <what>

          Examples: people
            | who | what |
            | Ben | milk |
            | Cem | eggs |

          @late
          Examples: others
            | who | what |
            | Dan | salt |
    """
LEAVING = """
    Feature: Leaving

      @gentle
      Scenario: Eve leaves
        When Eve buys tea
        Then the list is
          \"\"\"
          tea
          \"\"\"

      Scenario: Fay does not
        Then the rest is left for another day
    """
PLACE = "specification/a/buying.feature"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that no test changes; every step is used."""
    return write(tmp_path_factory.mktemp("shop"), a_buying=BUYING, b_leaving=LEAVING)


def refused(run: Any) -> list[str]:
    """What was said by a run that has not begun, without behave's own first line."""
    assert run.code != 0
    assert run.cases == []
    _, *message = run.output.splitlines()
    return message


def test_what_is_in_order_is_green(shop: Path, behave: Callable[..., Any]) -> None:
    run = behave(shop)
    assert run.code == 0, run.output
    assert [case.status for case in run.cases] == ["passed"] * 5 + ["skipped"]
    assert "Took 0min 0.000s" not in run.output  # behave counts to the end of the first feature
    assert behave(shop, "--dry-run").code == 0


# ---- nothing is selected

NOTHING = {
    "--tags=@critcal": "No feature has the tag @critcal. Nearest are: critical.",
    "--tags=@critical and not @lat": "No feature has the tag @lat. Nearest are: late.",
    "--tags=~@lat": "No feature has the tag @lat. Nearest are: late.",
    "--tags=fast*": "No feature has the tag @fast*. Nearest are: late.",
    "--tags=@late and @gentle": "No scenario is selected by --tags=@late and @gentle in specification.",
    "-n Ann byus": "-n 'Ann byus' is in no title. Nearest are: “Ann buys bread”.",
    "-n nobody": "-n 'nobody' is in no title.",
    f"{PLACE}:99": ":99 is in no scenario. Nearest are lines 31, “Dan buys salt”; 26, “Cem buys eggs”.",
    f"{PLACE}:5": ":5 is in no scenario. Nearest are lines 10, “Ann buys bread”; 25, “Ben buys milk”.",
    f"{PLACE}:29": ":29 is in no scenario. Nearest are lines 31, “Dan buys salt”; 26, “Cem buys eggs”.",
}
SOMETHING = {
    "--tags=@late": ["Dan buys salt"],
    "--tags=not @wip and not @xfail and @gentle": ["Eve leaves"],
    "--tags=lat*": ["Dan buys salt"],
    "-n Ann": ["Ann buys bread"],
    f"{PLACE}:14": ["Ann buys bread"],
    f"{PLACE}:26": ["Cem buys eggs"],
    f"{PLACE}:19": ["Ben buys milk", "Cem buys eggs", "Dan buys salt"],
    f"{PLACE}:7": ["Ann buys bread", "Ben buys milk", "Cem buys eggs", "Dan buys salt"],
    "specification/b --tags=not @late": ["Eve leaves"],
}


def arguments(asked: str) -> list[str]:
    """Split what a person types, where an option may have blanks in its value."""
    if asked.startswith("-n "):
        return ["-n", asked.removeprefix("-n ")]
    first, option, value = asked.partition("--tags=")
    return [*first.split(), *([option + value] if option else [])]


@pytest.mark.parametrize("asked", NOTHING)
def test_asking_for_what_is_not_there_ends_the_run_with_one_line(
    shop: Path, behave: Callable[..., Any], asked: str
) -> None:
    (line,) = refused(behave(shop, *arguments(asked)))
    assert line.removeprefix(f"ConfigError: {PLACE}").removeprefix("ConfigError: ") == NOTHING[asked]
    assert refused(behave(shop, "--dry-run", *arguments(asked)))


@pytest.mark.parametrize("asked", SOMETHING)
def test_asking_for_a_part_runs_just_that(shop: Path, behave: Callable[..., Any], asked: str) -> None:
    run = behave(shop, *arguments(asked))
    assert run.code == 0, run.output
    assert [case.scenario for case in run.cases if case.status != "skipped"] == SOMETHING[asked]


# ---- features that prove nothing

WHOLE = "specification/x.feature"
SCENARIO = """
    Feature: Planted
      Scenario: good
        When Ann buys bread
        Then Ann has bread
"""
# Each: a feature, and what is said of it.
FAULTS = {
    "no step": (
        SCENARIO + "      Scenario: empty\n",
        ["5: the scenario has no step, so it runs nothing"],
    ),
    "no Then": (
        SCENARIO + "      Scenario: blind\n        When Ann buys bread\n        And Ann buys milk\n",
        ["5: the scenario has no Then, so it checks nothing"],
    ),
    "no Then in a rule with a background": (
        SCENARIO
        + "      Rule: r\n        Background:\n          Given a shop\n          Then Ann has bread\n"
        + "        Scenario: blind\n          When Ann buys bread\n",
        ["9: the scenario has no Then, so it checks nothing"],
    ),
    "no Then in an outline": (
        SCENARIO
        + "      Scenario Outline: <who> is blind\n        When <who> buys bread\n"
        + "        Examples:\n          | who |\n          | Ann |\n          | Ben |\n",
        ["5: the scenario has no Then, so it checks nothing"],
    ),
    "no row": (
        SCENARIO
        + "      Scenario Outline: <who>\n        When <who> buys bread\n        Then Ann has bread\n"
        + "        Examples:\n          | who |\n",
        ["5: the outline has no row of Examples, so it runs nothing"],
    ),
    "a colon is missing": (
        SCENARIO.replace("Scenario: good\n", "It is told in lines.\n  Scenario bad\n  Scenario: good\n"),
        ["3: “Scenario bad” is read as description; was “Scenario:” meant?"],
    ),
    "a step that is description": (
        SCENARIO.replace("When Ann", "Whenn Ben buys milk\n        When Ann"),
        ["3: “Whenn Ben buys milk” is read as description; was “When” meant?"],
    ),
    "a title twice": (
        SCENARIO + SCENARIO.partition("Planted\n")[2] + "\n",
        ["5: the title “good” is taken by line 2"],
    ),
    "a title of an outline twice": (
        SCENARIO
        + "      Scenario Outline: <who>\n        When <who> buys <what>\n        Then <who> has <what>\n"
        + "        Examples:\n          | who | what |\n          | Ann | milk |\n          | Ann | eggs |\n",
        ["11: the title “Ann” is taken by line 10: name more columns in the outline's title"],
    ),
    "a row twice": (
        SCENARIO
        + "      Scenario Outline: <who>\n        When <who> buys <what>\n        Then <who> has <what>\n"
        + "        Examples:\n          | who | what |\n          | Ann | milk |\n"
        + "        Examples:\n          | what | who |\n          | milk | Ann |\n",
        [
            "13: the row stands already at line 10",
            "13: the title “Ann” is taken by line 10: name more columns in the outline's title",
        ],
    ),
    "an unknown heading": (
        SCENARIO
        + "      Scenario Outline: <who>\n        When <who> buys milk\n        Then <who> has milk\n"
        + "        Examples:\n          | who | verdict |\n          | Ann | refused |\n",
        ["9: no step or title uses the column “verdict”"],
    ),
    "Examples without a row": (
        SCENARIO
        + "      Scenario Outline: <who>\n        When <who> buys milk\n        Then <who> has milk\n"
        + "        Examples:\n          | who |\n          | Ann |\n"
        + "        Examples:\n          | who |\n",
        ["11: the Examples have no row, so they run nothing"],
    ),
    "expected to fail, nobody knows why": (
        SCENARIO.replace("Scenario:", "@xfail\n      Scenario:"),
        [f"3: @xfail needs a reason and an issue: {HOW}"],
    ),
    "expected to fail, without the tag": (
        SCENARIO.replace("good\n", "good\n        Expected to fail: it is late.\n"),
        ["2: is expected to fail, and has no tag @xfail"],
    ),
    "no scenario": ("Feature: Planted\n", ["1: the feature has no scenario"]),
    "no feature": ("# Feature: Planted\n", ["1: holds no Feature"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_feature_that_proves_nothing_is_refused_with_file_and_line(
    tmp_path: Path, behave: Callable[..., Any], fault: str
) -> None:
    text, message = FAULTS[fault]
    project = write(tmp_path, a_buying=BUYING, x=text)
    expected = [
        "ConfigError: Refused to run: these scenarios cannot fail.",
        *(f"{WHOLE}:{line}" for line in message),
    ]
    assert refused(behave(project)) == expected
    assert refused(behave(project, "--dry-run")) == expected


@pytest.mark.parametrize("fault", FAULTS)
def test_the_linter_says_the_same_before_anybody_runs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    text, message = FAULTS[fault]
    project = write(tmp_path, x=text)
    (project / "pyproject.toml").write_text("[tool.behave-flask.lint]\ntags = ['*']\nwords = []\n")
    monkeypatch.chdir(project)
    assert behave_flask("lint", WHOLE) == 1
    assert {f"{WHOLE}:{line}" for line in message} <= set(capsys.readouterr().out.splitlines())


def test_a_row_whose_last_cell_behave_cuts_off_is_refused(tmp_path: Path, behave: Callable[..., Any]) -> None:
    text = (
        FAULTS["an unknown heading"][0].replace("<who> has milk", "<verdict>").replace("refused |", "refused")
    )
    message = refused(behave(write(tmp_path, x=text)))
    assert message[-1] == f"{WHOLE}:10: the row does not end with “|”, so that its last cell is not read"


IN_A_BACKGROUND = """
    Feature: Planted
      What a Background says is played
      with the cells of each row.

      Background:
        Given a shop that is <state>

      Scenario Outline: Ann buys <what>
        When Ann buys <what>
        Then Ann has <what>

        Examples: what there is
          | what  | state |
          | bread | open  |
          | milk  | shut  |
    """


def test_a_column_that_only_a_background_uses_is_used(
    tmp_path: Path,
    behave: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """behave fills the cells of a row into the steps of its Background, so linter and run accept it."""
    project = write(tmp_path, x=IN_A_BACKGROUND)
    run = behave(project)
    assert (run.status("Ann buys bread"), run.status("Ann buys milk")) == ("passed", "failed"), run.output
    (project / "pyproject.toml").write_text("[tool.behave-flask.lint]\ntags = []\nwords = []\n")
    monkeypatch.chdir(project)
    assert behave_flask("lint", WHOLE) == 0, capsys.readouterr().out


def test_a_scenario_runs_beside_one_that_is_not_written_yet(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    project = write(tmp_path, x=SCENARIO + "      Scenario: empty\n      Scenario: good\n")
    run = behave(project, f"{WHOLE}:3")
    assert (run.code, [case.status for case in run.cases]) == (0, ["passed"])
    assert refused(behave(project))[1:] == [
        f"{WHOLE}:5: the scenario has no step, so it runs nothing",
        f"{WHOLE}:6: the scenario has no step, so it runs nothing",
        f"{WHOLE}:6: the title “good” is taken by line 2",
    ]


# ---- what is left over, or left out


def test_a_step_definition_without_use_fails_a_whole_run_only(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    project = write(tmp_path, a_buying=BUYING)
    for run in (behave(project), behave(project, "--dry-run")):
        assert run.code == 1
        found = [line for line in run.output.splitlines() if line.startswith("specification/steps")]
        unused = "no feature uses the step “the rest is left for another day”."
        assert found == [f"specification/steps/shop_steps.py:33: {unused}"]
    for part in (["-n", "Ann"], [PLACE], ["--tags=@critical"], ["--include=buying"]):
        assert behave(project, *part).code == 0


def test_ci_accepts_nothing_unfinished_or_skipped(tmp_path: Path, behave: Callable[..., Any]) -> None:
    project = write(tmp_path, a_buying=BUYING.replace("@slow", "@wip"), b_leaving=LEAVING)
    assert behave(project).code == 0
    assert refused(behave(project, CI="true"))[1:] == [
        f"{PLACE}:{line}: is unfinished (@wip), which CI does not accept" for line in (25, 26, 31)
    ]
    assert behave(project, "--tags=@critical and not @wip", CI="true").code == 0


def test_ci_accepts_no_skipped_scenario(tmp_path: Path, behave: Callable[..., Any]) -> None:
    skip = "if 'gentle' in scenario.tags: scenario.skip('not here')"
    project = write(tmp_path, a_buying=BUYING, b_leaving=LEAVING)
    (project / "specification/environment.py").write_text(
        f"def before_scenario(context, scenario):\n    {skip}\n"
    )
    assert behave(project, CI="false").code == 0
    run = behave(project, CI="true")
    assert run.code == 1
    assert run.output.splitlines()[-2:] == [
        "specification/b/leaving.feature:4 was skipped, which CI does not accept: not here",
        "specification/b/leaving.feature:11 was skipped, which CI does not accept: not today",
    ]
    assert behave(project, "--tags=@critical", CI="true").code == 0


# ---- expected failures

XFAIL = """
    @allure.issue:https://example.com/issues/12
    Feature: Planted

      @xfail
      Scenario: fails as expected
        Expected to fail: the till is closed.
        When Ann buys bread
        Then Ann has nothing
        And Ann has bread

      @xfail
      Scenario: holds
        Expected to fail: the till is closed.
        When Ann buys bread
        Then Ann has bread

      @xfail
      Scenario: breaks
        Expected to fail: the till is closed.
        When Ann buys thin air
        Then Ann has nothing

      @xfail
      Scenario: is never looked at
        Expected to fail: the till is closed.
        Given a shop that is shut
        When Ann buys bread
        Then Ann has nothing

      @xfail
      Scenario: nobody wrote it
        Expected to fail: the till is closed.
        When Ann buys bread
        Then Ann is content

      @xfail
      Scenario Outline: <who> buys
        Expected to fail: the till is closed.
        When <who> buys bread
        Then <who> has <what>

        Examples: people
          | who | what    |
          | Ann | nothing |
          | Ben | bread   |
    """


def test_an_expected_failure_passes_with_a_note_and_all_else_is_red(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    run = behave(write(tmp_path, x=XFAIL))
    assert {case.scenario: case.status for case in run.cases} == {
        "fails as expected": "passed",
        "holds": "failed",
        "breaks": "error",
        "is never looked at": "failed",
        "nobody wrote it": "error",
        "Ann buys": "passed",
        "Ben buys": "failed",
    }
    assert (
        "It passes, and is expected to fail: the till is closed.\nTake away @xfail."
        in run.case("holds").message
    )
    assert f"{WHOLE}:18 “breaks” is expected to fail at a Then, and broke otherwise." in run.output
    end = run.output[run.output.index("Failed as expected") :]
    assert end.splitlines()[:3] == [
        f"Failed as expected: {WHOLE}:5 “fails as expected”",
        "  the till is closed. https://example.com/issues/12",
        "  Ann has nothing.",
    ]
    assert run.code == 1


UNTIL = """
    Feature: Planted

      @xfail @until={day} @allure.issue:https://example.com/issues/12
      Scenario: fails as expected
        Expected to fail: the till is closed.
        When Ann buys bread
        Then Ann has nothing
    """


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_expected_failure_is_red_after_its_day(
    tmp_path: Path, behave: Callable[..., Any], jobs: str
) -> None:
    today = datetime.now().astimezone().date()
    options = ["-n", "fails as", "-j", jobs]
    in_time = behave(write(tmp_path / "a", x=UNTIL.format(day=today + timedelta(days=2))), *options)
    assert (in_time.code, in_time.status("fails as expected")) == (0, "passed"), in_time.output
    last = today - timedelta(days=2)
    late = behave(write(tmp_path / "b", x=UNTIL.format(day=last)), *options)
    assert (late.code, late.status("fails as expected")) == (1, "failed"), late.output
    message = late.case("fails as expected").message
    assert f"It was expected to fail until {last}, and does so still: the till is closed." in message
    assert "Ann has nothing." in message
    assert "Failed as expected" not in late.output


@pytest.mark.parametrize(
    ("tags", "why"),
    [
        ("@xfail @until=soon", "@until=2027-01-31 names a day so: Invalid isoformat string: 'soon'"),
        ("@until=2027-01-31", "@until=2027-01-31 and the like say nothing without @xfail"),
    ],
)
def test_a_day_that_means_nothing_is_refused(
    tmp_path: Path, behave: Callable[..., Any], tags: str, why: str
) -> None:
    run = behave(write(tmp_path, x=UNTIL.replace("@xfail @until={day}", tags)))
    assert run.code == 1
    assert why in run.output
    assert run.cases == []


def test_only_expected_failures_are_green(tmp_path: Path, behave: Callable[..., Any]) -> None:
    project = write(tmp_path, x=XFAIL)
    run = behave(project, "-n", "fails as", "-n", "Ann", CI="true")
    assert run.code == 0, run.output
    assert "2 scenarios passed, 0 failed" in run.output
    assert behave(project, "--dry-run", "-n", "fails as", "-n", "holds").code == 0


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_no_report_calls_an_expected_failure_passed(
    tmp_path: Path, behave: Callable[..., Any], jobs: str
) -> None:
    project = write(tmp_path, x=XFAIL)
    written = ("-f", "behave_flask.reports.allure:AllureFormatter", "-o", "allure", "-f", "progress2")
    run = behave(project, "-n", "fails as", "-j", jobs, *written)
    assert run.code == 0, run.output
    why = "Expected to fail: the till is closed. https://example.com/issues/12\nAnn has nothing."
    assert run.case("fails as expected").message.startswith(why)
    (file,) = (project / "allure").glob("*-result.json")
    found = json.loads(file.read_text())
    assert (found["status"], found["statusDetails"]) == ("skipped", {"known": True, "message": why})


@pytest.mark.parametrize("hook", ["after_scenario", "before_scenario"])
def test_a_hook_that_fails_is_no_expected_failure(
    tmp_path: Path, behave: Callable[..., Any], hook: str
) -> None:
    project = write(tmp_path, x=XFAIL)
    (project / "specification/environment.py").write_text(
        f"def {hook}(context, scenario): assert False, 'planted'\n"
    )
    run = behave(project, "-n", "fails as")
    assert (run.code, run.status("fails as expected")) == (1, "hook_error")
