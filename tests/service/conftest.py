"""Tells at the end of a run how many requests the fuzz has sent."""

import sys
from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if fuzzing := sys.modules.get("fuzzing"):
        requests, operations = fuzzing.sent.total(), len(fuzzing.sent)
        terminalreporter.write_line(f"Fuzz: {requests} generated requests to {operations} operations.")
