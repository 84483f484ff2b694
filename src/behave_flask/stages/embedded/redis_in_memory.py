"""A Redis in this process, for a service that uses one: each scenario begins with an empty one."""

from collections.abc import Callable, Collection
from contextlib import ExitStack
from typing import Any

from behave_flask.core.extras import requires_extra
from behave_flask.core.replacing import replaced

with requires_extra("redis"):
    import fakeredis
    from redis.connection import BlockingConnectionPool, ConnectionPool

_KEPT = ("db", "decode_responses", "encoding", "encoding_errors")  # of how the service connects


class RedisInMemory:
    """Takes the place of every Redis for a scenario, whatever client connects to it."""

    def __init__(self, allowed: Collection[tuple[str, int]] = ()) -> None:
        """Begin closed.

        :param allowed: the hosts and ports that the service may really reach.
        """
        self.server, self._allowed, self._taken = fakeredis.FakeServer(), allowed, ExitStack()

    def activate(self) -> None:
        """Answer in the place of servers from now on, with nothing kept."""
        fakeredis.FakeStrictRedis(server=self.server).flushall()
        for kind in (ConnectionPool, BlockingConnectionPool):
            made = self._instead_of(kind.make_connection)
            self._taken.enter_context(replaced(kind, make_connection=made))

    def deactivate(self) -> None:
        """Let clients reach their servers again."""
        self._taken.close()

    def _instead_of(self, make: Callable[[Any], Any]) -> Callable[[Any], Any]:
        connection = getattr(fakeredis, "FakeRedisConnection", None) or fakeredis.FakeConnection

        def make_connection(pool: Any) -> Any:
            given = pool.connection_kwargs
            if (given.get("host", "localhost"), given.get("port", 6379)) in self._allowed:
                return make(pool)
            kept = {name: given[name] for name in _KEPT if name in given}
            return connection(server=self.server, **kept)

        return make_connection
