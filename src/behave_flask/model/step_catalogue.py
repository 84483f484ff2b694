"""Every step definition of a suite, with what fits in its places and a sentence that the features have.

For whoever writes a feature: for the editor, the catalogue of words, and hints on a step that nobody wrote.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from behave.matchers import Argument, ParseMatcher
from behave.model import Feature, Scenario
from behave.runner import the_step_registry  # not `step_registry.registry`: behave puts another one there

ANY_TEXT = ".+?"  # the expression of a place without a type
PLACE = re.compile(r"\{([^{}]*)\}")  # in a pattern, for what a sentence says there
_NAMED_GROUP = re.compile(r"\(\?P<\w+>")
_ESCAPED = re.compile(r"\\(.)")
_MEANS_MORE = re.compile(r"[\\.^$*+?{}()\[\]]")


@dataclass(frozen=True)
class Place:
    """A place in a pattern, `{who}` or `{verdict:Verdict}`.

    :param text: what stands between its braces.
    :param regexp: what behave takes there.
    :param converter: what behave calls with it, if its type is one of the suite's own.
    :param quoted: whether it stands between quotation marks.
    """

    text: str
    regexp: str
    converter: Any = None
    quoted: bool = False

    @property
    def name(self) -> str:
        """Its name, without a type."""
        return self.text.partition(":")[0]

    @property
    def kind(self) -> str:
        """Its type, or its name if it has none."""
        name, _, kind = self.text.partition(":")
        return kind or name

    @cached_property
    def has_type(self) -> bool:
        """Whether not every text fits."""
        return not re.fullmatch(self.regexp, "any text at all")

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words that fit, if the type says so (`words`), or its expression is a list of words."""
        said = getattr(self.converter, "words", None)
        return tuple(said) if said else tuple(_listed(self.regexp))

    @property
    def described(self) -> str:
        """The words that fit, else what the type says of itself; nothing of a place that takes any text."""
        return ", ".join(self.words) or " ".join((getattr(self.converter, "__doc__", None) or "").split())


@dataclass(frozen=True)
class Example:
    """A step that the features have.

    :param text: what it says, in a row of an outline with the cells of the row.
    :param scenario: where it stands.
    """

    text: str
    scenario: Scenario
    arguments: Sequence[Argument]
    is_better: bool

    def saying(self, name: str, word: str) -> str:
        """Return its sentence with another word in one place."""
        found = next(each for each in self.arguments if each.name == name)
        return f"{self.text[: found.start]}{word}{self.text[found.end :]}"


@dataclass
class Definition:
    """A step definition, with the first step of the features that it takes."""

    kind: str
    matcher: Any
    example: Example | None = None
    uses: int = 0

    @property
    def pattern(self) -> str:
        """The sentence, as its decorator has it."""
        return str(self.matcher.pattern)

    @property
    def says(self) -> str:
        """The first paragraph of what its function says of itself."""
        return " ".join((self.matcher.func.__doc__ or "").partition("\n\n")[0].split())

    @cached_property
    def places(self) -> list[Place]:
        """The places in its pattern; none of one that is a regular expression."""
        if not isinstance(self.matcher, ParseMatcher):
            return []
        return [self._place(found) for found in PLACE.finditer(self.pattern)]

    def _place(self, found: re.Match[str]) -> Place:
        text = found[1]
        matcher = type(self.matcher)(self.matcher.func, f"{{{text}}}")
        types: Mapping[str, Any] = matcher.TYPE_REGISTRY
        regexp = _NAMED_GROUP.sub("(?:", matcher.regex_pattern)
        inner = re.fullmatch(r"\((?:\?:)?(.*)\)", regexp, re.DOTALL)
        return Place(
            text,
            inner[1] if inner and _compiles(inner[1]) else regexp,
            types.get(text.partition(":")[2]),
            quoted=self.pattern[found.start() - 1 : found.start()]
            == '"'
            == self.pattern[found.end() : found.end() + 1],
        )


def definitions(kinds: Iterable[str] = ("given", "when", "then", "step")) -> list[Definition]:
    """Return the step definitions that behave has loaded, those of a kind in the order of their places."""
    found = [Definition(kind, each) for kind in kinds for each in the_step_registry.steps[kind]]
    order = list(kinds)
    return sorted(found, key=lambda each: (order.index(each.kind), *_where(each)))


def with_examples(
    features: Iterable[Feature], is_better: Callable[[Scenario], bool] = lambda _: False
) -> list[Definition]:
    """Return the step definitions, each with the first step that it takes, and how many it takes.

    :param is_better: whether the steps of a scenario are better examples than those of others.
    """
    found = definitions()
    by_matcher = {id(each.matcher): each for each in found}
    seen: dict[tuple[str, str], Definition | None] = {}
    steps = (
        (scenario, step)
        for feature in features
        for scenario in feature.walk_scenarios()
        for step in scenario.all_steps
    )
    for scenario, step in steps:
        sentence = (step.step_type, step.name)
        if sentence not in seen:
            seen[sentence] = by_matcher.get(id(the_step_registry.find_step_definition(step)))
        if definition := seen[sentence]:
            definition.uses += 1
            known = definition.example
            if known is None or (not known.is_better and is_better(scenario)):
                taken = definition.matcher.match(step.name)
                definition.example = Example(step.name, scenario, taken.arguments or (), is_better(scenario))
    return found


def _where(definition: Definition) -> tuple[str, int]:
    location = definition.matcher.location
    return str(location.filename), int(location.line)


def _listed(regexp: str) -> Iterator[str]:
    """Yield the words of an expression that is nothing but a list of words."""
    words = regexp.split("|")
    if len(words) > 1 and not any(_MEANS_MORE.search(_ESCAPED.sub("", word)) for word in words):
        yield from (_ESCAPED.sub(r"\1", word) for word in words)


def _compiles(regexp: str) -> bool:
    try:
        re.compile(regexp)
    except re.error:
        return False
    return True
