"""How near a step is to a step definition: its words laid beside those of the definition, and its values.

A word that few definitions have counts for more. It is the same in another form, and with a typo in it.
"""

import difflib
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from behave_flask.model.step_catalogue import PLACE, Definition, Place

_TOKEN = re.compile(r"\"[^\"]*\"|<[^<>]*>|'s\b|\w+|[^\w\s]")
_PART = re.compile(r"\"\{[^{}]*\}\"|\{[^{}]*\}|'s\b|\w+|[^\w\s]")
_ENDINGS = re.compile(r"(?<=\w{3})(?:ing|ed|es|s|e)$")
_SAME = 0.8  # of difflib's ratio: from there on a word is another one with a typo
_FITS = 1.0  # what a value counts for that fits a place with a type
_ANY = 0.3  # and one where any text fits
_UNFIT = -0.3
_MISSING = -0.3  # of what a place counts for, of which the step says nothing
_LEFT_OVER = -0.4  # of the weight of a word that has none beside it
_VALUE_LEFT_OVER = -2.0  # of a name, a number or a quoted text, which is there to be taken
_SWALLOWED = -0.05  # for each plain word that is taken for a part of a value
_BEHIND_A_NAME = -1.0  # the same, of a value that begins with a name, which ends there in most cases
_LONGEST = 8  # words of a value


@dataclass(frozen=True)
class Value:
    """What a step says in a place of a definition.

    :param said: its words; nothing if it says none.
    :param meant: what fits there instead; nothing if that cannot be known.
    """

    place: Place
    said: str
    meant: str


@dataclass(frozen=True)
class Near:
    """A step definition beside a step: how like it is, up to 1, and what the step says in its places."""

    definition: Definition
    likeness: float
    values: Sequence[Value]

    @cached_property
    def sentence(self) -> str:
        """The sentence of the definition with the step's own values."""
        values = iter(self.values)
        return PLACE.sub(lambda _: _shown(next(values)), self.definition.pattern)


def _shown(value: Value) -> str:
    return value.meant or f"<{value.place.name}>"


class Alignment:
    """The words of all step definitions, and how much each counts."""

    def __init__(self, definitions: Sequence[Definition]) -> None:
        self._parts = [(each, _parts_of(each)) for each in definitions]
        often = Counter(
            word for _, parts in self._parts for word in {stem(w) for w in parts if isinstance(w, str)}
        )
        self._rare = math.log(1 + len(definitions))
        self._weights = {word: math.log(1 + len(definitions) / count) for word, count in often.items()}

    def nearest(self, text: str, most: int, at_least: float = 0.2) -> list[Near]:
        """Return the definitions that come nearest to a step, each with another sentence, the nearest first.

        :param text: of the step, without its keyword.
        :param at_least: the likeness from which on one is near.
        """
        words = {stem(each) for each in _TOKEN.findall(text)}
        words |= {near for each in words for near in difflib.get_close_matches(each, self._weights, 2, _SAME)}
        likely = sorted(self._parts, key=lambda each: -self._in_common(each[1], words))[: 8 * most]
        laid = [_Layout(self, text, parts).near(definition) for definition, parts in likely]
        found: dict[str, Near] = {}
        for each in sorted(laid, key=lambda near: -near.likeness):
            if each.likeness >= at_least:
                found.setdefault(each.sentence, each)
        return list(found.values())[:most]

    def weight(self, word: str) -> float:
        """Return how much a word counts: the more, the fewer definitions have it."""
        return self._weights.get(stem(word), self._rare) if word[0].isalnum() else 0.1

    def _in_common(self, parts: Sequence[str | Place], words: set[str]) -> float:
        own = {stem(part) for part in parts if isinstance(part, str)}
        return sum(map(self.weight, own & words)) - 0.2 * sum(map(self.weight, own - words))


class _Layout:
    """One step beside one definition: the best of all ways to lay the words of both side by side."""

    def __init__(self, alignment: Alignment, text: str, parts: Sequence[str | Place]) -> None:
        self._weight, self._text, self._parts = alignment.weight, text, parts
        self._tokens = list(_TOKEN.finditer(text))
        self._best = cache(self._lay)

    def near(self, definition: Definition) -> Near:
        score, values = self._best(0, 0)
        worth = sum(map(self._worth, self._parts))
        words = [part for part in self._parts if isinstance(part, str)]
        fits = any(value.meant and value.place.has_type for value in values)
        is_like = self._shares(words) if words else fits  # else any step would be like it
        return Near(definition, score / worth if is_like else 0.0, values)

    def _shares(self, words: Sequence[str]) -> bool:
        """Return whether the step has a good part of the words of the definition."""
        said = [word for word in words if any(likeness(each[0], word) for each in self._tokens)]
        return sum(map(self._weight, said)) > sum(map(self._weight, words)) / 3

    def _worth(self, part: str | Place) -> float:
        if isinstance(part, str):
            return self._weight(part)
        return _FITS if part.has_type else _ANY

    def _lay(self, token: int, part: int) -> tuple[float, tuple[Value, ...]]:
        """Return the best from a token and a part on: what it counts for, and its values."""
        if part == len(self._parts):
            return sum(self._cost_of_leaving(each[0]) for each in self._tokens[token:]), ()
        ways = [self._skip(token, part)] if token < len(self._tokens) else []
        here = self._parts[part]
        ways += self._word(here, token, part) if isinstance(here, str) else self._value(here, token, part)
        return max(ways, key=lambda way: way[0])

    def _skip(self, token: int, part: int) -> tuple[float, tuple[Value, ...]]:
        rest, values = self._best(token + 1, part)
        return rest + self._cost_of_leaving(self._tokens[token][0]), values

    def _cost_of_leaving(self, token: str) -> float:
        return _LEFT_OVER * self._weight(token) if token[0].islower() else _VALUE_LEFT_OVER

    def _word(self, word: str, token: int, part: int) -> list[tuple[float, tuple[Value, ...]]]:
        rest, values = self._best(token, part + 1)
        ways = [(rest + _LEFT_OVER * self._weight(word), values)]
        if token < len(self._tokens) and (alike := likeness(self._tokens[token][0], word)):
            rest, values = self._best(token + 1, part + 1)
            ways.append((rest + alike * self._weight(word), values))
        return ways

    def _value(self, place: Place, token: int, part: int) -> list[tuple[float, tuple[Value, ...]]]:
        rest, values = self._best(token, part + 1)
        ways = [(rest + _MISSING * self._worth(place), (Value(place, "", ""), *values))]
        for end in range(token + 1, min(token + _LONGEST, len(self._tokens)) + 1):
            tokens = self._tokens[token:end]
            said = self._text[tokens[0].start() : tokens[-1].end()]
            counts, value = self._judged(
                place, said.removeprefix('"').removesuffix('"') if place.quoted else said
            )
            plain = sum(min(1.0, self._weight(each[0])) for each in tokens if each[0].islower())
            costs = 0.0 if counts == _FITS else (_BEHIND_A_NAME if said[0].isupper() else _SWALLOWED) * plain
            rest, values = self._best(end, part + 1)
            ways.append((rest + counts + costs, (value, *values)))
        return ways

    def _judged(self, place: Place, said: str) -> tuple[float, Value]:
        if re.fullmatch(place.regexp, said):
            return _FITS if place.has_type else _ANY, Value(place, said, said)
        near = difflib.get_close_matches(said, place.words, 1, 0.7)
        return (0.8 * _FITS, Value(place, said, near[0])) if near else (_UNFIT, Value(place, said, ""))


def stem(word: str) -> str:
    """Return a word without its case and its commonest endings."""
    return _ENDINGS.sub("", word.lower())


@cache
def likeness(one: str, other: str) -> float:
    """Return how alike two words are: 1 for the same, also in another form; 0 for others."""
    if stem(one) == stem(other):
        return 1.0
    ratio = difflib.SequenceMatcher(None, stem(one), stem(other)).ratio()
    return ratio if ratio >= _SAME and one[0].isalpha() else 0.0


def _parts_of(definition: Definition) -> list[str | Place]:
    """Return the words and the places of a definition, in their order."""
    places = iter(definition.places)
    return [next(places) if "{" in part else part for part in _PART.findall(definition.pattern)]
