"""Workers that die, scenarios that hang, `--stop` and Ctrl-C: what ran is told, what did not is not green."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

OTHERS = {f"other {number}": "it takes 0.05 s" for number in range(8)}


@pytest.mark.parametrize(
    ("step", "cause"), [("it dies", "was killed by SIGKILL"), ("it ends the process", "ended with code 3")]
)
def test_a_worker_that_dies_costs_its_scenario_and_the_rest_goes_on(
    specs: Any, behave: Callable[..., Any], step: str, cause: str
) -> None:
    specs.scenarios("dying", before="nothing happens", dies=step, behind="nothing happens")
    specs.scenarios("others", **OTHERS)
    run = behave(specs.folder, "-j", "2")
    assert run.code == 1
    assert run.status("dies") == "error"
    assert f"The process that ran this scenario {cause}." in run.case("dies").message
    assert f"The process that ran this scenario {cause}." in run.output
    if step == "it dies":
        assert "last words of the worker" in run.case("dies").message
    assert specs.ran() == sorted(["before", "behind", *OTHERS])
    assert "10 scenarios passed, 0 failed, 1 error, 0 skipped" in run.output


def test_workers_that_all_die_end_the_run(specs: Any, behave: Callable[..., Any]) -> None:
    specs.scenarios("dying", **{f"dies {number}": "it ends the process" for number in range(40)})
    run = behave(specs.folder, "-j", "2")
    assert run.code == 1
    assert "workers have died one after the other" in run.output
    assert {case.status for case in run.cases} == {"error", "untested"}


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("step", ["it hangs", "it hangs and swallows"])
def test_a_scenario_that_hangs_is_stopped_and_the_rest_goes_on(
    specs: Any, behave: Callable[..., Any], jobs: str, step: str
) -> None:
    specs.scenarios("hanging", before="nothing happens", hangs=step, behind="nothing happens")
    run = behave(specs.folder, "-j", jobs, "-D", "timeout=0.5")
    assert run.code == 1
    assert run.status("hangs") in ("error", "hook_error")
    message = run.case("hangs").message
    assert "Stopped after 0.5 s (-D timeout=). Where each thread was:" in message
    assert re.search(r'planted_steps\.py", line \d+ in step_(hangs|swallows)', message)
    assert specs.ran() == ["before", "behind", "hangs"]
    assert "2 scenarios passed" in run.output


def test_a_worker_that_hears_no_alarm_is_ended_with_its_stacks(
    specs: Any, behave: Callable[..., Any]
) -> None:
    specs.scenarios(
        "hanging",
        before="nothing happens",
        hangs="it hangs where no alarm is heard",
        behind="nothing happens",
    )
    run = behave(specs.folder, "-j", "2", "-D", "timeout=1")
    assert run.code == 1
    assert run.status("hangs") == "error"
    assert "step_hangs_deaf" in run.case("hangs").message
    assert specs.ran() == ["before", "behind"]


def test_no_processes_are_none(specs: Any, behave: Callable[..., Any]) -> None:
    specs.scenarios("one", one="nothing happens")
    run = behave(specs.folder, "-j", "0")
    assert "-j takes a number of processes from 1 on, not 0." in run.output
    assert run.code == 1
    assert not specs.ran()


@pytest.mark.parametrize("name", ["limit", "timeout"])
def test_the_old_name_of_the_timeout_works_with_a_hint(
    specs: Any, behave: Callable[..., Any], name: str
) -> None:
    specs.scenarios("one", hangs="it hangs")
    run = behave(specs.folder, "-D", f"{name}=0.5")
    assert "Stopped after 0.5 s (-D timeout=)" in run.case("hangs").message
    assert ("-D limit= is called -D timeout= now" in run.output) == (name == "limit")


@pytest.mark.parametrize("limit", ["0", "-1", "soon", "inf", "nan"])
def test_a_limit_is_a_number_of_seconds(specs: Any, behave: Callable[..., Any], limit: str) -> None:
    specs.scenarios("one", one="nothing happens")
    run = behave(specs.folder, "-D", f"timeout={limit}")
    assert f"-D timeout= takes a number of seconds above 0, not '{limit}'." in run.output
    assert run.code == 1
    assert not specs.ran()


def test_stop_ends_the_run_with_the_first_failure(specs: Any, behave: Callable[..., Any]) -> None:
    specs.scenarios("a", fails="it fails", **{f"a{number}": "it takes 0.3 s" for number in range(10)})
    specs.scenarios("b", **{f"b{number}": "it takes 0.3 s" for number in range(10)})
    run = behave(specs.folder, "-j", "2", "--stop")
    assert run.code == 1
    assert run.status("fails") == "failed"
    assert len(specs.ran()) < 10
    assert re.search(r"\d+ scenarios? passed, 1 failed, 0 skipped, \d+ untested", run.output)


OUTLINE = """Feature: b
  Rule: in a table
    Scenario Outline: <what>
      When nothing happens

      Examples:
        | what |
        | cups |
        | pots |

    Scenario: beside it
      When nothing happens
"""


def test_what_never_ran_has_neither_passed_nor_failed(specs: Any, behave: Callable[..., Any]) -> None:
    specs.scenarios("a", fails="it fails")
    specs.feature("b", OUTLINE)
    run = behave(specs.folder, "--stop")
    assert "0 features passed, 1 failed, 0 skipped, 1 untested\n" in run.output
    assert "0 rules passed, 0 failed, 0 skipped, 1 untested\n" in run.output
    run = behave(specs.folder, "--dry-run")
    assert "0 features passed, 0 failed, 0 skipped, 2 untested\n" in run.output


def left_over(folder: Path) -> list[str]:
    """Command lines of processes whose working directory is this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == folder:
                found.append((process / "cmdline").read_text())
        except OSError:
            continue
    return found


def begin(specs: Any, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [Path(sys.executable).with_name("behave"), "--no-color", *arguments],
        cwd=specs.folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(specs.folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_ctrl_c_ends_all_and_tells_what_has_run(specs: Any) -> None:
    specs.scenarios("a", fails="it fails", **{f"a{number}": "it takes 0.2 s" for number in range(50)})
    specs.scenarios("b", **{f"b{number}": "it takes 0.2 s" for number in range(50)})
    process = begin(specs, "-j", "2")
    wait_for(lambda: len(specs.ran()) > 4)
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "ABORTED: By user." in output
    assert "it fails, as planted" in output
    assert re.search(r"\d+ scenarios? passed, 1 failed, \d error, 0 skipped, \d+ untested", output)
    assert (specs.folder / "after_all.txt").exists()
    assert not left_over(specs.folder)


def test_workers_do_not_outlive_a_run_that_is_killed(specs: Any) -> None:
    specs.scenarios("a", **{f"a{number}": "it takes 0.2 s" for number in range(50)})
    specs.scenarios("b", **{f"b{number}": "it takes 0.2 s" for number in range(50)})
    process = begin(specs, "-j", "3")
    wait_for(lambda: len(specs.ran()) > 4)
    process.kill()
    process.communicate(timeout=60)
    wait_for(lambda: not left_over(specs.folder))


def test_a_thread_before_the_fork_is_refused(specs: Any, behave: Callable[..., Any]) -> None:
    environment = specs.folder / "specs/environment.py"
    environment.write_text(
        environment.read_text().replace(
            "def before_all(context):",
            "import threading\n\n\ndef before_all(context):\n"
            '    threading.Thread(target=lambda: __import__("time").sleep(2), name="planted").start()',
        )
    )
    specs.scenarios("one", one="nothing happens")
    run = behave(specs.folder, "-j", "2")
    assert "-j cannot fork while other threads are running: planted." in run.output
    assert run.code == 1
    assert (specs.folder / "after_all.txt").exists()
    assert not specs.ran()
