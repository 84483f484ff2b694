"""The steps of rows and backgrounds, copied in less time and memory than behave takes.

behave copies a step for each row of an outline, and for each scenario of a background, by Python's `copy`.
That walks through all that a step holds, and leaves a dictionary of its own in each copy; objects whose
attributes are set one by one share theirs (PEP 412).
"""

import copy
from typing import Any

from behave.capture import CaptureSinkAsCollector, ManyCaptured
from behave.model import Step


def copy_quickly() -> None:
    """Let `copy.copy` and `copy.deepcopy` copy steps in the way of this module."""
    Step.__copy__ = Step.__deepcopy__ = _copied


def _copied(step: Step, memo: dict[int, Any] | None = None) -> Step:
    """Return a step with a table and an output of its own; behave's copies of a background share both."""
    new = Step.__new__(type(step))
    for name, value in vars(step).items():
        setattr(new, name, value)
    new.table = copy.deepcopy(step.table, memo)
    new._captured = ManyCaptured()
    new._capture_sink = CaptureSinkAsCollector(new._captured, step._capture_sink.store_on_success)
    return new
