"""`make load` ends by itself, tells what it saw, and is red for what went wrong."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bench.load import table

PROJECT = Path(__file__).resolve().parents[2]


def replace(file: Path, old: str, new: str) -> None:
    """Plant a fault, where this stands once."""
    text = file.read_text()
    assert text.count(old) == 1, old
    file.write_text(text.replace(old, new))


def test_a_table_is_in_milliseconds_however_few_were_asked() -> None:
    assert table({"order": [0.5]}, 1.0, {"order": 9})[2:] == [
        "| order | 1 | 500 | 500 | 500 | 9 |",
        "| **all: 1 a second** | 1 | 500 | 500 | 500 |  |",
    ]


def test_what_goes_wrong_under_load_is_told(project_copy: Path) -> None:
    """In this shop every search fails, and nobody's order is confirmed."""
    shutil.copytree(PROJECT / "bench", project_copy / "bench")
    shutil.copy(PROJECT / "compose.yaml", project_copy)
    replace(project_copy / "app/api/products.py", "    if query.q:\n", "    if query.q:\n        1 / 0\n")
    replace(
        project_copy / "app/services/orders.py", 'outbox.enqueue("send_order_confirmation"', 'print("never"'
    )
    replace(project_copy / "bench/load.py", "WORKER_TIMEOUT_S = 60.0", "WORKER_TIMEOUT_S = 2.0")
    done = subprocess.run(
        [sys.executable, "-m", "bench.load", "2"],
        cwd=project_copy,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    measured = [line.partition(" times: ")[2] for line in lines if " times: " in line]
    assert any(line.startswith("search: 500 ") for line in measured), done.stdout + done.stderr
    assert "mails “Order confirmed” that were lost" in measured
    assert any(line.startswith("errors in the log of web ") for line in measured)
    assert not [
        line
        for line in measured
        if not line.startswith(("search: 500", "mails “Order", "errors in the log of web"))
    ], done.stdout
    assert "ZeroDivisionError" in (project_copy / "reports/load.log").read_text()
    (table,) = [line for line in lines if line.startswith("| **all: ")]
    written = json.loads((project_copy / "reports/load.json").read_text())
    requests = sum(len(times) for times in written["seconds"].values())
    assert int(table.split("|")[2]) == requests > 50
    assert table in (project_copy / "reports/load.md").read_text()
