"""Where a run began: names of files are seen from there, wherever a step or the service has gone since."""

import os
import sys
import sysconfig
import traceback
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from behave.configuration import Configuration
from behave.model_type import FileLocation

PACKAGE = Path(__file__).parents[1]
_INSTALLED = tuple(f"{os.sep}{each}{os.sep}" for each in ("site-packages", "dist-packages"))  # also a user's
_LIBRARIES = tuple(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib"))


class LeftElsewhere(AssertionError):
    """A scenario has left the process in another folder than the one in which it began."""


class _Run:
    start = Path.cwd()


def begin(config: Configuration) -> None:
    """Take the working directory as the one where the run begins, and name all reports from the root on.

    What lies there can be imported, as with `python -m`; the script `behave` does not see to that.
    Reports in files are in UTF-8, whatever the terminal's encoding is.
    """
    _Run.start = Path.cwd()
    if str(_Run.start) not in sys.path:
        sys.path.insert(0, str(_Run.start))
    config.junit_directory = str(absolute(config.junit_directory))
    for output in config.outputs:
        if output.name:
            output.name, output.encoding = str(absolute(output.name)), "utf-8"


def is_library(file: str) -> bool:
    """Return whether a file of code belongs to Python or to an installed library."""
    return file.startswith((*_LIBRARIES, "<")) or any(each in file for each in _INSTALLED)


def caller() -> str:
    """Return the innermost line of code, as `file:line`, that is neither a library's nor this package's.

    :returns: nothing if there is none.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if not is_library(file) and not file.startswith(f"{PACKAGE}{os.sep}"):
            return f"{shown(file)}:{frame.f_lineno}"
        frame = frame.f_back
    return ""


def place_of(error: BaseException) -> str:
    """Return the file and line where an error comes from: the last that belongs to no library."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not is_library(frame.filename)] or frames
    return f"{shown(own[-1].filename)}:{own[-1].lineno}" if own else "nowhere"


def absolute(name: str | Path) -> Path:
    """Return the path of what behave, or the command line, names from where the run began."""
    return _Run.start / name


def shown(path: str | Path) -> str:
    """Return a path as it is written where the run began: relative if it is below."""
    path = absolute(path)
    return str(path.relative_to(_Run.start) if path.is_relative_to(_Run.start) else path)


def working_directory() -> Path | None:
    """Return where the process is; None if that folder is gone."""
    with suppress(OSError):
        return Path.cwd()
    return None


def go_back(home: Path | None) -> LeftElsewhere | None:
    """Change back to a folder; return an error that says so if the process was not there."""
    there = working_directory()
    if home is None or there == home:
        return None
    message = (
        f"The scenario left the process in another folder: {there or 'one that is gone'}, and not {home}."
    )
    try:
        os.chdir(home)
    except OSError as error:
        return LeftElsewhere(f"{message} The way back is gone: {error}")
    return LeftElsewhere(f"{message} Go back in the step that goes there, as `contextlib.chdir` does.")


def once(asked: Iterable[FileLocation]) -> list[FileLocation]:
    """Return each file that a run is asked for once, however often and in whatever spelling it is named.

    With its lines, if it is never named without; in the order, and the spelling, in which it is named first.
    """
    found: dict[str, list[FileLocation]] = {}
    for place in asked:
        found.setdefault(os.path.realpath(absolute(place.filename)), []).append(place)
    return [each for places in found.values() for each in _distinct(places)]


def _distinct(places: Sequence[FileLocation]) -> list[FileLocation]:
    name = places[0].filename
    lines = dict.fromkeys(place.line for place in places)
    return [FileLocation(name, line) for line in lines] if all(lines) else [FileLocation(name)]
