"""Real servers on loopback in the place of the outside world: HTTP for other people, SMTP for mail.

They run in threads of the test's process, so that what the service sent is known before it has an answer.
"""

import asyncio
import email
from email.policy import default as modern
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, ClassVar
from urllib.parse import urlsplit

import requests
from aiosmtpd.controller import Controller

from behave_flask.ledgers.mailbox import RecordingEmailService
from behave_flask.ledgers.outside_calls import OutsideWorld
from behave_flask.stages.servers import free_port

HOST = "127.0.0.1"
WAIT_TIMEOUT_S = 30.0  # for a caller of a silent stand-in, and for a server's start


class ServedOutsideWorld(OutsideWorld):
    """The outside world as an HTTP server: the same stubs and records, reached over the wire.

    The service is configured with `address_of` in place of each provider's address. Of what a stub does
    instead of answering, a time-out keeps the caller waiting until it gives up, and any other error of the
    connection ends it without an answer.
    """

    def __init__(self) -> None:
        super().__init__()
        self._server = _StandIn(self)
        self._broken: list[str] = []

    @property
    def port(self) -> int:
        """The port on loopback."""
        return int(self._server.server_address[1])

    def address_of(self, url: str) -> str:
        """Return the address under which the stand-in for a provider's address is reached."""
        scheme, _, rest = url.partition("://")
        return f"http://{HOST}:{self.port}/{scheme}/{rest}"

    def serve(self) -> None:
        """Begin to listen."""
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def shut(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, request: requests.PreparedRequest) -> requests.Response | None:
        """Return the arranged answer, or None where the connection ends without one.

        Raises requests.Timeout where the caller is to wait in vain.
        """
        try:
            return self._adapter.send(request)
        except requests.Timeout:
            raise
        except requests.ConnectionError:
            return None
        except Exception as error:  # noqa: BLE001  (in a thread it would be lost)
            self._broken.append(f"the stand-in for {request.url} failed: {error!r}")
            return None

    def findings(self) -> list[str]:
        """As for any outside world, and what went wrong in a stand-in itself."""
        return super().findings() + self._broken

    def _take_calls(self) -> None:
        self._broken = []

    def _let_calls_go(self) -> None:
        """Calls come as long as the server listens; without stubs each is refused."""


class _StandIn(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, world: ServedOutsideWorld) -> None:
        super().__init__((HOST, 0), _Handler)
        self.world = world


class _Handler(BaseHTTPRequestHandler):
    server: _StandIn

    def do_any(self) -> None:
        """Answer as arranged."""
        try:
            found = self.server.world.answer(self._as_sent())
        except requests.Timeout:
            self.connection.settimeout(WAIT_TIMEOUT_S)
            self.connection.recv(1)  # until the caller hangs up
            return
        if found is not None:
            self._send(found)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_any  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _as_sent(self) -> requests.PreparedRequest:
        _, scheme, rest = [*self.path.split("/", 2), "", ""][:3]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        host = urlsplit(f"//{rest}").netloc
        url = f"{scheme}://{rest}" if scheme in ("http", "https") and host else f"http://{HOST}{self.path}"
        return requests.Request(self.command, url, headers=dict(self.headers), data=body or None).prepare()

    def _send(self, answer: requests.Response) -> None:
        content = answer.content
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() not in ("content-length", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class MailServer:
    """An SMTP server on loopback that puts what comes into a mailbox.

    What the mailbox refuses, and all while it is made to fail, the sender gets 451: come again.
    """

    def __init__(self, mailbox: RecordingEmailService) -> None:
        self._receiver = _Receiver(mailbox)
        self._controller = Controller(
            self._receiver, hostname=HOST, port=free_port(), ready_timeout=WAIT_TIMEOUT_S
        )

    @property
    def port(self) -> int:
        """The port on loopback."""
        return int(self._controller.port)

    def serve(self) -> None:
        """Begin to listen."""
        self._controller.start()

    def shut(self) -> None:
        """Listen no more."""
        self._controller.stop(no_assert=True)

    def hold(self) -> None:
        """Keep whoever comes with a mail waiting, before its content is transferred, until `go_on`."""
        self._receiver.free.clear()

    def go_on(self) -> None:
        """Take mails as they come."""
        self._receiver.free.set()

    def somebody_waits(self) -> bool:
        """Return whether somebody was kept waiting since `hold`, and is still."""
        return self._receiver.waiting > 0


class _Receiver:
    """What aiosmtpd asks of a handler."""

    OK: ClassVar[str] = "250 OK"

    def __init__(self, mailbox: RecordingEmailService) -> None:
        self._mailbox = mailbox
        self.free, self.waiting = Event(), 0
        self.free.set()

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take a recipient, after a while if mails are to wait."""
        self.waiting += 1
        try:
            while not self.free.is_set():
                await asyncio.sleep(0.005)
        finally:
            self.waiting -= 1
        envelope.rcpt_tos.append(address)
        return self.OK

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a mail in."""
        message = email.message_from_bytes(envelope.content, policy=modern)
        body = message.get_body(("plain",))
        text = body.get_content() if body is not None else ""
        try:
            for recipient in envelope.rcpt_tos:
                self._mailbox.send(recipient, str(message["Subject"]), text.replace("\r\n", "\n"))
        except Exception as error:  # noqa: BLE001  (whatever it is, the sender is to come again)
            return f"451 {error}"
        return self.OK
