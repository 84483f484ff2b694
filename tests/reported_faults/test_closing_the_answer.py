"""What a service does while its answer is read, and when it is closed, belongs to the scenario that asked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CASE = "features/case"
ROUTES = """
    @app.get("/bell")
    def bell() -> Any:
        answer = app.response_class("ding")
        answer.call_on_close(lambda: confirm.delay("boss@example.com", "the bell"))
        return answer

    @app.get("/bell-in-a-generator")
    def bell_in_a_generator() -> Any:
        def lines():
            try:
                yield "ding"
            finally:
                confirm.delay("boss@example.com", "the bell")
        return app.response_class(lines())

    @app.get("/bell-of-a-middleware")
    def bell_of_a_middleware() -> str:
        return "ding"

    @app.get("/titles")
    def titles() -> Any:
        from flask import stream_with_context
        def lines():
            for book in db.session.scalars(db.select(Book).order_by(Book.title)):
                yield book.title + "\\n"
        return app.response_class(stream_with_context(lines()), mimetype="text/plain")

    @app.get("/sold")
    def sold() -> Any:
        from flask import stream_with_context
        def lines():
            yield "sold "
            db.session.scalars(db.select(Book)).one().reader = "ann"
            db.session.commit()
            yield "to Ann"
        return app.response_class(stream_with_context(lines()), mimetype="text/plain")

    @app.post("/echo")
    def echo() -> Any:
        stream = request.stream
        return app.response_class(iter(lambda: stream.read(3), b""), mimetype="text/plain")

    @app.get("/file")
    def file() -> Any:
        from flask import send_file
        return send_file(__file__)

    @app.get("/breaks/<int:after>")
    def breaks(after: int) -> Any:
        from flask import stream_with_context
        def lines():
            db.session.scalars(db.select(Book)).all()
            for number in range(after):
                yield f"{number}\\n"
            raise ValueError("the shelf fell down")
        return app.response_class(stream_with_context(lines()), mimetype="text/plain")

    @app.get("/cannot-close")
    def cannot_close() -> Any:
        answer = app.response_class("ding")
        answer.call_on_close(lambda: open("/nowhere/at/all"))
        return answer

    class Bell:
        def __init__(self, wsgi_app):
            self.wsgi_app = wsgi_app

        def __call__(self, environ, start_response):
            from werkzeug.wsgi import ClosingIterator
            def ring():
                if environ["PATH_INFO"] == "/bell-of-a-middleware":
                    confirm.delay("boss@example.com", "the bell")
            return ClosingIterator(self.wsgi_app(environ, start_response), ring)

    app.wsgi_app = Bell(app.wsgi_app)
"""
FEATURE = """
Feature: Closing

  Background:
    Given the library has "Emma"

  Scenario Outline: <what> queues something, and a step says so
    When somebody fetches <what>
    Then it is allowed
    And the boss will hear of it

    Examples: what is done on closing
      | what                  |
      | /bell                 |
      | /bell-in-a-generator  |
      | /bell-of-a-middleware |

  Scenario Outline: <what> queues something that no step speaks of
    When somebody fetches <what>
    Then it is allowed

    Examples: what is done on closing
      | what                  |
      | /bell                 |
      | /bell-in-a-generator  |
      | /bell-of-a-middleware |

  Scenario: the titles come in a stream
    Given the library has "Moby-Dick"
    When somebody fetches /titles
    Then it reads "Emma\\nMoby-Dick\\n"

  Scenario: the head of a stream
    When somebody asks for the head of /titles
    Then it is allowed

  Scenario: something is written while the answer is read
    When somebody fetches /sold
    Then it reads "sold to Ann"
    And "Emma" is lent to ann

  Scenario: what is sent is read while the answer is
    When somebody sends "one two three" to /echo
    Then it reads "one two three"

  Scenario: a file is sent
    When somebody fetches /file
    Then it is allowed

  Scenario Outline: a stream breaks after <count> lines
    When somebody fetches /breaks/<count>
    Then it is allowed

    Examples: how far it comes
      | count |
      | 0     |
      | 1     |
      | 3     |

  Scenario: it cannot be closed
    When somebody fetches /cannot-close
    Then it is allowed

  Scenario: all is well after that
    When somebody fetches /titles
    Then it reads "Emma\\n"
"""
STEPS = """
from behave import then, when

from behave_flask.core.http import Request
from behave_flask.core.operations import Operation
from library import Book


def ask(world, request):
    world.receive("somebody", Operation("ask", "POST /"), request, world.stage.send(request))


@when("somebody fetches {path}")
def step_fetch(context, path):
    context.world.ask("somebody", f"GET {path}")


@when("somebody asks for the head of {path}")
def step_head(context, path):
    context.world.ask("somebody", f"HEAD {path}")


@when('somebody sends "{text}" to {path}')
def step_send(context, text, path):
    ask(context.world, Request("POST", path, body=text.encode(), content_type="text/plain"))


@then("it is {word}")
def step_is(context, word):
    context.world.outcome.must_be(word)


@then("the boss will hear of it")
def step_hear(context):
    context.world.stage.tasks.take("library.confirm")


@then('it reads "{text}"')
def step_reads(context, text):
    got = context.world.outcome.response.body.decode()
    assert got == text.replace("\\\\n", "\\n"), got


@then('"{title}" is lent to {who}')
def step_lent(context, title, who):
    with context.world.stage.data() as session:
        assert session.get_one(Book, context.world.thing(title)).reader == who
"""
UNMENTIONED = "a queued task, library.confirm('boss@example.com', 'the bell')"
RED = {
    "/bell queues something that no step speaks of": UNMENTIONED,
    "/bell-in-a-generator queues something that no step speaks of": UNMENTIONED,
    "/bell-of-a-middleware queues something that no step speaks of": UNMENTIONED,
    "a stream breaks after 0 lines": "Expected: allowed\nGot: a plain 500",
    "a stream breaks after 1 lines": "The answer to GET /breaks/1 broke off after 2 bytes",
    "a stream breaks after 3 lines": "The answer to GET /breaks/3 broke off after 6 bytes",
    "it cannot be closed": "(FileNotFoundError: [Errno 2] No such file or directory: '/nowhere/at/all')",
}
# A server that has sent nothing yet answers 500.
IN_PROCESS = {
    "a stream breaks after 0 lines": (
        "The answer to GET /breaks/0 broke off after 0 bytes: ValueError: the shelf fell down"
    )
}


KEEPING = """
Feature: Closing, as a browser sees it

  Scenario: the answer is there before the bell is rung
    Then somebody who keeps the connection reads "ding" at /slow-bell

  Scenario: the one after that
    When somebody fetches /titles
    Then it is allowed
"""
KEEPS = """
import http.client
from urllib.parse import urlsplit

from behave import then


@then('somebody who keeps the connection reads "{text}" at {path}')
def step_keep(context, text, path):
    connection = http.client.HTTPConnection(urlsplit(context.world.stage.address()).netloc)
    connection.request("GET", path)
    assert connection.getresponse().read() == text.encode()
    context.add_cleanup(connection.close)
"""
SLOW = """
    @app.get("/slow-bell")
    def slow_bell() -> Any:
        import time
        answer = app.response_class("ding", headers={"Content-Length": "4"})
        answer.call_on_close(lambda: (time.sleep(0.5), confirm.delay("boss@example.com", "the bell")))
        return answer

"""


@pytest.fixture
def closing(library: Path) -> Path:
    """The library with all of that in it."""
    service = library / "library.py"
    before, mark, after = service.read_text().partition("    @app.errorhandler(401)\n")
    service.write_text(before + ROUTES.lstrip("\n") + "\n" + mark + after)
    (library / CASE).mkdir()
    (library / CASE / "closing.feature").write_text(FEATURE)
    (library / "features/steps/closing_steps.py").write_text(STEPS)
    return library


def test_what_is_done_on_closing_belongs_to_its_scenario(closing: Path, play: Callable[..., Any]) -> None:
    _judge(play(closing, CASE), {**RED, **IN_PROCESS})


@pytest.mark.parametrize("workers", [()])
def test_on_real_parts_as_in_process(closing: Path, play: Callable[..., Any]) -> None:
    _judge(play(closing, CASE, "-D", "stage=services"), RED)


@pytest.mark.parametrize("workers", [()])
def test_what_is_done_after_a_browser_has_its_answer_belongs_to_its_scenario(
    closing: Path, play: Callable[..., Any]
) -> None:
    service = closing / "library.py"
    service.write_text(service.read_text().replace(ROUTES.lstrip("\n"), ROUTES.lstrip("\n") + SLOW))
    (closing / CASE / "closing.feature").write_text(KEEPING)
    (closing / "features/steps/keeping_steps.py").write_text(KEEPS)
    run = play(closing, CASE, "-D", "stage=services")
    red = {title: case.text for title, case in run.junit.items() if case.verdict != "passed"}
    assert list(red) == ["the answer is there before the bell is rung"], run.output
    assert UNMENTIONED in red["the answer is there before the bell is rung"]


def _judge(run: Any, red: dict[str, str]) -> None:
    assert run.code == 1, run.output
    for title, case in run.junit.items():
        if title in red:
            assert case.verdict != "passed", title
            assert red[title] in case.text, f"{title}:\n{case.text}"
        else:
            assert case.verdict == "passed", f"{title}:\n{case.text}"
    assert set(red) < set(run.junit)
    assert "ValueError: the shelf fell down" in run.output


def test_the_report_that_was_sent_in(lay: Callable[..., Path], play: Callable[..., Any]) -> None:
    folder = lay("07-response-close")
    (folder / "kept").mkdir()
    run = play(folder, CASE)
    red = {title: case.text for title, case in run.junit.items() if case.verdict != "passed"}
    boss = "library.confirm('boss@example.com', 'the report')"
    assert set(red) == {
        "A report is sent and cleared away",
        "Nobody speaks of the boss",
        "A stream that breaks",
    }, run.output
    assert boss in red["A report is sent and cleared away"]
    assert boss in red["Nobody speaks of the boss"]
    assert (
        "The answer to GET /stream-breaks broke off after 4 bytes: ValueError: the shelf fell down"
        in (red["A stream that breaks"])
    )
