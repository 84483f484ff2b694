"""Which scenarios are played for a mutant, and in which order: who is likely to notice comes first."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, zip_longest

from behave_flask.mutation.code.making import Mutant, statements
from behave_flask.mutation.code.reach import Reach

AT_FIRST = 20  # scenarios
KILLERS = 3  # that have noticed faults in one place


class Chooser:
    """Knows who runs a line, and learns who notices faults where."""

    def __init__(self, reach: Reach) -> None:
        """Accept what the suite was seen to run."""
        self._reach = reach
        self._places = list(reach.seconds)
        self._seconds = list(reach.seconds.values())
        self._last = set(reach.last)
        self._numbers = {place: number for number, place in enumerate(self._places)}
        self._statements: dict[str, dict[int, Collection[int]]] = {}
        self._killers: dict[tuple[str, ...], Counter[int]] = {}

    def first(self, mutant: Mutant) -> list[str]:
        """Return a few that are likely to notice, to be played first; none for a line that nothing runs."""
        likely, _ = self._who(mutant)
        return self._named(self._first(mutant, likely))

    def rest(self, mutants: Iterable[Mutant], besides: Collection[str] = ()) -> list[list[str]]:
        """Return all others that could notice any of these, in up to two rounds: the slow ones come last.

        :param besides: what has been played.
        """
        who = [self._who(each) for each in mutants]
        likely = {number for known, _ in who for number in known}
        others = {number for _, known in who for number in known}
        done = {self._numbers[place] for place in besides}
        order = [*self._fastest(likely - done), *self._fastest(others - likely - done)]
        rounds = [each for each in order if each not in self._last], [e for e in order if e in self._last]
        return [self._named(each) for each in rounds if each]

    def after(self, places: Sequence[str], place: str) -> list[str]:
        """Return those of a round that were not all played when this one has failed: from its feature on."""
        files = [each.rpartition(":")[0] for each in places]
        return list(places[files.index(place.rpartition(":")[0]) :])

    def knows(self, place: str) -> bool:
        """Return whether this is a scenario."""
        return place in self._numbers

    def quickest(self) -> list[str]:
        """Return some scenarios that take little time."""
        return self._named(self._fastest(range(len(self._places)))[:AT_FIRST])

    def seconds(self, places: Iterable[str]) -> float:
        """Return how long scenarios took."""
        return sum(self._reach.seconds[place] for place in places)

    def learn(self, mutant: Mutant, place: str) -> None:
        """Note who has noticed a mutant."""
        if place in self._numbers:
            for where in _around(mutant):
                self._killers.setdefault(where, Counter())[self._numbers[place]] += 1

    def _who(self, mutant: Mutant) -> tuple[set[int], set[int]]:
        """Return who is likely to notice, and all others; nobody, for a line that nothing runs.

        The others count, too: what a service does once and keeps, the first to come was seen to run.
        """
        known = self._statements.setdefault(mutant.file, dict(statements(mutant.file)))
        lines = {*chain.from_iterable(known.get(n, (n,)) for n in range(mutant.line, mutant.end + 1))}
        likely, at_start = self._reach.covering(mutant.file, lines)
        if not likely and not at_start:
            return set(), set()
        everybody = {*range(len(self._places))}
        of_the_file = {*map(int, self._reach.lines.get(mutant.file, ()))}
        likely = likely or self._reach.covering(mutant.file, of_the_file)[0] or everybody
        return likely, everybody - likely

    def _first(self, mutant: Mutant, likely: set[int]) -> list[int]:
        """Choose those that have noticed faults around here, and the fastest of each feature."""
        have = [
            number
            for where in _around(mutant)
            for number, _ in self._killers.get(where, Counter()).most_common(KILLERS)
        ]
        features: dict[str, list[int]] = {}
        for number in self._fastest(likely):
            features.setdefault(self._file_of(number), []).append(number)
        in_turn = (each for turn in zip_longest(*features.values()) for each in turn if each is not None)
        wanted = dict.fromkeys(chain(have, in_turn)) if likely else {}
        quick = [each for each in wanted if each not in self._last]
        return (quick or list(wanted))[:AT_FIRST]

    def _fastest(self, numbers: Iterable[int]) -> list[int]:
        return sorted(numbers, key=self._seconds.__getitem__)

    def _file_of(self, number: int) -> str:
        return self._places[number].rpartition(":")[0]

    def _named(self, numbers: Sequence[int]) -> list[str]:
        """Return the places, those of a file one after the other: behave would load it twice."""
        files = dict.fromkeys(map(self._file_of, numbers))
        order = {file: at for at, file in enumerate(files)}
        return [self._places[each] for each in sorted(numbers, key=lambda each: order[self._file_of(each)])]


def _around(mutant: Mutant) -> Iterator[tuple[str, ...]]:
    yield mutant.file, mutant.definition
    yield mutant.file, mutant.operator, ""
    yield (mutant.file,)
    yield ()
