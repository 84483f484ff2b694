"""What needs a library that only an extra of this distribution installs."""

from collections.abc import Iterator
from contextlib import contextmanager

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
