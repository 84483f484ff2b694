"""What the README, and the pages on this project, show can be typed as it stands, and says what they show."""

import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[1]
README = (PROJECT / "README.md").read_text()
CONTRIBUTING = (PROJECT / "CONTRIBUTING.md").read_text()
ON_THE_PROJECT = ("design", "measured", "runs", "services", "shop")  # others are on anybody's
PAGES = [README, CONTRIBUTING, *((PROJECT / f"docs/{name}.md").read_text() for name in ON_THE_PROJECT)]
BEHAVE = re.findall(r"^\$ \.venv/bin/behave +(.+?)(?: +#.*)?$", CONTRIBUTING, re.MULTILINE)
NOBODY = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.com")
PART = "features/notifying"  # for what would run the whole suite

LISTED = '    """Newest first."""\n'
CONFIRMED = '            outbox.enqueue("send_order_confirmation", waiting.order_id)\n'
ONE_ORDER = '@blueprint.get("/api/orders/<int:order_id>")\n'
SUMMARY = """@blueprint.get("/api/orders/summary")
@blueprint.auth_required(auth)
def summary() -> dict[str, int]:
    return {"orders": 1}


"""
ACCESS, PLACING, SEEING = (
    "features/access",
    "features/shopping/placing_orders.feature",
    "features/shopping/seeing_orders.feature",
)
PLANTS = {  # what the README says was planted: the file, what stood there, what stands there now, who sees it
    "see_order() asks nobody whose order it is": (
        "app/permissions.py",
        "if order is None or not (user.is_admin or order.user_id == user.id):",
        "if order is None:",
        ACCESS,
    ),
    "a new route, GET /api/orders/summary, and no word about who may use it": (
        "app/api/orders.py",
        ONE_ORDER,
        SUMMARY + ONE_ORDER,
        ACCESS,
    ),
    "an order queues a second welcome": (
        "app/services/orders.py",
        CONFIRMED,
        CONFIRMED + '            outbox.enqueue("send_welcome", Order.query.get(waiting.order_id).user_id)\n',
        PLACING,
    ),
    "an order that is refused changes something all the same": (
        "app/api/orders.py",
        "    except orders.OutOfStock as error:\n",
        "    except orders.OutOfStock as error:\n        user.name += '!'\n        db.session.commit()\n",
        PLACING,
    ),
    "a list of orders also tells a server of statistics": (
        "app/api/orders.py",
        LISTED,
        LISTED + '    __import__("requests").post("https://statistics.example/orders")\n',
        SEEING,
    ),
    "a list of orders answers well, and logs an error": (
        "app/api/orders.py",
        LISTED,
        LISTED + '    __import__("logging").getLogger("app").error("The cache is full")\n',
        SEEING,
    ),
}


def caught() -> dict[str, list[str]]:
    """Return what the README shows of each planted fault, line by line, by what it says was planted."""
    (block,) = re.findall(r"^## What it catches.*?^```text\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    told = (part.splitlines() for part in block.split("\n\n"))
    return {lines[0].removeprefix("# "): lines[1:] for lines in told}


def arguments_of(command: str) -> list[str]:
    """Return the arguments as a shell would split them, bound to a part unless they name one."""
    arguments = shlex.split(command)
    names_a_part = any(each.startswith(("features/", "-n")) for each in arguments)
    return arguments if names_a_part else [*arguments, PART]


@pytest.fixture(scope="module")
def project(copy_project: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = copy_project(tmp_path_factory.mktemp("readme") / "project")
    for command in (["init", "-q"], ["add", "-A"], [*NOBODY, "commit", "-q", "-m", "as it is"]):
        subprocess.run(["git", *command], cwd=project, check=True)
    return project


@pytest.mark.parametrize("command", BEHAVE)
def test_a_command_of_behave_runs_something_and_passes(
    project: Path, behave: Callable[..., Any], command: str
) -> None:
    run = behave(project, *arguments_of(command))
    assert run.code == 0, run.output


@pytest.mark.parametrize("fault", caught())
def test_a_fault_is_told_as_shown(project: Path, behave: Callable[..., Any], fault: str) -> None:
    place, before, after, part = PLANTS[fault]
    whole = (project / place).read_text()
    assert whole.count(before) == 1
    (project / place).write_text(whole.replace(before, after))
    try:
        run = behave(project, part)
    finally:
        (project / place).write_text(whole)
    assert run.code == 1, run.output
    told = iter(_without_lines(run.output).splitlines())
    assert [line for line in caught()[fault] if _without_lines(line) not in told] == [], run.output


def _without_lines(text: str) -> str:
    return re.sub(r"\.py:\d+", ".py:N", text)


def test_the_targets_of_make_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    named = {
        target for page in PAGES for target in re.findall(r"(?:`|^\$ )make\s([a-z-]+)", page, re.MULTILINE)
    }
    assert len(named) > 10
    assert named - targets == set()


def test_the_files_exist() -> None:
    """Links, and the paths in text; what a run writes is not there before it."""
    linked = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", README + CONTRIBUTING)
    path = re.compile(r"`((?:app|features|tests|docs|src|examples|bench|\.github|\.ci)/[\w./-]*)`")
    named = [found for page in PAGES for found in path.findall(page)]
    missing = [path for path in linked + named if not (PROJECT / path).exists()]
    assert len(linked) > 10
    assert len(named) > 20
    assert not missing
