"""What a run does around the hooks of a suite: what one raises is kept, and each scenario is watched.

behave keeps the message of a hook's error only, and of a cleanup's nothing.
"""

from collections.abc import Callable, MutableMapping
from functools import partial, wraps
from typing import Any

from behave.exception import ConfigError
from behave.model import Feature, Rule, Scenario

from behave_flask.core import behave_internals, text
from behave_flask.core.errors import UnverifiedSideEffect
from behave_flask.model import evidence, expected_failures, failures, pending_steps
from behave_flask.model.retries import Tries
from behave_flask.model.running_step import StepsAtWork, is_own
from behave_flask.runner import furnishing

Hook = Callable[..., None]
_LAYERS = ("scenario", "rule", "feature")


class Hooks:
    """Runs the hooks of a run for its runner."""

    def __init__(self, runner: Any) -> None:
        """`runner` is the `Runner`: its context, its record and its reports are what hooks are about."""
        self._runner = runner
        self._at_work, self._tries = StepsAtWork(runner.undefined_steps), Tries()
        self._raised: Exception | None = None

    def wrap(self, hooks: MutableMapping[str, Hook]) -> None:
        """Put what this module does around each hook that is loaded."""
        hooks["after_step"] = self._at_work.naming_unknown(hooks.get("after_step"))
        furnishing.watch(hooks)
        self._runner.timer.watch(hooks)
        for name, hook in hooks.items():
            if name.startswith(("before_", "after_")):
                hooks[name] = self._remembering(name, hook)

    def run(self, name: str, arguments: tuple[Any, ...], run: Callable[[], bool]) -> bool:
        """Run a hook, as `run` does, with what comes before and after it; return whether it passed."""
        self._before(name, *arguments)
        self._raised = None
        passed = run()
        if self._raised:
            self._note(name, arguments[0] if arguments else None, self._raised)
        if name == "after_step":
            scenario, step = self._scenario(), arguments[0]
            self._at_work.end(scenario, step)
            pending_steps.note(scenario, step)
            expected_failures.excuse(scenario, step)
        return passed

    def run_before_all(self) -> bool:
        """Run `before_all`. What it raises ends the run; behave would go on, and say that all has passed."""
        runner = self._runner
        if not runner.should_run_hook("before_all"):
            return True
        try:
            with runner.context.use_with_user_mode():
                runner.hooks["before_all"](runner.context)
        except ConfigError:
            raise
        except Exception as error:
            runner.record.note("before_all", None, error)
            runner.reports.abandon()
            raise
        else:
            if begin := getattr(getattr(runner.context, "suite", None), "begin", None):
                begin(runner.record)
        finally:
            runner.reports.list_everything()
        return True

    def note_cleanup(self, layer: str, cleanup: Callable[[], Any], error: Exception) -> None:
        """Write down what a cleanup raised."""
        statement: Any = getattr(self._runner.context, layer) if layer in _LAYERS else None
        where = f"cleanup {behave_internals.name_of(cleanup)}"
        if layer != "scenario":
            self._runner.record.note(where, statement, error)
            return
        failures.add(statement, where, error)
        self._tries.note(statement, "cleanup", text.describe(error))
        if statement.exception is None:
            statement.exception, statement.exc_traceback = error, error.__traceback__
            statement.error_message = f"CLEANUP-ERROR: {text.describe(error)}"

    def _scenario(self) -> Scenario | None:
        """Return the scenario that is being run; none in a hook around it all."""
        return getattr(self._runner.context, "scenario", None)

    def _before(self, name: str, *arguments: Any) -> None:
        if arguments and not name.endswith(("_tag", "_step")):
            evidence.turn_to(arguments[0])
        scenario = self._scenario()
        if name == "before_scenario":
            self._tries.begin(arguments[0])
        elif name == "after_scenario":
            pending_steps.skip(arguments[0])
        elif name == "before_step":
            self._at_work.begin(scenario, arguments[0])
        if name.endswith("_step") and scenario is not None and is_own(scenario, arguments[0]):
            self._tries.watch_step(scenario, arguments[0], begins=name == "before_step")

    def _remembering(self, name: str, hook: Hook) -> Hook:
        @wraps(hook)
        def run(*arguments: Any) -> None:
            try:
                self._runner.calls.call(arguments[0], partial(hook, *arguments))
            except UnverifiedSideEffect as error:
                if name != "after_scenario":
                    self._raised = error
                    raise
                failures.fail(arguments[1], name, error)
                self._tries.note(arguments[1], name, text.of(error))
            except Exception as error:
                self._raised = error
                raise

        return run

    def _note(self, name: str, statement: Any, error: Exception) -> None:
        """Write down what a hook raised, for the run if it is no scenario's or step's own."""
        context, where = self._runner.context, name
        if name.endswith("_tag"):
            where = f"{name} @{statement}"
            statement = next(getattr(context, layer) for layer in _LAYERS if layer in context)
        if scenario := self._scenario():
            self._tries.note(scenario, where, text.describe(error))
        if statement is None or isinstance(statement, Feature | Rule):
            self._runner.record.note(where, statement, error)
        else:
            failures.add(statement, where, error)
