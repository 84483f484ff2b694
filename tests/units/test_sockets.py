"""Sockets are closed to the outside for every kind of caller, and each attempt is written down."""

import asyncio
import contextlib
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from behave_flask.ledgers.network_guard import NetworkGuard, SocketRefused

NOWHERE = ("192.0.2.1", 9)  # a documentation address, RFC 5737: nothing answers there


@pytest.fixture
def sockets() -> Iterator[NetworkGuard]:
    watch = NetworkGuard()
    with watch:
        yield watch


@pytest.fixture
def server() -> Iterator[tuple[str, int]]:
    """A loopback port that accepts connections."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()


def datagram() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def connect() -> None:
    socket.create_connection(NOWHERE)


def connect_ex() -> None:
    with socket.socket() as plain:
        plain.connect_ex(NOWHERE)


def send_to() -> None:
    with datagram() as plain:
        plain.sendto(b"x", NOWHERE)


def send_message() -> None:
    with datagram() as plain:
        plain.sendmsg([b"x"], [], 0, NOWHERE)


def event_loop() -> None:
    asyncio.run(asyncio.wait_for(asyncio.open_connection(*NOWHERE), 1))


ATTEMPTS: dict[str, tuple[Callable[[], object], str]] = {
    "a connection": (connect, "tried to connect to 192.0.2.1:9"),
    "connect_ex": (connect_ex, "tried to connect to 192.0.2.1:9"),
    "a datagram": (send_to, "tried to send a datagram to 192.0.2.1:9"),
    "a message": (send_message, "tried to send a datagram to 192.0.2.1:9"),
    "an event loop": (event_loop, "tried to connect to 192.0.2.1:9"),
    "a look-up": (
        lambda: socket.getaddrinfo("shop.example", 80),
        "tried to look up the host shop.example",
    ),
    "a look-up of old": (
        lambda: socket.gethostbyname("shop.example"),
        "tried to look up the host shop.example",
    ),
    "a look-up backwards": (
        lambda: socket.gethostbyaddr("192.0.2.1"),
        "tried to look up the host 192.0.2.1",
    ),
    "a name for an address": (
        lambda: socket.getnameinfo(NOWHERE, 0),
        "tried to look up the host 192.0.2.1",
    ),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_every_way_out_is_refused_and_written_down(sockets: NetworkGuard, attempt: str) -> None:
    try_it, words = ATTEMPTS[attempt]

    with pytest.raises(SocketRefused, match=words):
        try_it()

    (finding,) = sockets.findings()
    assert finding.startswith(f"the service {words}, past all arranged answers (")
    assert "test_sockets.py:" in finding


def test_a_library_that_swallows_the_refusal_is_found_all_the_same(sockets: NetworkGuard) -> None:
    for _ in range(2):
        with pytest.raises(requests.ConnectionError):
            requests.get("http://shop.example/", timeout=1)
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen("http://shop.example/", timeout=1)

    assert [finding.rpartition(" (tests")[0] for finding in sockets.findings()] == [
        "the service tried to look up the host shop.example, past all arranged answers",
        "the service tried to look up the host shop.example, past all arranged answers",
    ]
    assert sockets.findings()[0].endswith("(2 times)")


def test_a_thread_is_watched_too(sockets: NetworkGuard) -> None:
    def swallow() -> None:
        with contextlib.suppress(OSError):
            connect()

    thread = threading.Thread(target=swallow)
    thread.start()
    thread.join()

    assert "tried to connect to 192.0.2.1:9" in sockets.findings()[0]


def test_even_loopback_is_outside_unless_allowed(server: tuple[str, int]) -> None:
    with NetworkGuard() as closed, pytest.raises(SocketRefused):
        socket.create_connection(server)
    assert f"{server[0]}:{server[1]}" in closed.findings()[0]

    with NetworkGuard(allowed=[server]) as open_to_it:
        socket.create_connection(server).close()
    assert open_to_it.findings() == []


def test_an_allowed_host_name_covers_its_addresses_at_its_port_only(server: tuple[str, int]) -> None:
    with NetworkGuard(allowed=[("localhost", server[1])]) as sockets:
        socket.create_connection(("localhost", server[1])).close()
        assert sockets.findings() == []
        with pytest.raises(SocketRefused):
            socket.create_connection(("localhost", server[1] + 1))


def test_unix_sockets_numeric_look_ups_and_connected_datagrams_are_no_business_of_ours(
    tmp_path: Path, server: tuple[str, int]
) -> None:
    with socket.socket(socket.AF_UNIX) as listening, NetworkGuard(allowed=[server]) as sockets:
        listening.bind(str(tmp_path / "s"))
        listening.listen()
        with socket.socket(socket.AF_UNIX) as caller, datagram() as connected:
            caller.connect(str(tmp_path / "s"))
            connected.connect(server)
            connected.sendmsg([b"x"])
        socket.getaddrinfo("127.0.0.1", 80)
        socket.getaddrinfo(None, 0)

    assert sockets.findings() == []


def test_a_closed_watch_lets_everything_through_and_keeps_its_book(server: tuple[str, int]) -> None:
    watch = NetworkGuard()
    watch.activate()
    with pytest.raises(SocketRefused):
        connect()
    watch.deactivate()

    socket.create_connection(server).close()
    assert len(watch.findings()) == 1
    watch.clear()
    assert watch.findings() == []


def test_two_watches_at_once_are_an_error(sockets: NetworkGuard) -> None:
    with pytest.raises(RuntimeError, match="open already"):
        NetworkGuard().activate()
