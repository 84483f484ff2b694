"""behave's own runner, but for a run that cannot begin: it ends at once, with the one line that says why.

behave would go on after an error in `before_all`: it calls `after_all`, and prints a summary in which the
features have passed.
"""

from typing import Any

from behave.exception import ConfigError
from behave.runner import Runner as BehaveRunner

from features.harness import browser


class UsageError(ConfigError):
    """The run is asked for something that there is not; the message says what there is."""


class Runner(BehaveRunner):
    """Set as `runner` in `behave.ini`."""

    def run_hook(self, hook_name: str, *args: Any) -> bool:
        """Run a hook, and tell whether it passed. Raises whatever is raised in `before_all`."""
        if hook_name != "before_all" or not self.should_run_hook(hook_name):
            passed: bool = super().run_hook(hook_name, *args)
            return passed
        with self.context.use_with_user_mode():
            self.hooks[hook_name](self.context)
        if said := browser.left_out(self.features, self.config.tag_expression):
            print(said)  # noqa: T201
        return True
