#!/usr/bin/env python3
"""Put the reports of several runs together.

    .ci/collect.py results FOLDER    all Allure results into reports/allure-results, for one report
    .ci/collect.py site FOLDER       the report, each run's pages and an index into reports/site

FOLDER/reports-RUN holds the reports of a run. The same scenario of another run is no retry of it: it keeps a
history of its own, and bears the name of its run.
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
<style>body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 45rem; padding: 0 1rem }}</style>
</head>
<body>
<h1>What the acceptance suite found</h1>
<ul>
{items}
</ul>
</body>
</html>
"""


def runs(folder: Path) -> list[tuple[str, Path]]:
    """The runs that left reports, by name."""
    found = [(path.name.removeprefix("reports-"), path) for path in sorted(folder.glob("reports-*"))]
    if not found:
        sys.exit(f"{folder} holds no reports.")
    return found


def collect_results(folder: Path) -> None:
    """Copy every run's Allure results, and tell the runs apart."""
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir(parents=True)
    for run, reports in runs(folder):
        for file in sorted((reports / "allure-results").glob("*")):
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


def collect_site(folder: Path) -> None:
    """Copy the pages, and write an index that says which run failed."""
    shutil.rmtree(SITE, ignore_errors=True)
    SITE.mkdir(parents=True)
    items = []
    if (report := Path("reports/allure.html")).exists():
        shutil.copy(report, SITE)
        items.append('<li><a href="allure.html">All runs, for developers</a></li>')
    for run, reports in runs(folder):
        verdicts = count(reports / "junit")
        links = []
        for page, title in PAGES.items():
            if (reports / page).exists():
                (SITE / run).mkdir(exist_ok=True)
                shutil.copy(reports / page, SITE / run)
                links.append(f'<a href="{html.escape(run)}/{page}">{title}</a>')
        counted = f"{verdicts['failed']} failed, " if verdicts["failed"] else ""
        items.append(
            f"<li>{html.escape(run)}: {counted}{verdicts['passed']} passed; {', '.join(links) or 'no pages'}</li>"
        )
    (SITE / "index.html").write_text(INDEX.format(items="\n".join(items)), encoding="utf-8")


if __name__ == "__main__":
    commands = {"results": collect_results, "site": collect_site}
    if len(sys.argv) != 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](Path(sys.argv[2]))
