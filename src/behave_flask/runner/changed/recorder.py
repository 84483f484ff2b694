"""Watches a run: which parts of the project each scenario runs."""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from behave.model import Scenario

from behave_flask.core.extras import requires_extra
from behave_flask.core.paths import PACKAGE
from behave_flask.model.results import PASSED, SKIPPED, ExampleId
from behave_flask.model.run_record import RunRecord
from behave_flask.runner.changed.code_parts import OUTSIDE
from behave_flask.runner.changed.project import Project
from behave_flask.runner.changed.reach_file import Part, ReachFile, Seen


class Recorder:
    """Measures from before the service is imported until the run is over."""

    def __init__(self) -> None:
        """Begin to measure what lies below the working directory."""
        with requires_extra("mutants"):
            from coverage import Coverage

        here = Path.cwd()
        self._measured = Coverage(
            data_file=None,
            config_file=False,
            include=[f"{here}/*"],
            omit=[f"{PACKAGE}/*", f"{Path(sys.prefix).absolute()}/*"],
            messages=False,
        )
        self._measured.start()
        self._playing: Scenario | None = None

    def begin(self, scenario: Scenario) -> None:
        """Count what runs from now on for a scenario."""
        if scenario is not self._playing:
            self._playing = scenario
            self._measured.switch_context(str(ExampleId.of(scenario)))

    def end(self) -> None:
        """Count what runs from now on for no scenario."""
        self._playing = None
        self._measured.switch_context("")

    def write(self, reach: ReachFile, project: Project, record: RunRecord, says: Mapping[str, str]) -> None:
        """Stop, and write down what the scenarios have run that passed, or were left out.

        One that failed is no longer known, and so is played again.

        :param says: what each scenario said before it was played, by the text of its id.
        """
        self._measured.stop()
        by_context = _parts_by_context(self._measured.get_data(), project)
        files = {path for parts in by_context.values() for path, _, _ in parts}
        start = by_context.pop("", frozenset()) | {
            (path, OUTSIDE, project.parts(path).digests[OUTSIDE]) for path in project.beside_code(files)
        }
        for scenario in record.planned:
            result = record.result(scenario)
            key = str(result.id)
            left_out = result.state == SKIPPED and not (result.failures or result.never_ran)
            if result.state == PASSED or left_out:
                reach.seen[key] = Seen(says[key], start | by_context.get(key, frozenset()))
            else:
                reach.seen.pop(key, None)
        reach.write()


def _parts_by_context(data: Any, project: Project) -> dict[str, frozenset[Part]]:
    found: dict[str, set[Part]] = defaultdict(set)
    for measured in data.measured_files():
        path = os.path.relpath(measured)
        parts = project.parts(path)
        for line, contexts in data.contexts_by_lineno(measured).items():
            name = parts.owner.get(line, OUTSIDE)
            if name in parts.digests:
                for each in contexts:
                    found[each].add((path, name, parts.digests[name]))
        if path.endswith(".py") and OUTSIDE in parts.digests:  # it was imported; a template was not
            found[""].add((path, OUTSIDE, parts.digests[OUTSIDE]))
    return {context: frozenset(parts) for context, parts in found.items()}
