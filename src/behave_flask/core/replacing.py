"""Methods of a class, replaced for a while: for each scenario, where `unittest.mock` would be slow."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_NONE = object()


@contextmanager
def replaced(kind: type, **methods: Any) -> Iterator[None]:
    """Replace methods of a class inside the block.

    :param kind: the class.
    :param methods: what takes the place of each, by its name; the class may have inherited it.
    """
    before = {name: vars(kind).get(name, _NONE) for name in methods}
    for name, method in methods.items():
        setattr(kind, name, method)
    try:
        yield
    finally:
        for name, method in before.items():
            if method is _NONE:
                delattr(kind, name)
            else:
                setattr(kind, name, method)
