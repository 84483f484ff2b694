"""How a test plants a fault in a copy of the project."""

from collections.abc import Mapping
from pathlib import Path

FURNISHED = """
  Background:
    Given a shop with a member, a product, an order and a post
"""


def replace(folder: Path, file: str, old: str, new: str) -> None:
    """Put `new` in the place of `old`, which has to stand in the file once: else the plant is out of date."""
    text = (folder / file).read_text()
    assert text.count(old) == 1, f"{file} holds this {text.count(old)} times, not once:\n{old}"
    (folder / file).write_text(text.replace(old, new))


def append(folder: Path, file: str, text: str) -> None:
    """Put `text` behind all that the file holds."""
    with (folder / file).open("a") as planted:
        planted.write(text)


def feature(folder: Path, scenarios: str, name: str = "planted") -> str:
    """Write a feature with these scenarios, in the furnished shop, and give back its path for `behave`."""
    path = f"features/{name}/{name}.feature"
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_text(f"Feature: {name}\n{FURNISHED}\n{scenarios}")
    return path


def attempt(title: str, who: str, verdict: str, action: str, request: str) -> str:
    """A scenario in the words of the permission matrix."""
    return f"""
  Scenario: {title}
    When {who} tries to {action} by {request}
    Then {who} {verdict} {action}
"""


def success(title: str, who: str, action: str, request: str) -> str:
    """A scenario in which somebody succeeds, whatever else the service did."""
    return f"""
  Scenario: {title}
    When {who} tries to {action} by {request}
    Then {who} succeeds
"""


def besides(folder: Path, moments: Mapping[str, str]) -> None:
    """Let the shop do something beside its work.

    :param moments: by the request, such as ``GET /docs``, what it does then: the name of a function below.
    """
    listed = ", ".join(f"{request!r}: {name}" for request, name in moments.items())
    append(folder, "app/__init__.py", f"{_BESIDES}\n\n_besides.update({{{listed}}})\n")


_BESIDES = """
_create_app, _besides = create_app, {}


def create_app(config_name=None):
    from flask import request

    global app
    app = _create_app(config_name)

    @app.before_request
    def do_besides():
        _besides.get(f"{request.method} {request.path}", lambda: None)()

    return app


def mail():
    app.config["EMAIL_SERVICE"].send("boss@example.com", "Somebody looks around", "As planted.")


def outside():
    import requests
    from contextlib import suppress

    with suppress(requests.RequestException):
        requests.get("https://tracker.example.com/seen", timeout=1)


def raw_socket():
    import socket
    from contextlib import suppress

    with suppress(OSError):
        socket.create_connection(("203.0.113.7", 80), timeout=1)


def log():
    app.logger.error("The till is stuck")


def task():
    app.extensions["celery"].tasks["app.tasks.publish_outbox"].delay()


def crash():
    raise LookupError("as planted")


def raw_rollback():
    from sqlalchemy import text

    db.session.execute(text("ROLLBACK"))


def transaction():
    from sqlalchemy import text

    app.left_open = db.engine.connect()
    app.left_open.execute(text("SELECT 1"))
"""
