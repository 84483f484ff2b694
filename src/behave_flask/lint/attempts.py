"""Attempts: steps after which something may have been done or refused, so that a Then has to say which.

"Ann cancels her order" says that it is cancelled, and the step sees to it. "Ann tries to cancel her order"
says nothing of the kind: a scenario that goes on without a word on what came of it would be green either way,
and is refused before anything runs. A suite says, where it registers its types, by which phrases its
sentences announce an attempt, and marks the steps that name what came of one::

    attempts.phrases("tries to", "try to")

    @then("{who} is told that this is {word:Word}")
    @attempts.judges
    def step_told(context, who, word): ...
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any, TypeVar

from behave.model import Scenario, Step
from behave.runner import the_step_registry  # not `step_registry.registry`: behave puts another one there

S = TypeVar("S", bound=Callable[..., Any])
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”')
_SHOWN_AT_MOST = 4
_words: set[str] = set()


def phrases(*words: str) -> None:
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
        for line, text in _open(scenario.all_steps, judge):
            if line not in lines:
                lines.add(line)
                yield line, _message(text)


def _open(steps: Iterable[Step], judge: Callable[[str, str], bool]) -> Iterator[tuple[int, str]]:
    """Yield line and text of each attempt that is left open."""
    attempt: tuple[int, str] | None = None
    for step in steps:
        if step.step_type != "then":
            if attempt:
                yield attempt
            attempt = (step.line, step.name) if is_attempt(step.step_type, step.name) else None
        elif attempt and judge(step.step_type, step.name):
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
