"""Allure's report of the last run as one page, which opens from a file and asks no other host for anything.

The npm package `allure` draws it; `allurerc.mjs`, its configuration, stands beside `package.json`.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from behave_flask.core.errors import UsageError

RESULTS, PAGE = Path("reports/allure-results"), Path("reports/allure.html")
GENERATOR, CONFIGURATION = Path("node_modules/.bin/allure"), Path("allurerc.mjs")

_COUNTING = re.compile(
    r'<script async src="https://www\.googletagmanager\.com/[^"]*"></script>\s*<script>.*?</script>',
    re.DOTALL,
)
_ASKS = re.compile(
    r"""(?:\b(?:src|href|action)\s*=\s*["']?|url\(\s*["']?|@import\s*["'])https?://[^"'\s>)]+"""
)


def without_counting(page: str) -> str:
    """Return the page without the script that tells Google of each reader.

    Raises ValueError if it would still ask another host for something: a new version may do it otherwise.
    """
    clean = _COUNTING.sub("", page)
    if found := _ASKS.search(clean) or re.search(r"googletagmanager|\bgtag\(", clean):
        raise ValueError(f"The page asks another host: {found.group()}")
    return clean


def draw() -> Path:
    """Draw the page and return its file.

    :raises UsageError: if what draws it, or its configuration, is not there.
    :raises SystemExit: with a line, if there is nothing to draw, or the page cannot be trusted.
    """
    if not GENERATOR.exists():
        raise UsageError(f"There is no {GENERATOR}: `npm install allure`, which needs Node.")
    if not CONFIGURATION.exists():
        raise UsageError(f"There is no {CONFIGURATION}: the how-to guide on reports has one to copy.")
    if not any(RESULTS.glob("*-result.json")):
        sys.exit(f"There is nothing to report: {RESULTS} has no results. Run `behave` first.")
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [GENERATOR, "generate", "--config", CONFIGURATION, "--output", folder, RESULTS],
            capture_output=True,
            text=True,
            check=False,
        )
        drawn = Path(folder) / "index.html"
        if done.returncode or not drawn.exists():
            sys.exit(f"Allure could not draw the report:\n{done.stdout}{done.stderr}")
        try:
            PAGE.write_text(without_counting(drawn.read_text(encoding="utf-8")), encoding="utf-8")
        except ValueError as error:
            sys.exit(str(error))
    return PAGE
