"""behave's own runner, but for a run that cannot begin, `--jobs`, shards, and scenarios that hang.

After an error in `before_all` behave would go on: it calls `after_all`, and prints a summary in which the
features have passed. Here the run ends at once, with the one line that says why. And `--jobs`, which behave
accepts and ignores, means that many processes. When a run is over, after the last hook and the last clean-up,
the suite reports it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from behave.exception import ConfigError
from behave.model import Feature
from behave.runner import Runner as BehaveRunner

from features.harness.hang import DEFAULT_LIMIT, Alarm
from features.harness.timing import Stopwatch, Times


class UsageError(ConfigError):
    """The run is asked for something that there is not; the message says what there is."""


class Runner(BehaveRunner):
    """Set as `runner` in `behave.ini`."""

    def __init__(self, config: Any) -> None:
        """Read `-D limit=SECONDS`. Raises UsageError for anything that is no limit."""
        super().__init__(config)
        self.limit = _limit(config.userdata.get("limit"))
        self.alarm = Alarm(self.limit)
        self._times_file = Path(config.junit_directory).parent / "times.json"
        self.times = Times.read(self._times_file)

    def load_hooks(self, filename: str | None = None) -> None:
        """Load the hooks, and have a scenario that hangs stopped."""
        super().load_hooks(filename)
        self.alarm.watch(self.hooks)

    def run_model(self, features: Iterable[Feature] | None = None) -> bool:
        """Run the features, tell whether anything failed, and let the suite write its reports of the run."""
        features = list(self.features if features is None else features)
        if self.config.dry_run:
            return bool(super().run_model(features))
        failed = self._play(features)
        if "suite" in self.context:
            self.context.suite.report(self.features, failed)
        return failed

    def _play(self, features: list[Feature]) -> bool:
        """Run in as many processes as `--jobs` says, and write down how long each scenario took."""
        failed: bool
        watch = Stopwatch()
        if self.config.jobs > 1:
            from features.harness import parallel  # a run in one process can do without

            failed = parallel.run(self, features, super().run_model, watch)
        else:
            self.formatters.append(watch)
            failed = super().run_model(features)
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


def _limit(given: str | None) -> float:
    try:
        seconds = float(DEFAULT_LIMIT if given is None else given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise UsageError(f"-D limit= takes a number of seconds above 0, not {given!r}.")
    return seconds
