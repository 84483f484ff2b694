"""What there is of a class in this process, wherever it is kept."""

import gc
from collections.abc import Iterator
from typing import Any


def of(kind: type) -> Iterator[Any]:
    """Yield all instances of a class and of those below it."""
    is_frozen = gc.get_freeze_count() > 0  # by the runner, with all that was made while it loaded
    gc.unfreeze()
    try:
        yield from [each for each in gc.get_objects() if issubclass(type(each), kind)]
    finally:
        if is_frozen:
            gc.freeze()
