"""Which scenarios come now to this and now to that: `behave-flask repeat` plays them in many orders.

Each run has another seed, and with it other data and another order, in a process of its own.
"""

import shlex
from collections import defaultdict
from collections.abc import Iterator, Sequence

from behave_flask.runner.bisecting import Asked, Played, shown
from behave_flask.runner.order import read_seed


def run(times: int, first: str | None, arguments: Sequence[str]) -> int:
    """Play what is selected so often, and print what flips and what fails each time.

    :param first: the first seed, of which the others are the next; without it one is drawn.
    :param arguments: of behave, which select what is played.
    :returns: the exit code: 0 if all have passed each time, 1 if not.
    :raises UsageError: for arguments that cannot be, before anything runs; and if behave ran no scenario.
    """
    begin = read_seed(first)
    seeds = [str(begin + number) for number in range(times)]
    runs: dict[str, list[Played]] = {}
    for number, seed in enumerate(seeds, 1):
        runs[seed] = Asked.read(seed, arguments).all_of_it().run()
        failed = sum(not each.passed for each in runs[seed])
        print(f"{number} of {times}, seed {seed}: {len(runs[seed])} scenarios, {failed} failed.", flush=True)
    found = list(_findings(runs, arguments))
    print(*(found or [f"Nothing flips in {times} orders, and nothing fails."]), sep="\n")
    return int(bool(found))


def _findings(runs: dict[str, list[Played]], arguments: Sequence[str]) -> Iterator[str]:
    verdicts: dict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
    for seed, played in runs.items():
        for each in played:
            verdicts[each.place, each.title][seed] = each.passed
    for (place, title), by_seed in sorted(verdicts.items()):
        failing = [seed for seed, passed in by_seed.items() if not passed]
        passing = [seed for seed, passed in by_seed.items() if passed]
        if failing and passing:
            again = shlex.join(["behave", "-D", "order=random", "-D", f"seed={failing[0]}", *arguments])
            narrow = shlex.join(["behave-flask", "bisect", failing[0], *arguments, shown(place)])
            yield f"{shown(place)} “{title}” flips: it fails in {len(failing)} of {len(by_seed)} orders."
            yield f"  It fails with seed {', '.join(failing)}, and passes with {', '.join(passing)}."
            yield f"  To see it: {again}"
            yield f"  Does it depend on another scenario? {narrow}"
        elif failing:
            yield f"{shown(place)} “{title}” fails each time."
