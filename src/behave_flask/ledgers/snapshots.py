"""Snapshots under behave: one `.ambr` file a feature, beside it in `__snapshots__/`, one entry a check.

Built on the public methods of syrupy's Amber extension; its fixture needs pytest, the extension does not.
A missing entry fails, `behave -D snapshots=update` writes, and entries that nothing uses are found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from itertools import count, islice
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from behave_flask.core import paths
from behave_flask.core.extras import requires_extra

if TYPE_CHECKING:
    from syrupy.extensions.amber import AmberSnapshotExtension
    from syrupy.location import PyTestLocation

_FOLDER = "__snapshots__"
_SUFFIX = ".ambr"
_MOST_DIFF_LINES = 60
_WIDEST_DIFF_LINE = 200
# syrupy caches what it reads by session id for the life of the process: a read after a write needs a new one.
_sessions = map(str, count())

Matcher = Callable[..., Any]


class SnapshotMissing(AssertionError):
    """There is no such snapshot yet."""


class SnapshotDiffers(AssertionError):
    """What came is not what the snapshot holds, or a masked field has the wrong form."""


class _MaskBroken(Exception):
    """A masked value is not of its form; carries no entry name yet."""


class Form(NamedTuple):
    """The form of a masked text: `name` is written in the snapshot, `pattern` must match the whole text."""

    name: str
    pattern: str


# RFC 3339, section 5.6, the profile of ISO 8601 for the internet; a time zone is required.
TIMESTAMP = Form(
    "timestamp",
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?"
    r"(Z|[+-]([01]\d|2[0-3]):[0-5]\d)",
)


def masked(fields: Mapping[str, type | Form | str]) -> Matcher:
    """Build a matcher that writes a volatile field's type or form in place of its value.

    A field is given as a type, a Form, or a regular expression for the whole text.
    Paths are dotted, `*` is a name, an index or a part of it: `{"data.*.id": int, "*_at": TIMESTAMP}`.
    A field there of another type or form fails the check; an absent one is absent from the snapshot too.
    """
    # Built at the first use, so that step files may call this without importing syrupy at start-up.
    masks = cache(lambda: [_mask(path, kind) for path, kind in fields.items()])

    # Not syrupy's compose_matchers: a second mask on one path would judge what the first one wrote.
    def matcher(*, data: Any, path: Any) -> Any:
        for mask in masks():
            shown = mask(data=data, path=path)
            if shown is not data:
                return shown
        return data

    return matcher


class Snapshots:
    """The snapshots of a run; one feature is open at a time."""

    def __init__(self, update: bool) -> None:
        """`update`: write what is missing or differs instead of failing, and remove what is unused."""
        self._update = update
        self._feature: Path | None = None
        self._seen: Counter[str] = Counter()
        self._used: set[str] = set()
        self._session = next(_sessions)

    def open_feature(self, feature_file: Path) -> None:
        """Begin a feature; its snapshots are `__snapshots__/<feature>.ambr` beside it."""
        self._feature = Path(feature_file)
        self._seen.clear()
        self._used.clear()
        self._session = next(_sessions)

    def check(self, scenario_name: str, data: object, matcher: Matcher | None = None) -> None:
        """Compare parsed JSON with the entry named after the scenario; a second one in it ends in ` [2]`.

        Raises SnapshotMissing or SnapshotDiffers. When updating, writes instead, and only what changed; a
        field that does not fit its mask fails all the same. Scenario names must be unique in a feature.
        """
        feature = self._open()
        name = self._entry(scenario_name)
        received = self._serialize(name, data, matcher)
        stored = self._read(name)
        if received == stored:
            return
        if self._update:
            self._write(name, received)
        elif stored is None:
            raise SnapshotMissing(
                f"{_shown(file_of(feature))} has no entry “{name}”.\n{self._how_to_write()}"
            )
        else:
            raise SnapshotDiffers(
                f"{_shown(file_of(feature))}, entry “{name}”, differs (- snapshot, + received):\n"
                f"{_diff(received, stored)}\nIf the change is intended: {self._how_to_write()}"
            )

    def used(self) -> set[str]:
        """Return the entries of the open feature that checks have used so far."""
        return set(self._used)

    def use(self, entries: set[str]) -> None:
        """Count entries of the open feature as used: checks in another process have used them."""
        self._used |= entries

    def finish_feature(self, whole: bool) -> list[str]:
        """Close the feature and give back the entries that no check used; when updating, remove them.

        `whole` must say that every scenario of the feature ran to its end without failing: only then is an
        entry known to be unused. Otherwise nothing is found or removed.
        """
        feature = self._open()
        self._feature = None
        if not whole or not file_of(feature).exists():
            return []
        with _damage_named(feature):
            stored = _extension().read_snapshot_collection(snapshot_location=str(file_of(feature)))
        unused = sorted({entry.name for entry in stored} - self._used)
        if unused and self._update:
            _extension().delete_snapshots(snapshot_location=str(file_of(feature)), snapshot_names=set(unused))
            _remove_if_empty(file_of(feature).parent)
        return [f"{_shown(file_of(feature))}: no scenario uses the entry “{name}”" for name in unused]

    def orphans(self, features_dir: Path) -> list[str]:
        """Snapshot files whose feature file is gone; when updating, they are removed. For whole runs only."""
        found = [
            file
            for file in sorted(Path(features_dir).rglob(f"{_FOLDER}/*{_SUFFIX}"))
            if not (file.parent.parent / f"{file.stem}.feature").is_file()
        ]
        for file in found if self._update else ():
            file.unlink()
            _remove_if_empty(file.parent)
        return [f"{_shown(file)}: there is no feature file {file.stem}.feature beside it" for file in found]

    def _open(self) -> Path:
        if self._feature is None:
            raise RuntimeError("No feature is open: call open_feature before its first scenario.")
        return self._feature

    def _entry(self, scenario_name: str) -> str:
        # behave leaves a space behind a row without a caption; Amber strips names as it reads them.
        name = " ".join(scenario_name.split())
        if not name:
            raise ValueError("A scenario needs a title to have a snapshot.")
        self._seen[name] += 1
        entry = name if self._seen[name] == 1 else f"{name} [{self._seen[name]}]"
        if entry in self._used:
            raise AssertionError(
                f"Two checks would share the entry “{entry}”: give the scenarios other titles."
            )
        self._used.add(entry)
        return entry

    def _serialize(self, name: str, data: object, matcher: Matcher | None) -> str:
        try:
            return _extension().serialize(data, matcher=matcher)
        except _MaskBroken as error:
            raise SnapshotDiffers(f"{_shown(file_of(self._open()))}, entry “{name}”: {error}") from None

    def _read(self, name: str) -> str | None:
        """The stored text, if any. When updating, a file of another format version counts as empty."""
        from syrupy.exceptions import SnapshotDoesNotExist, TaintedSnapshotError

        feature = self._open()
        location = _location(feature, name)
        try:
            with _damage_named(feature):
                stored = _extension().read_snapshot(test_location=location, index=0, session_id=self._session)
            return str(stored)
        except SnapshotDoesNotExist:
            return None
        except TaintedSnapshotError as error:
            if self._update:
                return None
            message = f"{_shown(file_of(feature))} is in another version of syrupy's format."
            raise SnapshotDiffers(f"{message}\n{self._how_to_write()}") from error

    def _write(self, name: str, text: str) -> None:
        location = _location(self._open(), name)
        _extension().write_snapshot(
            snapshot_location=str(file_of(self._open())), snapshots=[(text, location, 0)]
        )
        self._session = next(_sessions)

    def _how_to_write(self) -> str:
        return f"Write it with: behave -D snapshots=update {_shown(self._open())}"


def _location(feature: Path, entry: str) -> PyTestLocation:
    """What syrupy asks of a test's place, in terms of a feature file and an entry."""
    place = SimpleNamespace(
        filepath=str(feature.absolute()),
        basename=feature.stem,
        testname=entry,
        snapshot_name=entry,
        matches_snapshot_location=lambda file: Path(file) == file_of(feature),
        matches_snapshot_name=lambda name: name == entry,
    )
    return cast("PyTestLocation", place)


def _extension() -> AmberSnapshotExtension:
    # Imported late: syrupy brings pytest along, which a run without snapshots can do without.
    with requires_extra("snapshots"):
        from syrupy.extensions.amber import AmberSnapshotExtension

    return AmberSnapshotExtension()


def file_of(feature: Path) -> Path:
    """Return the file of a feature's snapshots, which need not be there."""
    return feature.absolute().parent / _FOLDER / f"{feature.stem}{_SUFFIX}"


def _shown(file: Path) -> str:
    return paths.shown(file)


@contextmanager
def _damage_named(feature: Path) -> Iterator[None]:
    with requires_extra("snapshots"):
        from syrupy.extensions.amber.serializer import MalformedAmberFile

    try:
        yield
    except MalformedAmberFile as error:
        raise SnapshotDiffers(
            f"{_shown(file_of(feature))} is damaged: {error} Delete it, write it anew."
        ) from error


def _remove_if_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()


def _diff(received: str, stored: str) -> str:
    from syrupy.terminal import disable_color

    with disable_color():
        lines = list(islice(_cut(_extension().diff_lines(received, stored)), _MOST_DIFF_LINES + 1))
    if len(lines) > _MOST_DIFF_LINES:
        lines[_MOST_DIFF_LINES:] = ["  … and more"]
    return "\n".join(lines)


def _cut(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield (line if len(line) <= _WIDEST_DIFF_LINE else line[: _WIDEST_DIFF_LINE - 1] + "…")


def _mask(path: str, kind: type | Form | str) -> Matcher:
    from syrupy.extensions.amber.serializer import Repr
    from syrupy.matchers import path_type

    form = Form(kind, kind) if isinstance(kind, str) else kind

    def checked(data: Any, match: re.Match[str] | None) -> Repr:
        if not _fits(data, form):
            place = match.string if match else path
            raise _MaskBroken(f"{data!r} at “{place}” is not of the form <{_name(form)}>")
        return Repr(f"<{_name(form)}>")

    where = re.escape(path).replace(r"\*", "[^.]*")
    # Every value there is handed over, whatever its type, for `checked` to judge.
    return path_type({where: (object,)}, replacer=checked, regex=True)


def _fits(data: Any, kind: type | Form) -> bool:
    if isinstance(kind, Form):
        return isinstance(data, str) and re.fullmatch(kind.pattern, data, re.ASCII) is not None
    # In Python True is an int; in JSON it is no number.
    return isinstance(data, kind) and (kind is bool or not isinstance(data, bool))


def _name(kind: type | Form) -> str:
    return kind.name if isinstance(kind, Form) else kind.__name__
