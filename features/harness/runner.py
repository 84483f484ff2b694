"""behave's own runner, but for a run that cannot begin, `--jobs`, shards, and scenarios that hang.

After an error in `before_all` behave would go on: it calls `after_all`, and prints a summary in which the
features have passed. Here the run ends at once, with the one line that says why. And `--jobs`, which behave
accepts and ignores, means that many processes.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from behave.model import Feature
from behave.runner import Runner as BehaveRunner

from features.harness.errors import UsageError as UsageError
from features.harness.hang import DEFAULT_LIMIT, Alarm
from features.harness.timing import Stopwatch, Times


class Runner(BehaveRunner):
    """Set as `runner` in `behave.ini`."""

    def __init__(self, config: Any) -> None:
        """Read `-D limit=SECONDS` and `-D shard=2/5`. Raises UsageError for what is neither."""
        super().__init__(config)
        given = config.userdata.get("shard")
        self._shard = _shard(given) if given is not None else None
        self.limit = _limit(config.userdata.get("limit"))
        self.alarm = Alarm(self.limit)
        self._reports = Path(config.junit_directory).parent
        self._times_file = self._reports / "times.json"
        self.times = Times.read(self._times_file)

    def load_hooks(self, filename: str | None = None) -> None:
        """Load the hooks, and have a scenario that hangs stopped."""
        super().load_hooks(filename)
        self.alarm.watch(self.hooks)

    def run_model(self, features: Iterable[Feature] | None = None) -> bool:
        """Run the features, in as many processes as `--jobs` says, and write down how long each took."""
        chosen: list[Feature] = list(self.features if features is None else features)
        part = self._shard.take(chosen, self.times, self.config) if self._shard else None
        if part:
            (self._reports / "shard.json").unlink(missing_ok=True)
            self.features[:] = chosen = part.features
        failed: bool
        if self.config.dry_run:
            failed = super().run_model(chosen)
            return failed
        selected = [
            each for feature in chosen for each in feature.walk_scenarios() if each.should_run(self.config)
        ]
        for formatter in self.formatters:
            if plan := getattr(formatter, "plan", None):
                plan(selected, self.times)
        watch = Stopwatch()
        if self.config.jobs > 1:
            from features.harness import parallel  # a run in one process can do without

            failed = parallel.run(self, chosen, super().run_model, watch)
        else:
            self.formatters.append(watch)
            failed = super().run_model(chosen)
        if part:  # the times stay as they are, so that the other parts are planned from the same
            used = getattr(getattr(self.context, "suite", None), "used_snapshots", {})
            part.write(self._reports, watch.seconds, used)
        else:
            self.times.write(self._times_file, watch.seconds)
        return failed

    def run_hook(self, hook_name: str, *args: Any) -> bool:
        """Run a hook, and tell whether it passed. Raises whatever is raised in `before_all`."""
        if hook_name != "before_all" or not self.should_run_hook(hook_name):
            passed: bool = super().run_hook(hook_name, *args)
            return passed
        with self.context.use_with_user_mode():
            self.hooks[hook_name](self.context)
        return True


def _shard(given: str) -> Any:
    from features.harness.shard import Shard  # a whole run can do without

    return Shard.parse(given)


def _limit(given: str | None) -> float:
    try:
        seconds = float(DEFAULT_LIMIT if given is None else given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise UsageError(f"-D limit= takes a number of seconds above 0, not {given!r}.")
    return seconds
