"""The rooms keep their doors: what import-linter is told, and what it cannot see, can both fail."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


def imported(source: str) -> set[str]:
    """The full names of all modules that a source text imports."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            names |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return names


def forbidden(source: str, step_files: set[str]) -> set[str]:
    """What a step file must not import: the service, or another step file under any name."""
    taken = {"app", "steps", *step_files}
    return {
        name
        for name in imported(source)
        if name.split(".")[0] in taken or name.startswith((".", "features.steps"))
    }


def test_step_files_import_neither_the_service_nor_each_other() -> None:
    # behave executes these files, so that import-linter, which wants packages, does not see them.
    files = sorted((PROJECT / "features/steps").rglob("*.py"))
    names = {file.stem for file in files}
    assert {str(file): found for file in files if (found := forbidden(file.read_text(), names))} == {}


def test_the_hooks_do_not_import_the_service() -> None:
    for name in ("environment.py", "features/environment.py"):
        found = imported((PROJECT / name).read_text()) if (PROJECT / name).exists() else set()
        assert not {module for module in found if module.split(".")[0] == "app"}


@pytest.mark.parametrize(
    "line",
    [
        "import app",
        "from app.models import User",
        "import accounts",
        "from . import accounts",
        "from steps import accounts",
        "from features.steps import accounts",
        "from features.steps.accounts import something",
    ],
)
def test_a_step_file_that_steps_out_of_line_is_seen(line: str) -> None:
    assert forbidden(line, {"accounts", "orders"})


def test_a_step_file_may_import_what_the_suite_and_the_package_offer() -> None:
    assert not forbidden("from behave import given\nfrom features.support import world", {"world_steps"})


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("src/behave_flask/databases/transactions.py", "import app", "The package serves any service"),
        (
            "src/behave_flask/databases/transactions.py",
            "from features.support import world",
            "The package serves any service",
        ),
        (
            "app/orders.py",
            "from behave_flask.databases import transactions",
            "The shop knows nothing of its suite",
        ),
        (
            "src/behave_flask/core/__init__.py",
            "from behave_flask.runner import anything",
            "The rooms of the package",
        ),
        (
            "src/behave_flask/ledgers/__init__.py",
            "from behave_flask.databases import transactions",
            "The rooms of the package",
        ),
        (
            "src/behave_flask/databases/transactions.py",
            "from behave_flask.databases.deletion import anything",
            "No import circle",
        ),
        ("features/support/world/people.py", "from app import orders", "The suite reaches the shop through"),
        ("features/support/shop/models.py", "from app import orders", None),
        (
            "features/support/shop/models.py",
            "from features.support.world import people",
            "The suite's support",
        ),
        (
            "features/support/world/people.py",
            "from features.support.world.operations import anything",
            "No import circle",
        ),
    ],
)
def test_an_import_through_a_wall_breaks_its_contract(
    tmp_path: Path, file: str, line: str, contract: str | None
) -> None:
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    modules = [
        "app/orders",
        "src/behave_flask/databases/transactions",
        "features/support/world/people",
        "features/support/shop/models",
        "features/support/guards",
        "features/support/parameter_types",
    ]
    for module in modules:
        path = tmp_path / f"{module}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        (path.parent / "__init__.py").touch()
    (tmp_path / "features/__init__.py").touch()
    rooms = ("src/behave_flask", "features/support")
    for room in (each for name in rooms for each in (PROJECT / name).rglob("__init__.py")):
        copy = tmp_path / room.relative_to(PROJECT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.touch()
    (tmp_path / "src/behave_flask/databases/deletion.py").write_text(
        "from behave_flask.databases import transactions\n"
    )
    (tmp_path / "features/support/world/operations.py").write_text(
        "from features.support.world import people\n"
    )
    (tmp_path / file).write_text(f"{line}\n")
    command = [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "src")},
        capture_output=True,
        text=True,
    )
    broken = [line for line in done.stdout.splitlines() if line.endswith("BROKEN")]
    assert [named[: len(contract or "")] for named in broken] == ([contract] if contract else []), done.stdout
    assert done.returncode == bool(contract)


def test_the_runner_alone_loads_no_library_of_a_service() -> None:
    """What a run does not use is not waited for; the hooks load the rest when there is a service."""
    heavy = {"celery", "factory", "flask", "playwright", "requests", "sqlalchemy", "syrupy"}
    loaded = "behave_flask.runner.runner, behave_flask.reports.progress"
    code = f"import sys, {loaded}; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True)
    assert done.stdout == "set()\n", done.stderr


@pytest.mark.parametrize("folder", ["src", "app", "features", "bench"])
def test_a_module_can_be_read_in_one_go(folder: str) -> None:
    lengths = {
        str(file.relative_to(PROJECT)): len(file.read_text(encoding="utf-8").splitlines())
        for file in (PROJECT / folder).rglob("*.py")
    }

    assert len(lengths) > 5
    assert {file: lines for file, lines in lengths.items() if lines >= 400} == {}
