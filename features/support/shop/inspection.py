"""What only the shop's own code can tell: its settings, and how it deals with servers around it."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import requests
from argon2 import PasswordHasher
from flask import request
from pydantic import SecretStr

from app import create_app
from app.config import ConfigurationError, load_settings
from app.services.email import EmailService
from app.services.payments import PaymentService, PaymentsUnavailable
from behave_flask.core.stage import Printed

_IN_CHUNKS = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}  # as gunicorn says it
TOO_SLOW = 1000  # letters of an answer, which come one a second


def fault_in_settings(name: str, environment: Mapping[str, str]) -> str:
    """Return why the shop would not start as this configuration in this environment; nothing if it would."""
    from unittest.mock import patch  # few runs come here

    with patch.dict(os.environ, environment, clear=True):
        try:
            load_settings(name)
        except ConfigurationError as error:
            return str(error)
    return ""


def settings_of(name: str, environment: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the settings of a configuration in this environment, and what Flask is told, as texts."""
    from unittest.mock import patch

    with patch.dict(os.environ, environment, clear=True):
        settings = load_settings(name)
    return {"settings": _texts(settings.model_dump()), "flask": _texts(settings.for_flask())}


def seen_behind(proxies: int, headers: Mapping[str, str]) -> tuple[str | None, str, str]:
    """Return who a shop that trusts so many proxies takes to ask it, over which line, and by which name."""
    from unittest.mock import patch

    with patch.dict(os.environ, {"TRUSTED_PROXIES": str(proxies)}):
        app = create_app("testing")
    requests_seen = []
    app.before_request(lambda: requests_seen.append((request.remote_addr, request.scheme, request.host)))
    answer = app.test_client().get("/docs", headers=dict(headers))
    if answer.status_code != 200:
        raise AssertionError(f"The shop behind {proxies} proxies answered {answer.status}.")
    return requests_seen[0]


def answered_in_the_middle(path: str, *, error: type[OSError] | None = None, in_chunks: bool = False) -> int:
    """Return the status of a shop's answer to a body that ends too early, by an error if there is one."""

    class Line(BytesIO):
        def read(self, *_: Any) -> bytes:
            if error:
                raise error
            return b""

    environ: dict[str, Any] = {"CONTENT_LENGTH": "1000", "wsgi.input": Line()}
    if in_chunks:
        environ = {**_IN_CHUNKS, "wsgi.input": Line()}
    return create_app("testing").test_client().post(path, environ_overrides=environ).status_code


def letters_heard(path: str, announced: int | None, sent: int) -> int:
    """Return how much a shop has read, when it has answered, of a body that it refuses unread."""
    body = BytesIO(b"a" * sent)
    environ = {**_IN_CHUNKS, "wsgi.input": body}
    if announced is not None:
        environ = {"CONTENT_LENGTH": str(announced), "wsgi.input": body}
    create_app("testing").test_client().post(path, environ_overrides=environ)
    return body.tell()


def handed_to_mail_server(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return all that a mail server is told when the shop of this environment sends a mail by it."""
    from unittest.mock import patch

    with patch.dict(os.environ, environment, clear=True):
        service = EmailService(load_settings("production"))
    with patch("app.services.email.Session", autospec=True) as server:
        service.send("ann@example.com", "Welcome!", "Hello Ann,\n\nyou are welcome.\n")
    talk = server.return_value.__enter__.return_value
    (message,) = talk.send_message.call_args.args
    return {
        "asked at": [*server.call_args.args, server.call_args.kwargs],
        "in secret": [type(each.kwargs.get("context")).__name__ for each in talk.starttls.call_args_list],
        "signed in as": [list(each.args) for each in talk.login.call_args_list],
        "headers": dict(message.items()),
        "text": message.get_content(),
    }


def whom_it_asks(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the classes by which a shop of this environment does what others do for it."""
    from unittest.mock import patch

    with patch.dict(os.environ, {**environment, "DATABASE_URL": "sqlite://"}, clear=True):
        config = create_app().config  # without a name it is for customers
    services = {"mail": "EMAIL_SERVICE", "money": "PAYMENT_SERVICE", "weather": "WEATHER_SERVICE"}
    return {what: type(config.get(name)).__name__ for what, name in services.items()}


def written_of_provider(environment: Mapping[str, str]) -> str:
    """Return how a shop of this environment would write its payment provider into a log."""
    from unittest.mock import patch

    with patch.dict(os.environ, environment, clear=True):
        return str(vars(PaymentService(load_settings("production"))))


def pauses_between_tries(environment: Mapping[str, str]) -> list[float]:
    """Return the seconds that a shop of this environment waits before each new try of a charge that fails."""
    from unittest.mock import patch

    with patch.dict(os.environ, environment, clear=True):
        service = PaymentService(load_settings("production"))
    lost = patch("app.services.outside.requests.Session.request", side_effect=requests.ConnectionError)
    with patch("tenacity.nap.time", autospec=True) as time, lost, suppress(PaymentsUnavailable):
        service.charge("a key", 250, "order 1")
    return [call.args[0] for call in time.sleep.call_args_list]


def letters_read(environment: Mapping[str, str]) -> tuple[list[int], str]:
    """Return how much a shop of this environment reads at each try of a charge answered a letter a second.

    And why it gives up in the end.

    The answer is a good one, but nobody has the time to hear it out.
    """
    from unittest.mock import Mock, patch

    with patch.dict(os.environ, environment, clear=True):
        service = PaymentService(load_settings("production"))
    read: list[int] = []

    def answer(*_: Any, **__: Any) -> requests.Response:
        found, letters = requests.Response(), BytesIO(b'{"id": "ch_1"}'.rjust(TOO_SLOW))
        read.append(0)

        def one(*_: Any, **__: Any) -> bytes:
            read[-1] += 1
            return letters.read(1)

        found.status_code, found.raw = 201, Mock(read1=one)
        return found

    asked = patch("app.services.outside.requests.Session.request", side_effect=answer)
    with patch("app.services.outside.time") as time, patch("tenacity.nap.time"), asked:
        time.monotonic.side_effect = lambda: sum(read)
        try:
            service.charge("a key", 250, "order 1")
        except PaymentsUnavailable as error:
            return read, str(error)
    return read, ""


def typed(command: Sequence[str], *lines: str) -> Printed:
    """Return what a command of a shop of its own prints, without tables, when these lines are typed."""
    result = create_app("testing").test_cli_runner().invoke(args=command, input="\n".join([*lines, ""]))
    return Printed(result.exit_code, result.output)


def commands_offered() -> tuple[list[str], bool]:
    """Return the names of a shop's commands when `flask` asks, and whether its migrations are found."""
    from unittest.mock import patch

    with patch.dict(os.environ, {"FLASK_RUN_FROM_CLI": "true"}):
        app = create_app("testing")
    migrations = Path(app.extensions["migrate"].directory)
    return sorted(app.cli.commands), (migrations / "env.py").is_file()


def how_served() -> dict[str, Any]:
    """Return what gunicorn is told of how to serve the shop."""
    import gunicorn.http.wsgi

    from app import serving

    settings = {name: value for name, value in vars(serving).items() if isinstance(value, str | int)}
    known = {name: value for name, value in settings.items() if not name.startswith("__")}
    return {**known, "called": gunicorn.http.wsgi.SERVER}


def work_known() -> set[str]:
    """Return the background work that a worker of the shop knows how to do."""
    from unittest.mock import patch

    from app import worker

    if hasattr(worker, "anything_else"):
        raise AssertionError("The worker's module has whatever is asked of it.")
    with patch.dict(os.environ, {"SHOP_CONFIG": "testing"}):
        tasks = worker.celery.tasks
    return {name.removeprefix("app.tasks.") for name in tasks if not name.startswith("celery.")}


def _texts(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _texts(value) if isinstance(value, dict) else _text(value) for name, value in values.items()
    }


def _text(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return value if isinstance(value, bool | int | float | None) else str(value)


@contextmanager
def password_checks() -> Iterator[list[str]]:
    """Give a list into which each check of a password writes the price of the hash beside it."""
    from unittest.mock import patch

    prices: list[str] = []
    check = PasswordHasher.verify

    def watched(hasher: PasswordHasher, kept: str, password: str) -> bool:
        prices.append(kept.split("$")[3] if kept.count("$") == 5 else "nothing")
        return check(hasher, kept, password)

    with patch.object(PasswordHasher, "verify", watched):
        yield prices
