"""Steps that are not written yet: a scenario that has one is not checked, whatever else of it holds.

Such a step raises `StepNotImplementedError`, as in the snippet that behave proposes. Under @wip behave passes
over it, and calls the scenario passed.
"""

from behave.model import Scenario, Status, Step

SAYS = "its step is not written yet"


def note(scenario: Scenario | None, step: Step) -> None:
    """After a step, nested or not: keep that it is not written, if it is not."""
    if scenario is not None and step.status.is_pending():
        scenario.pending = f"{step.keyword} {step.name}"


def skip(scenario: Scenario) -> None:
    """After the last step: skip the scenario in which nothing failed and a step is not written."""
    if scenario.status == Status.passed and (unwritten := getattr(scenario, "pending", None)):
        scenario.skip_reason = f"{SAYS}: “{unwritten}”"
        scenario.set_status(Status.skipped)
