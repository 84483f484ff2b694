"""Attempts: steps after which something may have been done or refused, so that a Then has to say which.

"Ann cancels her order" says that it is cancelled, and the step sees to it. "Ann tries to cancel her order"
says nothing of the kind: a scenario that goes on without a word on what came of it would be green either way,
and is refused before anything runs. A suite says, where it registers its types, by which words its sentences
tell an attempt, and marks the steps that name what came of one::

    attempts.told_by("tries to", "try to")

    @then("{who} is told that this is {word:Word}")
    @attempts.judges
    def step_told(context, who, word): ...
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any, TypeVar

from behave.model import Scenario, ScenarioOutlineBuilder
from behave.runner import the_step_registry  # not `step_registry.registry`: behave puts another one there

from behave_flask.core import behave_internals

S = TypeVar("S", bound=Callable[..., Any])
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”')
_SHOWN_AT_MOST = 4
_words: set[str] = set()


def told_by(*words: str) -> None:
    """Declare that a Given or a When with one of these words, outside double quotes, is an attempt.

    :param words: such as "tries to".
    """
    _words.update(words)


def judges(step: S) -> S:
    """Mark a step that names what the last attempt came to, and fails if it is not that.

    :param step: the step function.
    :returns: the same function.
    """
    step.judges_attempt = True  # type: ignore[attr-defined]
    return step


def is_attempt(step_type: str, text: str) -> bool:
    """Return whether a step is an attempt.

    :param step_type: given, when or then.
    :param text: what follows the keyword.
    """
    if step_type == "then" or not any(word in text for word in _words):
        return False
    outside = _QUOTED.sub("", text)
    return any(re.search(rf"\b{re.escape(word)}\b", outside) for word in _words)


def unjudged(scenarios: Iterable[Scenario]) -> Iterator[tuple[int, str]]:
    """Find attempts of which no Then says what came of them before the next step that acts, or the end.

    :param scenarios: all that are to run.
    :returns: line and message of each; of rows that share a line, one.
    """
    judge = cache(_judges_attempt)  # rows have steps in common
    lines: set[int] = set()
    for scenario in scenarios if _words else ():
        for line, text in _open(_steps(scenario), judge):
            if line not in lines:
                lines.add(line)
                yield line, _message(text)


def _steps(scenario: Scenario) -> Iterator[tuple[int, str, str]]:
    """Yield line, type and text of all steps, without making those of a row, which is many times the work."""
    row: Mapping[str, str] | None = behave_internals.row_of(scenario)
    written = scenario if row is None else scenario.parent
    for step in (*written.background_steps, *written.steps):
        yield step.line, step.step_type, ScenarioOutlineBuilder.render_template(step.name, row)


def _open(
    steps: Iterable[tuple[int, str, str]], judge: Callable[[str, str], bool]
) -> Iterator[tuple[int, str]]:
    """Yield line and text of each attempt that is left open."""
    attempt: tuple[int, str] | None = None
    for line, step_type, text in steps:
        if step_type != "then":
            if attempt:
                yield attempt
            attempt = (line, text) if is_attempt(step_type, text) else None
        elif attempt and judge(step_type, text):
            attempt = None
    if attempt:
        yield attempt


def _judges_attempt(step_type: str, text: str) -> bool:
    """Return whether a step is marked. One that nobody wrote may be meant so, and is red by its own name."""
    found = the_step_registry.find_step_definition(SimpleNamespace(step_type=step_type, name=text))
    return found is None or _is_marked(found)


def _is_marked(definition: Any) -> bool:
    return getattr(definition.func, "judges_attempt", False)


def _message(text: str) -> str:
    every = (definition for kind in the_step_registry.steps.values() for definition in kind)
    known = sorted({f"“{each.pattern}”" for each in every if _is_marked(each)}, key=len)
    shown = ", ".join(known[:_SHOWN_AT_MOST]) or "a step marked by `attempts.judges` (there is none)"
    return (
        f"“{text}” is an attempt, and no Then says what came of it before the next step that acts."
        f" Say it, as by {shown}; or let the sentence say that it is done"
    )
