"""How a test writes features with a few steps and without any service, for the project's own runner."""

import textwrap
from pathlib import Path

STEPS = """
from behave import given, then, when

KEPT = {}


@given("a shop")
def step_shop(context):
    pass


@given("a shop that is {state}")
def step_state(context, state):
    assert state == "open", f"The shop is {state}."


@when("{who} buys {what}")
def step_buy(context, who, what):
    if what == "thin air":
        raise RuntimeError("There is no thin air.")


@then("{who} has {what}")
def step_has(context, who, what):
    assert what != "nothing", f"{who} has nothing."


@then("the list is")
def step_list(context):
    assert context.table or context.text


@then("the rest is left for another day")
def step_skip(context):
    context.scenario.skip("not today")
"""


def write(folder: Path, steps: str = STEPS, **features: str) -> Path:
    """Write a project: `steps`, and each feature by its name (`a_b` becomes `a/b.feature`)."""
    (folder / "specification/steps").mkdir(parents=True)
    (folder / "specification/steps/shop_steps.py").write_text(steps)
    (folder / "behave.ini").write_text(
        "[behave]\npaths = specification\nrunner = behave_flask.runner.runner:Runner\nshow_skipped = false\n"
        "scenario_outline_annotation_schema = {name}\n".replace("\\\n", "\n")
    )
    for name, text in features.items():
        file = folder / f"specification/{name.replace('_', '/', 1)}.feature"
        file.parent.mkdir(exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"))
    return folder
