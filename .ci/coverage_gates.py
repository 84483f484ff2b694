"""Hold each layer of the service to its share of lines and branches reached by the acceptance suite.

    python .ci/coverage_gates.py COVERAGE.json

The layers stand in pyproject.toml under [tool.coverage_gates]: a name, the least percentage, file patterns.
A file belongs to the first layer that matches it. Prints a line a layer; exits 1 when a layer is below its
mark, naming its files that are, when a layer holds no file, or when a file has no layer.
"""

import json
import math
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path


def percent(summaries: list[dict[str, int]]) -> float:
    """The share of lines and branches reached, as coverage.py reckons it."""
    reached = sum(summary["covered_lines"] + summary.get("covered_branches", 0) for summary in summaries)
    wanted = sum(summary["num_statements"] + summary.get("num_branches", 0) for summary in summaries)
    return 100.0 * reached / wanted if wanted else 100.0


def main(report: str, settings: str = "pyproject.toml") -> int:
    """Print the layers, give back the exit code."""
    layers = tomllib.loads(Path(settings).read_text("utf-8"))["tool"]["coverage_gates"]
    found = json.loads(Path(report).read_text("utf-8"))["files"]
    files = {name.replace("\\", "/"): entry["summary"] for name, entry in found.items()}
    failed = False
    for layer, gate in layers.items():
        names = [name for name in sorted(files) if any(fnmatch(name, p) for p in gate["files"])]
        mine = {name: files.pop(name) for name in names}
        reached, mark = percent(list(mine.values())), gate["at_least"]
        short = reached < mark or not mine
        failed |= short
        shown = math.floor(10 * reached) / 10  # never rounded up to the mark
        print(f"{'BELOW' if short else 'ok':5} {layer}: {shown} % of {mark} % ({len(mine)} files)")
        if short:
            below = {name: percent([summary]) for name, summary in mine.items() if percent([summary]) < mark}
            for name in sorted(below, key=below.__getitem__):
                missing = f"lines {found[name]['missing_lines']}, branches {found[name]['missing_branches']}"
                print(f"      {name}: {below[name]:.1f} %, {missing}")
    for name in files:
        print(f"BELOW {name}: belongs to no layer")
    return 1 if failed or files else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
