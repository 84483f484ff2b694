"""What the permission matrix costs in each way of testing, as multiples of its baseline."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench.chart import bars
from bench.ways import WAYS, Run, Way, at, played, require_parity, run, sizes_of

SIZES = [200, 1_000, 5_000]
ROUNDS = 5
JUDGED = 1_000  # the size at which it is said what is to be reached
_NOTE = (
    "“At most” is to be reached at 1,000 examples, and a first request within 0.7 s. All ways make the same"
    " requests; those of this suite alone also look at all else that happens."
)
_HEAD = (
    "examples",
    "how",
    "x baseline",
    "from to",
    "at most",
    "s",
    "CPU, x baseline",
    "peak MiB",
    "first request, s",
    "requests",
)


def measured(ways: Sequence[Way], folders: dict[int, Path], rounds: int) -> list[Run]:
    """Run each way at each size in turn, `rounds` times, after warming up at the smallest size.

    Raises RuntimeError if one is not green, or did other work than the first.
    """
    done = []
    for number in range(rounds + 1):
        for size in folders if number else [min(folders)]:
            side_by_side = [run(way, folders[size] / str(place), size) for place, way in enumerate(ways)]
            require_parity(side_by_side)
            done += side_by_side if number else []
            when = f"round {number} of {rounds}" if number else "warming up"
            seconds = ", ".join(f"{each.seconds:.1f}" for each in side_by_side)
            print(f"{size:,} examples, {when}: {seconds} s", flush=True)
    return done


def ratios(runs: Sequence[Run], way: Way, size: int, of: str = "seconds") -> list[float]:
    """Return how many times the baseline's seconds a way took, for each round; or another of its figures."""
    baseline = at(runs, WAYS[0], size)
    return [
        getattr(mine, of) / getattr(its, of) for mine, its in zip(at(runs, way, size), baseline, strict=True)
    ]


def table(runs: Sequence[Run]) -> list[str]:
    """Return the lines of the table in Markdown."""
    lines = [f"| {' | '.join(_HEAD)} |", "|---" * len(_HEAD) + "|"]
    lines += [_line(runs, way, size) for size in sizes_of(runs) for way in played(runs, WAYS)]
    return [*lines, "", _NOTE]


def _line(runs: Sequence[Run], way: Way, size: int) -> str:
    mine, times = at(runs, way, size), ratios(runs, way, size)
    most = f"{way.most:.2f}" if way.most and size == JUDGED else ""
    return (
        f"| {size:,} | {way.name} | {median(times):.2f} | {min(times):.2f} to {max(times):.2f} | {most}"
        f" | {median(run.seconds for run in mine):.2f} | {median(ratios(runs, way, size, 'cpu')):.2f}"
        f" | {max(run.mebibytes for run in mine):.0f} | {median(run.first for run in mine):.2f}"
        f" | {mine[0].requests:,} |"
    )


def chart(runs: Sequence[Run]) -> str:
    """Return a chart of the multiples as SVG."""
    sizes = sizes_of(runs)
    groups = [(way.name, [median(ratios(runs, way, size)) for size in sizes]) for way in played(runs, WAYS)]
    title = "The permission matrix, in multiples of its requests in a bare loop"
    return bars(title, [f"{size:,} examples" for size in sizes], groups)
