"""Findings of the linter as SARIF 2.1.0, which GitHub's code scanning and editors show at their lines."""

import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from behave_flask.lint.source import Finding

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
RULE = "gherkin"  # GitHub asks for a rule with each of these texts; a finding says itself what it is
_ABOUT = {"text": "A feature file holds what is wrong, or hard to read."}
_HELP = {
    "text": "The message says what is wrong. What is allowed: [tool.behave-flask.lint] in pyproject.toml."
}


def document(findings: Iterable[tuple[Path, Finding]], looked: bool) -> str:
    """Return a log of one run that holds these findings, each an error at its line.

    :param findings: each with its file, as it was named.
    :param looked: whether there was a file to look at; without one, no findings do not mean that all is well.
    """
    rule = {"id": RULE, "shortDescription": _ABOUT, "fullDescription": _ABOUT, "help": _HELP}
    driver = {"name": "behave-flask lint", "version": version("behave-flask"), "rules": [rule]}
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": looked}],
        "results": [_result(*each) for each in findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _result(file: Path, finding: Finding) -> dict[str, Any]:
    path = file.as_uri() if file.is_absolute() else quote(file.as_posix(), errors="surrogateescape")
    place = {"artifactLocation": {"uri": path}, "region": {"startLine": max(finding.line, 1)}}
    return {
        "ruleId": RULE,
        "level": "error",
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": place}],
    }
