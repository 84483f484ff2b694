"""Which scenarios a change touches: by what each has run, and by what it says."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from behave.model import Scenario, Step
from behave.runner import the_step_registry

from behave_flask.ledgers.snapshots import file_of
from behave_flask.model import feature_files
from behave_flask.model.feature_files import UnreadableFeature
from behave_flask.model.results import ExampleId
from behave_flask.runner.changed.code_parts import Parts
from behave_flask.runner.changed.project import Project, parts_then
from behave_flask.runner.changed.reach_file import Part, ReachFile
from behave_flask.runner.changed.sayings import says

_SHOWN_AT_MOST = 3


@dataclass(frozen=True)
class Affected:
    """What is to be played, and why.

    :ivar scenarios: in their order.
    :ivar why: in a line.
    """

    scenarios: list[Scenario]
    why: str


def find(chosen: Sequence[Scenario], reach: ReachFile, project: Project, commit: str) -> Affected:
    """Return which of the scenarios that are asked for a change touches, since a commit or since each passed.

    All are, where it cannot be known.

    :raises UsageError: for a commit that git does not know.
    """
    then = project.changed_since(commit)
    if not reach.seen:
        return Affected([*chosen], "Everything is played: it is not known yet what each scenario runs.")
    changes = _Changes(project, then)
    everywhere = reach.common
    if at_start := sorted({part[0] for part in everywhere if changes.touch(part)}):
        shown = ", ".join(at_start[:_SHOWN_AT_MOST]) + (", ..." if len(at_start) > _SHOWN_AT_MOST else "")
        return Affected(
            [*chosen], f"Everything is played: {shown} runs before any scenario, and has changed."
        )
    said, steps = _SaidThen(then), _NewSteps(reach, project)
    touched = []
    for scenario in chosen:
        seen = reach.seen.get(str(ExampleId.of(scenario)))
        if (
            seen is None
            or seen.says != says(scenario)
            or any(map(changes.touch, seen.ran - everywhere))
            or said.differs(scenario)
            or steps.take_from(scenario)
        ):
            touched.append(scenario)
    since = f"since {commit}, or since each passed last"
    return Affected(
        touched, f"{len(touched)} of {len(chosen)} scenarios are touched by what has changed {since}."
    )


class _Changes:
    """What of the code is otherwise now than when a scenario ran it, or than at the commit."""

    def __init__(self, project: Project, then: Mapping[str, bytes]) -> None:
        self._project = project
        self._since = {
            (path, name)
            for path in then
            for name in _otherwise(project.parts(path), parts_then(path, then[path]))
        }
        self._known: dict[Part, bool] = {}

    def touch(self, part: Part) -> bool:
        if part not in self._known:
            path, name, digest = part
            now = self._project.parts(path).digests.get(name)
            self._known[part] = now != digest or (path, name) in self._since
        return self._known[part]


def _otherwise(now: Parts, then: Parts) -> Iterator[str]:
    return (name for name in {*now.digests, *then.digests} if now.digests.get(name) != then.digests.get(name))


class _SaidThen:
    """What the scenarios of a feature that has changed since the commit said then, by their id."""

    def __init__(self, then: Mapping[str, bytes]) -> None:
        self._then = then
        self._said: dict[str, dict[str, str]] = {}

    def differs(self, scenario: Scenario) -> bool:
        path = os.path.relpath(scenario.filename)
        snapshots = os.path.relpath(file_of(Path(scenario.filename)))
        if snapshots in self._then:
            return True
        if path not in self._then:
            return False
        if path not in self._said:
            self._said[path] = {str(ExampleId.of(each)): says(each) for each in self._scenarios(path)}
        return self._said[path].get(str(ExampleId.of(scenario))) != says(scenario)

    def _scenarios(self, path: str) -> Iterator[Scenario]:
        try:
            feature = feature_files.parse_text(self._then[path].decode("utf-8-sig"), path)
        except (UnreadableFeature, UnicodeDecodeError):
            return
        if feature is not None:
            yield from feature.walk_scenarios()


class _NewSteps:
    """Steps that were not there before: they may take a sentence that another one took."""

    def __init__(self, reach: ReachFile, project: Project) -> None:
        self._new = {each for each in defined_steps() - reach.steps if each[0] in project.files}

    def take_from(self, scenario: Scenario) -> bool:
        return bool(self._new) and any(_place_of_match(step) in self._new for step in scenario.all_steps)


def defined_steps() -> set[tuple[str, str]]:
    """Return where the steps are defined that behave has loaded: their files and names."""
    return {_place(each.func) for kind in the_step_registry.steps.values() for each in kind}


def _place_of_match(step: Step) -> tuple[str, str]:
    match = the_step_registry.find_match(step)
    return _place(match.func) if match else ("", "")


def _place(function: Callable[..., Any]) -> tuple[str, str]:
    code = inspect.unwrap(function).__code__
    return os.path.relpath(code.co_filename), code.co_qualname
