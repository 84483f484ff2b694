"""What a feature says beside its steps is on the owner's page: Backgrounds of rules, and descriptions."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reported_faults.conftest import Played


@pytest.fixture
def played(lay: Callable[..., Path], play: Callable[..., Played]) -> Played:
    folder = lay("15-rule-background")
    feature = folder / "features/case/a.feature"
    changed = feature.read_text().replace(
        "    Background: at night\n", "    Background: at night\n      Someone sets it.\n"
    )
    feature.write_text(changed.replace("  Background: always\n", "  Background: always\n    It is dark.\n"))
    return play(folder, "features/case")


def after(page: str, *words: str) -> str:
    """What stands on a page after all of these, each after the other."""
    for each in words:
        assert each in page
        page = page[page.index(each) + len(each) :]
    return page


def test_all_that_a_feature_says_is_on_the_page(played: Played) -> None:
    assert played.code == 0, played.output
    assert played.page
    page = after(
        played.page, "What the till promises.", "Before each example: always", "It is dark.", "the light"
    )
    rule = after(page, "By night it is shut", "Night begins at ten.", "Before each example: at night")
    scenario = after(rule, "Someone sets it.", "the alarm is set", "It stays shut", "Nobody has a key.")
    assert "the alarm is set" not in scenario
    assert "Even for the boss." in after(scenario, "It stays shut for &lt;who&gt;")


def test_reports_have_the_steps_of_both_backgrounds(played: Played) -> None:
    steps = [step["name"] for step in played.allure["It stays shut for Ann"]["steps"]]
    assert steps[:3] == ["Given the light is set", "Given the alarm is set", "Given Ann is set"]
