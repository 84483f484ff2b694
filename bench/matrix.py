"""What the permission matrix costs in each way of testing, as multiples of its floor."""

from collections.abc import Sequence
from statistics import median
from typing import Any

import pygal

from bench import ways
from bench.ways import FIRST, WAYS, Run, at, plain_style

__all__ = ["SIZES", "WAYS", "chart", "table"]
SIZES = [200, 1_000, 5_000]
JUDGED = 1_000  # the size at which it is said what may be reached


def ratios(runs: Sequence[Run], way: ways.Way, size: int) -> list[float]:
    """Return how many times the floor's seconds a way took, for each round."""
    floor = at(runs, WAYS[0], size)
    return [mine.seconds / its.seconds for mine, its in zip(at(runs, way, size), floor, strict=True)]


def table(runs: Sequence[Run]) -> str:
    """Return the table in Markdown."""
    head = "| examples | how | x floor | (from to) | at most | s | CPU s | peak MiB a process | first request after s"
    lines = [ways.about(runs), f"{head} | requests |", "|---|---|---|---|---|---|---|---|---|---|"]
    for size in sorted({run.examples for run in runs}):
        lines += [_line(runs, way, size) for way in WAYS]
    return "\n".join([*lines, "", f"First request: to reach are {FIRST} s for behave.", ""])


def _line(runs: Sequence[Run], way: ways.Way, size: int) -> str:
    mine, times = at(runs, way, size), ratios(runs, way, size)
    most = f"{way.most:.2f}" if way.most and size == JUDGED else ""
    return (
        f"| {size:,} | {way.name} | {median(times):.2f} | {min(times):.2f} to {max(times):.2f} | {most}"
        f" | {median(run.seconds for run in mine):.2f} | {median(run.cpu for run in mine):.2f}"
        f" | {max(run.mebibytes for run in mine):.0f} | {median(run.first for run in mine):.2f}"
        f" | {mine[0].requests:,} |"
    )


def chart(runs: Sequence[Run]) -> Any:
    """Return a chart of the multiples, a bar a size for each way."""
    bars = pygal.HorizontalBar(
        title="The permission matrix, in multiples of its requests in a bare loop", height=700, **plain_style()
    )
    bars.x_labels = [way.name for way in reversed(WAYS)]
    for size in sorted({run.examples for run in runs}):
        bars.add(
            f"{size:,} examples", [round(median(ratios(runs, way, size)), 2) for way in reversed(WAYS)]
        )
    return bars
