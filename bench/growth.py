"""Whether a run of this suite grows with its examples in a straight line, in time and in memory.

A long run takes minutes, in which a machine changes its speed. So it is stopped again and again, and each
time short runs are played: what is slow for the one is slow for the others.
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean, harmonic_mean

from bench.chart import bars
from bench.ways import SUITE as WAYS
from bench.ways import Run, Way, at, played, require_parity, run, sizes_of

SIZES = [1, 1_000, 5_000]
ROUNDS = 1
_NOTE = (
    "To be reached: an example of the longest run costs at most 1.05 times what one of the short runs costs"
    " that were played while it was stopped, in time and in memory. The start of a run does not count."
)
_HEAD = (
    "examples",
    "how",
    "runs",
    "s",
    "ms an example",
    "x those of short runs",
    "by CPU",
    "peak MiB",
    "KiB an example",
)


def measured(ways: Sequence[Way], folders: dict[int, Path], rounds: int) -> list[Run]:
    """Run each way in turn at all sizes, `rounds` times, after a first run, which leaves what others find.

    Raises RuntimeError if a run is not green, or made other requests than another of its size.
    """
    places = {
        way: {size: folder / str(place) for size, folder in folders.items()} for place, way in enumerate(ways)
    }
    for way in ways:
        first = [run(way, place, size) for size, place in places[way].items()]
        print(f"{way.name}, warming up: {first[-1].seconds:.1f} s", flush=True)
    done: list[Run] = []
    for number in range(1, rounds + 1):
        for way in ways:
            done += _at_all_sizes(way, places[way])
            print(f"{way.name}, round {number} of {rounds}: {done[-1].seconds:.1f} s", flush=True)
    for size in folders:
        require_parity([each for each in done if each.examples == size])
    return done


def _at_all_sizes(way: Way, places: dict[int, Path]) -> list[Run]:
    """Run a way at the largest size, and at the others before that and whenever that is stopped."""
    *shorter, longest = places
    done: list[Run] = []

    def short() -> None:
        done.extend(run(way, places[size], size) for size in shorter)

    short()
    done.append(run(way, places[longest], longest, between=short))
    return done


def each(runs: Sequence[Run], way: Way, size: int, of: str = "seconds") -> float:
    """Return the milliseconds that an example costs at a size, without the start of the run.

    Short runs stand for equal times of a long one, which plays the more examples the less they cost: so they
    are averaged by their speeds.
    """
    start = fmean(getattr(alone, of) for alone in at(runs, way, 1))
    costs = [1000 * (getattr(mine, of) - start) / (size - 1) for mine in at(runs, way, size)]
    return fmean(costs) if size == max(sizes_of(runs)) else harmonic_mean(costs)


def table(runs: Sequence[Run]) -> list[str]:
    """Return the lines of the table in Markdown."""
    lines = [f"| {' | '.join(_HEAD)} |", "|---" * len(_HEAD) + "|"]
    lines += [_line(runs, way, size) for way in played(runs, WAYS) for size in sizes_of(runs)]
    return [*lines, "", _NOTE]


def _line(runs: Sequence[Run], way: Way, size: int) -> str:
    mine = at(runs, way, size)
    costs = _costs(runs, way, size) if size > 1 else ("", "", "")
    seconds, most = fmean(run.seconds for run in mine), max(run.mebibytes for run in mine)
    memory = f"{kibibytes(runs, way, size):.1f}" if size > 1 else ""
    return (
        f"| {size:,} | {way.name} | {len(mine)} | {seconds:.2f} | {' | '.join(costs)} | {most:.0f}"
        f" | {memory} |"
    )


def kibibytes(runs: Sequence[Run], way: Way, size: int) -> float:
    """Return what an example adds to the memory of the largest process."""
    alone, mine = (fmean(run.mebibytes for run in at(runs, way, count)) for count in (1, size))
    return 1024 * (mine - alone) / (size - 1)


def _costs(runs: Sequence[Run], way: Way, size: int) -> tuple[str, str, str]:
    _, short, *_ = sizes_of(runs)
    times, cpu = (each(runs, way, size, of) / each(runs, way, short, of) for of in ("seconds", "cpu"))
    return f"{each(runs, way, size):.2f}", f"{times:.2f}", f"{cpu:.2f}"


def chart(runs: Sequence[Run]) -> str:
    """Return a chart of what an example costs as SVG."""
    sizes = sizes_of(runs)[1:]
    groups = [(way.name, [each(runs, way, size) for size in sizes]) for way in played(runs, WAYS)]
    return bars("Milliseconds of an example", [f"of {size:,}" for size in sizes], groups)
