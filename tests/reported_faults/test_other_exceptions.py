"""1 and 2: whatever is raised, the place that raised it is broken, and the run goes on and is red."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Lay = Callable[..., Path]
Play = Callable[..., Any]
HOOKS = {
    "before_scenario": "Before the first step",
    "after_scenario": "After the last step",
    "before_feature": "Before the feature",
    "after_feature": "After the feature",
}
A_FEATURE = """
Feature: The till

  Scenario: It opens
    Given a till
    Then the drawer is open

  Scenario: It stays open
    Given a till
    Then the drawer is open
"""
STEPS = """
import asyncio

from behave import given, then, when


@given("a till")
def step_till(context):
    pass


@given("a till that is cleaned up by {kind}")
def step_cleaned(context, kind):
    def clean_up():
        raise_it(kind)

    context.add_cleanup(clean_up)


@when("it raises {kind}")
def step_raises(context, kind):
    raise_it(kind)


@then("the drawer is open")
def step_open(context):
    pass


def raise_it(kind):
    class Leaving(BaseException):
        pass

    raise {
        "SystemExit(0)": SystemExit(0),
        "SystemExit(3)": SystemExit(3),
        "SystemExit": SystemExit(),
        "SystemExit(None)": SystemExit(None),
        "SystemExit(text)": SystemExit("the till's own tool gave up"),
        "KeyboardInterrupt": KeyboardInterrupt(),
        "GeneratorExit": GeneratorExit("closing"),
        "CancelledError": asyncio.CancelledError("cancelled"),
        "one of its own": Leaving("gone"),
    }[kind]
"""
KINDS = {
    "SystemExit(0)": "SystemExit: 0",
    "SystemExit(3)": "SystemExit: 3",
    "SystemExit": "SystemExit",
    "SystemExit(None)": "SystemExit",
    "SystemExit(text)": "SystemExit: the till's own tool gave up",
    "KeyboardInterrupt": "KeyboardInterrupt",
    "GeneratorExit": "GeneratorExit: closing",
    "CancelledError": "CancelledError: cancelled",
    "one of its own": "Leaving: gone",
}


def write(folder: Path, feature: str, steps: str = STEPS) -> Path:
    """Write a feature of one's own into `features/case`."""
    (folder / "features/case").mkdir()
    (folder / "features/case/a.feature").write_text(feature)
    (folder / "features/steps/till_steps.py").write_text(steps)
    return folder


def test_a_step_that_exits_with_0(lay: Lay, play: Play) -> None:
    played = play(lay("01-systemexit"), "features/case")
    assert played.code == 1
    assert [verdict for verdict, _ in played.verdicts.values()].count("passed") == 1
    (broken,) = [case for case in played.junit.values() if case.verdict == "error"]
    assert "SystemExit: 0" in broken.text
    assert "exit_steps.py" in broken.text
    assert "sys.exit(code)" in broken.text
    assert "SystemExit: 0" in played.output
    assert "SystemExit: 0" in (played.page or "")
    assert played.rerun[0] == "# failed"
    assert len(played.rerun) == 2 + 2  # the one that exits, and the one that fails after it


def test_a_view_that_exits_with_0(lay: Lay, play: Play) -> None:
    folder = lay(
        "01-systemexit", {"service/library.py": "library.py", "service/a.feature": "features/case/a.feature"}
    )
    played = play(folder, "features/case")
    assert played.code == 1
    assert "SystemExit: 0" in played.output
    assert ("error", "broken") in played.verdicts.values()


@pytest.mark.parametrize("hook", ["before_all", "after_all"])
@pytest.mark.parametrize("kind", ["SystemExit(0)", "CancelledError"])
def test_a_hook_around_the_run(library: Path, play: Play, hook: str, kind: str) -> None:
    write(library, A_FEATURE)
    plant(library, hook, kind)
    played = play(library, "features/case")
    assert played.code == 1
    assert KINDS[kind] in played.output
    assert any(result["status"] == "broken" for result in played.allure.values())
    assert any(case.verdict == "error" for case in played.junit.values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_raises_any_kind(library: Path, play: Play, kind: str) -> None:
    write(
        library,
        f"{A_FEATURE}\n  Scenario: It breaks\n    When it raises {kind}\n    Then the drawer is open\n",
    )
    played = play(library, "features/case")
    assert played.code == 1
    assert played.verdicts == {
        "It opens": ("passed", "passed"),
        "It stays open": ("passed", "passed"),
        "It breaks": ("error", "broken"),
    }
    assert KINDS[kind] in played.junit["It breaks"].text
    assert KINDS[kind] in played.output
    assert "in raise_it" in played.allure["It breaks"]["statusDetails"]["trace"]
    assert "raise_it" in (played.page or "")


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("kind", ["SystemExit(0)", "CancelledError", "KeyboardInterrupt"])
def test_a_hook_raises(library: Path, play: Play, hook: str, kind: str) -> None:
    write(library, A_FEATURE)
    plant(library, hook, kind)
    played = play(library, "features/case", "features/lending")
    assert played.code == 1
    broken = [title for title, (verdict, _) in played.verdicts.items() if verdict == "error"]
    assert broken
    for title in broken:
        assert KINDS[kind] in played.junit[title].text
        assert KINDS[kind] in played.allure[title]["statusDetails"]["message"]
    assert "Somebody else has it" in played.junit  # the run has gone on
    assert KINDS[kind] in (played.page or "")


def test_a_cleanup_raises(library: Path, play: Play) -> None:
    write(
        library,
        f"{A_FEATURE}\n  Scenario: It is cleaned\n    Given a till that is cleaned up by SystemExit(0)\n"
        "    Then the drawer is open\n",
    )
    played = play(library, "features/case")
    assert played.code == 1
    assert played.verdicts["It is cleaned"] == ("error", "broken")
    assert "SystemExit: 0" in played.junit["It is cleaned"].text
    assert "SystemExit: 0" in played.allure["It is cleaned"]["statusDetails"]["message"]
    assert played.verdicts["It opens"] == ("passed", "passed")


@pytest.mark.parametrize("hook", ["before_tag", "before_step", "after_step"])
def test_a_hook_of_a_tag_or_a_step_raises(library: Path, play: Play, hook: str) -> None:
    write(library, A_FEATURE.replace("  Scenario: It opens", "  @till\n  Scenario: It opens"))
    which = (
        'thing == "till"'
        if hook == "before_tag"
        else 'thing.name == "a till" and "opens" in context.scenario.name'
    )
    file = library / "features/environment.py"
    raising = f"def {hook}(context, thing):\n    if {which}:\n        raise SystemExit('the key broke')\n"
    file.write_text(file.read_text().replace("def after_step(", "def _after_step(") + f"\n\n{raising}")
    played = play(library, "features/case")
    assert played.code == 1
    assert played.verdicts == {"It opens": ("error", "broken"), "It stays open": ("passed", "passed")}
    assert "the key broke" in played.junit["It opens"].text
    assert "the key broke" in played.allure["It opens"]["statusDetails"]["message"]
    assert "✗ It opens" in played.output
    assert "SystemExit: the key broke" in (played.page or "")
    assert "(no message)" not in (played.page or "")


def test_pytests_own_exceptions(lay: Lay, play: Play) -> None:
    played = play(lay("02-baseexception"), "features/case")
    assert played.code == 1
    assert "The drawer was 3.50 short." in played.output
    assert "The drawer was 3.50 short." in "".join(case.text for case in played.junit.values())
    assert "The drawer was 3.50 short." in (played.page or "")
    assert ("skipped", "skipped") in played.verdicts.values()  # pytest.skip
    assert played.rerun[0] == "# failed"


SENT_IN = [
    "01-systemexit/before_all",
    *(f"02-baseexception/hook_{hook}" for hook in sorted({*HOOKS} - {"after_feature"})),
]


@pytest.mark.parametrize("sent", SENT_IN)
def test_the_hooks_that_were_sent_in(lay: Lay, play: Play, sent: str) -> None:
    name, _, part = sent.partition("/")
    over = {
        f"{part}/environment.py": "features/environment.py",
        f"{part}/a.feature": "features/case/a.feature",
    }
    folder = lay(name, over)
    (folder / "features/case/b.feature").unlink(missing_ok=True)
    played = play(folder, "features/case")
    assert played.code == 1
    assert "SystemExit: 0" in played.output
    assert set(played.verdicts.values()) == {("error", "broken")}
    for case in played.junit.values():
        assert "SystemExit: 0" in case.text


def plant(folder: Path, hook: str, kind: str) -> None:
    """Let a hook of the library's suite raise something, in the feature of the till alone."""
    file = folder / "features/environment.py"
    raised = {"SystemExit(0)": "SystemExit(0)", "CancelledError": "asyncio.CancelledError('cancelled')"}.get(
        kind, f"{kind}()"
    )
    only = "" if hook.endswith("_all") else '    if context.feature.name == "The till":\n    '
    text = file.read_text()
    start = text.index(f"def {hook}(")
    end = text.index("\n", start) + 1
    file.write_text(f"import asyncio\n\n\n{text[:end]}{only}    raise {raised}\n{text[end:]}")
