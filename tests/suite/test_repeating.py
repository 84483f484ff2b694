"""The same seed gives the same data; a failure says the command that repeats it, and the command does."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from planting import append, feature

STEPS = """
from behave import then

from features.support.world import factories


@then("{who} is shown, as planted")
def step_shown(context, who):
    post = context.world.make(factories.PostFactory)
    raise AssertionError(f"shown: {who} {context.world.person(who).token} {post.title} {post.body}")
"""

SCENARIOS = """
  Scenario: first
    Then a user is shown, as planted

  Scenario Outline: <who> is second
    Then <who> is shown, as planted

    Examples: people
      | who      |
      | an admin |
      | a user   |

  Scenario: unverified
    When a user tries to place an order by POST /api/orders
    Then a user succeeds
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, copy_project: Callable[[Path], Path]) -> Path:
    """A copy whose planted feature shows its data by failing."""
    project = copy_project(tmp_path_factory.mktemp("repeating") / "project")
    append(project, "features/steps/planted_steps.py", STEPS)
    feature(project, SCENARIOS)
    return project


def shown(run: Any) -> dict[str, str]:
    """What each scenario has shown of its data."""
    return {
        case.scenario: found for case in run.cases for found in re.findall("shown: (.*)", case.message)[:1]
    }


def test_a_failure_tells_the_command_that_repeats_it_with_the_same_data(
    project: Path, behave: Callable[..., Any]
) -> None:
    first = behave(project, "features/planted")
    (seed,) = re.findall(r"^Stage: .* Seed: (\d+)\.$", first.output, re.MULTILINE)
    commands = re.findall(
        r"^ *To repeat: (behave -D seed=\S+ features/planted/.*)$", first.output, re.MULTILINE
    )
    assert len(commands) == 4
    assert all(f"seed={seed} " in command for command in commands)

    outline_row, unverified = (shlex.split(command)[1:] for command in commands[-2:])
    again = behave(project, *outline_row)
    assert list(shown(again)) == ["a user is second"]
    assert shown(again)["a user is second"] == shown(first)["a user is second"]
    assert behave(project, *unverified).status("unverified") == "failed"


def test_the_same_seed_gives_the_same_data_and_another_seed_others(
    project: Path, behave: Callable[..., Any]
) -> None:
    one, same, other = (behave(project, "-D", f"seed={seed}", "features/planted") for seed in (7, 7, 8))
    assert len(shown(one)) == 3
    assert len(set(shown(one).values())) == 3
    assert shown(one) == shown(same)
    assert not set(shown(one).values()) & set(shown(other).values())
