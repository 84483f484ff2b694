"""The wheel of this checkout, and environments that hold it and what its metadata asks for, nothing else."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from zipfile import Path as ZipPath

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).with_name("uv")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, so that nothing that lies in this checkout gets into it by chance."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(PROJECT / "src", folder / "src", ignore=shutil.ignore_patterns("*.egg-info"))
    for name in ("app", "features", "tests/planting.py", "environment.py"):  # what must not get in
        (folder / name).parent.mkdir(exist_ok=True)
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, folder / name)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, folder)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "."]
    subprocess.run(command, cwd=folder, check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def install(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return the Python of a new environment with the wheel: `install("celery", "sqlalchemy")` with extras.

    What the wheel asks for is taken from the environment of these tests, not from a registry.
    """

    def make(*extras: str, others: Iterable[str] = ()) -> Path:
        folder = tmp_path_factory.mktemp("environment") / "venv"
        subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, folder], check=True)
        python = folder / "bin/python"
        (site,) = folder.glob("lib/python3*/site-packages")
        for name in _needed(wheel, extras, others):
            _link(metadata.distribution(name), site)
        command = [UV, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", python, wheel]
        subprocess.run(command, check=True)
        return python

    return make


def _needed(wheel: Path, extras: Iterable[str], others: Iterable[str]) -> set[str]:
    """The names of all distributions that a wheel asks for, with those that these ask for."""
    (folder,) = [each for each in ZipPath(wheel).iterdir() if each.name.endswith(".dist-info")]
    own: metadata.Distribution = metadata.PathDistribution(folder)  # type: ignore[arg-type]
    found, todo = set[tuple[str, str]](), [(own.metadata["Name"], extra) for extra in ("", *extras)]
    todo += [(canonicalize_name(name), "") for name in others]
    while todo:
        name, extra = todo.pop()
        if (name, extra) in found:
            continue
        found.add((name, extra))
        distribution = own if name == own.metadata["Name"] else metadata.distribution(name)
        for each in map(Requirement, distribution.requires or ()):
            if each.marker is None or each.marker.evaluate({"extra": extra}):
                todo += [(canonicalize_name(each.name), more) for more in ("", *each.extras)]
    return {name for name, _ in found} - {own.metadata["Name"]}


def _link(distribution: metadata.Distribution, site: Path) -> None:
    """Put the modules of an installed distribution into an environment, without its programs."""
    for file in distribution.files or ():
        if ".." not in file.parts and file.suffix != ".pyc":
            (site / file).parent.mkdir(parents=True, exist_ok=True)
            (site / file).symlink_to(file.locate())
