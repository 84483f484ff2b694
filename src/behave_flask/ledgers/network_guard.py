"""Every socket to the outside is refused and written down, whoever opens it: library, thread or event loop.

Built on Python's audit events (PEP 578), which no library can patch away again. C code that opens sockets by
itself, such as libpq under psycopg, raises no such events and is not seen.
"""

import ipaddress
import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Self

from behave_flask.core import paths

# Families that cannot leave the machine. macOS and Windows do not know all of them.
_INSIDE = {getattr(socket, name) for name in ("AF_UNIX", "AF_NETLINK") if hasattr(socket, name)}


class SocketRefused(ConnectionRefusedError):
    """The suite refused a connection, a datagram or a name look-up to the outside."""


class NetworkGuard:
    """A watch over all sockets of this process: `open` it for a scenario, `close` it after.

    `allowed` names what may be reached nevertheless, as (host, port) pairs: a Redis of the suite's own.
    Host names among them are looked up once, here; an unknown one raises socket.gaierror.
    Unix sockets and netlink do not count as outside, nor does looking up this machine's own name, which the
    number of each e-mail is made of.
    """

    def __init__(self, allowed: Iterable[tuple[str, int]] = ()) -> None:
        self._hosts: set[str] = set()
        self._addresses: set[tuple[str, int]] = set()
        for host, port in allowed:
            self._hosts.add(host)
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            self._addresses |= {(host, port)} | {(str(entry[4][0]), port) for entry in found}
        self._refused: list[str] = []

    def activate(self) -> None:
        """Begin to refuse, with an empty record. Raises RuntimeError when a watch is open already."""
        if _watches:
            raise RuntimeError("A watch over the sockets is open already: close it after each scenario.")
        _install()
        self.clear()
        _watches.append(self)

    def deactivate(self) -> None:
        """Let sockets through again; what was written down stays readable."""
        if self in _watches:
            _watches.remove(self)

    def __enter__(self) -> Self:
        self.activate()
        return self

    def __exit__(self, *_: object) -> None:
        self.deactivate()

    def findings(self) -> list[str]:
        """What was refused, and where in the service's own code it was tried."""
        return [
            attempt + (f" ({times} times)" if times > 1 else "")
            for attempt, times in Counter(self._refused).items()
        ]

    def clear(self) -> None:
        """Forget what was refused."""
        self._refused = []

    def check(self, event: str, args: tuple[Any, ...]) -> None:
        """Judge one audit event. Raises SocketRefused when it would leave the machine."""
        judge, verb = _EVENTS[event]
        target = judge(self, args)
        if target is None:
            return
        attempt = f"{verb} {target}"
        place = paths.caller() or "from within a library"
        self._refused.append(f"the service {attempt}, past all arranged answers ({place})")
        raise SocketRefused(f"The service {attempt}, but a scenario runs with its sockets closed.")

    def _sending(self, args: tuple[Any, ...]) -> str | None:
        sock, address = args[0], args[1]
        # A datagram without an address goes where the socket was connected to, which was judged then.
        if address is None or sock.family in _INSIDE:
            return None
        if not isinstance(address, tuple) or len(address) < 2:
            return repr(address)
        host, port = str(address[0]), address[1]
        return None if (host, port) in self._addresses else f"{host}:{port}"

    def _looking_up(self, args: tuple[Any, ...]) -> str | None:
        host = args[0].decode(errors="replace") if isinstance(args[0], bytes) else args[0]
        if not host or host in self._hosts or _is_numeric(host) or host == socket.gethostname():
            return None
        return str(host)

    def _looking_back(self, args: tuple[Any, ...]) -> str | None:
        host = str(args[0][0] if isinstance(args[0], tuple) else args[0])
        return None if host in self._hosts or host == socket.gethostname() else host


# Each event with the rule that names a refused target (or gives None) and the words for what was tried.
_EVENTS: dict[str, tuple[Callable[[NetworkGuard, tuple[Any, ...]], str | None], str]] = {
    "socket.connect": (NetworkGuard._sending, "tried to connect to"),
    "socket.sendto": (NetworkGuard._sending, "tried to send a datagram to"),
    "socket.sendmsg": (NetworkGuard._sending, "tried to send a datagram to"),
    "socket.getaddrinfo": (NetworkGuard._looking_up, "tried to look up the host"),
    "socket.gethostbyname": (NetworkGuard._looking_up, "tried to look up the host"),
    "socket.gethostbyaddr": (NetworkGuard._looking_back, "tried to look up the host"),
    "socket.getnameinfo": (NetworkGuard._looking_back, "tried to look up the host"),
}
# The watch that is open, if any. An audit hook cannot be removed: hence one for the process, and this switch.
_watches: list[NetworkGuard] = []


@cache
def _install() -> None:
    sys.addaudithook(_audit)


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if _watches and event in _EVENTS:
        for watch in tuple(_watches):
            watch.check(event, args)


def _is_numeric(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
