"""What the steps of a Background have set on the context: kept as a copy, put on that of another scenario."""

import io
import pickle
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from behave_flask.core.behave_internals import scenario_attributes
from behave_flask.core.errors import CannotKeep
from behave_flask.core.stage import FURNISH_ONCE

Looks = dict[str, bytes | None]  # by name, what an attribute is made of; None of one that cannot tell


@dataclass(frozen=True)
class KeptAttributes:
    """What a Background has set or changed.

    :ivar before: how that looked before the Background, by the name of the attribute.
    :ivar values: a copy that no scenario changes.
    :ivar scenario: the one that has played the Background.
    """

    before: Looks
    values: dict[str, Any]
    scenario: Any

    def put_on(self, context: Any, stage: Any, instead: Mapping[int, Any]) -> None:
        """Set a copy of it all on the context of another scenario.

        :param instead: by the id of what is not copied, what the copy has in its place.
        :raises CannotKeep: if the hooks have set something else before than in the first scenario.
        """
        now = looks(context, stage)
        if other := [name for name, look in self.before.items() if now.get(name) != look]:
            raise CannotKeep(
                f"The Background cannot be furnished once: the hooks have set context.{other[0]} to something"
                f" else than in “{self.scenario.name}”, which has played it. Take @{FURNISH_ONCE} away."
            )
        in_common = {id(self.scenario): context.scenario, **_shared(stage, context), **instead}
        for name, value in deepcopy(self.values, in_common).items():
            setattr(context, name, value)


def looks(context: Any, stage: Any) -> Looks:
    """Return what is set on the context in the scenario that runs."""
    shared = _shared(stage, context)
    return {name: _look(value, shared) for name, value in scenario_attributes(context).items()}


def keep(context: Any, stage: Any, before: Looks) -> KeptAttributes:
    """Return what has changed since, as a copy.

    :param before: what `looks` has returned before the Background.
    :raises CannotKeep: for what cannot be copied.
    """
    now = looks(context, stage)
    names = [name for name, look in now.items() if look is None or before.get(name, b"") != look]
    changed = {name: value for name, value in scenario_attributes(context).items() if name in names}
    try:
        copies = deepcopy(changed, _shared(stage, context))
    except Exception as error:
        place = _not_copied(changed, _shared(stage, context))
        raise CannotKeep(
            f"The Background cannot be furnished once: context{place} cannot be copied:"
            f" {type(error).__name__}: {error}. Take @{FURNISH_ONCE} away, or set it in each scenario."
        ) from error
    return KeptAttributes({name: before[name] for name in names if name in before}, copies, context.scenario)


def _not_copied(value: Any, shared: Mapping[int, Any], depth: int = 6) -> str:
    """Return where in a value that is which cannot be copied, such as `.world._cookies["Ann"]`."""
    parts = value.items() if isinstance(value, dict) else getattr(value, "__dict__", {}).items()
    is_plain = isinstance(value, dict) and depth < 6
    for name, part in parts if depth else ():
        try:
            deepcopy(part, dict(shared))
        except Exception:  # noqa: BLE001 (it may raise anything)
            here = f"[{name!r}]" if is_plain else f".{name}"
            return here + _not_copied(part, shared, depth - 1)
    return ""


def _shared(stage: Any, context: Any) -> dict[int, Any]:
    """Return, by id, what belongs to the run and not to a scenario: copies have it in common."""
    app = getattr(stage, "app", None)
    extensions: Iterable[Any] = app.extensions.values() if app else ()
    suite, scenario = context.suite, context.scenario
    parts = (*vars(suite).values(), *vars(stage).values(), *extensions, *getattr(stage.outside, "stubs", ()))
    return {id(each): each for each in (context, suite, scenario, scenario.feature, stage, *parts)}


def _look(value: Any, shared: Mapping[int, Any]) -> bytes | None:
    """Return what a value is made of, in bytes that are the same for what is the same; None if unknown."""
    written = io.BytesIO()
    try:
        _Pickler(written, shared).dump(value)
    except Exception:  # noqa: BLE001 (a value may be anything)
        return None
    return written.getvalue()


class _Pickler(pickle.Pickler):
    """Writes of what is shared no more than its class."""

    def __init__(self, file: io.BytesIO, shared: Mapping[int, Any]) -> None:
        super().__init__(file)
        self._shared = shared

    def persistent_id(self, value: Any) -> str | None:
        """Return what stands for a value that is shared; None for any other."""
        is_shared = id(value) in self._shared and not isinstance(value, str | int | float | bool | None)
        return type(value).__qualname__ if is_shared else None
