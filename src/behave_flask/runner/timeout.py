"""A limit for every scenario: past it, the scenario is broken off with the stacks of all threads.

An alarm (SIGALRM) raises in the main thread, wherever it is in Python code; the run goes on. Code in C that
does not return to Python cannot be broken off so: in a worker the whole process is ended a while later.

A process has one such alarm. A step or the service may use it for itself, which switches the limit off; so it
is set again, with what is left of it, at each step and after each hook of a scenario.
"""

import faulthandler
import functools
import math
import signal
import tempfile
import threading
from collections.abc import Callable, MutableMapping
from typing import IO, Any

from behave_flask.core import clock
from behave_flask.model.running_step import is_own

SCENARIO_TIMEOUT_S = 120.0
EARLY = 0.05  # seconds: an alarm that rings earlier than this before the limit is somebody else's

Hook = Callable[..., None]


class ScenarioTimeout(Exception):
    """A scenario took longer than the limit; the message says where each thread was."""


class ScenarioTimer:
    """Watches one scenario after the other; does nothing outside the main thread, where signals arrive."""

    def __init__(self, timeout: float) -> None:
        """`timeout` is in seconds."""
        self._timeout = timeout
        self._stopped: ScenarioTimeout | None = None
        self._deadline = math.inf
        self._fatal_since = -math.inf
        self._paused_at: float | None = None
        self.fatal_log: IO[bytes] | None = None  # where a worker that cannot be stopped says its last

    def watch(self, hooks: MutableMapping[str, Hook]) -> None:
        """Put the watch around the hooks of a run, those that there are and those that there are not."""
        for name in ("before_feature", "before_rule", "before_scenario", "after_rule", "after_feature"):
            hooks[name] = self._with_fresh(hooks.get(name))
        hooks["before_step"] = self._with_rest(hooks.get("before_step"), self._begin_step)
        hooks["after_step"] = self._with_rest(hooks.get("after_step"), self.resume)
        hooks["after_scenario"] = self._with_verdict(hooks.get("after_scenario"))
        hooks["after_all"] = self._with_end(hooks.get("after_all"))

    def arm(self) -> None:
        """Start the full timeout again."""
        self._stopped = None
        if threading.current_thread() is not threading.main_thread():
            return
        now = clock.monotonic()
        self._deadline = now + self._timeout
        self._set(self._timeout)
        if self.fatal_log and now > self._fatal_since + self._timeout / 4:  # each time costs a thread
            self._fatal_since = now
            faulthandler.dump_traceback_later(2 * self._timeout, exit=True, file=self.fatal_log)

    def resume(self) -> None:
        """Set what is left of the timeout again, whatever has become of the alarm."""
        if threading.current_thread() is threading.main_thread():
            left = self._deadline - clock.monotonic()
            self._set(left if left > 0 else self._timeout / 4)

    def pause(self) -> None:
        """Stop the clock, from whatever thread, until `go_on`."""
        self._paused_at = clock.monotonic()

    def go_on(self) -> None:
        """Let the clock go on; an alarm that rings too early by now sets itself again."""
        if self._paused_at is not None:
            self._deadline += clock.monotonic() - self._paused_at
            self._paused_at = None

    def disarm(self) -> None:
        """Stop watching."""
        if threading.current_thread() is threading.main_thread():
            signal.setitimer(signal.ITIMER_REAL, 0)
        if self.fatal_log:
            faulthandler.cancel_dump_traceback_later()
            self._fatal_since = -math.inf

    def _set(self, seconds: float) -> None:
        signal.signal(signal.SIGALRM, self._ring)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])
        # Again and again: who swallows the first one hears the next.
        signal.setitimer(signal.ITIMER_REAL, seconds, self._timeout / 4)

    def _ring(self, *_: object) -> None:
        if self._paused_at is not None:
            return
        if clock.monotonic() < self._deadline - EARLY:  # a step has set the alarm, and no handler of its own
            self.resume()
            return
        self._stop()

    def _stop(self) -> None:
        if self._stopped is None:
            self._stopped = ScenarioTimeout(
                f"Stopped after {self._timeout:g} s (-D timeout=). Where each thread was:\n{_stacks()}"
            )
        raise self._stopped

    def _begin_step(self) -> None:
        """Go on with the limit; raise if the step before took all of it while the alarm was its own."""
        if self._stopped is None and clock.monotonic() > self._deadline:
            self._stop()
        self.resume()

    def _with_fresh(self, hook: Hook | None) -> Hook:
        @_like(hook)
        def fresh(*arguments: Any) -> None:
            self.arm()
            if hook:
                hook(*arguments)

        return fresh

    def _with_rest(self, hook: Hook | None, go_on: Callable[[], None]) -> Hook:
        """Go on with the limit around a step; a nested one may be inside what its outer step has timed."""

        @_like(hook)
        def rest(context: Any, step: Any) -> None:
            if is_own(getattr(context, "scenario", None), step):
                go_on()
            if hook:
                hook(context, step)

        return rest

    def _with_verdict(self, hook: Hook | None) -> Hook:
        @_like(hook)
        def verdict(context: Any, scenario: Any) -> None:
            stopped = self._stopped
            self.arm()  # the end of a scenario, however long it was, has a limit of its own
            try:
                if hook:
                    hook(context, scenario)
            finally:
                self.resume()  # for the cleanups
            raised = [scenario.exception, *(step.exception for step in scenario.all_steps)]
            if stopped and not any(error is stopped for error in raised):
                raise stopped  # the service has swallowed it, and answered something

        return verdict

    def _with_end(self, hook: Hook | None) -> Hook:
        @_like(hook)
        def end(*arguments: Any) -> None:
            self.disarm()
            if hook:
                hook(*arguments)

        return end


def _like(hook: Hook | None) -> Callable[[Hook], Hook]:
    """Keep what behave reads off a hook, such as `capture`."""
    return functools.wraps(hook) if hook else lambda wrapper: wrapper


def _stacks() -> str:
    with tempfile.TemporaryFile("w+") as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        return file.read()
