"""A word of a Then that nobody looks at is named, whatever its step does; one that is looked at is not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from features_of_their_own import write

PROJECT = Path(__file__).resolve().parents[2]
STEPS = """
import os
from behave import given, register_type, then, when
from parse import with_pattern


@with_pattern("open|shut")
def door(text):
    return text


register_type(Door=door)


@given("{who} is there")
def step_there(context, who):
    context.there = [*getattr(context, "there", []), who]


@given("letters to {people}")
def step_letters(context, people):
    context.letters = people.split(" and ")


@when("{who} buys {count:d} {what}")
def step_buy(context, who, count, what):
    context.bought = who, count, what
    context.looked = []


@then("{who} has {count:d} {what}")
def step_has(context, who, count, what):
    assert context.bought == (who, count, what)


@then("{who} is pleased")
def step_pleased(context, who):
    pass


@then("the door is {door:Door}")
def step_door(context, door):
    assert door == "open"


@then("{who} finds")
def step_finds(context, who):
    who, count, what = context.bought
    assert [row["what"] for row in context.table] == [what]


@then("{who} gets a letter")
def step_letter(context, who):
    context.letters.remove(who)


@then("{count:d} letters are left")
def step_letters_left(context, count):
    assert len(context.letters) == count


@then("{who} looks and finds {what}")
def step_looks(context, who, what):
    context.looked.append(who)
    assert what == context.bought[2]


@then("{count:d} people have looked")
def step_looked(context, count):
    assert len(context.looked) == count


@then("it ends with {code:d}")
def step_ends(context, code):
    os._exit(code)


@then("it is skipped for {why}")
def step_skip(context, why):
    context.scenario.skip(why)
"""
BUYING = """
    Feature: Buying

      Scenario: Ann buys bread
        Given Ann is there
        When Ann buys 2 loaves
        Then Ann has 2 loaves

      Scenario: Ben buys tea
        When Ben buys 1 tea
        Then Ben has 1 tea
    """
PLEASED = """
    Feature: Pleasing

      Scenario: Ann is pleased
        When Ann buys 2 loaves
        Then Ann has 2 loaves
        And Ann is pleased

      Scenario: Ben is pleased
        When Ben buys 1 tea
        Then Ben has 1 tea
        And Ben is pleased
    """
EXCUSED = """
    [[equivalent]]
    feature = "Pleasing"
    scenario = "{0} is pleased"
    sentence = "{1} is pleased"
    reason = "{2}"
    """


def mutate(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "behave_flask", "mutants", "sentences", "-j", "2", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{folder}:{PROJECT}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )


def excuse(folder: Path, *entries: tuple[str, str, str]) -> tuple[str, str]:
    (folder / "equivalents.toml").write_text("".join(EXCUSED.format(*entry) for entry in entries))
    return "--equivalents", "equivalents.toml"


@pytest.fixture(params=[(), ("--alone",)], ids=["together", "alone"])
def way(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """How mutants are played: both ways must come to the same."""
    found: tuple[str, ...] = request.param
    return found


def test_a_suite_that_looks_at_every_word_is_green(tmp_path: Path, way: tuple[str, ...]) -> None:
    run = mutate(write(tmp_path, STEPS, a_buying=BUYING), *way)
    assert "Sentence mutants: 6, killed: 6, survived: 0." in run.stdout
    announced = [line for line in run.stdout.splitlines() if line.startswith("Sentences are")]
    assert announced == ["Sentences are changed in 2 scenarios ..."], announced
    assert run.returncode == 0


def test_a_word_that_nobody_looks_at_is_named_with_the_sentence_before_and_after(
    tmp_path: Path, way: tuple[str, ...]
) -> None:
    run = mutate(write(tmp_path, STEPS, a_pleasing=PLEASED), *way)
    assert (
        "SURVIVED  specification/a/pleasing.feature:6: “Ann is pleased”\n"
        "    And Ann is pleased\n"
        "    And Ben is pleased\n"
        "SURVIVED  specification/a/pleasing.feature:11: “Ben is pleased”\n"
        "    And Ben is pleased\n"
        "    And Ann is pleased\n"
    ) in run.stdout
    assert "Sentence mutants: 8, killed: 6, survived: 2." in run.stdout
    assert run.returncode == 1


def test_a_row_of_an_outline_keeps_its_cells_in_the_other_steps(tmp_path: Path, way: tuple[str, ...]) -> None:
    outline = """
        Feature: Buying
          Rule: Whoever buys has it
            Background:
              Given Ann is there
            Scenario Outline: <who> buys <what>
              When <who> buys 1 <what>
              Then <who> has 1 <what>
              And <who> is pleased
              Examples:
                | who | what  |
                | Ann | bread |
                | Ben | tea   |
        """
    run = mutate(write(tmp_path, STEPS, a_buying=outline), *way)
    assert "Sentence mutants: 8, killed: 6, survived: 2." in run.stdout
    assert (
        "SURVIVED  specification/a/buying.feature:8, row 12: “Ben buys tea”\n"
        "    And Ben is pleased\n"
        "    And Ann is pleased\n"
    ) in run.stdout


def test_the_cells_of_a_table_are_words_too(tmp_path: Path, way: tuple[str, ...]) -> None:
    tables = """
        Feature: Finding
          Scenario: Ann finds tea
            When Ann buys 1 tea
            Then Ann finds
              | what | price |
              | tea  | 2.50  |
          Scenario: Ann finds bread
            When Ann buys 1 bread
            Then Ann finds
              | what  | price |
              | bread | 3.00  |
        """
    run = mutate(write(tmp_path, STEPS, a_finding=tables), *way)
    assert "    Then Ann finds (row 1, price: 2.50)\n    Then Ann finds (row 1, price: 3.00)\n" in run.stdout
    assert "(row 1, what:" not in run.stdout
    assert run.returncode == 1


@pytest.mark.parametrize("left", [1, 3], ids=["some are left", "the scenario is not green"])
def test_a_then_that_takes_something_is_judged_by_the_rest_of_the_scenario(
    tmp_path: Path, way: tuple[str, ...], left: int
) -> None:
    # "Ben gets a letter" holds as well, and leaves as many letters; "Cem gets a letter" holds of nobody.
    letters = f"""
        Feature: Letters
          Scenario: Two letters come
            Given letters to Ann and Ben
            When Ann buys 1 tea
            Then Ann gets a letter
            And {left} letters are left
          Scenario: One letter comes
            Given letters to Ben
            When Ann buys 1 tea
            Then Ben gets a letter
            And 0 letters are left
        """
    run = mutate(write(tmp_path, STEPS, a_letters=letters), *way)
    assert run.returncode == 1
    if left == 1:
        assert "    Then Ann gets a letter\n    Then Ben gets a letter\n" in run.stdout
        assert "Sentence mutants: 4, killed: 3, survived: 1." in run.stdout
    else:
        assert "NOT JUDGED  specification/a/letters.feature:5: “Two letters come”" in run.stdout
        assert "Sentence mutants: 2, killed: 2, survived: 0, 2 not judged." in run.stdout


def test_what_a_changed_sentence_leaves_behind_does_not_kill_others(
    tmp_path: Path, way: tuple[str, ...]
) -> None:
    looking = """
        Feature: Looking
          Scenario: Ann looks
            When Ann buys 1 tea
            Then Ann looks and finds tea
            And 1 people have looked
          Scenario: Ben looks
            When Ben buys 1 bread
            Then Ben looks and finds bread
            And 1 people have looked
        """
    run = mutate(write(tmp_path, STEPS, a_looking=looking), *way)
    assert "    Then Ann looks and finds tea\n    Then Ben looks and finds tea\n" in run.stdout
    assert "    Then Ben looks and finds bread\n    Then Ann looks and finds bread\n" in run.stdout
    assert "Sentence mutants: 6, killed: 4, survived: 2." in run.stdout


def test_where_no_feature_has_another_value_the_type_has_or_the_next_number_is_one(tmp_path: Path) -> None:
    single = """
        Feature: Buying
          Scenario: Ann buys tea
            When Ann buys 1 tea
            Then the door is open
            And Ann has 1 tea
        """
    run = mutate(write(tmp_path, STEPS, a_buying=single))
    assert "No other value is known for who in “{who} has {count:d} {what}”." in run.stdout
    assert "No other value is known for what in “{who} has {count:d} {what}”." in run.stdout
    assert "Sentence mutants: 2, killed: 2, survived: 0." in run.stdout
    assert run.returncode == 0


def test_a_part_of_a_suite_has_the_same_mutants_as_the_whole(tmp_path: Path) -> None:
    folder = write(tmp_path, STEPS, a_pleasing=PLEASED, b_buying=BUYING)
    run = mutate(folder, "specification/a/pleasing.feature:3")
    assert "Sentence mutants: 4, killed: 3, survived: 1." in run.stdout
    assert "    And Ann is pleased\n    And Ben is pleased\n" in run.stdout


def test_what_the_suite_promises_of_the_same_story_is_no_mutant(tmp_path: Path) -> None:
    # "Ann looks and finds tea" holds too after the first story, for another scenario says so.
    both = """
        Feature: Looking
          Scenario: one finds tea
            When Ann buys 1 tea
            Then Ben looks and finds tea
          Scenario: another finds tea
            When Ann buys 1 tea
            Then Ann looks and finds tea
          Scenario: a third finds bread
            When Ben buys 1 bread
            Then Cem looks and finds bread
        """
    run = mutate(write(tmp_path, STEPS, a_looking=both))
    assert "    Then Ben looks and finds tea\n    Then Cem looks and finds tea\n" in run.stdout
    assert "    Then Cem looks and finds bread\n    Then Ben looks and finds bread\n" in run.stdout
    assert "Sentence mutants: 6, killed: 3, survived: 3." in run.stdout


def test_more_values_are_tried_when_asked_for(tmp_path: Path) -> None:
    cem = """
        Feature: More
          Scenario: Cem buys nothing
            When Cem buys 0 eggs
            Then Cem has 0 eggs
        """
    run = mutate(write(tmp_path, STEPS, a_buying=BUYING, b_more=cem), "--values", "2")
    assert "Sentence mutants: 18, killed: 18, survived: 0." in run.stdout


# ---- those that say the same


def test_survivors_with_a_reason_are_green(tmp_path: Path) -> None:
    folder = write(tmp_path, STEPS, a_pleasing=PLEASED)
    run = mutate(
        folder, *excuse(folder, ("Ann", "Ben", "All are pleased."), ("Ben", "Ann", "All are pleased."))
    )
    assert "SURVIVED" not in run.stdout
    assert "Sentence mutants: 8, killed: 6, survived: 2 (2 of them with a reason)." in run.stdout
    assert run.returncode == 0


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([("Ann", "Ben", "")], "has no reason: “Pleasing”, “Ann is pleased”, “Ben is pleased”"),
        (
            [("Ann", "Cem", "Gone.")],
            "there is no such mutant: “Pleasing”, “Ann is pleased”, “Cem is pleased”",
        ),
        (
            [("Ann", "Ben", "So."), ("Ann", "Ben", "And so.")],
            "stands there 2 times: “Pleasing”, “Ann is pleased”, “Ben is pleased”",
        ),
    ],
)
def test_an_entry_that_excuses_nothing_or_gives_no_reason_is_red(
    tmp_path: Path, entries: list[tuple[str, str, str]], message: str
) -> None:
    folder = write(tmp_path, STEPS, a_pleasing=PLEASED)
    run = mutate(folder, *excuse(folder, *entries, ("Ben", "Ann", "All are pleased.")))
    assert f"equivalents.toml: {message}" in run.stdout
    assert run.returncode == 1


def test_an_entry_whose_mutant_is_killed_is_red(tmp_path: Path) -> None:
    looking = STEPS.replace(
        "def step_pleased(context, who):\n    pass",
        "def step_pleased(context, who):\n    assert context.bought[0] == who",
    )
    folder = write(tmp_path, looking, a_pleasing=PLEASED)
    run = mutate(folder, *excuse(folder, ("Ann", "Ben", "All are pleased.")))
    assert (
        "equivalents.toml: its mutant is killed: “Pleasing”, “Ann is pleased”, “Ben is pleased”" in run.stdout
    )
    assert "Sentence mutants: 8, killed: 8, survived: 0." in run.stdout
    assert run.returncode == 1


def test_a_part_of_a_suite_leaves_the_entries_of_the_rest_alone(tmp_path: Path) -> None:
    folder = write(tmp_path, STEPS, a_pleasing=PLEASED, b_buying=BUYING)
    run = mutate(folder, *excuse(folder, ("Ann", "Ben", "All are.")), "specification/b/buying.feature")
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("text", ["[[equivalent]]\nfeature = 'Pleasing'", "[equivalent", "[other]\na = 1"])
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    folder = write(tmp_path, STEPS, a_buying=BUYING)
    (folder / "equivalents.toml").write_text(text)
    run = mutate(folder, "--equivalents", "equivalents.toml")
    assert run.stdout.startswith("equivalents.toml")
    assert run.returncode == 2


# ---- what shows nothing


def test_a_suite_without_a_word_to_change_is_red(tmp_path: Path) -> None:
    steps = STEPS + '\n\n@then("all is well")\ndef step_well(context):\n    pass\n'
    nothing = """
        Feature: Nothing
          Scenario: Ann buys tea
            When Ann buys 1 tea
            Then all is well
        """
    run = mutate(write(tmp_path, steps, a_nothing=nothing))
    assert "No Then was changed, so nothing was shown." in run.stdout
    assert run.returncode == 1


def test_a_scenario_that_is_red_as_it_is_shows_nothing(tmp_path: Path, way: tuple[str, ...]) -> None:
    red = BUYING.replace("When Ann buys 2 loaves", "When Ann buys 3 loaves")
    run = mutate(write(tmp_path, STEPS, a_buying=red), *way)
    assert "NOT JUDGED  specification/a/buying.feature:6: “Ann buys bread”" in run.stdout
    assert "the scenario itself is not green: ASSERT FAILED" in run.stdout
    assert "Sentence mutants: 3, killed: 3, survived: 0, 3 not judged." in run.stdout
    assert run.returncode == 1


def test_a_scenario_that_kills_its_process_is_named(tmp_path: Path, way: tuple[str, ...]) -> None:
    deadly = """
        Feature: Ends
          Scenario: it ends
            When Ann buys 1 tea
            Then it ends with 3
        """
    run = mutate(write(tmp_path, STEPS, a_buying=BUYING, b_ends=deadly), *way)
    assert "NOT JUDGED  specification/b/ends.feature:4: “it ends”" in run.stdout
    assert "ended with code" in run.stdout
    assert run.returncode == 1


def test_what_is_skipped_is_counted_as_not_played_and_shows_nothing_alone(tmp_path: Path) -> None:
    steps = STEPS + (
        '\n\n@given("it is not for here")\ndef step_here(context):\n    context.scenario.skip("elsewhere")\n'
    )
    elsewhere = BUYING.replace("Given Ann is there", "Given it is not for here")
    folder = write(tmp_path, steps, a_buying=elsewhere)
    run = mutate(folder)
    assert "Not played: 3 mutants, elsewhere." in run.stdout
    assert "Sentence mutants: 3, killed: 3, survived: 0." in run.stdout
    assert run.returncode == 0
    assert mutate(folder, "specification/a/buying.feature:3").returncode == 1


def test_a_finding_at_the_end_of_a_scenario_kills(tmp_path: Path, way: tuple[str, ...]) -> None:
    letters = """
        Feature: Letters
          Scenario: Two letters come
            Given letters to Ann and Ben
            When Ann buys 1 tea
            Then Ann gets a letter
          Scenario: One letter comes
            Given letters to Ben
            When Ann buys 1 tea
            Then Ben gets a letter
        """
    folder = write(tmp_path, STEPS, a_letters=letters)
    (folder / "specification/environment.py").write_text(
        "def after_scenario(context, scenario):\n"
        "    assert 'Ann' not in context.letters, 'nobody speaks of the letter to Ann'\n"
    )
    run = mutate(folder, *way)
    assert "Sentence mutants: 2, killed: 2, survived: 0." in run.stdout
    assert run.returncode == 0


def test_scenarios_that_are_expected_to_fail_are_left_out(tmp_path: Path) -> None:
    failing = """
        Feature: Failing
          @xfail @allure.issue:https://example.com/issues/1
          Scenario: Ann has it already
            Expected to fail: nobody has it.
            When Ann buys 1 tea
            Then Ann has 2 tea
        """
    run = mutate(write(tmp_path, STEPS, a_failing=failing, b_buying=BUYING))
    assert "Left out: 1 scenarios that are expected to fail." in run.stdout
    assert run.returncode == 0


def test_the_reports_of_the_last_run_stay_as_they_are(tmp_path: Path) -> None:
    folder = write(tmp_path, STEPS, a_buying=BUYING)
    (folder / "reports/junit").mkdir(parents=True)
    (folder / "reports/rerun.txt").write_text("# passed\n# \n")
    (folder / "reports/junit/TESTS-a.buying.xml").write_text("<testsuite/>")
    assert mutate(folder).returncode == 0
    assert (folder / "reports/rerun.txt").read_text() == "# passed\n# \n"
    assert sorted(file.name for file in (folder / "reports").rglob("*.*")) == [
        "TESTS-a.buying.xml",
        "rerun.txt",
    ]
