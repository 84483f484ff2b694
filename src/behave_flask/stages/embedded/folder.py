"""The folders where a service keeps files, put back as they were after each scenario."""

import os
import shutil
from collections.abc import Collection
from pathlib import Path
from zlib import crc32

from flask import Flask

from behave_flask.core.errors import UsageError
from behave_flask.databases import sqlite_files


class Folder:
    """Each scenario finds again what is in the folder when the first one begins."""

    def __init__(self, path: Path, name: str = "") -> None:
        """Accept the folder, which is there.

        :param name: of the setting that holds it, if one does.
        """
        self.path, self.name = path, name
        self._start: dict[str, bytes] | None = None

    def begin(self) -> None:
        """Keep what is in it before the first scenario."""
        if self._start is None:
            self._start = self._content()

    def state(self) -> list[str]:
        """Return the paths of its files below it; of a file that has changed, with a mark of its content."""
        start = self._start or {}
        return sorted(
            name if start.get(name, content) == content else f"{name} ({crc32(content):08x})"
            for name, content in self._content().items()
        )

    def put_back(self) -> None:
        """Remove what is new, and write what has changed or is gone."""
        now, start = self._content(), self._start or {}
        for name in now.keys() - start.keys():
            (self.path / name).unlink()
        for name, content in start.items():
            if now.get(name) != content:
                file = self.path / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.unlink(missing_ok=True)
                file.write_bytes(content)

    def for_worker(self, worker: int) -> "Folder":
        """Return a worker's own folder below this one, with the same in it."""
        own = Folder(self.path / f"worker-{worker}", self.name)
        own.path.mkdir()
        own._start = self._start
        own.put_back()
        return own

    def _content(self) -> dict[str, bytes]:
        found = {}
        for place, folders, files in os.walk(self.path):
            if place == str(self.path):  # where each worker has a folder of its own
                folders[:] = [each for each in folders if not each.startswith("worker-")]
            for file in (Path(place, each) for each in files):
                if file.is_file():
                    found[str(file.relative_to(self.path))] = file.read_bytes()
        return found


class Folders:
    """All folders of a service; where a setting holds one, the service is given a copy."""

    def __init__(self, app: Flask, given: Path | str | Collection[Path | str] | None) -> None:
        """Accept what each is: a folder, or the setting that holds it.

        :raises UsageError: if the service has no such setting.
        """
        self._app = app
        listed = [given] if isinstance(given, Path | str) else given or ()
        self._folders = [self._copy_of(each) if isinstance(each, str) else Folder(each) for each in listed]

    def begin(self) -> None:
        """Keep what is in them before the first scenario."""
        for each in self._folders:
            each.begin()

    def state(self) -> list[str]:
        """Return the paths of all files; of several folders, with where each is."""
        if len(self._folders) == 1:
            return self._folders[0].state()
        return [f"{folder.name or folder.path}/{file}" for folder in self._folders for file in folder.state()]

    def put_back(self) -> None:
        """Put each back."""
        for each in self._folders:
            each.put_back()

    def refuse_to_share(self) -> None:
        """Raise UsageError if workers would share a folder."""
        if shared := next((each for each in self._folders if not each.name), None):
            raise UsageError(
                f"Workers would share the folder {shared.path}: run without -j, or name the setting"
                ' that holds it, as in hooks_for(..., files="UPLOAD_FOLDER"), so that each gets its own.'
            )

    def for_worker(self, worker: int) -> None:
        """Give the service folders of a worker's own."""
        self._folders = [each.for_worker(worker) for each in self._folders]
        for each in self._folders:
            if each.name:
                self._set(each)

    def _copy_of(self, setting: str) -> Folder:
        if not self._app.config.get(setting):
            raise UsageError(
                f"The service has no setting {setting!r} with the path of the folder for its files."
            )
        original, copy = Path(self._app.config[setting]), sqlite_files.folder() / f"files-{setting}"
        shutil.copytree(original, copy) if original.is_dir() else copy.mkdir()
        folder = Folder(copy, setting)
        self._set(folder)
        return folder

    def _set(self, folder: Folder) -> None:
        """Let the setting of a folder hold its path, as the type that it has."""
        is_text = isinstance(self._app.config[folder.name], str)
        self._app.config[folder.name] = str(folder.path) if is_text else folder.path
