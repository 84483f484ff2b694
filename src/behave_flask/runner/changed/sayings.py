"""What a scenario says: its steps with all that hangs on them, and what its feature's snapshots hold."""

from __future__ import annotations

from pathlib import Path

from behave.model import Scenario

from behave_flask.ledgers.snapshots import file_of
from behave_flask.runner.changed.code_parts import digest


def says(scenario: Scenario, snapshots: bytes | None = None) -> str:
    """Return what names the saying of a scenario or row, its Background and tags included.

    :param snapshots: what they hold; by default, what is in the file beside its feature.
    """
    lines = [" ".join(sorted(scenario.effective_tags))]
    for step in scenario.all_steps:
        rows = [row.cells for row in step.table.rows] if step.table else []
        heading = step.table.headings if step.table else []
        lines.append(f"{step.step_type} {step.name} {heading} {rows} {step.text!r}")
    if snapshots is None:
        file = file_of(Path(scenario.filename))
        snapshots = file.read_bytes() if file.is_file() else b""
    return digest("\n".join(lines).encode("utf-8", "surrogatepass") + snapshots)
