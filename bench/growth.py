"""Whether a run of this suite grows with its examples in a straight line, in time and in memory."""

from collections.abc import Sequence
from statistics import median

from bench.chart import bars
from bench.ways import SUITE as WAYS
from bench.ways import Run, Way, at, played, sizes_of

SIZES = [1, 1_000, 5_000, 20_000]
_NOTE = (
    "To be reached: among 20,000 an example costs at most 1.05 times as much; no process has over 150 MiB."
)


def each(runs: Sequence[Run], way: Way, size: int) -> list[float]:
    """Return, for each round, the milliseconds of an example, without the start of the run."""
    alone = at(runs, way, 1)
    more = [mine.seconds - its.seconds for mine, its in zip(at(runs, way, size), alone, strict=True)]
    return [1000 * seconds / (size - 1) for seconds in more]


def table(runs: Sequence[Run]) -> list[str]:
    """Return the lines of the table in Markdown; costs are compared with those of the smallest run."""
    _, reference, *_ = sizes = sizes_of(runs)
    head = ("examples", "how", "s", "ms an example", f"x those of {reference:,}", "peak MiB")
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for way in played(runs, WAYS):
        for size in sizes:
            costs = _costs(runs, way, size, reference) if size > 1 else ("", "")
            mine = at(runs, way, size)
            lines.append(
                f"| {size:,} | {way.name} | {median(run.seconds for run in mine):.2f} | {' | '.join(costs)}"
                f" | {max(run.mebibytes for run in mine):.0f} |"
            )
    return [*lines, "", _NOTE]


def _costs(runs: Sequence[Run], way: Way, size: int, reference: int) -> tuple[str, str]:
    mine, usual = each(runs, way, size), each(runs, way, reference)
    times = median(one / its for one, its in zip(mine, usual, strict=True))
    return f"{median(mine):.2f}", f"{times:.2f}"


def chart(runs: Sequence[Run]) -> str:
    """Return a chart of what an example costs as SVG."""
    sizes = sizes_of(runs)[1:]
    groups = [(way.name, [median(each(runs, way, size)) for size in sizes]) for way in played(runs, WAYS)]
    return bars("Milliseconds of an example", [f"of {size:,}" for size in sizes], groups)
