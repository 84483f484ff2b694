"""A provider that says a letter now and then is not heard out, whatever part of an answer it is at."""

import socket
import socketserver
from collections.abc import Iterator
from smtplib import SMTPServerDisconnected
from threading import Event, Thread

import pytest

from app.config import Settings, load_settings
from app.services.email import EmailService
from app.services.payments import PaymentService, PaymentsUnavailable
from app.services.weather import WeatherService, WeatherUnavailable

PAUSE = 0.05  # seconds between two letters
LETTERS = 300  # many more than anybody waits for; then the answer is complete
ANSWERS = {
    "status": (b"HTTP/1.1 20", b"1" + b" " * LETTERS, b'\r\nContent-Length: 13\r\n\r\n{"id":"ch_1"}'),
    "headers": (
        b"HTTP/1.1 201 Created\r\nX: ",
        b"x" * LETTERS,
        b'\r\nContent-Length: 13\r\n\r\n{"id":"ch_1"}',
    ),
    "body": (b"HTTP/1.1 201 Created\r\nContent-Length: 313\r\n\r\n", b" " * LETTERS, b'{"id":"ch_1"}'),
    "mail": (b"220-", b"x" * LETTERS, b"\r\n220 ready\r\n"),
}


class Trickling(socketserver.ThreadingTCPServer):
    """A server that gives the middle of an answer letter by letter, until whoever asks hangs up."""

    daemon_threads = True

    def __init__(self, answer: str) -> None:
        super().__init__(("127.0.0.1", 0), _Trickle)
        self.start, self.letters, self.end = ANSWERS[answer]
        self.asked, self.heard_out, self.stopped = 0, 0, Event()


class _Trickle(socketserver.BaseRequestHandler):
    server: Trickling
    request: socket.socket

    def handle(self) -> None:
        self.server.asked += 1
        try:
            self.request.sendall(self.server.start)
            for letter in self.server.letters:
                if self.server.stopped.wait(PAUSE):
                    return
                self.request.sendall(bytes([letter]))
            self.request.sendall(self.server.end)
        except OSError:
            return
        self.server.heard_out += 1


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[Trickling]:
    with Trickling(request.param) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.stopped.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def settings(server: Trickling, monkeypatch: pytest.MonkeyPatch) -> Settings:
    port = server.server_address[1]
    monkeypatch.setenv("PAYMENTS_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("WEATHER_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("MAIL_SERVER", "127.0.0.1")
    monkeypatch.setenv("MAIL_PORT", str(port))
    monkeypatch.setenv("OUTSIDE_TIMEOUT_SECONDS", str(4 * PAUSE))  # longer than between two letters
    return load_settings("testing")


@pytest.mark.parametrize("server", ["status", "headers", "body"], indirect=True)
def test_the_payment_provider_is_given_up_and_asked_again(server: Trickling, settings: Settings) -> None:
    with pytest.raises(PaymentsUnavailable):
        PaymentService(settings).charge("a key", 100, "order 1")
    assert (server.asked, server.heard_out) == (3, 0)


@pytest.mark.parametrize("server", ["status", "headers", "body"], indirect=True)
def test_the_weather_provider_is_given_up_and_asked_again(server: Trickling, settings: Settings) -> None:
    with pytest.raises(WeatherUnavailable):
        WeatherService(settings).current("Berlin")
    assert (server.asked, server.heard_out) == (2, 0)


@pytest.mark.parametrize("server", ["mail"], indirect=True)
def test_the_mail_server_is_given_up(
    server: Trickling, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.email.LONGEST_SESSION", 4 * PAUSE)
    with pytest.raises(SMTPServerDisconnected):
        EmailService(settings).send("ann@example.com", "Hello", "Hello")
    assert (server.asked, server.heard_out) == (1, 0)
