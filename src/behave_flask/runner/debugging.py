"""Python's debugger within a run: `breakpoint()` in a step, a hook or the service, and `-D pdb=1`.

behave captures what is printed, also the prompt of a debugger, and each scenario has a timeout, also while
somebody thinks. So there is a prompt of our own: on the terminal, with the clock of the scenario stopped.
"""

import os
import pdb  # noqa: T100 (this is the debugger)
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any
from unittest.mock import patch

import behave_flask
from behave_flask.core import text
from behave_flask.core.errors import NoPrompt

_PACKAGE = str(Path(behave_flask.__file__).parent)
_OURS = ("", "pdb.set_trace")  # what PYTHONBREAKPOINT says where nobody asks for another debugger


class Debugger:
    """Opens a prompt for the runner of a run in one process."""

    def __init__(self, runner: Any) -> None:
        self._runner = runner

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Let `breakpoint()` and `pdb.set_trace()` open the prompt, unless another one is chosen."""
        own = sys.breakpointhook is sys.__breakpointhook__
        if not own or os.environ.get("PYTHONBREAKPOINT", "") not in _OURS:
            yield
            return
        with (
            patch.object(sys, "breakpointhook", self._stop_here),
            patch.object(pdb, "set_trace", self._stop_here),
        ):
            yield

    def look_at(self, error: Exception) -> bool:
        """Open the prompt where something was raised; return whether the run is to end."""
        prompt = _Prompt(self)
        prompt.reset()
        print(f"\n{text.class_of(error)}: {text.message(error)}", file=sys.__stdout__)
        prompt.interaction(None, error.__traceback__)
        return bool(prompt.quitting)

    @contextmanager
    def at_the_prompt(self) -> Iterator[None]:
        """Have the terminal for the debugger in the block: no capture, no bar, no clock that runs."""
        runner = self._runner
        outputs, asked = (sys.stdout, sys.stderr), runner.interrupts.asked
        bars = [each for each in runner.formatters if hasattr(each, "pause")]
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
        runner.timer.pause()
        for each in bars:
            each.pause()
        try:
            yield
        finally:
            for each in bars:
                each.go_on()
            runner.timer.go_on()
            runner.interrupts.asked = asked  # at the prompt, Ctrl-C ends what was typed
            sys.stdout, sys.stderr = outputs

    def end_run(self) -> None:
        """End the run, as Ctrl-C does, from wherever the prompt was."""
        self._runner.interrupts.asked = True
        raise KeyboardInterrupt("ended in the debugger")

    def _stop_here(self, *_: Any, **__: Any) -> None:
        if why := no_prompt(self._runner.config.jobs):
            raise NoPrompt(f"breakpoint() {why}")
        _Prompt(self, ends_run=True).set_trace(sys._getframe(1))


class _Prompt(pdb.Pdb):
    def __init__(self, debugger: Debugger, *, ends_run: bool = False) -> None:
        super().__init__(nosigint=True)  # Ctrl-C ends the run, and does not come back here
        self._debugger, self._ends_run = debugger, ends_run

    def interaction(self, frame: FrameType | None, traceback: Any) -> None:
        with self._debugger.at_the_prompt():
            self.stdout = sys.stdout
            super().interaction(frame, traceback)
        if self.quitting and self._ends_run:
            self._debugger.end_run()

    def get_stack(
        self, frame: FrameType | None, traceback: TracebackType | None
    ) -> tuple[list[tuple[FrameType, int]], int]:
        """Begin in the code of the suite: below it may be what this package looks at in its name."""
        stack, at = super().get_stack(frame, traceback)
        if traceback:
            theirs = [
                n for n, (each, _) in enumerate(stack) if not each.f_code.co_filename.startswith(_PACKAGE)
            ]
            at = max(theirs, default=at)
        return stack, at


def no_prompt(jobs: int) -> str:
    """Return why nobody could type anything in a run of so many processes; nothing if somebody can."""
    if jobs > 1:
        return "has no terminal in one of several processes: run it without -j."
    if not (sys.__stdin__ and sys.__stdin__.isatty()):
        return "needs a terminal, and standard input is none."
    return ""
