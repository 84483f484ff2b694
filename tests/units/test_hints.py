"""What is said of a step that nobody wrote: sentences near it, with its own values, and a definition."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

STEPS = """
from behave import given, register_type, then, when
from parse import with_pattern


@with_pattern("is paid|was declined|is cancelled")
def status(text):
    return text


register_type(Status=status)


@given("{who} has an order of {quantity:d} {what} that {status:Status}")
def step_has_order(context, who, quantity, what, status):
    pass


@when("{who} orders {quantity:d} {what}")
def step_orders(context, who, quantity, what):
    pass


@when("{who} tries to order {quantity:d} {what}")
def step_tries_to_order(context, who, quantity, what):
    pass


@when("{who} cancels the order")
def step_cancels(context, who):
    pass


@then('{who} is told "{text}"')
def step_told(context, who, text):
    pass


@then("the shop has closed")
def step_closed(context):
    pass
"""


@pytest.fixture
def said(tmp_path: Path, behave: Callable[..., Any]) -> Callable[..., str]:
    """What a run says of one step."""
    (tmp_path / "features/steps").mkdir(parents=True)
    (tmp_path / "features/steps/order_steps.py").write_text(STEPS)
    (tmp_path / "behave.ini").write_text(
        "[behave]\nrunner = unchecked:Unchecked\ndefault_format = live\n"
        "[behave.formatters]\nlive = behave_flask:Live\n"
    )

    def run(step: str) -> str:
        (tmp_path / "features/a.feature").write_text(f"Feature: a\n  Scenario: b\n    {step}\n")
        return behave(tmp_path, PYTHONPATH=str(Path(__file__).parents[1])).output

    return run


@pytest.mark.parametrize(
    ("step", "near"),
    [
        (
            "Given Ben has an order of 3 Tea that is payed",
            "- Given Ben has an order of 3 Tea that is paid, where Status is: is paid, was declined, is ",
        ),
        ("When Ben is ordering 3 Tea", "- When Ben orders 3 Tea (features/steps/order_steps.py:19)"),
        ("When Ben trys to odrer 3 Tea", "- When Ben tries to order 3 Tea (features/steps/"),
        (
            'Then Ben was told "Sold out"',
            '- Then Ben is told "Sold out" (features/steps/order_steps.py:34)',
        ),
        ("When Ben has an order of 3 Tea that is paid", "- Given Ben has an order of 3 Tea that is paid ("),
        ("Then the shop will be closed", "- Then the shop has closed (features/steps/"),
    ],
)
def test_what_comes_near_is_told_with_the_values_of_the_step(
    said: Callable[..., str], step: str, near: str
) -> None:
    output = said(step)
    hints = [line.strip() for line in output.splitlines() if line.strip().startswith("- ")]
    assert hints[0].startswith(near), output
    assert len(hints) <= 3


@pytest.mark.parametrize("step", ["When the moon is full", "When Ben sleeps"])
def test_what_comes_near_to_nothing_gets_no_hint(said: Callable[..., str], step: str) -> None:
    output = said(step)
    assert "no step says" in output
    assert "Near it are" not in output


def test_the_rare_words_decide(
    said: Callable[..., str],
) -> None:
    """The most of the words decide, the rare ones more: not the sentence with the longest text."""
    hints = [
        line for line in said("When Ann cancels her orders").splitlines() if line.strip().startswith("- ")
    ]
    assert "When Ann cancels the order" in hints[0]


@pytest.mark.parametrize(
    ("step", "definition"),
    [
        (
            "When Ben is ordering 3 Tea",
            """# as in features/steps/order_steps.py
@when("{who} is ordering {quantity:d} {what}")
def step_is_ordering(context, who, quantity, what):
    raise StepNotImplementedError
""",
        ),
        (
            'When the robot says "hello" 3 times and "bye" 4 times',
            """@when('the robot says "{text}" {number:d} times and "{text_2}" {number_2:d} times')
def step_the_robot_says_times(context, text, number, text_2, number_2):
    raise StepNotImplementedError
""",
        ),
    ],
)
def test_the_definition_to_begin_with_has_the_places_of_the_suite(
    said: Callable[..., str], step: str, definition: str
) -> None:
    assert definition in said(step)


def test_steps_of_the_same_form_get_one_definition(tmp_path: Path, said: Callable[..., str]) -> None:
    output = said('When the robot says "a"\n    And the robot says "b"')
    assert output.count("@when") == 1
