"""A promise of the shop that is known to be broken: no report shows it as one that holds."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from planting import feature, replace

ACCESS = "features/access/operating_access.feature"
XFAIL = "@xfail @allure.issue:https://example.com/issues/1"
WHY = "Expected to fail: as planted."
SNAPSHOT = """
  Scenario: recorded
    When a user tries to list posts by GET /api/posts
    Then a user succeeds
    And the answer is as recorded
"""


def test_a_snapshot_behind_an_expected_failure_is_not_taken_for_unused(
    project_copy: Path, behave: Callable[..., Any]
) -> None:
    path = feature(project_copy, SNAPSHOT)
    assert behave(project_copy, "-D", "snapshots=update", path).code == 0
    title = "  Scenario: recorded\n"
    replace(project_copy, path, title, f"  {XFAIL}\n{title}    {WHY}\n")
    replace(project_copy, path, "Then a user succeeds", "Then a user may not list posts")
    run = behave(project_copy, path)
    assert run.code == 0, run.output
    assert run.status("recorded") == "passed"
    assert f"Failed as expected: {path}:" in run.output
    shard = "reports/shards/1"
    assert behave(project_copy, "-D", "shard=1/1", f"--junit-directory={shard}/junit", path).code == 0
    merged = subprocess.run(
        [sys.executable, "-m", "behave_flask", "merge", shard],
        cwd=project_copy,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(project_copy)},
        capture_output=True,
        text=True,
    )
    assert merged.stdout.startswith("1 shards, 1 scenarios: 1 passed, each exactly once\n")


def test_the_picture_of_the_matrix_shows_it_as_broken(project_copy: Path, behave: Callable[..., Any]) -> None:
    text = (project_copy / ACCESS).read_text()
    outline = next(line for line in text.splitlines(keepends=True) if "Scenario Outline:" in line)
    row = next(line for line in text.splitlines(keepends=True) if "| may " in line)
    replace(project_copy, ACCESS, row, "")
    blank = outline[: len(outline) - len(outline.lstrip())]
    alone = (
        f"{blank}{XFAIL}\n{outline}{blank}  {WHY}\n{blank}  When <who> tries to <action> by <request>\n"
        f"{blank}  Then <who> <verdict> <action>\n\n{blank}  Examples: planted\n"
        f"{blank}    | who | verdict | action | request |\n{row.replace('| may ', '| may not ')}\n"
    )
    (project_copy / ACCESS).write_text(
        (project_copy / ACCESS).read_text().replace(outline, alone + outline, 1)
    )
    run = behave(project_copy, ACCESS)
    assert run.code == 0, run.output
    (file,) = re.findall("as a picture: (.*)", run.output)
    assert Path(file).read_text().count("<small>is broken</small></td>") == 1
