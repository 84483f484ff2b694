"""What the permission matrix costs beside its floor: `python -m bench.matrix`.

Whole processes, start-up included, in turn, so that a machine that grows slow is slow for both.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 5
TABLES = [str(file) for file in sorted(Path("features/access").glob("*_access.feature"))]
COMMANDS = {
    "bare loop (the floor)": [sys.executable, "-m", "bench.floor"],
    "behave, all checks on": [sys.executable, "-m", "bench.unreported", "--no-junit", *TABLES],
    "and JUnit": [sys.executable, "-m", "bench.unreported", "--junit", *TABLES],
    "and Allure, what failed": [sys.executable, "-m", "behave", "-D", "attachments=failed", *TABLES],
    "and Allure, all attached": [sys.executable, "-m", "behave", *TABLES],
}


def seconds(command: list[str]) -> float:
    """Run a command to its end and return how long it took. Raises CalledProcessError if it fails."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def main() -> None:
    """Run the commands in turn, a few rounds, and print each median beside the floor's."""
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for number in range(ROUNDS + 1):
        for name, command in COMMANDS.items():
            once = seconds(command)
            if number:  # the first round warms up
                taken[name].append(once)
    floor = statistics.median(next(iter(taken.values())))
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"{name:24} {median:6.2f} s   x {median / floor:.2f}   ({min(times):.2f} to {max(times):.2f})")


if __name__ == "__main__":
    main()
