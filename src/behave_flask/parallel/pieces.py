"""Features cut into pieces, for workers and for machines, and a feature with nothing but one piece in it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from behave.model import Feature, Rule, ScenarioOutline


@dataclass
class Piece:
    """Some scenarios of one feature, which one process runs in one go.

    :param feature: the number of the feature in the run.
    :param scenarios: the numbers of the scenarios in the feature, in order.
    """

    feature: int
    scenarios: list[int]
    seconds: float = 0.0


def pieces(features: Sequence[Sequence[float]], most: float) -> list[Piece]:
    """Cut features, given as the seconds of their scenarios, into pieces of `most` seconds, slowest first."""
    found = [piece for number, seconds in enumerate(features) for piece in _cut(number, seconds, most)]
    return sorted(found, key=lambda piece: -piece.seconds)


def _cut(number: int, scenarios: Sequence[float], most: float) -> Iterator[Piece]:
    piece = Piece(number, [])
    for index, seconds in enumerate(scenarios):
        if piece.scenarios and piece.seconds + seconds > most:
            yield piece
            piece = Piece(number, [])
        piece.scenarios.append(index)
        piece.seconds += seconds
    yield piece


@contextmanager
def only(feature: Feature, chosen: set[int]) -> Iterator[None]:
    """Leave nothing in a feature but the scenarios of these identities (`id`), inside the block."""
    lists = _lists(feature)
    kept = [list(items) for items in lists]
    try:
        keep_only(feature, chosen)
        yield
    finally:
        for items, before in zip(lists, kept, strict=True):
            items[:] = before


def keep_only(feature: Feature, chosen: set[int]) -> None:
    """Leave nothing in a feature but the scenarios of these identities (`id`)."""
    for items in _lists(feature):  # from the innermost out
        items[:] = [each for each in items if _has(each, chosen)]


def _lists(feature: Feature) -> list[list[Any]]:
    containers = [*feature.rules, feature]
    outlines = [item for each in containers for item in each.run_items if isinstance(item, ScenarioOutline)]
    return [outline.scenarios for outline in outlines] + [each.run_items for each in containers]


def _has(item: Any, chosen: set[int]) -> bool:
    if isinstance(item, Rule):
        return bool(item.run_items)
    return bool(item.scenarios) if isinstance(item, ScenarioOutline) else id(item) in chosen
