#!/usr/bin/env python3
"""Play an example from the wheel, outside this checkout, with the oldest and the newest of each range.

    python .ci/wheel.py [lowest-direct] [highest]

Builds the wheel, resolves what pyproject.toml asks for with all extras as uv's `--resolution` says, installs
both into an empty environment, and plays the lending library there in every way: in one process, in two, on a
terminal, on real parts; and the other examples. Exits 1 when any of it fails.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).with_name("uv")
BEHAVE = ("-m", "behave")
COMMAND = ("-m", "behave_flask")

IMPORT_ALL = """
import importlib, pkgutil, behave_flask

for module in pkgutil.walk_packages(behave_flask.__path__, "behave_flask."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
"""
ON_A_TERMINAL = """
import os, pty, sys

sys.exit(os.waitstatus_to_exitcode(pty.spawn([sys.executable, "-m", "behave"])))
"""
IN_A_BROWSER = """
from behave_flask.browser.driver import Browser

browser = Browser()
browser.context().new_page().set_content("<p>It opens.</p>")
browser.stop()
"""
CHECKS = {
    "every module": ("-c", IMPORT_ALL),
    "in one process": BEHAVE,
    "in two processes": (*BEHAVE, "-j", "2"),
    "on a terminal": ("-c", ON_A_TERMINAL),
    "on real parts": (*BEHAVE, "-D", "stage=services"),
    "a page in a browser": ("-c", IN_A_BROWSER),
    "the linter": (*COMMAND, "lint", "features"),
    "mutants of sentences": (*COMMAND, "mutants", "sentences"),
    "mutants of code": (*COMMAND, "mutants", "code", "--sample", "5"),
}


def run(*command: str | Path, **more: str | Path) -> None:
    """Run a command; raises CalledProcessError with what it printed."""
    subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)


def build(folder: Path) -> Path:
    """Return the wheel, built in a folder: in the checkout, what an earlier build left would get into it."""
    shutil.copytree(PROJECT / "src", folder / "src", ignore=shutil.ignore_patterns("*.egg-info"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, folder)
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", ".", cwd=folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


def environment(resolution: str, wheel: Path, folder: Path) -> Path:
    """Return the Python of an environment with the wheel, all of its extras, and what they ask for."""
    pins, venv = folder / f"{resolution}.txt", folder / resolution
    resolve = ("--all-extras", "--no-header", "--no-annotate", "--resolution", resolution)
    run(UV, "pip", "compile", "--python", sys.executable, *resolve, "-o", pins, PROJECT / "pyproject.toml")
    run(UV, "venv", "--python", sys.executable, venv)
    python = venv / "bin/python"
    run(UV, "pip", "install", "--python", python, "--requirement", pins)
    run(UV, "pip", "install", "--python", python, "--no-deps", wheel)
    return python


def play(python: Path, folder: Path) -> bool:
    """Do all that is to be done in an environment; tell whether all of it passed."""
    passed = True
    others = {f"the example {name}": (*BEHAVE, "-j", "2") for name in ("club", "tea_house")}
    for name, arguments in {**CHECKS, **others}.items():
        library = folder / "library"
        example = name.removeprefix("the example ") if name in others else "lending_library"
        shutil.copytree(PROJECT / "examples" / example, library, ignore=shutil.ignore_patterns("reports"))
        known = {name: os.environ[name] for name in ("PATH", "HOME", "BROWSER") if name in os.environ}
        try:
            run(python, *arguments, cwd=library, env={**known, "LC_ALL": "C.UTF-8", "TERM": "xterm"})
        except subprocess.CalledProcessError as error:
            passed = False
            print(f"  {name}: FAILED", *error.output.splitlines()[-30:], sep="\n    ")
        else:
            print(f"  {name}: passed")
        shutil.rmtree(library)
    return passed


def main(resolutions: list[str]) -> int:
    """Return the exit code."""
    with tempfile.TemporaryDirectory() as name:
        folder, failed = Path(name), False
        wheel = build(folder)
        for resolution in resolutions or ["lowest-direct", "highest"]:
            print(f"{resolution}, on Python {sys.version.split()[0]}:", flush=True)
            failed |= not play(environment(resolution, wheel, folder), folder)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
