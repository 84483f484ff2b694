"""Measures the ways of testing side by side: `python -m bench matrix`, or `growth`; see `--help`.

Whole processes, one at a time and in turn: a machine that grows slow is slow for all.
"""

import argparse
import csv
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench import growth, matrix
from bench.ways import ROOT, Run, Way, chosen

SUBJECTS = {"matrix": matrix, "growth": growth}


def prepared(size: int, ways: Sequence[Way]) -> Path:
    """Make the folders for runs of so many examples, and return the one that holds them."""
    folder = ROOT / f"reports/bench/{size}"
    command = [sys.executable, "-m", "bench.examples", str(folder), str(size), *(way.kind for way in ways)]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder


def about(rounds: int) -> str:
    """Return a sentence on where and how the runs were made."""
    times = "one round" if rounds == 1 else f"{rounds} rounds"
    return (
        f"{time.strftime('%d %B %Y')}, Python {platform.python_version()}, {os.cpu_count()} cores. Whole"
        f" processes in turn, {times}; the memory is that of the largest process. Only ratios hold."
    )


def write(file: Path, runs: Sequence[Run]) -> None:
    """Write every single run into a CSV file."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, asdict(runs[0]))
        writer.writeheader()
        writer.writerows(
            {
                name: round(value, 3) if isinstance(value, float) else value
                for name, value in asdict(each).items()
            }
            for each in runs
        )


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("subject", choices=SUBJECTS)
    parser.add_argument("--rounds", type=int, help="how many, instead of the usual number")
    parser.add_argument("--examples", type=int, nargs="+", help="how many, instead of the usual numbers")
    parser.add_argument("--only", nargs="+", metavar="PART", help="beside the first way, those called so")
    parser.add_argument("--into", type=Path, default=ROOT / "bench/results", help="the folder of the results")
    given = parser.parse_args()
    subject = SUBJECTS[given.subject]
    try:
        ways = chosen(subject.WAYS, given.only) if given.only else subject.WAYS
    except ValueError as error:
        parser.error(str(error))
    rounds = given.rounds or subject.ROUNDS
    sizes = sorted(given.examples or subject.SIZES)
    runs = subject.measured(ways, {size: prepared(size, ways) for size in sizes}, rounds)
    given.into.mkdir(parents=True, exist_ok=True)
    file = given.into / given.subject
    write(file.with_suffix(".csv"), runs)
    text = "\n".join([about(rounds), "", *subject.table(runs), ""])
    file.with_suffix(".md").write_text(text, encoding="utf-8")
    file.with_suffix(".svg").write_text(subject.chart(runs), encoding="utf-8")
    print(f"\n{text}\n{file}.md, .csv and .svg")


if __name__ == "__main__":
    main()
