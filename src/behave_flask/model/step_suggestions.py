"""What to say of a step that nobody wrote: which wordings would fit, but for a word at one of their places.

behave itself only says that the step is undefined, also where one cell of an Examples table has a typo.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import parse
from behave.matchers import ParseMatcher
from behave.model import Step
from behave.runner import the_step_registry  # not `step_registry.registry`: behave puts another one there

_TYPED = re.compile(r"\{(\w+):(\w+)\}")
_PLACE = re.compile(r"\{[^{}]*\}")
_SHOWN_AT_MOST = 3


def unknown(step: Step) -> str:
    """Return a sentence on an undefined step, with the most specific wordings that come near."""
    written = the_step_registry.steps[step.step_type]
    patterns = sorted({matcher.pattern for matcher in written}, key=_own_words)
    try:
        near = [hint for each in patterns for hint in _hints(each, step.name)][:_SHOWN_AT_MOST]
    except BaseException:  # noqa: BLE001 (the types are the suite's own code, and this is a report)
        near = []
    listed = "".join(f"\n  - {hint}" for hint in near)
    return f"{step.location}: no step says “{step.name}”." + (f" Near it are:{listed}" if near else "")


def _own_words(pattern: str) -> int:
    return -len(_PLACE.sub("", pattern))


def _hints(pattern: str, text: str) -> Iterator[str]:
    types: Mapping[str, Callable[[str], Any]] = ParseMatcher.TYPE_REGISTRY
    for place in _TYPED.finditer(pattern):
        name, kind = place.groups()
        freed = f"{pattern[: place.start()]}{{{name}}}{pattern[place.end() :]}"
        if kind in types and parse.parse(freed, text, types) is not None:
            yield f"{pattern}, where {kind} is: {_accepted(types[kind])}"


def _accepted(converter: Callable[[str], Any]) -> str:
    """The words that a type takes if it says so (`words`), else what it says of itself."""
    words = getattr(converter, "words", None)
    return ", ".join(words) if words else " ".join((converter.__doc__ or "as its author knows").split())
