"""Two stages compared, scenario by scenario, by the JUnit files of a run on each.

    behave-flask parity JUNIT_OF_ONE JUNIT_OF_THE_OTHER

Prints what has another outcome, and ends with exit code 1 then; a scenario that only one of the two has is
another outcome too, unless it is tagged as playable on one stage alone.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from behave.configuration import Configuration
from behave.model import Feature

from behave_flask.core.stage import EMBEDDED, SERVICES
from behave_flask.model import feature_files
from behave_flask.model.results import SKIPPED, ExampleId
from behave_flask.reports import junit

ABSENT = "not there"
NOT_PLAYED = {ABSENT, SKIPPED}
_ONE = {EMBEDDED, SERVICES}
Outcomes = Mapping[str, junit.Case]


def outcomes(folder: Path) -> Outcomes:
    """Return what the JUnit files of a run say, by example; of a hook by its title."""
    return {case.key or f"{case.place}: {case.title}": case for case in junit.cases(folder)}


def differences(one: Outcomes, other: Outcomes, exempt: Iterable[str] = ()) -> list[str]:
    """Return a line for each scenario that came to something else.

    :param exempt: the examples that one of the two need not have played.
    """
    keys = set(exempt)
    found = []
    for key in {**one, **other}:
        was, came = (each[key].state if key in each else ABSENT for each in (one, other))
        if was != came and not ({was, came} & NOT_PLAYED and key in keys):
            case = one.get(key) or other[key]
            found.append(f"{case.place}: {case.title}: {was}, but {came}")
    return sorted(found)


def on_one_alone(features: Path) -> list[str]:
    """Return all examples tagged as playable on one stage alone."""
    found = []
    for _, feature in feature_files.parse_all(feature_files.find(features)):
        if isinstance(feature, Feature):
            scenarios = feature.walk_scenarios()
            found += [str(ExampleId.of(each)) for each in scenarios if _ONE & set(each.effective_tags)]
    return found


def compare(one: Path, other: Path) -> int:
    """Print what differs between two folders of JUnit files.

    :returns: the exit code: 0 if nothing does, 1 if something does, or there is nothing to compare.
    """
    feature_files.use_language(feature_files.configured_language())
    first, second = outcomes(one), outcomes(other)
    folders = Configuration([]).paths or ["features"]
    exempt = [key for folder in folders for key in on_one_alone(Path(folder))]
    found = differences(first, second, exempt)
    for line in found:
        print(line)
    counts = f"{len(first)} scenarios here, {len(second)} there, {len(exempt)} on one alone"
    print(f"{counts}, {len(found)} differ.")
    return 1 if found or not first else 0
