"""The debugger in a run: its prompt is on the terminal, and no clock runs meanwhile."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import planting
import pytest
from terminal import Terminal

STEPS = """
from behave import then, when


@when("somebody looks")
def step_looks(context):
    stock = 41 + 1
    breakpoint()
    print("printed after it")


@when("somebody looks by pdb")
def step_looks_by_pdb(context):
    import pdb
    pdb.set_trace()
    print("printed after it")


@then("{number:d} are left")
def step_left(context, number):
    stock = 42
    assert stock == number, f"{stock} are left"
"""


@pytest.fixture
def debugged(specs: Any) -> Any:
    (specs.folder / "specs/steps/debugged_steps.py").write_text(STEPS)
    return specs


@pytest.fixture
def typed() -> Iterator[Callable[..., Terminal]]:
    """Type the plain command in a folder: `typed(folder, *arguments, **environment)`."""
    terminals = []

    def start(folder: Path, *arguments: str, **environment: str) -> Terminal:
        command = [Path(sys.executable).with_name("behave"), "--junit", *arguments]
        known = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder)}
        terminals.append(Terminal(command, folder, {**known, **environment}))
        return terminals[-1]

    yield start
    for each in terminals:
        each.kill()


@pytest.mark.parametrize("step", ["somebody looks", "somebody looks by pdb"])
def test_a_step_shows_the_prompt_and_what_is_asked_there(typed: Any, debugged: Any, step: str) -> None:
    debugged.scenarios(
        "looking", **{"before": "nothing happens", "is looked at": step, "after": "nothing happens"}
    )
    terminal = typed(debugged.folder)
    shown = terminal.wait_for("(Pdb) ")
    assert "debugged_steps.py" in shown
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l"), "the bar has left the cursor hidden"
    terminal.type("p f'the answer is {6 * 7}'")
    assert "'the answer is 42'" in terminal.wait_for("(Pdb) ")
    terminal.type("n")
    assert "printed after it" in terminal.wait_for("(Pdb) ")  # the line that is next
    terminal.type("c")
    shown = terminal.end()
    assert "3 of 3 scenarios, none failed" in shown
    assert "3 scenarios passed, 0 failed" in shown
    assert "printed after it" not in shown  # it is captured again
    assert terminal.process.returncode == 0


def test_a_hook_shows_the_prompt(typed: Any, debugged: Any) -> None:
    for hook in ("before_all(context)", "after_scenario(context, scenario)"):
        name = hook.partition("(")[0]
        with (debugged.folder / "specs/environment.py").open("a") as file:
            file.write(f"\n\n_{name} = {name}\n\n\ndef {hook}:\n    breakpoint()\n    _{hook}\n")
    debugged.scenarios("looking", **{"is looked at": "nothing happens"})
    terminal = typed(debugged.folder)
    assert "before_all" in terminal.wait_for("(Pdb) ")
    terminal.type("c")
    terminal.wait_for("(Pdb) ")
    terminal.type("p scenario.name")
    assert "'is looked at'" in terminal.wait_for("(Pdb) ")
    terminal.type("c")
    assert "1 scenario passed, 0 failed" in terminal.end()


def test_the_service_shows_the_prompt(typed: Any, library: Path) -> None:
    planting.replace(
        library,
        "library.py",
        "        book.reader = member\n",
        "        book.reader = member; breakpoint()\n",
    )
    terminal = typed(library, "-n", "A member borrows a book")
    terminal.wait_for("(Pdb) ")
    terminal.type("p member")
    assert "'ann'" in terminal.wait_for("(Pdb) ")
    terminal.type("q")
    assert "ended in the debugger" in terminal.end()


def test_a_process_of_the_services_stage_says_that_it_has_no_prompt(
    library: Path, behave: Callable[..., Any]
) -> None:
    planting.replace(
        library,
        "library.py",
        "        book.reader = member\n",
        "        book.reader = member; breakpoint()\n",
    )
    run = behave(library, "-D", "stage=services", "-n", "A member borrows a book")
    assert (
        "breakpoint() has no terminal in a process of the service: play it with -D stage=embedded."
        in run.output
    )


def test_the_clock_of_the_scenario_stands_still_at_the_prompt(typed: Any, debugged: Any) -> None:
    debugged.scenarios("looking", **{"is looked at": "somebody looks", "hangs": "it hangs"})
    terminal = typed(debugged.folder, "-D", "timeout=0.5")
    terminal.wait_for("(Pdb) ")
    terminal.type("import time; time.sleep(1)")  # the alarm rings meanwhile
    terminal.wait_for("(Pdb) ")
    os.kill(terminal.process.pid, signal.SIGALRM)  # and while the prompt waits
    terminal.type("p stock")
    assert "42" in terminal.wait_for("(Pdb) ")
    terminal.type("c")
    shown = terminal.end()
    assert "Stopped after 0.5 s" in shown  # and goes on with what comes next
    assert "1 scenario passed, 0 failed, 1 error" in shown


def test_quitting_ends_the_run_as_interrupted(typed: Any, debugged: Any) -> None:
    debugged.scenarios("looking", **{"is looked at": "somebody looks", "never runs": "nothing happens"})
    terminal = typed(debugged.folder)
    terminal.wait_for("(Pdb) ")
    terminal.type("q")
    shown = terminal.end()
    assert "ended in the debugger" in shown
    assert debugged.ran() == ["is looked at"]
    assert terminal.process.returncode == 1


@pytest.mark.parametrize("where", ["several processes", "no terminal"])
def test_where_nobody_can_type_it_is_refused_in_a_line(
    typed: Any, debugged: Any, behave: Callable[..., Any], where: str
) -> None:
    debugged.scenarios("looking", **{"is looked at": "somebody looks", "goes on": "nothing happens"})
    if where == "no terminal":
        output, why = behave(debugged.folder).output, "needs a terminal, and standard input is none."
    else:
        output = typed(debugged.folder, "-j", "2").end()
        why = "has no terminal in one of several processes: run it without -j."
    assert f"breakpoint() {why}" in output
    assert "debugged_steps.py" in output  # where it stands
    assert "(Pdb)" not in output
    assert "1 scenario passed, 0 failed, 1 error" in output


def test_another_debugger_is_left_to_whoever_chose_it(typed: Any, debugged: Any) -> None:
    (debugged.folder / "mine.py").write_text("def stop():\n    open('mine.txt', 'w').write('stopped')\n")
    debugged.scenarios("looking", **{"is looked at": "somebody looks"})
    terminal = typed(debugged.folder, PYTHONBREAKPOINT="mine.stop")
    assert "1 scenario passed" in terminal.end()
    assert (debugged.folder / "mine.txt").read_text() == "stopped"


def test_a_failed_step_can_be_looked_at(typed: Any, debugged: Any) -> None:
    debugged.feature(
        "looking", "Feature: l\n  Scenario: a\n    Then 7 are left\n  Scenario: b\n    When it breaks\n"
    )
    terminal = typed(debugged.folder, "-D", "pdb=1")
    shown = terminal.wait_for("(Pdb) ")
    assert "AssertionError: 42 are left" in shown
    assert "debugged_steps.py" in shown
    terminal.type("p stock, number")
    assert "(42, 7)" in terminal.wait_for("(Pdb) ")
    terminal.type("c")
    assert "it breaks, as planted" in terminal.wait_for("(Pdb) ")
    terminal.type("c")
    shown = terminal.end()
    assert "0 scenarios passed, 1 failed, 1 error" in shown
    assert terminal.process.returncode == 1


def test_quitting_there_ends_the_run_with_the_failure_told(typed: Any, debugged: Any) -> None:
    debugged.feature(
        "looking", "Feature: l\n  Scenario: a\n    Then 7 are left\n  Scenario: b\n    When it breaks\n"
    )
    terminal = typed(debugged.folder, "-D", "pdb=1")
    terminal.wait_for("(Pdb) ")
    terminal.type("q")
    shown = terminal.end()
    assert "42 are left" in shown
    assert debugged.ran() == ["a"]
    assert "ended in the debugger" in shown


def test_what_is_expected_to_fail_is_not_looked_at(typed: Any, debugged: Any) -> None:
    debugged.feature(
        "looking",
        "Feature: l\n  @xfail @allure.issue:https://example.com/1\n  Scenario: a\n"
        "    Expected to fail: so far\n    When nothing happens\n    Then 7 are left\n",
    )
    terminal = typed(debugged.folder, "-D", "pdb=1")
    shown = terminal.end()
    assert "(Pdb)" not in shown
    assert "1 scenario passed" in shown


def test_looking_at_failures_is_refused_where_nobody_can_type(
    typed: Any, debugged: Any, behave: Callable[..., Any]
) -> None:
    debugged.scenarios("looking", **{"goes on": "nothing happens"})
    assert (
        "-D pdb= needs a terminal, and standard input is none." in behave(debugged.folder, "-Dpdb=1").output
    )
    terminal = typed(debugged.folder, "-D", "pdb=1", "-j", "2")
    assert "-D pdb= has no terminal in one of several processes: run it without -j." in terminal.end()
