"""How a run calls the code of others, steps, hooks and cleanups: nothing but an `Exception` comes out of it.

What `pytest.skip` and `unittest.SkipTest` ask for is done.
"""

import unittest
from collections.abc import Callable
from typing import Any

from behave.api.pending_step import StepNotImplementedError
from behave.model import Scenario
from behave.runner import Context

from behave_flask.core import behave_internals, clock, paths, text
from behave_flask.model import expected_failures, failures
from behave_flask.model.cleaning import tidy
from behave_flask.runner import furnishing
from behave_flask.runner.interrupts import Interrupts


class GuardedCalls:
    """What `behave_internals.Calls` asks for."""

    def __init__(
        self,
        interrupts: Interrupts,
        on_cleanup_error: Callable[[str, Callable[[], Any], Exception], None],
        on_scenario_end: Callable[[Scenario, float], None],
        post_mortem: Callable[[Exception], bool] | None = None,
    ) -> None:
        """Accept what is to be told.

        :param on_cleanup_error: called with the layer, the cleanup, and what it raised.
        :param on_scenario_end: called with each scenario when it has ended, and the seconds that it took.
        :param post_mortem: called with what a step has raised; returns whether the run is to end.
        """
        self._interrupts, self._on_cleanup_error = interrupts, on_cleanup_error
        self._on_scenario_end, self._post_mortem = on_scenario_end, post_mortem
        self.why_aborted: list[str] = []

    def call(self, context: Context, function: Callable[[], Any]) -> Any:
        """Call a step, a hook or a cleanup.

        :raises Exception: what it raised. Ctrl-C ends the run as well.
        """

        def ends_the_run(error: BaseException) -> None:
            if isinstance(error, KeyboardInterrupt) and self._interrupts.asked:
                error.args = error.args or ("stopped by Ctrl-C",)
                context.abort(reason="KeyboardInterrupt")

        return failures.tame(function, ends_the_run)

    def run_step(self, context: Context, run: Callable[[], None]) -> None:
        """Run the function of a step; skip the scenario if it asks for that."""
        if (found := furnishing.of(context)) and found.is_put_back:
            return
        try:
            self.call(context, run)
        except Exception as error:
            if not _asks_to_skip(error):
                if self._post_mortem and _is_news(context, error) and self._post_mortem(error):
                    context.abort(reason="ended in the debugger")
                raise
            context.scenario.skip(text.clean(error) or text.class_of(error))

    def run_cleanup(self, context: Context, layer: str, cleanup: Callable[[], Any]) -> Any:
        """Run a cleanup, and note what it raises."""
        try:
            return self.call(context, cleanup)
        except Exception as error:
            self._on_cleanup_error(layer, cleanup, error)
            raise

    def run_scenario(self, scenario: Scenario, run: Callable[[], bool]) -> bool:
        """Run a scenario; it has failed, too, if it left something behind that no step verified."""
        if vars(scenario).pop("excused", None) is not None:  # by an earlier try
            scenario.should_skip = False
        for earlier in ("unverified", "failures", "pending"):
            for item in (scenario, *scenario.all_steps):
                vars(item).pop(earlier, None)
        home, began = paths.working_directory(), clock.monotonic()
        failed = run()
        if error := paths.go_back(home):  # after all cleanups: one of them may go back
            failures.fail(scenario, failures.AT_THE_END, error)
        failed = expected_failures.judge(scenario, failed)
        tidy(scenario)
        self._on_scenario_end(scenario, clock.monotonic() - began)
        return failed or getattr(scenario, "unverified", False)

    def on_abort(self, reason: str | None) -> None:
        """Write down why the run ends before its end."""
        self.why_aborted.append(reason or "no reason was given")


def _is_news(context: Context, error: Exception) -> bool:
    """Return whether it is a failure that nobody expects; that of a nested step was seen there."""
    known = expected_failures.TAG in context.scenario.effective_tags and isinstance(error, AssertionError)
    pending = isinstance(error, StepNotImplementedError)
    return not (known or pending or any(behave_internals.nested_steps(error)))


def _asks_to_skip(error: Exception) -> bool:
    """Return whether it is how unittest or pytest skip a test; pytest's class says it is of `builtins`."""
    kind = type(error)
    return isinstance(error, unittest.SkipTest) or (kind.__module__, kind.__name__) == ("builtins", "Skipped")
