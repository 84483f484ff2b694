"""Two stages compared, scenario by scenario, by the JUnit files of a run on each.

    behave-flask parity JUNIT_OF_ONE JUNIT_OF_THE_OTHER

Prints what has another outcome, and ends with exit code 1 then; a scenario that only one of the two has is
another outcome too, unless it is tagged as playable on one stage alone.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.etree import ElementTree

from behave.configuration import Configuration
from behave.model import Feature

from behave_flask.core.stage import EMBEDDED, SERVICES
from behave_flask.model import feature_files

ABSENT = "not there"
NOT_PLAYED = {ABSENT, "skipped"}
_ONE = {EMBEDDED, SERVICES}
Outcomes = Mapping[tuple[str, str], str]


def outcomes(folder: Path) -> Outcomes:
    """Return the status of every scenario in the JUnit files of a run, by feature and title."""
    cases = (c for file in folder.glob("*.xml") for c in ElementTree.parse(file).iter("testcase"))  # noqa: S314
    return {
        (case.get("classname", ""), case.get("name", "").strip()): case.get("status", "") for case in cases
    }


def differences(one: Outcomes, other: Outcomes, exempt: Iterable[str] = ()) -> list[str]:
    """Return a line for each scenario that came to something else.

    :param exempt: titles of scenarios that one of the two need not have played.
    """
    titles = set(exempt)
    found = []
    for key in sorted({*one, *other}):
        was, came = one.get(key, ABSENT), other.get(key, ABSENT)
        if was != came and not ({was, came} & NOT_PLAYED and key[1] in titles):
            found.append(f"{key[0]}: {key[1]}: {was}, but {came}")
    return found


def on_one_alone(features: Path) -> list[str]:
    """Return the titles of all scenarios tagged as playable on one stage alone."""
    found = []
    for _, feature in feature_files.parse_all(feature_files.find(features)):
        if isinstance(feature, Feature):
            scenarios = feature.walk_scenarios()
            found += [each.name.strip() for each in scenarios if _ONE & set(each.effective_tags)]
    return found


def compare(one: Path, other: Path) -> int:
    """Print what differs between two folders of JUnit files.

    :returns: the exit code: 0 if nothing does, 1 if something does, or there is nothing to compare.
    """
    feature_files.use_language(feature_files.configured_language())
    first, second = outcomes(one), outcomes(other)
    folders = Configuration([]).paths or ["features"]
    exempt = [title for folder in folders for title in on_one_alone(Path(folder))]
    found = differences(first, second, exempt)
    for line in found:
        print(line)
    counts = f"{len(first)} scenarios here, {len(second)} there, {len(exempt)} on one alone"
    print(f"{counts}, {len(found)} differ.")
    return 1 if found or not first else 0
