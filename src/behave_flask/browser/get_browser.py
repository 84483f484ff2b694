"""Get a Chromium for the scenarios on pages, where this machine has none: `behave-flask get-browser`.

Debian's package when root, else the registry package `@sparticuz/chromium`, unpacked beside the environment.
Where neither works the run goes on, and says in the scenarios that need a browser how to get one.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from behave_flask.browser.driver import NoBrowser, find

FOLDER = Path(".venv/browser")
PACKAGE = "@sparticuz/chromium"
UNPACK = "import('@sparticuz/chromium').then(async it => console.log(await it.default.executablePath()))"


def ensure() -> None:
    """See that there is one, or get it. Where none can be had, the scenarios that need it say so."""
    ways: list[Callable[[], None]] = [lambda: None, _by_apt, _by_npm]
    for get in ways:
        try:
            get()
            find()
        except (NoBrowser, OSError, subprocess.SubprocessError):
            continue
        return
    print("No browser could be had: the scenarios tagged @browser will say how to get one.", file=sys.stderr)


def _by_apt() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium by apt-get ...", flush=True)
        with suppress(subprocess.SubprocessError):  # the list of packages may do as it is
            _run("apt-get", "update")
        _run("apt-get", "install", "--yes", "--no-install-recommends", "chromium-headless-shell")


def _by_npm() -> None:
    if not shutil.which("npm"):
        return
    print(f"Installing Chromium by npm ({PACKAGE}) ...", flush=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    _run("npm", "install", "--silent", "--no-save", "--prefix", str(FOLDER), PACKAGE)
    unpacked = _run("node", "--eval", UNPACK, folder=FOLDER).strip()
    shutil.copy(unpacked, FOLDER / "chromium")


def _run(*command: str, folder: Path | None = None) -> str:
    return subprocess.run(command, check=True, cwd=folder, capture_output=True, text=True, timeout=600).stdout
