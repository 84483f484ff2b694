"""Steps that are not written yet: a scenario that has one is not checked, whatever else of it holds.

Such a step raises `StepNotImplementedError`, as in the snippet that behave proposes. Under @wip behave passes
over it, and calls the scenario passed.
"""

from collections.abc import Iterable, Iterator

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


def lines(scenarios: Iterable[Scenario]) -> Iterator[str]:
    """Say, at the end of a run, which scenarios were not checked because a step of theirs is not written."""
    for scenario in scenarios:
        if scenario.status == Status.skipped and str(scenario.skip_reason).startswith(SAYS):
            yield f"Not checked: {scenario.location} “{scenario.name}”: {scenario.skip_reason}"
