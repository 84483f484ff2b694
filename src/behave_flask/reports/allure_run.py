"""What Allure shows of a run as a whole: where it ran, its kinds of failures, and which build it was."""

import json
import os
import platform
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from behave_flask.core import text
from behave_flask.model.results import BROKEN, FAILED

_CLOSED = "which no step arranged|was arranged but never called|was arranged with .* answers|tried to connect"
_EFFECT = "Not verified by any step"
_OTHER = rf"^(?![\s\S]*({_CLOSED}|{_EFFECT}))"
# In the dialect that Java (Allure 2) and JavaScript (Allure 3) share; each problem is in one category.
CATEGORIES = [
    {"name": "Outside world not closed", "messageRegex": rf"[\s\S]*({_CLOSED})[\s\S]*"},
    {"name": "Unverified side effect", "messageRegex": rf"^(?![\s\S]*({_CLOSED}))[\s\S]*{_EFFECT}[\s\S]*"},
    {"name": "Broken promise", "messageRegex": rf"{_OTHER}[\s\S]*", "matchedStatuses": [FAILED]},
    {"name": "Broken suite", "messageRegex": rf"{_OTHER}[\s\S]*", "matchedStatuses": [BROKEN]},
]


def describe(folder: Path, surroundings: Mapping[str, str]) -> None:
    """Write what Allure shows of the run as a whole into the folder of its results."""
    facts = {**surroundings, "Python": platform.python_version(), "Commit": _commit()}
    lines = "".join(f"{name} = {_latin(value)}\n" for name, value in facts.items())
    (folder / "environment.properties").write_text(lines, encoding="ascii")
    (folder / "categories.json").write_text(json.dumps(CATEGORIES, indent=2), encoding="utf-8")
    if executor := _executor(os.environ):
        (folder / "executor.json").write_text(json.dumps(executor, indent=2), encoding="utf-8")


def _latin(value: str) -> str:
    """Return a text as Java's properties take it: ASCII, other letters escaped."""
    return (
        text.clean(value)
        .replace("\\", "\\\\")
        .encode("ascii", "backslashreplace")
        .decode()
        .replace("\\x", "\\u00")
    )


def _commit() -> str:
    if given := os.environ.get("GITHUB_SHA"):
        return given
    done = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _executor(environment: Any) -> dict[str, Any]:
    """Return which build of which machinery made the run; nothing outside CI.

    GitHub: https://docs.github.com/actions/reference/variables-reference
    """
    if not environment.get("CI"):
        return {}
    if not environment.get("GITHUB_ACTIONS"):
        return {"name": "CI", "type": "ci"}
    home = f"{environment['GITHUB_SERVER_URL']}/{environment['GITHUB_REPOSITORY']}"
    return {
        "name": "GitHub Actions",
        "type": "github",
        "url": home,
        "buildOrder": int(environment["GITHUB_RUN_NUMBER"]),
        "buildName": f"{environment['GITHUB_WORKFLOW']} #{environment['GITHUB_RUN_NUMBER']}",
        "buildUrl": f"{home}/actions/runs/{environment['GITHUB_RUN_ID']}",
    }
