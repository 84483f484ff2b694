"""What is public says what it is for, its parameters and what it returns; a class shows how it is used."""

import inspect
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

import behave_flask
from behave_flask import Stage

PUBLIC = {name: getattr(behave_flask, name) for name in behave_flask.__all__}
IN_BEHAVE_INI = {"AllureFormatter", "Live", "Runner"}  # behave calls them, and nobody else
NOTHING = (None, "None", "NoReturn", inspect.Signature.empty)


def functions_of(owner: Any) -> Iterator[tuple[str, Any]]:
    """The public functions of a module, or methods of a class, that are defined there."""
    home = owner.__name__ if isinstance(owner, ModuleType) else owner.__module__
    for name, member in vars(owner).items():
        function = inspect.unwrap(getattr(member, "__func__", member))
        public = not name.startswith("_") or name == "__init__"
        if public and inspect.isfunction(function) and function.__module__ == home:
            yield name, function


def missing(function: Any, around: str = "") -> list[str]:
    """What the docstring of a function, or that of the class around it, leaves out."""
    text = f"{inspect.getdoc(function) or ''}\n{around}"
    signature = inspect.signature(function)
    names = [name for name in signature.parameters if name not in ("self", "cls") and name[0] != "_"]
    gaps = [f":param {name}:" for name in names if not re.search(rf":param {name}:", text)]
    says = text.startswith(("Return ", "Yield ", "Return, ")) or ":returns:" in text
    if signature.return_annotation not in NOTHING and not says:
        gaps.append(":returns:")
    return gaps


def is_documented_above(found: Any, member: str) -> bool:
    """Whether it is another's interface that a class fills in: the protocol of stages, or behave's."""
    above = found.__mro__[1:] if inspect.isclass(found) else ()
    if inspect.isclass(found) and found.__name__.endswith("Stage") and found is not Stage:
        above = (*above, Stage)
    return any(member in vars(each) for each in above)


def gaps_of(name: str, found: Any) -> list[str]:
    """What the documentation of one public name leaves out."""
    gaps: list[str] = []
    text = inspect.getdoc(found) or ""
    if inspect.isclass(found) and not issubclass(found, BaseException) and "::\n" not in text:
        gaps.append(f"{name}: an example")
    for member, function in functions_of(found) if name not in IN_BEHAVE_INI else ():
        if member == "__init__" or not is_documented_above(found, member):
            around = text if member == "__init__" else ""
            gaps += [f"{name}.{member}: {gap}" for gap in missing(function, around)]
    return gaps


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_is_documented(name: str) -> None:
    found = PUBLIC[name]
    assert inspect.getdoc(found)
    assert gaps_of(name, found) == []


class Undocumented:
    """A class without an example."""

    def method(self, thing: int) -> str:
        """Do something."""


def test_what_is_left_out_is_named() -> None:
    assert gaps_of("Undocumented", Undocumented) == [
        "Undocumented: an example",
        "Undocumented.method: :param thing:",
        "Undocumented.method: :returns:",
    ]
