"""What a run is refused for before it begins, and what it has left out when it ends."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from behave.model import Feature, Scenario, Status
from behave.model_type import FileLocation

from behave_flask.core.errors import UsageError
from behave_flask.lint import attempts, rules
from behave_flask.lint.source import Finding, Source, origin_of
from behave_flask.model import feature_files
from behave_flask.model.feature_files import UNAPPROVED as UNAPPROVED  # -D unapproved=refuse makes them red
from behave_flask.model.run_record import RunRecord


def refuse(
    features: Sequence[Feature], chosen: Sequence[Scenario], asked: Iterable[FileLocation], in_ci: bool
) -> None:
    """Raise UsageError that names, with file and line, all that would be green without proving anything.

    :param chosen: the scenarios that are to run; others of their features may be unfinished.
    :param asked: the files that are to be read.
    :param in_ci: nothing may be unfinished.
    """
    found = [f"{os.path.relpath(place.filename)}:1: holds no Feature" for place in _empty(features, asked)]
    chosen_of: dict[str, list[Scenario]] = {feature.filename: [] for feature in features}
    for each in chosen:
        chosen_of[each.filename].append(each)
    for feature in features:
        own = chosen_of[feature.filename]
        source = Source(feature, feature_files.lines(feature.filename), feature.walk_scenarios(), own)
        findings = {*rules.findings(source), *(unfinished(own) if in_ci else ())}
        findings |= {Finding(*each) for each in attempts.unjudged(own)}
        name = os.path.relpath(feature.filename)
        found += [f"{name}:{finding.line}: {finding.message}" for finding in sorted(findings)]
    if found:
        raise UsageError("\n".join(["Refused to run: these scenarios cannot fail.", *found]))


def in_ci() -> bool:
    """Return whether this is a run of CI, by the variable that its services set: `CI=true`."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def unfinished(scenarios: Iterable[Scenario]) -> Iterator[Finding]:
    """Find scenarios that somebody is still at work on."""
    for scenario in scenarios:
        if "wip" in scenario.effective_tags:
            yield Finding(scenario.line, "is unfinished (@wip), which CI does not accept")


def skip_unsupported(scenario: Scenario, reason: str) -> None:
    """Skip a scenario that cannot be played where this run plays, which is no fault of the run."""
    scenario.skip(reason)
    scenario.left_out = True


def nothing_played(record: RunRecord) -> list[str]:
    """Say so if all that were to run were left out."""
    if not record.planned or not all(map(_is_left_out, record.planned)):
        return []
    reasons = sorted({each.reason for each in record.results})
    return [f"Nothing was played, so green would prove nothing: {'; '.join(reasons)}."]


def report_skipped(record: RunRecord) -> list[str]:
    """Name the scenarios that were to run and were skipped, with the reason that was given.

    But for those that cannot be played where the run plays: the run tells of them by itself.
    """
    return [
        f"{each.place} was skipped, which CI does not accept: {each.reason}"
        for scenario, each in zip(record.planned, record.results, strict=True)
        if each.behave_status == Status.skipped.name and not _is_left_out(scenario)
    ]


def unapproved(chosen: Iterable[Scenario]) -> list[str]:
    """Say how many scenarios say what was observed, and not yet what anybody wants: those tagged so."""
    found = [each for each in chosen if UNAPPROVED in each.effective_tags]
    if not found:
        return []
    files = sorted({str(each.location.filename) for each in found})
    return [f"Not approved yet (@{UNAPPROVED}): {len(found)} scenarios, in {', '.join(files)}."]


def _is_left_out(scenario: Scenario) -> bool:
    return getattr(scenario, "left_out", False)


def unused(definitions: Mapping[str, Sequence[Any]], features: Iterable[Feature]) -> list[str]:
    """Name the step definitions that no step of the features uses, but for ready-made ones.

    :param definitions: behave's matchers by kind: given, when, then, step.
    """
    waiting = {id(matcher): matcher for matchers in definitions.values() for matcher in matchers}
    steps = ((step.step_type, step.name) for each in _varied(features) for step in each.all_steps)
    known: set[tuple[str, str]] = set()
    for kind, text in steps:
        if not waiting:
            break
        if (kind, text) not in known:
            known.add((kind, text))
            candidates = (*definitions[kind], *definitions["step"])
            waiting.pop(id(next((each for each in candidates if each.match(text)), None)), None)
    own = (
        each
        for each in waiting.values()
        if not (each.func.__module__ or "").startswith("behave_flask.steps.")
    )
    left = sorted(own, key=lambda each: (each.location.filename, each.location.line))
    return [f"{each.location}: no feature uses the step “{each.pattern}”." for each in left]


def _varied(features: Iterable[Feature]) -> Iterator[Scenario]:
    """Yield all scenarios, a single row of each outline first: the others mostly have the same steps."""
    begun, others = set(), []
    for scenario in (each for feature in features for each in feature.walk_scenarios()):
        origin = id(origin_of(scenario))
        if origin in begun:
            others.append(scenario)
        else:
            begun.add(origin)
            yield scenario
    yield from others


def _empty(features: Iterable[Feature], asked: Iterable[FileLocation]) -> list[FileLocation]:
    loaded = {Path(feature.filename).resolve() for feature in features}
    return [place for place in asked if Path(place.filename).resolve() not in loaded]
