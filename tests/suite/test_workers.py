"""The shop on several workers: each with a database of its own, and nothing that one sees is lost."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from planting import append, feature, success
from test_left_over import KEPT_ENGINE
from test_postgresql import everything_on
from test_snapshots_of_the_suite import SNAPSHOT

RECORDED = "    And the answer is as recorded\n"
FIRST = success("a product", "an admin", "add a product", "POST /api/products") + RECORDED
LAST = success("the weather", "a user", "see the weather", "GET /api/weather") + RECORDED

HANGING = """
_create_app = create_app


def create_app(config_name=None):
    import time

    from flask import request

    app = _create_app(config_name)

    @app.before_request
    def planted_hang():
        if request.path == "/api/posts":
            time.sleep(60)

    return app
"""


def test_on_postgresql_each_worker_has_a_database_and_none_is_left(
    project_copy: Path, behave: Callable[..., Any], postgres_url: str
) -> None:
    before = everything_on(postgres_url)
    run = behave(project_copy, "-j", "2", "features/profile", DATABASE_URL=postgres_url)
    assert run.code == 0, run.output[-3000:]
    assert "Stage: embedded, on postgresql" in run.output
    assert everything_on(postgres_url) == before


def test_what_a_worker_leaves_behind_turns_the_run_red(
    project_copy: Path, behave: Callable[..., Any]
) -> None:
    append(project_copy, "app/__init__.py", KEPT_ENGINE)
    for number in "12":
        feature(
            project_copy, success(f"looks around {number}", "a user", "list posts", "GET /api/posts"), number
        )
    run = behave(project_copy, "-j", "2", "features/1", "features/2")
    assert run.output.count("rows left over in products: 2") == 2  # in each worker
    assert run.code == 1


def test_snapshots_of_a_feature_in_pieces_are_judged_together(
    project_copy: Path, behave: Callable[..., Any]
) -> None:
    path = feature(project_copy, FIRST + LAST)
    assert behave(project_copy, "-j", "2", "-D", "snapshots=update", path).code == 0
    run = behave(project_copy, "-j", "2", path)
    assert run.code == 0, run.output
    with (project_copy / SNAPSHOT).open("a") as file:
        file.write("# name: nobody\n  1\n# ---\n")
    one, two = behave(project_copy, path), behave(project_copy, "-j", "2", path)
    finding = f"{SNAPSHOT}: no scenario uses the entry “nobody”"
    assert two.output.count(finding) == one.output.count(finding) > 0
    assert two.code == 1


def in_shards(project: Path, behave: Callable[..., Any], *paths: str, **environment: str) -> list[Any]:
    """Run features in two shards, for `merge` to join."""
    places = [f"--junit-directory=reports/shards/{number}/junit" for number in "12"]
    return [
        behave(project, "-D", f"shard={number}/2", "-D", "seed=1", place, *paths, **environment)
        for number, place in enumerate(places, 1)
    ]


def merge(project: Path) -> subprocess.CompletedProcess[str]:
    """Run what `make merge-reports` runs."""
    return subprocess.run(
        [sys.executable, "-m", "behave_flask", "merge", "reports/shards/1", "reports/shards/2"],
        cwd=project,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
    )


def test_snapshots_that_no_shard_uses_are_told_by_the_merge(
    project_copy: Path, behave: Callable[..., Any]
) -> None:
    path = feature(project_copy, FIRST + LAST)
    assert behave(project_copy, "-D", "snapshots=update", path).code == 0
    with (project_copy / SNAPSHOT).open("a") as file:
        file.write("# name: nobody\n  1\n# ---\n")
    for run in in_shards(project_copy, behave, path):
        assert run.code == 0, run.output
        assert "1 scenario passed" in run.output
    merged = merge(project_copy)
    assert f"Shards are incomplete: {SNAPSHOT}: no scenario uses the entry “nobody”" in merged.stdout
    assert merged.returncode == 1


def promised(reports: Path) -> tuple[dict[str, tuple[str | None, str]], str]:
    """What a run's page for the owner says of each example, and that page as a text."""
    examples = json.loads((reports / "promises.json").read_text())["examples"]
    states = {name: (seen["state"], seen["title"]) for name, seen in examples.items()}
    return states, (reports / "promises.html").read_text()


def test_shards_come_together_to_the_owners_page_of_the_whole_run(
    project_copy: Path, behave: Callable[..., Any]
) -> None:
    append(
        project_copy,
        "app/permissions.py",
        "\n\ndef sees_private_fields(*_: object) -> bool:\n    return True\n",
    )
    paths = ["features/accounts/seeing_accounts.feature", "features/access/publishing_access.feature"]
    assert behave(project_copy, *paths, "-D", "seed=1", "--junit-directory=reports/one/junit").code == 1
    assert [run.code for run in in_shards(project_copy, behave, *paths)] == [1, 1]
    merged = merge(project_copy)
    assert merged.returncode == 1
    assert "What is promised, and what of it holds: reports/promises.html" in merged.stdout
    (one, page), (whole, merged_page) = (
        promised(project_copy / "reports/one"),
        promised(project_copy / "reports"),
    )
    assert whole == one
    states = Counter(state for state, _ in whole.values())
    assert states["is broken"] > 3 < states["holds"]
    faults = re.findall(r"<dt>What (?:came|is wrong)</dt><dd>([^<]*)", page)
    assert len(faults) == states["is broken"]
    assert re.findall(r"<dt>What (?:came|is wrong)</dt><dd>([^<]*)", merged_page) == faults
    matrix = re.findall(r'<td class="[^"]*" title="([^"]*)"', page)
    assert matrix.count("an admin: holds") > 5
    assert re.findall(r'<td class="[^"]*" title="([^"]*)"', merged_page) == matrix
    shutil.rmtree(project_copy / "reports/shards/2/junit")
    merge(project_copy)
    assert "The shards are not one whole run" in (project_copy / "reports/promises.html").read_text()


SKIPPING = """

_begin = before_scenario


def before_scenario(context, scenario):
    _begin(context, scenario)
    if scenario.name == "looks away":
        scenario.skip("as planted")
"""


def test_the_merge_is_no_greener_than_a_shard_that_failed_beside_its_scenarios(
    project_copy: Path, behave: Callable[..., Any]
) -> None:
    append(project_copy, "environment.py", SKIPPING)
    path = feature(
        project_copy,
        success("looks around", "a user", "list posts", "GET /api/posts")
        + success("looks away", "a user", "list posts", "GET /api/posts"),
    )
    codes = [run.code for run in in_shards(project_copy, behave, path, CI="true")]
    assert sorted(codes) == [0, 1]
    merged = merge(project_copy)
    shard = codes.index(1) + 1
    assert f"failed: shard {shard}/2, and none of its scenarios says why" in merged.stdout
    assert "2 scenarios: 1 passed, 1 skipped, each exactly once" in merged.stdout
    assert merged.returncode == 1
    assert "The run failed, and none of the promises below says why" in promised(project_copy / "reports")[1]


def test_a_request_that_hangs_breaks_its_scenario_alone(
    project_copy: Path, behave: Callable[..., Any]
) -> None:
    append(project_copy, "app/__init__.py", HANGING)
    path = feature(
        project_copy,
        success("hangs", "a user", "list posts", "GET /api/posts")
        + success("goes on", "a user", "list products", "GET /api/products"),
    )
    run = behave(project_copy, "-D", "timeout=2", path)
    assert run.status("hangs") in ("error", "hook_error")
    assert "Stopped after 2 s (-D timeout=)" in run.case("hangs").message
    assert "in planted_hang" in run.case("hangs").message
    assert run.status("goes on") == "passed"
    assert run.code == 1


def test_notes_are_said_once(project_copy: Path, behave: Callable[..., Any]) -> None:
    run = behave(project_copy, "-j", "2", "features/access")
    assert run.code == 0, run.output[-3000:]
    assert run.output.count("Who may do what: ") == 1
    assert run.output.count("Stage: ") == 1
