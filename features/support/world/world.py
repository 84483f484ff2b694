"""The shop's world: its people, what they can do, and their browsers.

The only thing of ours on behave's context, as `context.world`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from behave_flask import Outcome, Person, Stage
from behave_flask.browser.driver import Visit, VisitOutcome, Visits
from behave_flask.core import world
from behave_flask.core.protocols import Mail, QueuedTask
from features.support.world import factories
from features.support.world.operations import OPERATIONS, SIGN_IN
from features.support.world.people import ANONYMOUS, COOKIE, PERSONAS

if TYPE_CHECKING:
    import time_machine


class World(world.World):
    """One scenario's world, made anew for each."""

    operations = OPERATIONS
    personas = PERSONAS
    keeps_cookies = False  # an operation says whether it is a browser that asks

    def __init__(self, stage: Stage, visits: Visits | None = None) -> None:
        """Begin with nobody and nothing on a stage that is open.

        :param visits: everybody's browsers, in a scenario that is tagged to have some.
        """
        super().__init__(stage)
        self.visits = visits
        self.people[ANONYMOUS.name] = ANONYMOUS
        self.mail: Mail | None = None
        self.tasks: dict[str, QueuedTask] = {}  # by name, the last of each that a step spoke of
        self.clock: time_machine.Traveller | None = None
        self.password: str = factories.PASSWORD

    # people and things

    def make(self, factory: type[factories.Factory], **attributes: Any) -> Any:
        """Make one thing by a factory, commit it, and return it as a record that is no longer attached."""
        with self.making():
            return factory(**attributes)

    @contextmanager
    def making(self) -> Iterator[None]:
        """Let factories make things together; they have their ids after the outermost block."""
        if factories.session.get() is not None:
            yield
            return
        with self.stage.data() as session:
            factories.session.set(session)
            try:
                yield
            finally:
                factories.session.set(None)

    def join(self, name: str, /, **attributes: Any) -> Person:
        """Let somebody become a member, signed in, and known to the scenario by a name."""
        token = factories.token_text()
        with self.making():
            user = factories.UserFactory(**attributes)
            factories.TokenFactory(user=user, text=token)
        self.people[name] = Person(name, token, user)
        return self.people[name]

    def introduce(self, name: str) -> Person:
        """Let a persona become a member."""
        return self.join(name, **PERSONAS[name])

    def account(self, name: str) -> int:
        """Return the id of the account that somebody has or had.

        :raises AssertionError: for whoever never had one.
        """
        if (number := self.person(name).id) is None:
            raise AssertionError(f"{name} never had an account.")
        return int(number)

    def email_of(self, who: str) -> str:
        """Return a person's address, or the address that was given as it is; empty without an account."""
        user = None if "@" in who else self.person(who).user
        return str(user.email) if user else who if "@" in who else ""

    # acting

    def visit(self, who: str) -> Visit:
        """Return somebody's browser; it is signed in if they are. Raises AssertionError without @browser."""
        if self.visits is None:
            raise AssertionError("Pages need a browser: tag the scenario @browser.")
        known = who in self.visits
        visit = self.visits.of(who)
        person = self.person(who) if who in self.people or who in PERSONAS else None
        if not known and person and person.token:
            visit.keep_cookie(COOKIE, person.token)
        return visit

    def visit_of(self, who: str) -> Visit:
        """Return the browser of somebody who has opened a page. Raises AssertionError for who has not."""
        if self.visits is None or who not in self.visits:
            raise AssertionError(f"{who} has not opened a page.")
        return self.visits.of(who)

    def arrive(self, visit: Visit) -> Outcome:
        """Take what somebody's page has come to as the outcome."""
        self.operation, self._outcome = None, VisitOutcome(visit, SIGN_IN)
        self.exchanges.append(self._outcome.exchange)
        return self._outcome

    def pass_time(self, span: timedelta) -> None:
        """Let time pass. Raises AssertionError if the scenario has no clock of its own."""
        if self.clock is None:
            raise AssertionError("Time can only pass under a clock: tag the scenario @fixture.clock.")
        self.clock.shift(span)
