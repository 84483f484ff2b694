"""In which order the features run: as they are written, or shuffled by the seed.

Features, rules, scenarios and rows are shuffled, each within what holds it, so that hooks of features and
rules stay right. A part of a run has the order that it has in the whole.
"""

import hashlib
import os
import random
from collections.abc import Callable, MutableMapping
from typing import Any

from behave.model import Feature, Rule, ScenarioOutline

from behave_flask.core.errors import UsageError, refuse_unknown

ORDERS = {"defined", "random"}


def read_order(options: MutableMapping[str, str]) -> str:
    """Return what `-D order=` says; for a random one without `-D seed=`, draw the seed and put it there.

    Raises UsageError for an unknown order, or a seed that is no number.
    """
    order = options.get("order", "defined")
    refuse_unknown("-D order=", [order], ORDERS)
    options["seed"] = str(read_seed(options.get("seed")))
    return order


def read_seed(given: str | None) -> int:
    """Return the seed that is given, or draw one. Raises UsageError for what is no number."""
    if given is None:
        return random.randrange(1_000_000)
    if not (given.isascii() and given.isdigit()):
        raise UsageError(f"-D seed= takes a whole number, not {given!r}.")
    return int(given)


def shuffle(features: list[Feature], seed: str, base_dir: str) -> None:
    """Put features and all in them into the order that belongs to the seed, the same on every machine."""

    def place(node: Any) -> bytes:
        path = os.path.relpath(node.filename, base_dir).replace(os.sep, "/")
        return hashlib.sha256(f"{seed} {path}:{node.line}".encode()).digest()

    features.sort(key=place)
    for feature in features:
        _shuffle_within(feature, place)


def _shuffle_within(container: Feature | Rule, place: Callable[[Any], bytes]) -> None:
    container.run_items.sort(key=place)
    for item in container.run_items:
        if isinstance(item, Rule):
            _shuffle_within(item, place)
        elif isinstance(item, ScenarioOutline):
            item.scenarios.sort(key=place)
