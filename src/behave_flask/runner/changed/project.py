"""The files of the project as they are now, and as they were at a commit of git."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from behave_flask.core.errors import UsageError
from behave_flask.core.paths import PACKAGE
from behave_flask.runner.changed.code_parts import OUTSIDE, Parts, digest, parts_of

# Beside what lies in the folders of code: what says how the service and its suite are run.
_SETTINGS = {".cfg", ".env", ".ini", ".toml", ".yaml", ".yml"}
_NO_PARTS = Parts({}, {})


class Project:
    """What git knows in the working directory, and what it does not ignore."""

    def __init__(self) -> None:
        """Ask git. Raises UsageError where there is none."""
        self.files = set(self._git("ls-files", "-z", "-co", "--exclude-standard").split("\0")) - {""}
        self._now: dict[str, Parts] = {}

    def parts(self, path: str) -> Parts:
        """Return the parts of a file as it is now; none of one that is not there."""
        if path not in self._now:
            file = Path(path)
            self._now[path] = _parts(path, file.read_bytes()) if file.is_file() else _NO_PARTS
        return self._now[path]

    def changed_since(self, commit: str) -> dict[str, bytes]:
        """Return what files said at a commit that are otherwise now, or gone; of a new one nothing.

        :raises UsageError: for a commit that git does not know.
        """
        named = self._git("diff", "-z", "--name-only", "--relative", "--no-renames", commit, "--").split("\0")
        new = self._git("ls-files", "-z", "-o", "--exclude-standard").split("\0")
        return {path: self._at(commit, path) for path in {*named, *new} - {""}}

    def beside_code(self, code: Iterable[str]) -> set[str]:
        """Return the files that may tell in any scenario: settings at the top, and what lies beside code.

        :param code: the files that scenarios have run.
        """
        folders = {path.partition("/")[0] for path in code if "/" in path}
        return {path for path in self.files - set(code) if self._may_tell(path, folders)}

    @staticmethod
    def _may_tell(path: str, folders: set[str]) -> bool:
        file = Path(path)
        if file.absolute().is_relative_to(PACKAGE):  # in its own project alone
            return True
        if file.suffix in (".py", ".feature", ".ambr", ".md", ".rst"):
            return False
        if len(file.parts) == 1:
            return file.suffix in _SETTINGS or file.name.startswith("requirements")
        return file.parts[0] in folders

    @cached_property
    def _prefix(self) -> str:
        return self._git("rev-parse", "--show-prefix").strip()

    def _at(self, commit: str, path: str) -> bytes:
        done = subprocess.run(
            ["git", "show", f"{commit}:{self._prefix}{path}"], capture_output=True, check=False
        )
        return done.stdout if done.returncode == 0 else b""

    @staticmethod
    def _git(*arguments: str) -> str:
        try:
            done = subprocess.run(["git", *arguments], capture_output=True, check=False)
        except FileNotFoundError as error:
            raise UsageError("-D changed asks git what has changed, and there is no git.") from error
        if done.returncode:
            why = done.stderr.decode(errors="replace").strip().partition("\n")[0]
            raise UsageError(f"-D changed asks git what has changed. git {arguments[0]}: {why}")
        return done.stdout.decode(errors="surrogateescape")


def _parts(path: str, content: bytes) -> Parts:
    if path.endswith(".py"):
        return parts_of(content, hooks=path.endswith("environment.py"))
    return Parts({OUTSIDE: digest(content)}, {})


def parts_then(path: str, content: bytes) -> Parts:
    """Return the parts of what a file said once; none of nothing."""
    return _parts(path, content) if content else _NO_PARTS
