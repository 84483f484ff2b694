"""Faults that public bug reports tell of, each laid over the lending library and played plain and with -j 2.

The folders of `inputs/` are the cases; a test names one, plays it and looks at everything that a run leaves.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from played import Played

PROJECT = Path(__file__).resolve().parents[2]
INPUTS = Path(__file__).parent / "inputs"
SUPPORT = Path(__file__).parent / "support"  # what the inputs were written for


HOOKS = """
from behave_flask import Suite
from features.support.stages import MATRIX, STAGES
from features.support.world import PERMISSIONS, World


def before_all(context):
    context.matrix = PERMISSIONS
    context.suite = Suite(context.config, STAGES, MATRIX)
    context.suite.start()


def before_feature(context, feature):
    context.suite.begin_feature(feature)


def before_scenario(context, scenario):
    context.suite.begin_scenario(scenario)
    context.world = World(context.suite.stage)


def after_step(context, step):
    context.suite.end_step(context.scenario, step, context.world)


def after_scenario(context, scenario):
    context.suite.end_scenario(scenario, getattr(context, "world", None))


def after_feature(context, feature):
    context.suite.end_feature(feature)


def after_all(context):
    context.suite.stop()


after_all.capture = False
"""
STAGES = """
from behave_flask import EmbeddedStage
from features.support.world import PERMISSIONS

MATRIX = PERMISSIONS.folder, PERMISSIONS.legend
STAGES = {
    "embedded": lambda: EmbeddedStage(create_app(), mail="EMAIL_SERVICE"),
    "services": services,
}
"""


@pytest.fixture
def library(library: Path) -> Path:
    """The lending library with its world and its hooks written out, so that faults can be planted in each."""
    shutil.copytree(SUPPORT, library / "features/support")
    (library / "features/world.py").unlink()
    (library / "features/environment.py").write_text(HOOKS.lstrip())
    with (library / "features/support/stages.py").open("a") as file:
        file.write(STAGES)
    return library


@pytest.fixture
def lay(library: Path) -> Callable[..., Path]:
    """Lay an input over the library: `lay("01-systemexit", {"service/library.py": "library.py"})`.

    The input's `features` and the files beside them go where they stand; the mapping puts others of its
    files elsewhere.
    """

    def lay_over(name: str, files: dict[str, str] | None = None) -> Path:
        shutil.copytree(INPUTS / name, library, dirs_exist_ok=True)
        for source, target in (files or {}).items():
            (library / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(INPUTS / name / source, library / target)
        return library

    return lay_over


@pytest.fixture(params=[(), ("-j", "2")], ids=["plain", "-j 2"])
def workers(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The options for a run in one process, and for one in two workers."""
    found: tuple[str, ...] = request.param
    return found


@pytest.fixture
def play(workers: tuple[str, ...]) -> Callable[..., Played]:
    """Run `behave` in a folder, plain or with two workers: `play(folder, "features/case", CI="true")`."""

    def run(folder: Path, *arguments: str, timeout: float = 120, **environment: str) -> Played:
        done = subprocess.run(
            [Path(sys.executable).with_name("behave"), "--no-color", *workers, *arguments],
            cwd=folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(folder),
                "LC_ALL": "C.UTF-8",
                "PYTHONPATH": str(folder),
                "PYTHONDONTWRITEBYTECODE": "1",
                **environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
        )
        return Played(folder, done.returncode, done.stdout.decode(errors="backslashreplace"))

    return run
