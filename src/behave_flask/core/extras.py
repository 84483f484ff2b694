"""What needs a module that is missing: a library that only an extra installs, or one of the suite's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from behave_flask.core import paths
from behave_flask.core.errors import UsageError


class MissingExtra(UsageError, ModuleNotFoundError):
    """A library is missing; the message names the extra that installs it."""


@contextmanager
def requires_extra(name: str) -> Iterator[None]:
    """Import the libraries of an extra, in the block of a `with`.

    :param name: of the extra, as in `pip install "behave-flask[celery]"`.
    :raises MissingExtra: if one of them is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        raise MissingExtra(f'{library} is not installed: pip install "behave-flask[{name}]"') from error


@contextmanager
def telling_where_to_look() -> Iterator[None]:
    """Import modules of the suite and the service, in the block of a `with`.

    :raises UsageError: for one that is missing, with the line that imports it and what to write.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if isinstance(error, UsageError) or not error.name:
            raise
        message = f"There is no module {error.name!r}, which {paths.place_of(error)} imports."
        raise UsageError(f"{message}{_cure(error.name.partition('.')[0])}") from error


def _cure(package: str) -> str:
    if find_spec(package):  # a part of it is missing
        return ""
    here = Path.cwd()
    for folder in (*sorted(each for each in here.iterdir() if each.is_dir()), here.parent):
        if (folder / f"{package}.py").exists() or (folder / package / "__init__.py").exists():
            return f" It is in {paths.shown(folder)}: PYTHONPATH={paths.shown(folder)} behave"
    return f" Install it, or name the folder that it is in: PYTHONPATH=folder behave, run in {here}."
