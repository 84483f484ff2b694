"""A Background that is played once for all scenarios that have it, where they are tagged so.

The first of them plays it. Then the data are kept, and with them what its steps have set on the context, as
the world, and the answers that they have arranged outside. Each scenario that follows begins with a copy of
that, and its Background is not played. What cannot be kept is refused, and the step is named.
"""

from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from behave.model import Scenario, Status, Step

from behave_flask.browser import driver
from behave_flask.core import behave_internals, factory_data
from behave_flask.core.errors import CannotKeep
from behave_flask.core.stage import BESIDE_ROWS, FURNISH_ONCE, KeepsData, Stage, State, changed
from behave_flask.model import evidence
from behave_flask.model.running_step import is_own
from behave_flask.runner import kept_attributes
from behave_flask.runner.kept_attributes import KeptAttributes

ONCE, EACH = "once", "each"  # of -D furnish=
_CURE = f"Take @{FURNISH_ONCE} away, or let the step stand in each scenario."

Hook = Callable[..., None]


@dataclass(frozen=True)
class _Kept:
    """What a Background has left.

    :ivar background: its text, by which the next scenario knows it.
    :ivar attributes: what its steps have set on the context.
    :ivar stubs: the answers outside that they have arranged.
    """

    background: str
    state: State
    attributes: KeptAttributes
    stubs: list[Any]
    sequences: factory_data.Sequences


class Furnishing:
    """Plays the Background of each scenario, or puts in its place what it has left before."""

    def __init__(self, stage: Stage, seed: int, once: bool, uncaught: Callable[[], Iterable[str]]) -> None:
        """Begin with nothing kept.

        :param seed: of the run.
        :param once: whether Backgrounds that are tagged so are played once; else each time, with equal data.
        :param uncaught: returns the exceptions that nothing has caught in the scenario so far.
        """
        self._stage, self._seed, self._uncaught = stage, seed, uncaught
        self._can_keep = once and isinstance(stage, KeepsData)
        self._first: factory_data.Sequences | None = None  # before the first scenario
        self._kept: _Kept | None = None
        self.is_put_back = False  # while the steps of a Background come by that need not be played

    def begin(self, scenario: Scenario) -> None:
        """Begin a scenario on the stage, with data that depend on the seed and its title alone."""
        tagged = FURNISH_ONCE in scenario.effective_tags
        self._seed_text = f"{self._seed} {scenario.name}"
        self._steps: list[Step] = list(scenario.background_steps) if tagged else []
        self._background = f"{scenario.feature.name}\n" + "\n".join(map(_text_of, self._steps))
        # What a browser sees is no part of the data; it plays the Background itself.
        self._keeps = self._can_keep and bool(self._steps) and driver.TAG not in scenario.effective_tags
        self.is_put_back = False
        if self._kept and not (self._keeps and self._kept.background == self._background):
            self.forget()
        self._stage.begin_scenario()
        if self._kept and not self._keeper.is_kept:
            self._kept = None
        if self._keeps and not self._kept:
            self._state = self._stage.state()
        if self._first is None:
            self._first = factory_data.sequences()
        # A hook that makes data meets those that are kept, until it is refused for that.
        factory_data.set_sequences(self._kept.sequences if self._kept else self._first)
        factory_data.reseed(self._seed_text)

    def forget(self) -> None:
        """Put back what was there before the first scenario; between scenarios."""
        if self._kept:
            self._kept = None
            self._keeper.forget()

    def begin_step(self, context: Any, step: Step) -> None:
        """Look, before the first step of a Background, whether it has been played."""
        if not self._steps or step is not self._steps[0]:
            return
        factory_data.reseed(f"{self._seed} {self._background}")
        if self._keeps:
            before = self._kept.state if self._kept else self._state
            if touched := changed(before, self._stage.state()):
                raise CannotKeep(
                    "The Background cannot be furnished once: the hooks of this scenario have changed"
                    f" {_listed(touched)} before it. Take @{FURNISH_ONCE} away, or do that in the Background."
                )
            self._cleanups = len(behave_internals.cleanups_waiting(context))
            self._stubs = len(_stubs(self._stage))
            if self._kept:
                self._put_back(context, self._kept)
            else:
                self._looks = kept_attributes.looks(context, self._stage)

    def end_step(self, context: Any, step: Step) -> None:
        """Refuse a step of a Background that does what cannot be kept; after the last one, keep it all."""
        if not any(step is each for each in self._steps):
            return
        if step.status == Status.passed and self._keeps and not self._kept:
            self._refuse(context, step)
            if all(each.status == Status.passed for each in self._steps):
                self._keep(context)
        if step is self._steps[-1]:
            self.is_put_back = False
            factory_data.reseed(self._seed_text)

    def _refuse(self, context: Any, step: Step) -> None:
        """Raise CannotKeep for what each scenario would have to see for itself."""
        stubs = set(self._stage.outside.findings())
        found = [each for each in self._stage.unverified() if each not in stubs] + list(self._uncaught())
        if left := changed(self._state, self._stage.state()) & set(BESIDE_ROWS):
            found.append(f"it has left {_listed(left)}")
        if len(behave_internals.cleanups_waiting(context)) > self._cleanups:
            found.append("it has something to clean up when the scenario ends")
        if found:
            raise CannotKeep(f"“{_text_of(step)}” cannot be furnished once: {'; '.join(found)}. {_CURE}")

    def _keep(self, context: Any) -> None:
        attributes = kept_attributes.keep(context, self._stage, self._looks)
        self._keeper.keep()
        stubs = _stubs(self._stage)[self._stubs :]
        sequences = factory_data.sequences()
        self._kept = _Kept(self._background, self._stage.state(), attributes, stubs, sequences)

    @property
    def _keeper(self) -> KeepsData:
        return cast(KeepsData, self._stage)

    def _put_back(self, context: Any, kept: _Kept) -> None:
        stubs = {id(each): each.again() for each in kept.stubs}
        kept.attributes.put_on(context, self._stage, stubs)
        factory_data.set_sequences(kept.sequences)
        self.is_put_back = True
        evidence.attach("furnished once", "The Background was played by an earlier scenario of this run.")


def watch(hooks: MutableMapping[str, Hook]) -> None:
    """Put around the hooks of steps, those that there are and those that there are not, what this needs."""
    before, after = hooks.get("before_step"), hooks.get("after_step")

    def before_step(context: Any, step: Step) -> None:
        if (furnishing := of(context)) and is_own(getattr(context, "scenario", None), step):
            furnishing.begin_step(context, step)
        if before:
            before(context, step)

    def after_step(context: Any, step: Step) -> None:
        if after:
            after(context, step)
        if (furnishing := of(context)) and is_own(getattr(context, "scenario", None), step):
            furnishing.end_step(context, step)

    hooks["before_step"] = wraps(before)(before_step) if before else before_step
    hooks["after_step"] = wraps(after)(after_step) if after else after_step


def of(context: Any) -> Furnishing | None:
    """Return what furnishes the scenarios of a run; None in a suite that is none of this package's."""
    return getattr(getattr(context, "suite", None), "furnishing", None)


def _text_of(step: Step) -> str:
    """Return all that a step says, with its table and its text."""
    table = [list(step.table.headings), *(list(row.cells) for row in step.table)] if step.table else ""
    return " ".join(map(str, filter(None, (step.keyword, step.name, step.text, table))))


def _stubs(stage: Any) -> list[Any]:
    return getattr(stage.outside, "stubs", [])


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
