"""Steps and services that use the process' one alarm (SIGALRM) themselves: the limit of a scenario holds."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from played import Played

LIMIT = ("-D", "timeout=2")
STEPS = """
import signal, time
from behave import given, when, then
from tests_alarms import use_the_alarm


class TooLong(Exception):
    pass


def ring(*_):
    raise TooLong("by the step's own alarm")


@given("something uses the alarm")
def step_use(context):
    use_the_alarm()


@given("something takes its time")
def step_slow(context):
    end = time.monotonic() + 2.5
    use_the_alarm()
    while time.monotonic() < end:
        time.sleep(0.1)


@when("somebody waits a little")
def step_wait(context):
    time.sleep(1.2)


@then("it hangs")
def step_hang(context):
    time.sleep(30)


@then("all is well")
def step_well(context):
    pass


@then("a step is broken off by its own alarm")
def step_own(context):
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        context.execute_steps("Given something takes its time")
    except AssertionError as error:
        assert "by the step's own alarm" in str(error), error
    else:
        raise AssertionError("It was not broken off.")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
"""
USES = {
    "alarm(0)": "signal.alarm(0)",
    "another handler, left behind": "signal.signal(signal.SIGALRM, lambda *_: None)",
    "no handler, left behind": "signal.signal(signal.SIGALRM, signal.SIG_IGN)",
    "the default handler, left behind": "signal.alarm(0); signal.signal(signal.SIGALRM, signal.SIG_DFL)",
    "a blocked signal": "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])",
    "an alarm in a while, left behind": "signal.signal(signal.SIGALRM, wake); signal.alarm(20)",
}
HANGING = """Feature: Limits

  Scenario: It hangs after that
    Given something uses the alarm
    Then it hangs

  Scenario: The next one
    Given something uses the alarm
    Then all is well
"""


def test_a_step_that_hangs_after_a_limit_of_its_own(
    lay: Callable[..., Path], play: Callable[..., Played]
) -> None:
    run = play(lay("19-sigalrm"), "features/case", *LIMIT, timeout=60)
    _is_stopped(run, "It hangs after a time limit of its own")
    assert run.verdicts["The next one"] == ("passed", "passed")


@pytest.mark.parametrize("use", USES)
def test_a_step_that_leaves_the_alarm_otherwise(library: Path, play: Callable[..., Played], use: str) -> None:
    _write(library, HANGING, USES[use])
    run = play(library, "features/case", *LIMIT, timeout=60)
    _is_stopped(run, "It hangs after that")
    assert run.verdicts["The next one"] == ("passed", "passed")


def test_a_hook_that_uses_the_alarm(library: Path, play: Callable[..., Played]) -> None:
    _write(library, HANGING.replace("something uses the alarm", "all is as it was"), "signal.alarm(0)")
    with (library / "features/steps/alarm_steps.py").open("a") as file:
        file.write("\n@given('all is as it was')\ndef step_as_it_was(context):\n    pass\n")
    with (library / "features/environment.py").open("a") as file:
        file.write(
            textwrap.dedent("""
                import signal

                before, after = before_scenario, after_step

                def before_scenario(context, scenario):
                    before(context, scenario)
                    signal.alarm(0)

                def after_step(context, step):
                    after(context, step)
                    signal.alarm(0)
                """)
        )
    run = play(library, "features/case", *LIMIT, timeout=60)
    _is_stopped(run, "It hangs after that")


def test_a_view_that_uses_the_alarm(library: Path, play: Callable[..., Played]) -> None:
    service = library / "library.py"
    text = service.read_text()
    assert text.count("    return app\n") == 1
    service.write_text(
        text.replace(
            "    return app\n",
            "    @app.before_request\n    def use_the_alarm():\n        import signal\n"
            "        signal.setitimer(signal.ITIMER_REAL, 0)\n\n    return app\n",
        )
    )
    borrowing = 'Given the library has "Emma"\n    When Ann borrows "Emma"\n    Then it hangs'
    _write(library, HANGING.replace("Given something uses the alarm\n    Then it hangs", borrowing), "pass")
    run = play(library, "features/case", *LIMIT, timeout=60)
    _is_stopped(run, "It hangs after that")


def test_the_limit_is_not_given_anew_at_each_step(library: Path, play: Callable[..., Played]) -> None:
    steps = "\n".join(["    When somebody waits a little"] * 4)
    _write(library, f"Feature: Limits\n\n  Scenario: It takes long\n{steps}\n    Then all is well\n", "pass")
    _is_stopped(play(library, "features/case", *LIMIT, timeout=60), "It takes long")


def test_a_step_that_takes_all_of_it_while_the_alarm_is_its_own(
    library: Path, play: Callable[..., Played]
) -> None:
    scenario = "  Scenario: It takes long\n    Given something takes its time\n    Then all is well\n"
    _write(library, f"Feature: Limits\n\n{scenario}", "signal.alarm(0)")
    _is_stopped(play(library, "features/case", *LIMIT, timeout=60), "It takes long")


@pytest.mark.parametrize("use", ["pass", "signal.alarm(1)"], ids=["its own handler", "no handler as well"])
def test_what_a_step_does_with_the_alarm_works(library: Path, play: Callable[..., Played], use: str) -> None:
    """Also around nested steps; an alarm for which it has no handler is not taken for the limit."""
    own = "    Then a step is broken off by its own alarm\n    Then all is well\n"
    other = "    Given something uses the alarm\n    When somebody waits a little\n    Then all is well\n"
    _write(library, f"Feature: Limits\n\n  Scenario: Its own\n{own}\n  Scenario: Another\n{other}", use)
    run = play(library, "features/case", "-D", "timeout=20", timeout=60)
    if use == "pass":
        assert run.code == 0, run.output
    assert run.verdicts["Another"] == ("passed", "passed"), run.output


def _is_stopped(run: Played, title: str) -> None:
    assert run.code == 1, run.output
    assert run.verdicts[title] == ("error", "broken"), run.output
    assert "Stopped after 2 s (-D timeout=)" in run.junit[title].text
    assert "Stopped after 2 s (-D timeout=)" in run.allure[title]["statusDetails"]["message"]


def _write(library: Path, feature: str, use: str) -> None:
    (library / "features/case").mkdir()
    (library / "features/case/a.feature").write_text(feature)
    (library / "features/steps/alarm_steps.py").write_text(STEPS)
    (library / "tests_alarms.py").write_text(
        "import signal\n\n\ndef wake(*_):\n    raise RuntimeError('too late')\n\n\n"
        f"def use_the_alarm():\n    {use}\n"
    )
