"""behave's own runner, but for what would make green say too much.

Before the run it refuses what selects nothing and features that prove nothing; at its end it is red for step
definitions without use, and in CI for what was left out. A run that cannot begin ends at once and says why:
behave would go on after an error in `before_all`, and print a summary in which the features have passed.
"""

from typing import Any

from behave.model import Feature
from behave.runner import Runner as BehaveRunner
from behave.runner import the_step_registry

from features.harness import checks, expected, selection
from features.harness.order import read_order, shuffle
from features.harness.usage import UsageError as UsageError


class Runner(BehaveRunner):
    """Set as `runner` in `behave.ini`."""

    def run_model(self, features: list[Feature] | None = None) -> bool:
        """Run what is asked for; give back whether the run failed. Raises UsageError if it cannot begin."""
        self.prepare()
        failed: bool = super().run_model(features)
        return self.conclude(failed)

    def prepare(self) -> None:
        """Refuse what could not go red, and put the rest in order, before anything runs."""
        self.order = read_order(self.config.userdata)
        places = [place for place in self.feature_locations() if not self.config.exclude(place.filename)]
        selection.check(self.features, self.config, places)
        self.chosen = selection.selected(self.features, self.config)
        checks.refuse(self.features, self.chosen, places, in_ci=checks.in_ci())
        expected.watch(self.chosen)
        if self.order == "random":
            shuffle(self.features, self.config.userdata["seed"], self.base_dir)

    def conclude(self, failed: bool) -> bool:
        """Say what is only known at the end, and give back whether the run failed after all."""
        findings = checks.left_out(self.chosen) if checks.in_ci() and not self.config.dry_run else []
        if selection.is_whole(self.config) and not self.aborted:
            findings += checks.unused(the_step_registry.steps, self.features)
        for line in [*expected.told(self.chosen), *findings]:
            print(line)
        if (failed or findings) and self.order == "random":
            seed = self.config.userdata["seed"]
            print(f"In the same order: behave -D order=random -D seed={seed}")
            print(f"Does it depend on another scenario? make bisect-order SEED={seed}")
        return failed or bool(findings)

    def run_hook(self, hook_name: str, *args: Any) -> bool:
        """Run a hook, and tell whether it passed. Raises whatever is raised in `before_all`."""
        if hook_name == "before_all" and self.should_run_hook(hook_name):
            with self.context.use_with_user_mode():
                self.hooks[hook_name](self.context)
            return True
        passed: bool = super().run_hook(hook_name, *args)
        if hook_name == "after_step":
            expected.excuse(self.context.scenario, args[0])
        return passed
