"""An attempt that no Then judges is refused before anything runs, however it is written."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from features_of_their_own import write

from behave_flask.lint import attempts

STEPS = """
from behave import given, then, when

from behave_flask.lint import attempts

attempts.phrases("tries to", "try to")


@given("a shop")
def step_shop(context):
    pass


@when("{who} tries to buy {what}")
@when("{who} buys {what}")
@when("{one} and {other} try to buy {what}")
def step_buy(context, **words):
    pass


@given("{who} has tried")
@given("{who} tries to leave")
@when('{who} says "{text}"')
def step_other(context, **words):
    pass


@then("{who} is told {word}")
@attempts.judges
def step_told(context, who, word):
    pass


@then("{who} is happy")
@then("nobody tries to leave")
def step_not_judging(context, **words):
    pass
"""
# Each scenario with the line of it that is refused, counted from its title, or none.
SCENARIOS = {
    "Nothing says what came of it": (1, "When Ann tries to buy tea", "Then Ann is happy"),
    "There is no Then behind it": (3, "When Ann buys tea", "Then Ann is happy", "When Ann tries to buy tea"),
    "Only the second is judged": (
        1,
        "When Ann tries to buy tea",
        "And Ann tries to buy salt",
        "Then Ann is told no",
    ),
    "Only the first is judged": (
        3,
        "When Ann tries to buy tea",
        "Then Ann is told no",
        "When Ann tries to buy salt",
        "Then Ann is happy",
    ),
    "Something else is done before it is judged": (
        1,
        "When Ann tries to buy tea",
        "And Ann buys salt",
        "Then Ann is told no",
    ),
    "Two try": (1, "When Ann and Ben try to buy tea", "Then Ann is happy"),
    "Somebody tries before": (1, "Given Ann tries to leave", "When Ann buys tea", "Then Ann is told yes"),
    "It is judged": (None, "When Ann tries to buy tea", "Then Ann is told no", "And Ann is happy"),
    "It is judged by and by": (None, "When Ann tries to buy tea", "Then Ann is happy", "But Ann is told no"),
    "It is done": (None, "When Ann buys tea", "Then Ann is happy"),
    "It is only said": (None, 'When Ann says "Ben tries to buy tea"', "Then nobody tries to leave"),
    "It has another form": (None, "Given Ann has tried", "When Ann buys tea", "Then Ann is happy"),
}


def feature(scenarios: dict[str, Any]) -> str:
    findings = "".join(
        f"  Scenario: {title}\n" + "".join(f"    {step}\n" for step in steps)
        for title, (_, *steps) in scenarios.items()
    )
    return f"Feature: Buying\n{findings}"


def expected_lines(text: str, scenarios: dict[str, Any]) -> list[int]:
    lines = text.splitlines()
    return [lines.index(f"  Scenario: {title}") + 1 + line for title, (line, *_) in scenarios.items() if line]


def refused_lines(output: str) -> list[int]:
    found = [line for line in output.splitlines() if " is an attempt, and no Then says what came" in line]
    return [int(line.split(":")[1]) for line in found]


@pytest.mark.parametrize("arguments", [[], ["-j", "2"], ["-D", "order=random"]], ids=" ".join)
def test_a_scenario_whose_attempt_no_then_judges_is_refused(
    tmp_path: Path, behave: Callable[..., Any], arguments: list[str]
) -> None:
    text = feature(SCENARIOS)
    run = behave(write(tmp_path / "project", STEPS, a_buying=text), *arguments)
    assert run.code != 0
    assert refused_lines(run.output) == expected_lines(text, SCENARIOS), run.output
    assert not run.cases


def test_the_message_names_the_attempt_and_the_cure(tmp_path: Path, behave: Callable[..., Any]) -> None:
    text = feature({"Nothing": SCENARIOS["Nothing says what came of it"]})
    run = behave(write(tmp_path / "project", STEPS, a_buying=text))
    assert (
        "specification/a/buying.feature:3: “Ann tries to buy tea” is an attempt, and no Then says what came"
        " of it before the next step that acts. Say it, as by “{who} is told {word}”; or let the sentence"
        " say that it is done"
    ) in run.output


def test_what_is_judged_is_played_and_what_is_not_asked_for_is_not_refused(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    folder = write(tmp_path / "project", STEPS, a_buying=feature(SCENARIOS))
    judged = [f"-n^{title}$" for title, (line, *_) in SCENARIOS.items() if not line]
    run = behave(folder, *judged)
    assert (run.code, [case.status for case in run.cases]) == (0, ["passed"] * len(judged)), run.output


ROWS = """
Feature: Buying

  Background:
    Given a shop
    When Ann tries to buy salt

  Scenario: Ann asks first
    Then Ann is told no

  Scenario: Ann does not care
    When Ann buys tea
    Then Ann is happy

  Scenario Outline: <who> <does> tea
    Then Ann is told no
    When <who> <does> tea
    Then <who> <hears>

    Examples:
      | who | does         | hears      |
      | Ann | buys         | is happy   |
      | Ben | tries to buy | is told no |
      | Cem | tries to buy | is happy   |
      | Dan | tries to buy | is happy   |
"""


def test_backgrounds_and_rows_are_judged_as_they_are_played(
    tmp_path: Path, behave: Callable[..., Any]
) -> None:
    run = behave(write(tmp_path / "project", STEPS, a_buying=ROWS))
    assert refused_lines(run.output) == [5, 16], run.output
    assert "“Cem tries to buy tea” is an attempt" in run.output


def test_rows_that_are_judged_are_played(tmp_path: Path, behave: Callable[..., Any]) -> None:
    text = "\n".join(line for line in ROWS.splitlines() if "Cem" not in line and "Dan" not in line)
    run = behave(write(tmp_path / "project", STEPS, a_buying=text), "-n", "tea$")
    assert (run.code, run.status("Ben tries to buy tea")) == (0, "passed"), run.output


def test_a_step_that_nobody_wrote_is_told_as_such(tmp_path: Path, behave: Callable[..., Any]) -> None:
    text = feature({"Nobody wrote it": (None, "When Ann tries to buy tea", "Then Ann was told")})
    run = behave(write(tmp_path / "project", STEPS, a_buying=text))
    assert (run.code, refused_lines(run.output)) == (1, []), run.output
    assert run.status("Nobody wrote it") in ("undefined", "error")


def test_a_suite_that_tells_no_attempt_is_left_alone(tmp_path: Path, behave: Callable[..., Any]) -> None:
    steps = STEPS.replace('attempts.phrases("tries to", "try to")', "")
    run = behave(write(tmp_path / "project", steps, a_buying=feature(SCENARIOS)), "-n", "Nothing says")
    assert run.status("Nothing says what came of it") == "passed"


@pytest.fixture
def german() -> Iterator[None]:
    findings = set(attempts._words)
    attempts.phrases("versucht zu")
    yield
    attempts._words.intersection_update(findings)


@pytest.mark.parametrize(
    ("step_type", "text", "expected"),
    [
        ("when", "Ann versucht zu kaufen", True),
        ("given", "Ann versucht zu kaufen", True),
        ("then", "Ann versucht zu kaufen", False),
        ("when", "Ann versuchtzu kaufen", False),
        ("when", 'Ann sagt "Ben versucht zu kaufen"', False),
        ("when", 'Ann sagt "Ja" und versucht zu kaufen, "Nein"', True),
    ],
)
@pytest.mark.usefixtures("german")
def test_a_suite_says_by_which_words_it_tells_an_attempt(step_type: str, text: str, expected: bool) -> None:
    assert attempts.is_attempt(step_type, text) is expected
