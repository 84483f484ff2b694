"""Connections to PostgreSQL that wait for an answer for so long, and no longer, whatever the server does.

The server ends by itself what takes too long (`statement_timeout`). One that hangs, or that the network has
swallowed, does not: then the connection is closed from here.
"""

from time import monotonic
from typing import Any

from psycopg import Connection, OperationalError


class BoundedConnection(Connection[Any]):
    """A connection that is closed when an answer does not come within `answer_within` seconds."""

    answer_within: float | None = None

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        """Wait for an answer."""
        began = monotonic()
        try:
            return super().wait(gen, *args, **{"timeout": self.answer_within, **kwargs})
        except OperationalError:
            if self.answer_within is not None and monotonic() - began >= self.answer_within:
                self.pgconn.finish()
            raise


def connect(*args: Any, answer_within: float, **kwargs: Any) -> BoundedConnection:
    """Connect as `psycopg.connect` does."""
    connection = BoundedConnection.connect(*args, **kwargs)
    connection.answer_within = answer_within
    return connection
