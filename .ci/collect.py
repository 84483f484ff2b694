#!/usr/bin/env python3
"""Put the reports of several runs together.

    .ci/collect.py results FOLDER RUN...    all Allure results into reports/allure-results, for one report
    .ci/collect.py site FOLDER RUN...       the report, each run's pages and an index into reports/site

FOLDER/reports-RUN holds the reports of a run; one that left none is said to have failed. The same scenario of
another run is no retry of it: it keeps a history of its own, and bears the name of its run.
"""

import hashlib
import html
import json
import shutil
import sys
from pathlib import Path

from count import count

RESULTS, SITE = Path("reports/allure-results"), Path("reports/site")
PAGES = {"promises.html": "what is promised, and does it hold", "who-may-do-what.html": "who may do what"}
INDEX = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Acceptance</title>
<style>body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 45rem }}</style>
</head>
<body>
<h1>What the acceptance suite found</h1>
<ul>
{items}
</ul>
</body>
</html>
"""


def collect_results(folder: Path, runs: list[str]) -> None:
    """Copy every run's Allure results, and tell the runs apart."""
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir(parents=True)
    for run in runs:
        for file in sorted((folder / f"reports-{run}" / "allure-results").glob("*")):
            if file.name.endswith("-result.json"):
                (RESULTS / file.name).write_text(json.dumps(_of_run(run, json.loads(file.read_bytes()))))
            else:
                shutil.copy(file, RESULTS)


def _of_run(run: str, result: dict) -> dict:
    own = f"{run} {result.get('historyId') or result.get('fullName')}"
    result["historyId"] = hashlib.sha256(own.encode()).hexdigest()
    result.setdefault("parameters", []).append({"name": "run", "value": run})
    result.setdefault("labels", []).append({"name": "tag", "value": run})
    return result


def collect_site(folder: Path, runs: list[str]) -> None:
    """Copy the pages, and write an index that says which run failed."""
    shutil.rmtree(SITE, ignore_errors=True)
    SITE.mkdir(parents=True)
    items = []
    if (report := Path("reports/allure.html")).exists():
        shutil.copy(report, SITE)
        items.append('<a href="allure.html">All runs, for developers</a>')
    for run in runs:
        reports = folder / f"reports-{run}"
        pages = [page for page in PAGES if (reports / page).exists()]
        for page in pages:
            (SITE / run).mkdir(exist_ok=True)
            shutil.copy(reports / page, SITE / run)
        links = [f'<a href="{run}/{page}">{PAGES[page]}</a>' for page in pages]
        items.append("; ".join([f"{html.escape(run)}: {_counted(reports / 'junit')}", *links]))
    listed = "\n".join(f"<li>{item}</li>" for item in items)
    (SITE / "index.html").write_text(INDEX.format(items=listed), encoding="utf-8")


def _counted(results: Path) -> str:
    if not any(results.glob("*.xml")):
        return "<strong>no results</strong>"
    verdicts = count(results)
    failed = f"<strong>{verdicts['failed']} failed</strong>, " if verdicts["failed"] else ""
    return f"{failed}{verdicts['passed']} passed"


if __name__ == "__main__":
    commands = {"results": collect_results, "site": collect_site}
    if len(sys.argv) < 4 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](Path(sys.argv[2]), sys.argv[3:])
