"""One run on several machines: `-D shard=2/5` runs one of five parts, `behave-flask merge` joins them again.

The parts are planned from the features and the times of the last run alone: every machine that has the same
of both plans the same. What each ran stands in a manifest beside its reports. Merging checks that all planned
the same and that every scenario ran exactly once, also by the JUnit files, and writes the owner's page.
"""

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from behave.model import Feature, Scenario, Status

from behave_flask.core import clock
from behave_flask.core.errors import UsageError
from behave_flask.model import feature_files
from behave_flask.model.durations import Times
from behave_flask.model.results import BROKEN, PASSED, ExampleId, Failure, Result
from behave_flask.model.run_record import RunRecord, by_id
from behave_flask.parallel.pieces import keep_only, pieces
from behave_flask.permissions.matrix import rows_in
from behave_flask.reports import junit, living_documentation, permission_table
from behave_flask.reports.permission_table import Grid, Legend

MANIFEST = "shard.json"
_ERROR = Status.hook_error.name  # of an error that is no scenario's own, too
PIECES_A_SHARD = 8  # so many that the parts come out even
_COUNTS = ("tests", "errors", "failures", "skipped", "time")  # of a `<testsuite>`


@dataclass(frozen=True)
class Shard:
    """One part of several, counted from 1."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Read "2/5". Raises UsageError for anything else."""
        found = re.fullmatch(r"(\d{1,4})/(\d{1,4})", text, re.ASCII)
        number, of = map(int, found.groups()) if found else (0, 0)
        if not 1 <= number <= of:
            raise UsageError(f"-D shard= takes a part of several, as in 2/5, not {text!r}.")
        return cls(number, of)

    def take(self, features: Iterable[Feature], times: Times, config: Any) -> "Part":
        """Leave in the features what is this part's, and return it."""
        features = list(features)
        planned = [_selected(feature, config) for feature in sorted(features, key=lambda each: each.filename)]
        mine = {id(each) for each in self._mine(planned, times)}
        everything = [
            (str(ExampleId.of(each)), str(each.location)) for scenarios in planned for each in scenarios
        ]
        for feature in features:
            keep_only(feature, mine)
        left = [feature for feature in features if feature.run_items]
        return Part(self, everything, left)

    def _mine(self, planned: Sequence[Sequence[Scenario]], times: Times) -> list[Scenario]:
        """Assign each piece, the slowest first, to the part that has least so far."""
        seconds = [[times.of(scenario) for scenario in scenarios] for scenarios in planned]
        most = sum(map(sum, seconds)) / (self.of * PIECES_A_SHARD)
        loads = [0.0] * self.of
        mine: list[Scenario] = []
        for piece in pieces(seconds, most):
            lightest = loads.index(min(loads))
            loads[lightest] += piece.seconds
            if lightest == self.number - 1:
                mine += [planned[piece.feature][index] for index in piece.scenarios]
        return mine


@dataclass(frozen=True)
class Part:
    """What one shard has to run: `features`, of all that is to be run (`everything`, each with its place)."""

    shard: Shard
    everything: list[tuple[str, str]]
    features: list[Feature]

    def write(self, folder: Path, record: RunRecord, failed: bool, suite: Mapping[str, Any]) -> None:
        """Write the manifest of what ran.

        :param failed: whether the run failed, for whatever reason.
        :param suite: what the suite as a whole has to report; see `Suite.shard_manifest`.
        """
        manifest = {
            "shard": self.shard.number,
            "of": self.shard.of,
            "everything": self.everything,
            "ran": [each.to_json() for each in record.results],
            "failed": failed,
            "beside": [fault.title for fault in record.lone_faults],
            "hook_failures": [(file, vars(failure)) for file, failure in record.hook_failures],
            **suite,
        }
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")


class Merge:
    """The reports of all shards, each in a folder of its own."""

    def __init__(self, folders: Iterable[Path]) -> None:
        """Read the manifests. Raises UsageError for a folder without one."""
        self._manifests = {folder: _read(folder) for folder in folders}
        self._results = {folder: _results(manifest) for folder, manifest in self._manifests.items()}
        self._ran = [result for results in self._results.values() for result in results]

    @property
    def counts(self) -> str:
        """How many there are, by status."""
        by_status = Counter(each.behave_status for each in self._ran)
        counts = ", ".join(f"{number} {status}" for status, number in sorted(by_status.items()))
        return f"{len(self._manifests)} shards, {len(self._ran)} scenarios: {counts or 'none'}"

    def faults(self) -> list[str]:
        """Return why the shards are not together one whole run; nothing if they are."""
        return self._faults_of_the_plan() or self._not_once() + self._faults_of_junit() + self._unused()

    def failed(self) -> list[str]:
        """Return the scenarios that are not as promised, and the shards that failed beside them."""
        return [
            failure
            for folder, manifest in self._manifests.items()
            for failure in _failed(manifest, self._results[folder])
            or [_unexplained(manifest)] * manifest["failed"]
        ]

    def write(self, folder: Path) -> None:
        """Write the reports of the whole: JUnit, Allure's results, the times."""
        junit = folder / "junit"
        junit.mkdir(parents=True, exist_ok=True)
        for name in sorted({file.name for part in self._manifests for file in _junit(part)}):
            found = [part / "junit" / name for part in self._manifests if (part / "junit" / name).exists()]
            _merge_junit(found).write(junit / name, "UTF-8", xml_declaration=True)
        for part in self._manifests:
            if (part / "allure-results").exists():
                shutil.copytree(part / "allure-results", folder / "allure-results", dirs_exist_ok=True)
        Times(folder / "times.jsonl").write(self._ran)

    def write_page(self, folder: Path, faults: Sequence[str], failed: bool) -> Path | None:
        """Write the owner's page of the whole, and return its file; None if no shard had a suite.

        :param faults: why the shards are not together one whole run.
        """
        runs = [manifest["run"] for manifest in self._manifests.values() if "run" in manifest]
        if not runs:
            return None
        around = [(None, Failure.of_text("The shards are not one whole run", fault)) for fault in faults]
        around += [
            (file, Failure(**failure))
            for manifest in self._manifests.values()
            for file, failure in manifest["hook_failures"]
        ]
        about = living_documentation.About(
            at=clock.now(),
            stage="; ".join(sorted({each["stage"] for each in runs})),
            seed=", ".join(sorted({str(each["seed"]) for each in runs})),
            failed=failed,
            whole=not faults and all(run["whole"] for run in runs),
        )
        feature_files.use_language(runs[0]["language"])
        features = Path(runs[0]["features"]).resolve()
        results = by_id(self._ran)
        matrices = [run["matrix"] for run in runs if "matrix" in run]
        return living_documentation.write(
            folder,
            features,
            results,
            about,
            hook_failures=around,
            grid=_grid(matrices[0], results) if matrices else None,
        ).file

    def _faults_of_the_plan(self) -> list[str]:
        manifests = list(self._manifests.values())
        of = max((manifest["of"] for manifest in manifests), default=0)
        numbers = Counter(manifest["shard"] for manifest in manifests)
        faults = [f"shard {number}/{of} is missing" for number in range(1, of + 1) if not numbers[number]]
        faults += [
            f"shard {number}/{of} is there {times} times" for number, times in numbers.items() if times > 1
        ]
        if len({manifest["of"] for manifest in manifests}) > 1:
            faults.append("the shards are parts of different numbers of shards")
        if len({str(sorted(manifest["everything"])) for manifest in manifests}) > 1:
            faults.append("the shards had different features or selected differently")
        return faults or ([] if manifests else ["there is no shard"])

    def _not_once(self) -> list[str]:
        ran = Counter(str(each.id) for each in self._ran if not each.never_ran)
        planned = next(iter(self._manifests.values()))["everything"]
        times = Counter(key for key, _ in planned)
        faults = [f"{place} did not run" for key, place in planned if ran[key] < times[key]]
        faults += [f"{place} ran {ran[key]} times" for key, place in planned if ran[key] > times[key]]
        return faults + [f"{each.place} was not to be run" for each in self._ran if str(each.id) not in times]

    def _faults_of_junit(self) -> list[str]:
        ran = Counter((str(each.id), each.state) for each in self._ran)
        ran.update((title, BROKEN) for manifest in self._manifests.values() for title in manifest["beside"])
        cases = Counter(
            (case.key or case.title, case.state)
            for part in self._manifests
            for case in junit.cases(part / "junit")
        )
        return [f"not in JUnit: {key} ({state})" for key, state in ran - cases] + [
            f"in JUnit alone: {key} ({state})" for key, state in cases - ran
        ]

    def _unused(self) -> list[str]:
        """Return the snapshots that no shard has looked at, of features in which every scenario holds."""
        from behave_flask.ledgers.snapshots import Snapshots

        snapshots, faults = Snapshots(update=False), []
        bad = {each.place.rpartition(":")[0] for each in self._ran if each.state != PASSED}
        used: dict[str, set[str]] = {}
        for manifest in self._manifests.values():
            for file, entries in manifest.get("snapshots", {}).items():
                used.setdefault(file, set()).update(entries)
        for file, entries in used.items():
            snapshots.open_feature(Path(file))
            snapshots.use(entries)
            faults += snapshots.finish_feature(whole=file not in bad)
        return faults


def _selected(feature: Feature, config: Any) -> list[Scenario]:
    """Return what of a feature is to be run, in the file's order, whatever the order of the run."""
    scenarios = [each for each in feature.walk_scenarios() if each.should_run(config)]
    return sorted(scenarios, key=lambda each: each.line)


def _results(manifest: Mapping[str, Any]) -> list[Result]:
    return list(map(Result.from_json, manifest["ran"]))


def _failed(manifest: Mapping[str, Any], results: Iterable[Result]) -> list[str]:
    return [
        f"{each.behave_status}: {each.place}  {each.title}"
        for each in results
        if each.is_bad or each.never_ran
    ] + [f"{_ERROR}: shard {_name(manifest)}  {title}" for title in manifest["beside"]]


def _unexplained(manifest: Mapping[str, Any]) -> str:
    return f"failed: shard {_name(manifest)}, and none of its scenarios says why: see what it printed"


def _name(manifest: Mapping[str, Any]) -> str:
    return f"{manifest['shard']}/{manifest['of']}"


def _grid(matrix: Mapping[str, Any], results: Mapping[ExampleId, Result]) -> Grid:
    """Draw the permission matrix of the whole run."""
    return permission_table.draw(rows_in(Path(matrix["folder"])), results, Legend(**matrix["legend"]))


def _read(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{folder} holds no reports of a shard: {error}") from error
    return found


def _junit(folder: Path) -> list[Path]:
    return sorted((folder / "junit").glob("*.xml"))


def _merge_junit(files: Sequence[Path]) -> Any:
    """Put the cases of one feature together into one suite, and add its counts."""
    whole, *others = (ElementTree.parse(file) for file in files)
    suite = whole.getroot()
    for other in others:
        part = other.getroot()
        suite.extend(part.iter("testcase"))
        for name in _COUNTS:
            total = float(suite.get(name, 0)) + float(part.get(name, 0))
            suite.set(name, f"{total:.6f}" if name == "time" else f"{total:.0f}")
    return whole


def merge(shards: Iterable[Path], into: Path) -> int:
    """Put the reports of all shards together, and print what they are.

    :param shards: the report folder of each.
    :param into: the folder of the whole.
    :returns: the exit code: 0 if they are one whole run that passed, 1 if not.
    :raises UsageError: for a folder without the reports of a shard.
    """
    merged = Merge(shards)
    merged.write(into)
    faults, failed = merged.faults(), merged.failed()
    page = merged.write_page(into, faults, failed=bool(faults or failed))
    for line in [*failed, *(f"Shards are incomplete: {fault}" for fault in faults)]:
        print(line)
    print(merged.counts + ("" if faults else ", each exactly once"))
    if page:
        print(f"What is promised, and what of it holds: {page}")
    return 1 if faults or failed else 0
