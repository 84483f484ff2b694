"""A valid request, as an operation of the suite takes it, and as Python has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from inspect import signature
from typing import Any

from behave_flask.core.forms import Value
from behave_flask.core.world import World

_ARGUMENTS = set(signature(World.request).parameters)


@dataclass(frozen=True)
class Valid:
    """What a request takes; it is called as the `valid` of an operation, and its text is the code for that.

    :param ids: what fills the names in the path.
    :param arguments: as `World.request` takes them, without a form of a page.
    :param to: where a form goes; empty if none is sent.
    :param filled_in: what somebody fills into it.
    :param on: where its page is, and others that may have a token.
    """

    ids: Mapping[str, object]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    to: str = ""
    filled_in: Mapping[str, Value] = field(default_factory=dict)
    on: Sequence[str] = ()

    def __call__(self, world: World, who: str) -> dict[str, Any]:
        """Return the arguments, with the form as somebody fills it in."""
        form = {"form": world.fill(who, self.to, self.filled_in, self.on)} if self.to else {}
        return {**self._plain, **form}

    def __str__(self) -> str:
        """Return a lambda; empty where nothing is needed."""
        parts = [f"{name!r}: {value!r}" for name, value in self._plain.items()]
        if self.to:
            parts.append(f"'form': world.fill(who, {self.to!r}, {self.filled_in!r}, on={list(self.on)!r})")
        return f"lambda world, who: {{{', '.join(parts)}}}" if parts else ""

    @property
    def _plain(self) -> dict[str, Any]:
        """What there is without a form; ids apart where one of them is called as an argument is."""
        apart = _ARGUMENTS & self.ids.keys()
        return {**({"ids": dict(self.ids)} if apart else self.ids), **self.arguments}
