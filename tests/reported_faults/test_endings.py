"""1, 21, 26, 29: a run says how it ended, leaves nothing of the last one, and does not go on for ever."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from played import Played

Lay = Callable[..., Path]
Play = Callable[..., Any]

GREEN = "Feature: The till\n\n  Scenario: It is there\n    Given a till\n    Then the drawer is open\n"
STEPS = """
import os
import signal
import time
from pathlib import Path

from behave import given, then, when


@given("a till")
def step_till(context):
    pass


@when("the process ends with {code:d}")
def step_end(context, code):
    os._exit(code)


@when("it waits to be stopped")
def step_wait(context):
    Path("waiting").touch()
    time.sleep(60)


@then("the drawer is open")
def step_open(context):
    pass
"""


@pytest.fixture
def till(library: Path) -> Path:
    """The library with a feature of one green scenario."""
    (library / "features/case").mkdir()
    (library / "features/case/a.feature").write_text(GREEN)
    (library / "features/steps/till_steps.py").write_text(STEPS)
    return library


def run_again(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`make rerun`, and what `make accept` asks after a run."""
    return subprocess.run(
        [sys.executable, "-m", "behave_flask", "rerun", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )


def break_step_file(folder: Path) -> None:
    (folder / "features/steps/broken_steps.py").write_text("def broken(:\n")


def exit_in_a_step_file(folder: Path) -> None:
    (folder / "features/steps/broken_steps.py").write_text("raise SystemExit(0)\n")


def exit_in_the_environment(folder: Path) -> None:
    (folder / "features/environment.py").write_text("import sys\n\nsys.exit(0)\n")


def make_ambiguous(folder: Path) -> None:
    text = '\n\n@then("the drawer is open")\ndef step_again(context):\n    pass\n'
    file = folder / "features/steps/till_steps.py"
    file.write_text(file.read_text() + text)


def refuse(folder: Path) -> None:
    (folder / "features/case/a.feature").write_text(GREEN + "\n  Scenario: It has no step\n")


def break_the_runner_option(folder: Path) -> None:
    ini = folder / "behave.ini"
    ini.write_text(ini.read_text().replace("[behave.userdata]", "[behave.userdata]\nlimit = soon"))


NOT_BEGUN = [
    break_step_file,
    exit_in_a_step_file,
    exit_in_the_environment,
    make_ambiguous,
    refuse,
    break_the_runner_option,
]


@pytest.mark.parametrize("fault", NOT_BEGUN)
def test_nothing_is_left_of_the_last_run(till: Path, play: Play, fault: Callable[[Path], None]) -> None:
    first = play(till, "features/case")
    assert (first.code, len(first.junit), len(first.allure), first.rerun[0]) == (0, 1, 1, "# passed")
    fault(till)
    second = play(till, "features/case")
    assert second.code == 1, second.output
    assert (second.junit, second.allure, second.page) == ({}, {}, None)
    assert second.rerun[0].startswith("# did not begin: ")
    again = run_again(till)
    assert again.returncode == 1
    assert "The last run did not begin: " in again.stderr
    assert run_again(till, "--ended").returncode == 1


def test_an_application_that_cannot_be_made(till: Path, play: Play) -> None:
    assert play(till, "features/case").code == 0
    library = till / "library.py"
    library.write_text(
        library.read_text().replace("    db.init_app(app)\n", "    raise OSError('no disk')\n")
    )
    played = play(till, "features/case")
    assert played.code == 1
    assert "holds" not in (played.page or "")
    assert played.verdicts["It is there"] == ("error", "broken")
    assert run_again(till).returncode == 1  # it plays the scenario again


def test_a_dry_run_leaves_the_reports(till: Path, play: Play) -> None:
    assert play(till, "features/case").code == 0
    played = play(till, "--dry-run", "features/case")
    assert (played.code, len(played.junit), played.rerun[0]) == (0, 1, "# passed")
    assert played.page


def test_a_process_that_ends_itself_is_found_out(till: Path, play: Play, workers: tuple[str, ...]) -> None:
    (till / "features/case/b.feature").write_text(
        "Feature: The safe\n\n  Scenario: It ends\n    When the process ends with 0\n"
        "    Then the drawer is open\n"
    )
    played = play(till, "features/case")
    ended = run_again(till, "--ended")
    if workers:  # a worker's death is one scenario's
        assert (played.code, played.verdicts["It ends"]) == (1, ("error", "broken"))
        assert ended.returncode == 0
    else:
        assert played.code == 0  # which no Python can prevent
        assert ended.returncode == 1
        assert "The run did not end" in ended.stderr


@pytest.mark.parametrize("environment", [{"PYTHONOPTIMIZE": "1"}, {"PYTHONOPTIMIZE": "2"}])
def test_optimized_python_is_refused(lay: Lay, play: Play, environment: dict[str, str]) -> None:
    played = play(lay("29-optimize"), "features/case", **environment)
    assert played.code == 1
    assert "takes every assert out" in played.output
    assert (played.junit, played.allure, played.page) == ({}, {}, None)
    assert played.rerun[0].startswith("# did not begin: ")


def test_a_thread_that_goes_on_is_named_and_the_run_ends(lay: Lay, play: Play) -> None:
    played = play(lay("21-threads"), "features/case", timeout=60)
    assert "Still running when all was over: thread 'watcher'" in played.output
    assert "t_steps.py:" in played.output
    assert played.page


@pytest.mark.parametrize("to_all", [True, False], ids=["a terminal's Ctrl-C", "kill -INT of the run"])
def test_ctrl_c(till: Path, workers: tuple[str, ...], to_all: bool) -> None:
    (till / "features/case/a.feature").write_text(
        "Feature: The till\n\n  Scenario: It is stopped\n"
        "    When it waits to be stopped\n    Then the drawer is open\n"
    )
    process = subprocess.Popen(
        [Path(sys.executable).with_name("behave"), "--no-color", *workers, "features/case"],
        cwd=till,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(till)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        while not (till / "waiting").exists():
            assert process.poll() is None, process.communicate()[0]
        (os.killpg if to_all else os.kill)(process.pid, signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    played = Played(till, process.returncode, output)
    assert played.code == 1
    assert played.verdicts == {"It is stopped": ("error", "broken")}
    assert "KeyboardInterrupt: stopped by Ctrl-C" in played.junit["It is stopped"].text
    assert "till_steps.py" in played.allure["It is stopped"]["statusDetails"]["trace"]
    assert "KeyboardInterrupt: stopped by Ctrl-C" in (played.page or "")
    assert "ABORTED: By user." in output
    assert played.rerun[2:] == ["features/case/a.feature:3"]


def test_why_a_run_was_ended_early(till: Path, play: Play) -> None:
    file = till / "features/steps/till_steps.py"
    file.write_text(
        file.read_text() + '\n\n@when("somebody has seen enough")\ndef step_enough(context):\n'
        '    context.abort("the till burns")\n'
    )
    (till / "features/case/a.feature").write_text(
        "Feature: The till\n\n  Scenario: It burns\n    When somebody has seen enough\n"
        "    Then the drawer is open\n"
    )
    played = play(till, "features/case")
    assert played.code == 1
    assert "the till burns" in (played.page or "")
    assert "The run was ended early" in (played.page or "")
