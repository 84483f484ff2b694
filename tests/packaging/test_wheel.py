"""The wheel works alone, outside this checkout, with what its metadata asks for; it names a missing extra."""

import ast
import pkgutil
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

import behave_flask
from behave_flask import steps

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "src/behave_flask"

# What needs an extra, by the beginning of a module's name; everything else works without any.
NEEDS = {
    "behave_flask.databases.constraints": "sqlalchemy",
    "behave_flask.databases.deletion": "sqlalchemy",
    "behave_flask.databases.engines": "sqlalchemy",
    "behave_flask.databases.pinned_engine": "sqlalchemy",
    "behave_flask.databases.postgresql": "sqlalchemy",
    "behave_flask.databases.schema_image": "sqlalchemy",
    "behave_flask.databases.tables": "sqlalchemy",
    "behave_flask.databases.transactions": "sqlalchemy",
    "behave_flask.ledgers.httpx_calls": "httpx",
    "behave_flask.ledgers.outside_calls": "requests",
    "behave_flask.mutation.code": "mutants",
    "behave_flask.reports.allure": "allure",
    "behave_flask.stages.embedded.redis_in_memory": "redis",
    "behave_flask.stages.services": "services",
    "behave_flask.steps.time": "time",
    "behave_flask.tasks.celery_tasks": "celery",
    "behave_flask.tasks.memory_broker": "celery",
    "behave_flask.tasks.publish_order": "celery",
    "behave_flask.tasks.rq_tasks": "rq",
}

INI = "[behave]\nrunner = behave_flask:Runner\n"
MISSING = r'\w+ is not installed: pip install "behave-flask\[{}\]"'

IMPORT_ALL = """
import importlib, pkgutil, behave_flask

for module in pkgutil.walk_packages(behave_flask.__path__, "behave_flask.", onerror=lambda name: None):
    if not module.name.endswith("__main__"):
        try:
            importlib.import_module(module.name)
        except ImportError as error:
            print(f"{module.name}: {type(error).__name__}: {error}")
"""


@pytest.fixture(scope="session")
def core(install: Callable[..., Path]) -> Path:
    """The Python of an environment with the wheel, behave and Flask."""
    return install()


def run(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, with nothing of this process's environment but PATH."""
    command = ["env", "-i", f"PATH={python.parent}:/usr/bin:/bin", "LC_ALL=C.UTF-8", python, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    held = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = (file for file in PACKAGE.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    assert held == {str(file.relative_to(PACKAGE.parent)) for file in files}
    assert {"behave_flask/py.typed", "behave_flask/reports/templates/promises.html"} <= held


def test_the_wheel_says_what_it_needs_in_ranges(wheel: Path) -> None:
    (name,) = [name for name in ZipFile(wheel).namelist() if name.endswith("METADATA")]
    lines = ZipFile(wheel).read(name).decode().partition("\n\n")[0].splitlines()
    assert {"License-Expression: MIT", "License-File: LICENSE"} <= {*lines}
    needed = [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")]
    always = [re.split(r"[^\w-]", each)[0] for each in needed if "extra ==" not in each]
    assert sorted(always) == ["Flask", "behave", "click"]
    assert [each for each in needed if "==" in each.partition(";")[0]] == []


def test_the_extra_all_has_all() -> None:
    extras = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert extras["all"] == [f"behave-flask[{','.join(sorted(extras.keys() - {'all'}))}]"]


def test_with_the_core_alone_every_module_loads_or_names_its_extra(core: Path, tmp_path: Path) -> None:
    lines = run(core, tmp_path, "-c", IMPORT_ALL).stdout.splitlines()
    needed = set()
    for line in lines:
        module, _, why = line.partition(": ")
        (room,) = [room for room in NEEDS if module == room or module.startswith(f"{room}.")]
        assert re.fullmatch(f"MissingExtra: {MISSING.format(NEEDS[room])}", why), line
        needed.add(room)
    assert needed == NEEDS.keys()


def test_a_public_name_loads_or_names_its_extra(core: Path, tmp_path: Path) -> None:
    code = (
        "import behave_flask\n"
        "from behave_flask.core.extras import MissingExtra\n"
        "for name in behave_flask.__all__:\n"
        "    try: getattr(behave_flask, name)\n"
        "    except MissingExtra as error: print(name, error.args[0].partition(': ')[2])\n"
    )
    done = run(core, tmp_path, "-c", code)
    assert done.stdout.splitlines() == [
        'Service pip install "behave-flask[services]"',
        'ServicesStage pip install "behave-flask[services]"',
        'SQLAlchemyDatabase pip install "behave-flask[sqlalchemy]"',
    ], done.stderr


def test_mypy_and_editors_see_the_public_names_that_are_loaded() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text())
    (typed,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {
        alias.name: node.module
        for node in typed.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name == alias.asname
    }
    assert sorted(seen) == sorted(behave_flask.__all__)
    for name, module in seen.items():
        found = getattr(behave_flask, name)
        assert getattr(found, "__module__", None) == module or found.__name__ == f"{module}.{name}"


@pytest.mark.parametrize("file", sorted((PROJECT / "examples").rglob("*.py")), ids=str)
def test_an_example_uses_public_names_alone(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            assert not [alias.name for alias in node.names if alias.name.startswith("behave_flask")]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("behave_flask"):
            modules = {each.name for each in pkgutil.iter_modules(steps.__path__)}
            public = {"behave_flask": {*behave_flask.__all__}, "behave_flask.steps": modules}
            assert {alias.name for alias in node.names} <= public[node.module or ""]


@pytest.mark.parametrize(
    ("files", "extra"),
    [
        ({"behave.ini": f"{INI}format = behave_flask:AllureFormatter\n"}, "allure"),
        ({"features/environment.py": "from behave_flask import ServicesStage\n"}, "services"),
        ({"features/steps/steps.py": "from behave_flask import SQLAlchemyDatabase\n"}, "sqlalchemy"),
    ],
)
def test_a_run_that_lacks_an_extra_ends_with_a_line_that_names_it(
    core: Path, tmp_path: Path, files: dict[str, str], extra: str
) -> None:
    plain = {
        "behave.ini": INI,
        "features/steps/steps.py": "from behave import then\n\nthen('it holds')(lambda context: None)\n",
        "features/one.feature": "Feature: One\n  Scenario: It holds\n    Then it holds\n",
    }
    for name, text in {**plain, **files}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    done = run(core, tmp_path, "-m", "behave", "--no-color")
    assert done.returncode == 1
    assert re.search(MISSING.format(extra), done.stdout.strip().splitlines()[-1])
    assert "Traceback" not in done.stdout + done.stderr


def test_the_console_command_needs_no_extra_until_it_uses_one(core: Path, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.behave-flask.lint]\ntags = []\nwords = []\n")
    (tmp_path / "one.feature").write_text("Feature: One\n")
    assert run(core, tmp_path, "-m", "behave_flask", "--help").returncode == 0
    linted = run(core, tmp_path, "-m", "behave_flask", "lint", "one.feature")
    assert (linted.returncode, linted.stderr) == (1, "")
    assert "one.feature:1: the feature has no scenario" in linted.stdout
    done = run(core, tmp_path, "-m", "behave_flask", "mutants", "code")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert re.search(MISSING.format("mutants"), done.stderr)


@pytest.mark.parametrize("options", [(), ("-j", "2")], ids=" ".join)
def test_behave_and_flask_play_a_service_with_neither_database_nor_tasks(
    core: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    project = shutil.copytree(Path(__file__).parent / "greeter", tmp_path / "greeter")
    done = run(core, project, "-m", "behave", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 scenarios passed" in done.stdout
    assert {"promises.html", "junit", "rerun.txt"} <= {file.name for file in (project / "reports").iterdir()}


def test_the_lending_library_is_played_with_the_extras_that_its_page_names(
    install: Callable[..., Path], library: Path
) -> None:
    page = (library / "README.md").read_text()
    (extras,) = re.findall(r'^\$ pip install "behave-flask\[(.*)\]"', page, re.MULTILINE)
    python = install(*extras.split(","))
    for options in ([], ["-j", "2"]):
        done = run(python, library, "-m", "behave", *options)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "8 scenarios passed" in done.stdout
    # A fault is seen, so the pass before proves something.
    service = library / "library.py"
    service.write_text(service.read_text().replace("        db.session.commit()\n", ""))
    done = run(python, library, "-m", "behave")
    assert "library.confirm was published before the commit" in done.stdout


@pytest.mark.parametrize(
    ("example", "extras", "passed"),
    [("tea_house", [], 20), ("club", ["sqlalchemy"], 9)],
    ids=["tea house", "club"],
)
def test_an_example_needs_no_more_than_its_service_uses(
    install: Callable[..., Path], tmp_path: Path, example: str, extras: list[str], passed: int
) -> None:
    folder = shutil.copytree(PROJECT / "examples" / example, tmp_path / example)
    done = run(install(*extras), folder, "-m", "behave")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{passed} scenarios passed" in done.stdout
