"""Every word of a sentence is used: the steps of both suites, and planted ones that leave a word out."""

from pathlib import Path

import pytest

from behave_flask.lint.unused_parameters import unused_by_functions, unused_by_steps

PROJECT = Path(__file__).resolve().parents[2]
SUITES = [PROJECT / "features", PROJECT / "examples/lending_library/features"]
IDS = ["the shop", "the library"]


@pytest.mark.parametrize("suite", SUITES, ids=IDS)
def test_every_step_uses_every_parameter_of_its_sentence(suite: Path) -> None:
    assert unused_by_steps(suite / "steps") == []


@pytest.mark.parametrize("suite", SUITES, ids=IDS)
def test_what_steps_call_compares_what_it_is_given(suite: Path) -> None:
    assert unused_by_functions(suite / "support") == []


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "context.world.outcome.must_be('allowed')",
        "raise AssertionError(f'{who} is not here')",
        "assert context.world.outcome, f'{who} was told nothing'",
        "if not context.world.outcome:\n        raise AssertionError(who)",
        "del who",
        "_ = who",
        "who",
        "who = 'Ann'\n    context.world.told(who)",
        "for who in context.world.people:\n        context.world.told(who)",
        "context.world.all(lambda who: who.told)",
        "context.world.all([who.told for who in context.world.people])",
        "context.world.told(context.who)",
        "context.world.told(who='Ann')",
    ],
)
def test_a_step_that_leaves_a_word_out_is_named(tmp_path: Path, body: str) -> None:
    (tmp_path / "more").mkdir()
    steps = tmp_path / "more" / "steps.py"
    steps.write_text(
        f'from behave import then\n\n\n@then("{{who}} is told")\ndef step(context, who):\n    {body}\n'
    )
    assert unused_by_steps(tmp_path) == [f"{steps}:5: step does not use “who”, which its sentence says"]


@pytest.mark.parametrize(
    "decorator",
    ['then("{who}")', 'Given("{who}")', 'behave.when("{who}")', 'step("{who}")', "keep\n@when('{who}')"],
)
@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_step_is_known_by_any_of_its_decorators(tmp_path: Path, decorator: str, kind: str) -> None:
    (tmp_path / "steps.py").write_text(f"@{decorator}\n{kind} step(context, who):\n    pass\n")
    assert len(unused_by_steps(tmp_path)) == 1


@pytest.mark.parametrize("taken", ["*, who", "who='Ann'", "*who", "**who", "who, /"])
def test_a_step_may_take_its_words_in_any_way(tmp_path: Path, taken: str) -> None:
    (tmp_path / "steps.py").write_text(f"@then('{{who}}')\ndef step(context, {taken}):\n    pass\n")
    assert len(unused_by_steps(tmp_path)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "context.world.told(who)",
        "context.world.told(f'{who}!')",
        "who = who.strip()\n    context.world.told(who)",
        "for each in who:\n        context.world.told(each)",
        "context.world.all([each for each in who])",
        "context.world.all(lambda: who)",
        "assert context.world.outcome.who == who",
        "if context.world.outcome.who != who:\n        raise AssertionError(who)",
    ],
)
def test_a_word_that_is_used_is_not_named(tmp_path: Path, body: str) -> None:
    (tmp_path / "steps.py").write_text(f"@then('{{who}}')\ndef step(context, who):\n    {body}\n")
    assert unused_by_steps(tmp_path) == []


def test_a_function_that_only_repeats_what_it_is_given_is_named(tmp_path: Path) -> None:
    support = tmp_path / "answers.py"
    support.write_text(
        "def told(world, who):\n    if world.outcome:\n        raise AssertionError(f'{who} was told')\n\n\n"
        "def _shown(world, what):\n    raise AssertionError(f'{world} {what}')\n\n\n"
        "def waits(_world):\n    pass\n"
    )
    assert unused_by_functions(tmp_path) == [f"{support}:1: told compares nothing with “who”"]
