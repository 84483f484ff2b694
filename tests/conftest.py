"""What all tests share: a PostgreSQL, and the real `behave` in a process of its own."""

import compileall
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest
from behave.model import ScenarioOutline

from behave_flask.browser import driver
from behave_flask.model import feature_files
from behave_flask.stages.servers import PrivatePostgres

PROJECT = Path(__file__).resolve().parent.parent

# What takes longest begins first, so that all workers end at about the same time.
LONG = {"services_stage", "suite", "service", "test_bench.py"}

# With several workers syrupy would not remove what is unused; the suites under test have one process each.
os.environ.pop("PYTEST_XDIST_WORKER", None)
# A shell lets what it runs in the background ignore Ctrl-C, and so would all that is started here.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config: pytest.Config) -> None:
    """Compile the project once, for the hundreds of runs that are started from here or from copies of it."""
    if not hasattr(config, "workerinput"):
        compileall.compile_dir(PROJECT / "app", quiet=2)
        compileall.compile_dir(PROJECT / "features", quiet=2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring what is long to the front; within that the order stays."""
    items.sort(key=lambda item: LONG.isdisjoint(item.path.parts))


@dataclass(frozen=True)
class Case:
    """One scenario in behave's JUnit file: its status in behave's words, and what went wrong."""

    feature: str
    scenario: str
    status: str
    message: str


@dataclass(frozen=True)
class Run:
    """What one run of `behave` gave back: exit code, all it printed, and its JUnit results."""

    code: int
    output: str
    cases: list[Case]

    def status(self, scenario: str) -> str:
        """The status of the one scenario of this name."""
        return self.case(scenario).status

    def case(self, scenario: str) -> Case:
        """The one scenario of this name; an AssertionError with behave's output for none or two."""
        found = [case for case in self.cases if case.scenario == scenario]
        assert len(found) == 1, f"{len(found)} results for {scenario!r} in:\n{self.output}"
        return found[0]


@pytest.fixture(autouse=True)
def _as_in_a_new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put back what a run notes for its whole process: the features' language, and how rows are titled."""
    monkeypatch.setattr(feature_files, "_language", [])
    monkeypatch.setattr(ScenarioOutline, "annotation_schema", ScenarioOutline.annotation_schema)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The SQLAlchemy URL of an empty PostgreSQL database: TEST_DATABASE_URL, else a throwaway server."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with PrivatePostgres() as server:
        yield server.url


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser in which pages are opened; what asks for it fails where there is none."""
    return driver.find()


@pytest.fixture(scope="session")
def behave(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    """Run `behave` in a folder: `behave(folder, *arguments, **environment)`, also from several threads.

    Nothing of this process's environment reaches it but PATH, and modules of the folder (`app`, `features`,
    `environment`) go before the project's.
    """

    def run(folder: Path, *arguments: str | Path, **environment: str) -> Run:
        scratch = tmp_path_factory.mktemp("behave")
        done = subprocess.run(
            [
                Path(sys.executable).with_name("behave"),
                "--junit",
                f"--junit-directory={scratch / 'junit'}",
                "--no-color",
                *arguments,
            ],
            cwd=folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(scratch),
                "LC_ALL": "C.UTF-8",
                "PYTHONPATH": f"{folder}{os.pathsep}{PROJECT}",
                "PYTHONDONTWRITEBYTECODE": "1",
                **environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=500,
        )
        return Run(done.returncode, done.stdout, read_junit(scratch / "junit"))

    return run


@pytest.fixture(scope="session")
def command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `behave-flask` in a folder, as it is installed: `command(folder, *arguments)`."""

    def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [Path(sys.executable).with_name("behave-flask"), *arguments],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=500,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def copy_project() -> Callable[[Path], Path]:
    """Copy the shop and its suite into a folder that is not there yet, and give the folder back.

    What earlier runs have made of them goes along: modules as compiled, and the schema. Python and
    `behave_flask.databases.schema_image` make them anew for what a test has changed.
    """

    def copy(target: Path) -> Path:
        for name in ("app", "features"):
            shutil.copytree(PROJECT / name, target / name)
        for schema in (PROJECT / "instance").glob("schema-*.image"):
            (target / "instance").mkdir()
            shutil.copy(schema, target / "instance")
        for name in ("environment.py", "behave.ini", "pyproject.toml"):
            shutil.copy(PROJECT / name, target / name)
        return target

    return copy


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """The lending library of another team with its suite, in a folder of its own."""
    source = PROJECT / "examples/lending_library"
    return shutil.copytree(
        source, tmp_path / "library", ignore=shutil.ignore_patterns("reports", "__pycache__")
    )


@pytest.fixture
def project_copy(tmp_path: Path, copy_project: Callable[[Path], Path]) -> Path:
    """A copy of the shop and its suite in which a test may plant a fault."""
    return copy_project(tmp_path / "project")


def read_junit(folder: Path) -> list[Case]:
    """Every `<testcase>` in the JUnit files that behave wrote into the folder."""
    cases = (
        case for file in sorted(folder.glob("*.xml")) for case in ElementTree.parse(file).iter("testcase")
    )
    return [
        Case(
            feature=case.get("classname", ""),
            scenario=case.get("name", "").strip(),
            status=case.get("status", ""),
            message="\n".join("".join([found.get("message") or "", found.text or ""]) for found in case),
        )
        for case in cases
    ]
