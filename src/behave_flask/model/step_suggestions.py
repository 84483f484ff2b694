"""What to say of a step that nobody wrote: which sentences come near it, and a definition to begin with.

behave itself only says that the step is undefined, also where one cell of an Examples table has a typo.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import count

from behave.model import Step
from behave.runner import the_step_registry

from behave_flask.model.step_alignment import Alignment, Near
from behave_flask.model.step_catalogue import PLACE, Place, definitions

_SHOWN_AT_MOST = 3
_WORDS_AT_MOST = 8
_SNIPPET = """\
{beside}@{kind}({quote}{pattern}{quote})
def {name}({arguments}):
    raise StepNotImplementedError
"""


def unknown(step: Step) -> str:
    """Return a sentence on an undefined step, with those of the suite that come nearest, in its own words."""
    try:
        near = [_hint(each) for each in _nearest(step.step_type, step.name, _SHOWN_AT_MOST)]
    except BaseException:  # noqa: BLE001 (the types are the suite's own code, and this is a report)
        near = []
    listed = "".join(f"\n  - {hint}" for hint in near)
    return f"{step.location}: no step says “{step.name}”." + (f" Near it are:{listed}" if near else "")


def _nearest(kind: str, text: str, most: int) -> list[Near]:
    """Return what comes near: those of the same kind of steps first, then of the others what is very near."""
    known = id(the_step_registry), len(definitions())
    found = _alignment(kind, *known).nearest(text, most)
    own = {each.sentence for each in found}
    others = _alignment("", *known).nearest(text, 2 * most, at_least=0.6)
    return [*found, *(each for each in others if each.sentence not in own)][:most]


@cache
def _alignment(kind: str, _registry: int, _definitions: int) -> Alignment:
    return Alignment(definitions((kind, "step")) if kind else definitions())


def _hint(near: Near) -> str:
    wrong = {
        value.place.text: value.place for value in near.values if value.said != value.meant or not value.said
    }
    fits = "".join(f", where {each.kind} is: {_fitting(each)}" for each in wrong.values() if each.described)
    return f"{near.definition.kind.title()} {near.sentence}{fits} ({near.definition.matcher.location})"


def _fitting(place: Place) -> str:
    more = len(place.words) - _WORDS_AT_MOST
    return f"{', '.join(place.words[:_WORDS_AT_MOST])} and {more} more" if more > 0 else place.described


def snippet(step: Step) -> str:
    """Return a definition to begin with, in the style of the suite: with places for what the step names.

    They have the names and types that the nearest sentence has for the same values.
    """
    pattern = step.name
    try:
        near = next(iter(_nearest(step.step_type, step.name, 1)), None)
    except BaseException:  # noqa: BLE001 (see `unknown`)
        near = None
    for value in near.values if near else ():
        if value.said == value.meant and (value.place.has_type or _names_something(value.said)):
            pattern = re.sub(
                rf"(?<![\w{{:]){re.escape(value.said)}(?![\w}}:])",
                f"{{{value.place.text}}}",
                pattern,
                count=1,
            )
    texts, numbers = count(), count()
    pattern = re.sub(r'"([^"{}]*)"', lambda _: f'"{{{_numbered("text", texts)}}}"', pattern)
    pattern = re.sub(
        r"(?<![\w{:.])\d+(?![\w}:.])", lambda _: f"{{{_numbered('number', numbers)}:d}}", pattern
    )
    arguments = [each.partition(":")[0] for each in PLACE.findall(pattern)]
    words = [each for each in re.findall(r"[^\W\d_]+", PLACE.sub("", pattern).lower()) if len(each) > 1][:4]
    quote = "'" if '"' in pattern and "'" not in pattern else '"'
    return _SNIPPET.format(
        beside=f"# as in {near.definition.matcher.location.filename}\n" if near else "",
        kind=step.step_type,
        pattern=pattern if quote == "'" else pattern.replace('"', r"\""),
        quote=quote,
        name="_".join(["step", *words]),
        arguments=", ".join(["context", *dict.fromkeys(arguments)]),
    )


def _numbered(name: str, used: Iterator[int]) -> str:
    """Return a name that is another one each time: text, text_2, text_3."""
    number = next(used) + 1
    return name if number == 1 else f"{name}_{number}"


def _names_something(said: str) -> bool:
    return said[:1].isupper() or said.isdigit() or said[:2] in ("a ", "an")
