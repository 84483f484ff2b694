"""Whether a run of this suite grows with its examples in a straight line, in time and in memory."""

from collections.abc import Sequence
from statistics import median
from typing import Any

import pygal

from bench import ways
from bench.ways import SUITE as WAYS
from bench.ways import Run, at, plain_style

__all__ = ["SIZES", "WAYS", "chart", "table"]
SIZES = [1, 1_000, 5_000, 20_000]
_MOST = "To reach: 1.05 and 150 MiB."


def each(runs: Sequence[Run], way: ways.Way, size: int) -> list[float]:
    """Return, for each round, the milliseconds of one example more than the one that a run begins with."""
    first = at(runs, way, min(run.examples for run in runs))
    more = [mine.seconds - its.seconds for mine, its in zip(at(runs, way, size), first, strict=True)]
    return [1000 * seconds / (size - first[0].examples) for seconds in more]


def table(runs: Sequence[Run]) -> str:
    """Return the table in Markdown; each example is compared with one of the next to smallest size."""
    alone, reference, *larger = sorted({run.examples for run in runs})
    lines = [ways.about(runs), f"| examples | how | s | ms each | x those of {reference:,} | peak MiB a process |"]
    lines.append("|---|---|---|---|---|---|")
    for way in WAYS:
        usual = each(runs, way, reference)
        lines.append(_line(runs, way, alone, "", ""))
        for size in (reference, *larger):
            mine = each(runs, way, size)
            times = median(one / its for one, its in zip(mine, usual, strict=True))
            lines.append(_line(runs, way, size, f"{median(mine):.2f}", f"{times:.2f}"))
    return "\n".join([*lines, "", _MOST, ""])


def _line(runs: Sequence[Run], way: ways.Way, size: int, milliseconds: str, times: str) -> str:
    mine = at(runs, way, size)
    return (
        f"| {size:,} | {way.name} | {median(run.seconds for run in mine):.2f} | {milliseconds} | {times}"
        f" | {max(run.mebibytes for run in mine):.0f} |"
    )


def chart(runs: Sequence[Run]) -> Any:
    """Return a chart of seconds by examples."""
    lines = pygal.XY(title="Seconds of a whole run by its examples", height=500, **plain_style())
    for way in WAYS:
        sizes = sorted({run.examples for run in runs})
        lines.add(way.name, [(size, median(run.seconds for run in at(runs, way, size))) for size in sizes])
    return lines
