"""A project of a few features, made to go wrong in every way, for runs with and without workers."""

import inspect
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from unchecked import Unchecked

PROJECT = Path(__file__).resolve().parents[2]

INI = """[behave]
runner = unchecked:Unchecked
default_format = live
paths = specs
color = off
show_timings = false
show_skipped = false
junit_directory = reports/junit
scenario_outline_annotation_schema = {name}

[behave.formatters]
live = behave_flask.reports.progress:Live
"""

STEPS = """
import logging
import os
import signal
import time

from behave import given, step, then, when


@given("a world")
def step_world(context):
    print("a world is made")


@when("nothing happens")
def step_nothing(context):
    pass


@when("it takes {seconds:f} s")
def step_takes(context, seconds):
    time.sleep(seconds)


@when("it fails")
def step_fails(context):
    print("printed before it fails")
    logging.getLogger("planted").error("logged before it fails")
    raise AssertionError("it fails, as planted")


@when("it breaks")
def step_breaks(context):
    raise OSError(5, "it breaks, as planted")


@when("it attaches something")
def step_attaches(context):
    context.attach("text/plain", b"something, as planted")


@when("it skips itself")
def step_skips(context):
    context.scenario.skip("not today")


@when("it dies")
def step_dies(context):
    os.write(1, b"last words of the worker")
    os.kill(os.getpid(), signal.SIGKILL)


@when("it ends the process")
def step_ends(context):
    os._exit(3)


@when("it hangs")
def step_hangs(context):
    while True:
        time.sleep(0.05)


@when("it hangs and swallows")
def step_swallows(context):
    try:
        while True:
            time.sleep(0.05)
    except Exception:
        pass


@when("it hangs where no alarm is heard")
def step_hangs_deaf(context):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    time.sleep(3600)


@then("all is well")
def step_well(context):
    pass
"""

ENVIRONMENT = """
import os
from pathlib import Path


def before_all(context):
    Path("before_all.txt").open("a").write(f"{os.getpid()}\\n")


def fail(why):
    raise RuntimeError(why)


def before_feature(context, feature):
    context.in_feature = feature.name
    if "fails_before_feature" in feature.tags:
        raise RuntimeError("before_feature, as planted")


def after_feature(context, feature):
    if "fails_after_feature" in feature.tags:
        raise RuntimeError("after_feature, as planted")


def before_rule(context, rule):
    if "fails_before_rule" in rule.tags:
        return [len("of a line a part fails"), fail("before_rule, as planted")]


def after_rule(context, rule):
    if "fails_after_rule" in rule.tags:
        raise RuntimeError("after_rule, as planted")


def before_scenario(context, scenario):
    assert context.in_feature == context.feature.name
    if "fails_before" in scenario.tags:
        raise RuntimeError("before_scenario, as planted")
    if "skipped" in scenario.tags:
        scenario.skip("for a reason")
    if "fails_cleanup" in scenario.tags:
        def planted_cleanup():
            raise RuntimeError("cleanup, as planted")
        context.add_cleanup(planted_cleanup)


def after_scenario(context, scenario):
    with open("ran.txt", "a") as file:
        file.write(f"{os.getpid()} {scenario.name}\\n")
    if "fails_after" in scenario.tags:
        raise RuntimeError("after_scenario, as planted")


def after_all(context):
    Path("after_all.txt").open("a").write(f"{os.getpid()}\\n")
"""


class Specs:
    """The project: its folder, into which features are written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def feature(self, name: str, text: str) -> None:
        (self.folder / "specs" / f"{name}.feature").write_text(text)

    def scenarios(self, name: str, **steps: str) -> None:
        """Write a feature of scenarios with one step each."""
        body = "".join(f"  Scenario: {title}\n    When {step}\n" for title, step in steps.items())
        self.feature(name, f"Feature: {name}\n{body}")

    def ran(self) -> list[str]:
        """The titles of the scenarios that came to their end, in alphabetical order."""
        file = self.folder / "ran.txt"
        lines = file.read_text().splitlines() if file.exists() else []
        return sorted(line.partition(" ")[2] for line in lines)

    def processes(self) -> set[str]:
        return {line.partition(" ")[0] for line in (self.folder / "ran.txt").read_text().splitlines()}


@pytest.fixture(scope="session")
def new_specs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Specs]:
    """Make such a project, without features."""

    def make() -> Specs:
        folder = tmp_path_factory.mktemp("specs")
        (folder / "specs/steps").mkdir(parents=True)
        (folder / "features").mkdir()
        (folder / "features/__init__.py").touch()
        (folder / "behave.ini").write_text(INI)
        shutil.copy(inspect.getfile(Unchecked), folder)
        (folder / "specs/environment.py").write_text(ENVIRONMENT)
        (folder / "specs/steps/planted_steps.py").write_text(STEPS)
        return Specs(folder)

    return make


@pytest.fixture
def specs(new_specs: Callable[[], Specs]) -> Specs:
    """Such a project, without features."""
    return new_specs()
