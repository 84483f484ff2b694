"""What this package relies on in behave beside its public interface, and the refusal of a behave without it.

Whatever reaches into behave says so with `relies_on`. Before anything runs, `refuse_unknown_behave` looks
whether this behave has all of that, as it was when the code here was written.
"""

import inspect
import re
from collections.abc import Callable
from importlib import import_module
from types import CodeType
from typing import Any, TypeVar

import behave.version

from behave_flask.core.errors import UsageError

T = TypeVar("T")
KNOWN = ("1.3",)  # minor versions of behave, each of which the tests were played with
INSTALL = "pip install 'behave>=1.3.3,<1.4'"

_PART = re.compile(r"(?P<module>[\w.]+):(?P<path>[\w.]+)(?P<signature>\(.*\))?(?: with (?P<names>.+))?")
_parts: dict[str, str] = {}  # what is relied on, with what relies on it


def relies_on(*parts: str) -> Callable[[T], T]:
    """Mark a function or class that needs these parts of behave.

    :param parts: each a function, with its signature and, after "with", the names of attributes, variables
        and texts that its code has: `behave.runner:Context._do_cleanups(self) with _stack, @cleanups`.
    """

    def marked(user: T) -> T:
        _parts.update(dict.fromkeys(parts, getattr(user, "__qualname__", "")))
        return user

    return marked


def refuse_unknown_behave() -> None:
    """Raise UsageError for a minor version of behave that is not known, and one that lacks what is needed."""
    refuse_unknown_version()
    for part, user in _parts.items():
        if difference := _difference(part):
            raise UsageError(
                f"behave {behave.version.VERSION} is not the behave that behave-flask knows: {difference}"
                f" ({user} relies on it). {INSTALL}"
            )


def refuse_unknown_version() -> None:
    """Raise UsageError for a minor version of behave that is not known."""
    version = behave.version.VERSION
    if ".".join(version.split(".")[:2]) not in KNOWN:
        known = " and ".join(KNOWN)
        raise UsageError(
            f"behave {version} is not known to behave-flask, which knows the inside of {known}. {INSTALL}"
        )


def _difference(part: str) -> str:
    """Say how a part of behave differs from what is written of it; nothing if it does not."""
    found = _PART.fullmatch(part)
    assert found, part
    name = f"{found['module']}.{found['path']}"
    try:
        function: Any = import_module(found["module"])
        for attribute in found["path"].split("."):
            function = inspect.getattr_static(function, attribute)
    except (ImportError, AttributeError):
        return f"it has no {name}"
    function = getattr(function, "fget", None) or getattr(function, "__func__", function)
    if (signature := found["signature"]) and (is_now := str(inspect.signature(function))) != signature:
        return f"{name} takes {is_now}, not {signature}"
    for each in (found["names"] or "").split(", "):
        if each and each not in _names_in(function.__code__):
            return f"{name} does without {each}"
    return ""


def _names_in(code: CodeType) -> set[Any]:
    """Return the names and texts in a function, and in the functions and comprehensions inside it."""
    inner = (each for each in code.co_consts if isinstance(each, CodeType))
    return {*code.co_names, *code.co_varnames, *code.co_cellvars, *code.co_consts}.union(
        *map(_names_in, inner)
    )
