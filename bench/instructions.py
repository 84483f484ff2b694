"""What a row of the matrix costs in instructions: `python -m bench.instructions`, which needs valgrind.

A busy machine changes nothing of their number, and two runs of the same code differ by less than a hundredth.
They say nothing of waiting, and of two processes they are the sum.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.__main__ import prepared
from bench.ways import WAYS, Way, environment_of

SIZES = (100, 300)
_VALGRIND = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
_COUNT = re.compile(r"^==\d+== I *refs: *([\d,]+)$", re.MULTILINE)


def counted(way: Way, place: Path) -> int:
    """Return how many instructions a way has executed, in all its processes.

    Raises RuntimeError with what it said if it is not green.
    """
    done = subprocess.run(
        [*_VALGRIND, sys.executable, "-m", *way.arguments],
        cwd=place,
        env=environment_of(place) | {"PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{way.name} ended with code {done.returncode}:\n{done.stdout}{done.stderr}")
    return sum(int(count.replace(",", "")) for count in _COUNT.findall(done.stderr))


def line(way: Way, counts: Sequence[int], baseline: Sequence[int]) -> str:
    """Return the line of a way in the table.

    :param counts: its instructions at each of `SIZES`.
    :param baseline: those of the first way.
    """
    start, row, whole = _parts(counts)
    return f"| {way.name} | {start / 1e6:,.0f} | {row / 1e6:.1f} | {whole / _parts(baseline)[2]:.2f} |"


def _parts(counts: Sequence[int]) -> tuple[float, float, float]:
    """Return what the start costs, a row, and a run of 1,000 rows."""
    few, many = SIZES
    row = (counts[1] - counts[0]) / (many - few)
    start = counts[0] - few * row
    return start, row, start + 1_000 * row


def main() -> None:
    """Print a line for each way, or for those whose names have one of the words on the command line."""
    ways = [way for way in WAYS if way == WAYS[0] or any(word in way.name for word in sys.argv[1:] or [""])]
    folders = [prepared(size, ways) for size in SIZES]
    print("| how | start, millions | a row, millions | 1,000 rows, x baseline |\n|---|---|---|---|")
    baseline: list[int] = []
    for number, way in enumerate(ways):
        counts = [counted(way, folder / str(number)) for folder in folders]
        baseline = baseline or counts
        print(line(way, counts, baseline), flush=True)


if __name__ == "__main__":
    main()
