"""The console of a run: takes every character, whatever its encoding, and shows no secret.

behave, its formatters and the suite's own hooks write to it, each in its own way; so it is seen to here.
"""

import io
import sys
from contextlib import suppress
from typing import Any

from behave_flask.core import text


def prepare() -> None:
    r"""Let standard output and standard error take every text, and mask the secrets in it.

    A character that their encoding has not is written as Python writes it: `\u2013`. Done twice, it is done
    once.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not hasattr(stream, "unmasked"):
            with suppress(OSError, ValueError):  # it is closed
                stream.reconfigure(errors="backslashreplace")
            _mask(stream)


def _mask(stream: Any) -> None:
    """Mask in place: whoever holds the stream already, as behave's configuration does, writes masked, too."""
    stream.unmasked = stream.write
    stream.write = lambda written: _write(stream, written)


def _write(stream: Any, written: str) -> int:
    stream.unmasked(text.masked(written))
    return len(written)
