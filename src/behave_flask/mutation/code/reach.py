"""Which scenario runs which lines of the service, and how long each takes: collected in one run, and kept."""

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

from behave_flask.model.results import Result
from behave_flask.mutation.code import playing

_OURS = __name__.partition(".")[0]


@dataclass(frozen=True)
class Reach:
    """What was collected.

    :ivar seconds: of each scenario, by its place (file:line).
    :ivar lines: for each file and line, the scenarios that run it, as numbers in `seconds`; -1 is the start.
    :ivar last: the scenarios that are played last, as numbers.
    :ivar modules: what the run has imported that is not the project's.
    :ivar failed: the scenarios that failed, and with what.
    :ivar anywhere: the scenarios of which it is not known what they run, as numbers.
    """

    seconds: dict[str, float]
    lines: dict[str, dict[str, list[int]]]
    last: list[int]
    modules: list[str]
    failed: dict[str, str] = field(default_factory=dict)
    anywhere: list[int] = field(default_factory=list)

    def covering(self, file: str, lines: Collection[int]) -> tuple[set[int], bool]:
        """Return who may run any of these lines, and whether they run when the service starts."""
        known = self.lines.get(file, {})
        found = {each for line in lines for each in known.get(str(line), ())}
        return {*found, *self.anywhere} - {-1}, -1 in found


def collect(package: str, last: str, stage: str = "") -> Reach:
    """Play the whole suite and see what it runs. To be called in a process of its own.

    :param package: what is measured: a folder, or one module.
    :param last: a tag of scenarios that are slow.
    :param stage: another stage than the default, of whose processes no lines are measured.
    """
    from coverage import Coverage

    measured = Coverage(data_file=None, include=[package, f"{package}/*"], config_file=False)
    watch = _Watch(measured, last)
    measured.start()
    runner = playing.behave(
        [], ["-D", "furnish=each", *(["-D", f"stage={stage}"] if stage else [])], watch.put_on
    )
    measured.stop()
    numbers = {place: number for number, place in enumerate(watch.seconds)}
    return Reach(
        watch.seconds,
        _lines(measured.get_data(), numbers),
        sorted(numbers[place] for place in watch.tagged),
        sorted(_not_of_the_project()),
        _failed(runner),
    )


class _Watch:
    """Tells the measurement which scenario runs, and takes its time."""

    def __init__(self, measured: Any, last: str) -> None:
        self._measured, self._last = measured, last
        self.seconds: dict[str, float] = {}
        self.tagged: set[str] = set()

    def put_on(self, runner: Any) -> None:
        """Have the runner's hooks, when they are loaded, tell of every scenario."""
        load = runner.load_hooks

        def watched(*arguments: Any, **named: Any) -> None:
            load(*arguments, **named)
            hooks = runner.hooks
            hooks["before_scenario"] = self._with_begin(hooks.get("before_scenario", _nothing))
            hooks["after_scenario"] = self._with_end(hooks.get("after_scenario", _nothing))

        runner.load_hooks = watched

    def _with_begin(self, hook: Callable[..., None]) -> Callable[..., None]:
        @wraps(hook)
        def begin(context: Any, scenario: Any) -> None:
            place = playing.place_of(scenario)
            self._measured.switch_context(place)
            if self._last in scenario.effective_tags:
                self.tagged.add(place)
            self.seconds[place] = -time.perf_counter()
            hook(context, scenario)

        return begin

    def _with_end(self, hook: Callable[..., None]) -> Callable[..., None]:
        @wraps(hook)
        def end(context: Any, scenario: Any) -> None:
            hook(context, scenario)
            place = playing.place_of(scenario)
            self.seconds[place] += time.perf_counter()
            if scenario.should_skip:  # a hook has found that it cannot be played here
                del self.seconds[place]
                self.tagged.discard(place)

        return end


def _nothing(*_: Any) -> None:
    """Stands where a suite has no hook."""


def _lines(data: Any, numbers: dict[str, int]) -> dict[str, dict[str, list[int]]]:
    found: dict[str, dict[str, list[int]]] = {}
    known = {"": -1, **numbers}
    for path in data.measured_files():
        contexts = data.contexts_by_lineno(path)
        found[os.path.relpath(path)] = {
            str(line): sorted(known[each] for each in names if each in known)
            for line, names in contexts.items()
        }
    return found


def _not_of_the_project() -> Iterable[str]:
    here, installed = str(Path.cwd()) + os.sep, Path(sys.prefix).absolute()
    for name, module in sys.modules.items():
        file = getattr(module, "__file__", None) or ""
        outside = not file.startswith(here) or Path(file).is_relative_to(installed)
        if not name.startswith("__") and (outside or name.startswith(f"{_OURS}.")):
            yield name


def _failed(runner: Any) -> dict[str, str]:
    failed = {
        playing.place_of(each): result.failures[0].text
        for feature in runner.features
        for each in feature.walk_scenarios()
        if (result := Result.of(each)).is_bad
    }
    return failed or ({"the run": "It failed, and no scenario did."} if runner.failed else {})


def digest(paths: Iterable[Path]) -> str:
    """Return what names the contents of files and of all that is in folders."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"\0{file}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def load(file: Path, of: str) -> Reach | None:
    """Return what was kept, if it is of this code and these features."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Reach(**kept["reach"]) if kept["of"] == of else None


def keep(file: Path, of: str, reach: Reach) -> None:
    """Write down what was collected."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"of": of, "reach": asdict(reach)}), encoding="utf-8")
