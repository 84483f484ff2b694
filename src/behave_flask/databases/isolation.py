"""What databases of all kinds have in common: how they say that scenario and service are not kept apart."""

from collections.abc import Collection
from fnmatch import fnmatchcase

from flask import current_app, has_app_context

NEVER_COUNTED = ("alembic_version",)


class IsolationError(AssertionError):
    """The scenario and the service are not kept apart; the message says by what."""


def ended(name: str) -> str:
    """Return the sentence for a service that has ended the transaction of the scenario on a database."""
    return (
        f"The service ended the scenario's outer transaction on {name}, by a raw COMMIT or ROLLBACK. What"
        " came before it is lost or really written, and what followed was not isolated. Use commit() and"
        " rollback() of the session or the connection in the service."
    )


def refuse_context() -> None:
    """Raise IsolationError if an application context is pushed around a request."""
    if has_app_context():
        raise IsolationError(
            f"An application context of {current_app.name!r} is pushed around the request. Flask keeps"
            " the signed-in user and the database session in it, so the request would act as somebody"
            " else and see what was never committed. Leave the context before sending."
        )


def is_ignored(name: str, patterns: Collection[str]) -> bool:
    """Return whether a table, or a column as `table.column`, does not count as a change.

    :param name: the table's or the column's.
    :param patterns: what a team has named; `*` stands for anything.
    """
    return any(fnmatchcase(name, pattern) for pattern in (*NEVER_COUNTED, *patterns))
