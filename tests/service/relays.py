"""A line on loopback to a server, which can be made to hang: it takes what comes, and passes nothing on."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread


class Relay:
    """Passes on what is said between clients and a server, while it flows."""

    def __init__(self, connect: Callable[[], socket.socket]) -> None:
        """Accept what connects to the server."""
        self._connect = connect
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._open: list[socket.socket] = []
        self.flowing = Event()
        self.flowing.set()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = self._connect()
            self._open += [client, server]
            for ends in ((client, server), (server, client)):
                Thread(target=self._pass_on, args=ends, daemon=True).start()

    def close(self) -> None:
        self.flowing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        for each in (self._listener, *self._open):
            each.close()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while said := source.recv(65536):
                self.flowing.wait()
                target.sendall(said)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def relay(connect: Callable[[], socket.socket]) -> Iterator[Relay]:
    """Serve a relay until the end of the block."""
    line = Relay(connect)
    thread = Thread(target=line.serve)
    thread.start()
    try:
        yield line
    finally:
        line.close()
        thread.join()
