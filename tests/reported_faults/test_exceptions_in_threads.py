"""An exception that ends a thread fails the scenario in which it came, with its trace."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from planting import replace

CASE = "features/case"
VIEW = """
    @app.get("/in-a-thread")
    def in_a_thread() -> Any:
        import threading
        def work():
            raise ValueError("the shelf fell down")
        thread = threading.Thread(target=work, name="shelf")
        thread.start()
        thread.join()
        return {}

    @app.get("/on-its-way-out")
    def on_its_way_out() -> Any:
        class Shelf:
            def __del__(self):
                raise ValueError("the shelf fell down")
        Shelf()
        return {}

    @app.get("/books")
"""
FEATURE = """
Feature: Threads

  Scenario: the service's own thread
    When somebody asks for /in-a-thread
    Then it is allowed

  Scenario: nothing is the matter
    When somebody looks around
    Then it is allowed

  Scenario: an object on its way out
    When somebody asks for /on-its-way-out
    Then it is allowed
"""
STEPS = """
from behave import then, when


@when("somebody asks for {path}")
def step_ask(context, path):
    context.world.ask("somebody", f"GET {path}")


@then("it is {word}")
def step_is(context, word):
    context.world.outcome.must_be(word)
"""


def test_a_helper_of_a_step(lay: Callable[..., Path], play: Callable[..., Any]) -> None:
    folder = lay("21-threads")
    replace(folder, "features/steps/t_steps.py", "while True:", "for _ in range(1):")
    run = play(folder, CASE)
    assert run.code == 1, run.output
    case = run.junit["A helper fails in a thread"]
    assert "the thread 'helper' ended with an exception:" in case.text
    assert 't_steps.py", line 13, in fail' in case.text
    assert "ValueError: the helper fell over" in case.text
    assert run.verdicts["A helper fails in a thread"] != ("passed", "passed")
    assert run.verdicts["One watches"] == ("passed", "passed")


def shelves(folder: Path) -> Path:
    replace(folder, "library.py", '\n    @app.get("/books")\n', VIEW)
    (folder / CASE).mkdir()
    (folder / CASE / "threads.feature").write_text(FEATURE)
    (folder / "features/steps/threads_steps.py").write_text(STEPS)
    return folder


def check_reports(run: Any) -> None:
    assert run.code == 1, run.output
    assert "the thread 'shelf' ended with an exception:" in run.junit["the service's own thread"].text
    assert "Shelf.__del__" in run.junit["an object on its way out"].text
    assert run.output.count("ValueError: the shelf fell down") >= 2
    assert run.junit["nothing is the matter"].verdict == "passed"


def test_a_thread_of_the_service(library: Path, play: Callable[..., Any]) -> None:
    check_reports(play(shelves(library), CASE))


@pytest.mark.parametrize("workers", [()])
def test_a_thread_of_one_of_its_processes(library: Path, play: Callable[..., Any]) -> None:
    check_reports(play(shelves(library), CASE, "-D", "stage=services"))
