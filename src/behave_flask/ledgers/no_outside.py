"""Other people's services, where requests-mock is not installed: none can be arranged."""

from typing import Any, NoReturn

from behave_flask.core.extras import MissingExtra
from behave_flask.core.protocols import Call


class NoOutsideCalls:
    """Stands where the stubs would be; the guard over the sockets refuses whatever the service calls."""

    calls: list[Call] = []  # noqa: RUF012 (never changed)

    def stub(
        self, method: str, url: Any, *, name: str, presupposed: bool = False, **response: Any
    ) -> NoReturn:
        """Raise MissingExtra: an answer needs requests-mock."""
        raise MissingExtra('requests_mock is not installed: pip install "behave-flask[requests]"')

    def calls_to(self, stub: Any) -> list[Call]:
        """Return nothing."""
        return []

    def activate(self) -> None:
        """Do nothing."""

    def deactivate(self) -> None:
        """Do nothing."""

    def findings(self) -> list[str]:
        """Return nothing."""
        return []

    def clear(self) -> None:
        """Do nothing."""
