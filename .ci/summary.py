#!/usr/bin/env python3
"""Write a table of several runs for people, in Markdown: where GITHUB_STEP_SUMMARY says, else to stdout.

    .ci/summary.py FOLDER RUN...

FOLDER/reports-RUN/junit holds the results of a run. Exits 1 when anything failed, or when a run is missing.
"""

import os
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from count import count, verdict

NAMED_AT_MOST = 30


def rows(folder: Path, runs: list[str]) -> list[tuple[str, Counter | None]]:
    """Each run with its verdicts; without, if it left no results."""
    places = [(run, folder / f"reports-{run}" / "junit") for run in runs]
    return [(run, count(place) if any(place.glob("*.xml")) else None) for run, place in places]


def table(found: list[tuple[str, Counter | None]]) -> str:
    """The table, a row for each run."""
    lines = ["| run | | passed | failed | skipped |", "|---|---|--:|--:|--:|"]
    for run, verdicts in found:
        if verdicts is None:
            lines.append(f"| {run} | ❌ no results | | | |")
            continue
        mark = "❌" if verdicts["failed"] else "✅"
        cells = " | ".join(str(verdicts[each]) for each in ("passed", "failed", "skipped"))
        lines.append(f"| {run} | {mark} | {cells} |")
    return "\n".join(lines)


def failures(folder: Path, runs: list[str]) -> list[str]:
    """The scenarios that failed, each with the runs that it failed in."""
    found: dict[str, list[str]] = {}
    for run in runs:
        for file in sorted((folder / f"reports-{run}" / "junit").glob("*.xml")):
            try:
                cases = list(ElementTree.parse(file).getroot().iter("testcase"))
            except ElementTree.ParseError:
                continue
            for case in cases:
                if verdict(case) == "failed":
                    name = " ".join(f"{case.get('classname')}: {case.get('name')}".split())
                    found.setdefault(_plain(name), []).append(run)
    return [f"- {name} ({', '.join(dict.fromkeys(where))})" for name, where in found.items()]


def _plain(text: str) -> str:
    """The text without what Markdown or HTML would read as its own."""
    for sign in "\\`*_[]<>|#":
        text = text.replace(sign, f"\\{sign}" if sign not in "<>" else {"<": "&lt;", ">": "&gt;"}[sign])
    return text


def main(folder: str, *runs: str) -> int:
    """Write the table and what failed; give back the exit code."""
    found = rows(Path(folder), list(runs))
    failed = failures(Path(folder), list(runs))
    text = ["## Does the product keep its promises?", "", table(found), ""]
    if failed:
        more = len(failed) - NAMED_AT_MOST
        text += [
            "### What failed",
            "",
            *failed[:NAMED_AT_MOST],
            *([f"- … and {more} more"] if more > 0 else []),
        ]
    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if target:
        with Path(target).open("a", encoding="utf-8") as page:
            page.write("\n".join(text) + "\n")
    else:
        print("\n".join(text))
    return int(not runs or any(verdicts is None or verdicts["failed"] for _, verdicts in found))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
