"""Faults that public bug reports tell of, each laid over the lending library and played plain and with -j 2.

The folders of `inputs/` are the cases; a test names one, plays it and looks at everything that a run leaves.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

PROJECT = Path(__file__).resolve().parents[2]
INPUTS = Path(__file__).parent / "inputs"


@dataclass(frozen=True)
class JUnitCase:
    """One `<testcase>`: its title, its verdict as any reader of JUnit takes it, and the text of that."""

    title: str
    verdict: str
    text: str


@dataclass(frozen=True)
class Played:
    """What a run left: its exit code, what it printed, and its reports, read again at each look."""

    folder: Path
    code: int
    output: str

    @property
    def reports(self) -> Path:
        """The folder of all reports."""
        return self.folder / "reports"

    @property
    def junit(self) -> dict[str, JUnitCase]:
        """The cases of all JUnit files by title; an XML error for a file that is none."""
        found = {}
        for file in sorted((self.reports / "junit").glob("*.xml")):
            for case in ElementTree.parse(file).iter("testcase"):
                told = [each for each in case if each.tag in ("failure", "error", "skipped")]
                text = "\n".join("".join([each.get("message") or "", each.text or ""]) for each in told)
                title = (case.get("name") or "").strip()
                assert title not in found, f"{title!r} stands twice in JUnit"
                found[title] = JUnitCase(title, told[0].tag if told else "passed", text)
        return found

    @property
    def allure(self) -> dict[str, dict[str, Any]]:
        """Allure's results by name."""
        found = {}
        for file in sorted((self.reports / "allure-results").glob("*-result.json")):
            result = json.loads(file.read_text(encoding="utf-8"))
            assert result["name"] not in found, f"{result['name']!r} stands twice in Allure's results"
            found[result["name"]] = result
        return found

    def attached(self, holder: dict[str, Any]) -> dict[str, str]:
        """The attachments of an Allure result, or of one of its steps, by name."""
        folder = self.reports / "allure-results"
        return {
            each["name"]: (folder / each["source"]).read_text(encoding="utf-8")
            for each in holder.get("attachments", [])
        }

    @property
    def page(self) -> str | None:
        """The owner's page; None where there is none."""
        file = self.reports / "promises.html"
        return file.read_text(encoding="utf-8") if file.exists() else None

    @property
    def rerun(self) -> list[str]:
        """The lines of the rerun list; none where there is no list."""
        file = self.reports / "rerun.txt"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []

    @property
    def verdicts(self) -> dict[str, tuple[str, str]]:
        """What JUnit and Allure call each scenario, by title: ("error", "broken") and the like."""
        junit, allure = self.junit, self.allure
        assert set(junit) == set(allure), self.output
        return {title: (case.verdict, allure[title]["status"]) for title, case in junit.items()}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """The lending library with its suite, as another team would have it."""
    folder = tmp_path / "library"
    shutil.copytree(PROJECT / "docs/another_service", folder)
    shutil.copytree(PROJECT / "features/harness", folder / "features/harness")
    for name in ("features/__init__.py", "behave.ini"):
        shutil.copy(PROJECT / name, folder / name)
    return folder


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
