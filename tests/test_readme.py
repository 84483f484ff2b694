"""What the README, and the pages on this project, show can be typed as it stands, and says what they show."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[1]
README = (PROJECT / "README.md").read_text()
ON_THE_PROJECT = ("design", "measured", "runs", "services", "shop")  # others are on anybody's
PAGES = [README, *((PROJECT / f"docs/{name}.md").read_text() for name in ON_THE_PROJECT)]
BEHAVE = re.findall(r"^\$ \.venv/bin/behave +(.+?)(?: +#.*)?$", README, re.MULTILINE)
PART = "features/notifying"  # for what would run the whole suite


def shown() -> list[str]:
    """Return what the README shows of a run, line by line, but for what it leaves out."""
    (block,) = re.findall(r"^\$ \S+/behave features/access\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return [line for line in block.splitlines() if line != "..."]


def arguments_of(command: str) -> list[str]:
    """Return the arguments as a shell would split them, bound to a part unless they name one."""
    arguments = shlex.split(command)
    names_a_part = any(each.startswith(("features/", "-n")) for each in arguments)
    return arguments if names_a_part else [*arguments, PART]


@pytest.fixture(scope="module")
def project(copy_project: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("readme") / "project")


@pytest.mark.parametrize("command", BEHAVE)
def test_a_command_of_behave_runs_something_and_passes(
    project: Path, behave: Callable[..., Any], command: str
) -> None:
    run = behave(project, *arguments_of(command))
    assert run.code == 0, run.output
    if command == "features/access":
        output = re.sub(r"\S+/(?=[\w-]+\.html)", "reports/", run.output)  # which the test has put elsewhere
        assert [line for line in shown() if line not in output] == []


def test_the_targets_of_make_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    named = {
        target for page in PAGES for target in re.findall(r"(?:`|^\$ )make\s([a-z-]+)", page, re.MULTILINE)
    }
    assert len(named) > 10
    assert named - targets == set()


def test_the_files_exist() -> None:
    """Links, and the paths in text; what a run writes is not there before it."""
    linked = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", README)
    path = re.compile(r"`((?:app|features|tests|docs|src|examples|bench|\.github|\.ci)/[\w./-]*)`")
    named = [found for page in PAGES for found in path.findall(page)]
    missing = [path for path in linked + named if not (PROJECT / path).exists()]
    assert len(linked) > 10
    assert len(named) > 20
    assert not missing
