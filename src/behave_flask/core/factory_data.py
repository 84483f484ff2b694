"""What factories of factory-boy make next: it depends on the run's seed and the scenario alone."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

_HAS_FACTORIES = find_spec("factory") is not None
Sequences = dict[Any, int]  # the next number of each factory that counts for itself, or none yet


def reseed(text: str) -> None:
    """Begin the random values of factories and of Faker anew.

    :param text: the same text gives the same values.
    """
    if _HAS_FACTORIES:
        from factory.random import reseed_random

        reseed_random(text)


def sequences() -> Sequences:
    """Return where the sequences of all factories are, for `set_sequences`."""
    return {options: options._counter.seq for options in _counting() if options._counter}


def set_sequences(wanted: Sequences) -> None:
    """Set the sequences of all factories; those that are not named begin anew when they are next used.

    :param wanted: as `sequences` has returned it.
    """
    for options in _counting():
        if options in wanted:
            options.factory.reset_sequence(wanted[options])
        elif options._counter:
            options.factory.reset_sequence()


def _counting() -> Iterator[Any]:
    """Yield the options of the factories that have a counter of their own."""
    if _HAS_FACTORIES:
        from factory.base import Factory

        found = [Factory]
        while found:
            each = found.pop()
            found += each.__subclasses__()
            options: Any = each._meta
            if not options.abstract and options.counter_reference is options:
                yield options
