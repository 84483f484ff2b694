"""Lines of description that were meant to begin with a keyword, in every language that behave knows.

Gherkin reads as description whatever stands under a title and begins with no keyword: a step that is
misspelled, a `Scenario` without its colon, and all the steps below it. Nothing of it runs.

The words are those of the feature's own language (`behave.i18n`), and the English ones beside it. A line that
begins with one of them exactly was meant so, but for prose: "When the shop closes, ..." under a feature's
title, "Example prices are in euros." anywhere. One that only looks like a keyword is judged by what stands
below it, or, for a step, by whether it is an ordinary word.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from behave.i18n import languages

from behave_flask.lint.ordinary_words import ORDINARY
from behave_flask.lint.spelling import distance, is_near, is_same, plain

ENGLISH = "en"
_PROVING, _JOINING = ("given", "when", "then"), ("and", "but")
_WITH_STEPS = ("background", "scenario", "scenario_outline")
_SECTIONS = ("feature", "rule", *_WITH_STEPS, "examples")
_SENTENCE = re.compile(r"""[.!?…,;:。、؟،؛।]['")\]”’»」]*$|[,،、] ?\w""")  # how one ends, or goes on
_NO_SPACES = re.compile(  # of scripts that put none between words
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U0001f000-\U0001faff]$"
)
_PARTS_OF_STEPS = ("|", '"""', "'''")


@dataclass(frozen=True)
class _Step:
    """A step's keyword as it is shown, without what cannot be seen, and what it begins."""

    shown: str
    text: str
    kind: str
    spaced: bool

    def begins(self, text: str) -> bool:
        """Return whether a line begins with it, in capitals or not."""
        return text.casefold().startswith(self.text.casefold()) and (
            not self.spaced or _is_end(text[len(self.text) :])
        )

    def is_near(self, text: str) -> bool:
        """Return whether a line begins with what could be a misspelling of it."""
        if self.spaced:
            words = self.text.split()
            cut_short = len(words) > 1 and len(words[0]) > 5 and is_same(_first(text, 1), words[0])
            return cut_short or is_near(_first(text, len(words)), self.text)
        size = len(self.text)
        return size > 2 and any(is_near(text[:length], self.text) for length in (size - 1, size, size + 1))


class Description:
    """The lines of one description, as they would be read by somebody who looks for keywords."""

    def __init__(self, kind: str, language: str, lines: Sequence[tuple[int, str]]) -> None:
        """Read the lines that are not empty, with their numbers.

        :param kind: what they stand under: "feature", "rule", or another.
        :param language: the feature's, as behave calls it.
        """
        self._kind, self._lines, self._words = kind, lines, _words(language)
        self._texts = [plain(text) for _, text in lines]

    def misspelled(self) -> Iterator[tuple[int, str, str]]:
        """Yield each line that was meant to begin with a keyword: its number, its text, that keyword."""
        for index, (line, text) in enumerate(self._lines):
            if keyword := self._section(index) or self._step(index):
                yield line, text, keyword

    def _section(self, index: int) -> str:
        last = index + 1 == len(self._texts) or self._goes_on(index + 1)
        followed = not last and self._words.step(self._texts[index + 1]) is not None
        for keyword, shown in self._words.sections.items():
            if self._begins(index, keyword, followed):
                return f"{shown}:"
        return self._words.misspelled_section(self._texts[index], followed)

    def _begins(self, index: int, keyword: str, followed: bool) -> bool:
        """Return whether a line begins with a section's keyword, and is no sentence that happens to do so."""
        if not self._texts[index].startswith(keyword):
            return False
        rest = self._texts[index][len(keyword) :]
        if rest.lstrip().startswith(":"):
            return True
        if _is_end(rest):
            return followed or not self._is_sentence(index, keyword)
        return followed and bool(_NO_SPACES.search(keyword))

    def _step(self, index: int) -> str:
        text = self._texts[index]
        step = self._words.exact(text)
        if self._kind == "feature":
            return step.shown if step and index in self._steps_in_narrative else ""
        if step is None:
            near = None if self._goes_on(index) else self._words.near(text)
            return near.shown if near else ""
        ambiguous = step.kind in _JOINING or len(step.text) == 1 or self._goes_on(index)
        if (
            self._kind == "rule"
            and ambiguous
            and not (self._reads_as_step(index) and self._among_steps(index))
        ):
            return ""
        return step.shown

    def _is_sentence(self, index: int, keyword: str) -> bool:
        """Return whether a line ends, or goes on in the next one, as sentences do, beside its keyword."""
        return bool(_SENTENCE.search(self._texts[index][len(keyword) :])) or self._goes_on(index + 1)

    def _goes_on(self, index: int) -> bool:
        """Return whether a line goes on with a sentence that the one above it has begun."""
        if not 0 < index < len(self._texts) or not self._texts[index][:1].islower():
            return False
        above, step = self._texts[index - 1], self._words.exact(self._texts[index])
        if step and self._texts[index].startswith(step.text):  # some languages write theirs in small letters
            return False
        return self._lines[index - 1][0] == self._lines[index][0] - 1 and not above.endswith((".", "!", "?"))

    @cached_property
    def _steps_in_narrative(self) -> set[int]:
        """The lines under a feature's title that are steps, and no prose."""
        found = [index for index in range(len(self._texts)) if self._reads_as_step(index)]
        kinds = [step.kind for index in found if (step := self._words.exact(self._texts[index]))]
        if "then" in kinds and {"given", "when"} & set(kinds[: kinds.index("then")]):
            return set(found)
        return {index for index in found if self._among_steps(index)}

    def _reads_as_step(self, index: int) -> bool:
        step = self._words.exact(self._texts[index])
        return (
            step is not None
            and self._texts[index].startswith(step.text)
            and not self._is_sentence(index, step.text)
        )

    def _among_steps(self, index: int) -> bool:
        """Return whether nothing else stands in the same paragraph."""
        return all(
            self._words.step(text) or text.startswith(_PARTS_OF_STEPS) for text in self._paragraph(index)
        )

    def _paragraph(self, index: int) -> list[str]:
        """Return the lines around one between which no empty line stands."""
        shift = self._lines[index][0] - index
        return [
            text
            for number, (text, (line, _)) in enumerate(zip(self._texts, self._lines, strict=True))
            if line - number == shift
        ]


class _Words:
    """The keywords of a language, and what looks like them."""

    def __init__(self, language: str) -> None:
        own, english = languages.get(language, languages[ENGLISH]), languages[ENGLISH]
        self._ordinary = ORDINARY.get(language.partition("-")[0], frozenset())
        self.sections = _by_length((each, each) for kind in _SECTIONS for each in own[kind])
        english_ones = ((each, own[kind][0]) for kind in _SECTIONS for each in english[kind])
        self._like_sections = {**_by_length(english_ones), **self.sections}
        self._with_steps = {plain(keyword) for kind in _WITH_STEPS for keyword in own[kind]}
        self._steps = list(_steps(own, (*_PROVING, *_JOINING)))
        shown = {step.kind: step.shown for step in reversed(self._steps)}
        self._english = [
            _Step(shown[each.kind], each.text, each.kind, spaced=True) for each in _steps(english, _PROVING)
        ]

    def misspelled_section(self, text: str, followed: bool) -> str:
        """Return the section that a line seems to begin, with its colon; nothing if it does not.

        :param followed: a step stands below it.
        """
        like = [each for each in self._like_sections if self._resembles(text, each, followed)]
        best = min(like, key=lambda each: distance(text.partition(":")[0], each), default=None)
        return f"{self._like_sections[best]}:" if best else ""

    def _resembles(self, text: str, keyword: str, followed: bool) -> bool:
        head, colon, tail = text.partition(":")
        if colon and len(head.split()) <= len(keyword.split()) + 1:
            return is_same(head, keyword) or (bool(tail.strip() or followed) and is_near(head, keyword))
        if not followed or keyword not in self._with_steps:
            return False
        first = _first(text, len(keyword.split()))
        return is_same(first, keyword) or is_near(first, keyword)

    def step(self, text: str) -> _Step | None:
        """Return the step that a line begins, or was meant to."""
        return self.exact(text) or self.near(text)

    def exact(self, text: str) -> _Step | None:
        """Return the step whose keyword a line begins with."""
        found = [step for step in (*self._steps, *self._english) if step.begins(text)]
        return max(found, key=lambda step: (text.startswith(step.text), len(step.text)), default=None)

    def near(self, text: str) -> _Step | None:
        """Return the step whose keyword a line seems to begin with, misspelled."""
        if _first(text, 1).casefold() in self._ordinary:
            return None
        return next((step for step in self._steps if step.kind in _PROVING and step.is_near(text)), None)


@cache
def _words(language: str) -> _Words:
    return _Words(language)


def _steps(dialect: Mapping[str, list[str]], kinds: Sequence[str]) -> Iterator[_Step]:
    """Yield the keywords of steps, the longest of a kind first; the star is no word."""
    for kind in kinds:
        for keyword in sorted(dialect[kind], key=len, reverse=True):
            if not keyword.startswith("*"):
                yield _Step(keyword.strip(), plain(keyword), kind, keyword.endswith(" "))


def _by_length(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    found = {plain(keyword): shown for keyword, shown in pairs}
    return dict(sorted(found.items(), key=lambda each: len(each[0]), reverse=True))


def _is_end(rest: str) -> bool:
    """Return whether a word has ended before this."""
    return not rest or not (
        rest[0].isalnum()
        or unicodedata.category(rest[0])[0] == "M"
        or (rest[0] in "-'" and rest[1:2].isalnum())
    )


def _first(text: str, count: int) -> str:
    """Return the first words of a line."""
    return " ".join(text.split()[:count]).rstrip(".,:;!?")
