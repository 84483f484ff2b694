"""Whether two words are the same to a reader, or could be a misspelling of one another."""

import re
import unicodedata

_SHORTEST = 3  # of shorter words nothing can be said to be a misspelling
_LONG = 8  # from here on two letters may be wrong
_HANGUL = re.compile("[\uac00-\ud7a3]")


def plain(text: str) -> str:
    """Return a text with one form of each letter, space and quote, and without what has no width."""
    text = unicodedata.normalize("NFKC", text).replace("\u2019", "'")
    return " ".join("".join(each for each in text if unicodedata.category(each) != "Cf").split())


def is_same(one: str, other: str) -> bool:
    """Return whether two differ in capitals, spaces and hyphens at most."""
    return _compact(one) == _compact(other)


def is_near(text: str, word: str) -> bool:
    """Return whether a text could be a misspelling of a word: an accent, a letter, in long ones two."""
    text, word = _compact(text), _compact(word)
    size = len(word)
    if text == word or size < _SHORTEST or abs(len(text) - size) > 2:
        return False
    if _unaccented(text) == _unaccented(word):
        return True
    if size == _SHORTEST:  # any other letter makes another word
        swapped = sorted(text) == sorted(word)
        return distance(text, word) == 1 and (swapped or (len(text) > size and set(text) == set(word)))
    return distance(text, word) <= (2 if size >= _LONG else 1)


def _compact(text: str) -> str:
    """Return what counts when two texts are compared; of a Korean syllable each of its letters."""
    text = plain(text).casefold().replace(" ", "").replace("-", "")
    return unicodedata.normalize("NFD", text) if _HANGUL.search(text) else text


def _unaccented(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", text) if unicodedata.category(each) != "Mn")


def distance(one: str, other: str) -> int:
    """Return how many letters are missing, too many, others, or swapped with their neighbour."""
    one, other = _compact(one), _compact(other)
    above: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        below = [i]
        for j, wanted in enumerate(other, 1):
            least = min(row[j] + 1, below[j - 1] + 1, row[j - 1] + (letter != wanted))
            if above and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                least = min(least, above[j - 2] + 1)
            below.append(least)
        above, row = row, below
    return row[-1]
