"""Measures the ways of testing side by side: `python -m bench matrix`, or `growth`; see `--help`.

Whole processes, start-up included, one at a time and in turn: a machine that grows slow is slow for all.
"""

import argparse
from pathlib import Path

from bench import growth, matrix, ways
from bench.ways import ROOT, Way


def measured(chosen: list[Way], sizes: list[int], rounds: int) -> list[ways.Run]:
    """Run each way at each size in turn, `rounds` times, after a first time at the smallest size that warms up.

    Raises RuntimeError if one is not green, or does less than the first.
    """
    done = []
    for number in range(rounds + 1):
        for size in sizes if number else [min(sizes)]:
            at_size = [ways.run(way, place(size, at), size) for at, way in enumerate(chosen)]
            ways.require_parity(at_size)
            done += at_size if number else []
            print(f"round {number} of {rounds}, {size:,} examples", flush=True)
    return done


def place(size: int, number: int) -> Path:
    """Return the folder of a way at a size."""
    return ROOT / f"reports/bench/{size}/{number}"


def main() -> None:
    """Do what the command line asks for."""
    subjects = {"matrix": matrix, "growth": growth}
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("subject", choices=subjects)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--examples", type=int, nargs="+", default=None)
    parser.add_argument("--into", type=Path, default=ROOT / "bench/results")
    given = parser.parse_args()
    subject = subjects[given.subject]
    sizes = given.examples or subject.SIZES
    for size in sizes:
        ways.prepare(place(size, 0).parent, subject.WAYS, ways.examples(size))
    runs = measured(subject.WAYS, sizes, given.rounds)
    given.into.mkdir(parents=True, exist_ok=True)
    file = given.into / given.subject
    ways.write_runs(file.with_suffix(".csv"), runs)
    text = subject.table(runs)
    file.with_suffix(".md").write_text(text, encoding="utf-8")
    subject.chart(runs).render_to_file(str(file.with_suffix(".svg")))
    print(f"\n{text}\n{file}.md, {file}.csv, {file}.svg")


if __name__ == "__main__":
    main()
