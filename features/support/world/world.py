"""What a scenario has and knows: the stage it plays on, its people and things, and the last outcome.

The only thing of ours on behave's context, as `context.world`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from behave_flask.browser.driver import Visit, VisitOutcome, Visits
from behave_flask.core.http import Exchange, File, Request, Response
from behave_flask.core.outcomes import Outcome
from behave_flask.core.protocols import Mail, QueuedTask
from behave_flask.core.routes import filled
from behave_flask.core.stage import Stage, State, changed
from features.support.world import factories
from features.support.world.operations import OPERATIONS, SIGN_IN, Operation
from features.support.world.people import ANONYMOUS, COOKIE, PERSONAS, Person

if TYPE_CHECKING:
    import time_machine


class World:
    """One scenario's world, typed, made anew for each."""

    def __init__(self, stage: Stage, visits: Visits | None = None) -> None:
        """Begin with nobody and nothing on a stage that is open.

        :param visits: everybody's browsers, in a scenario that is tagged to have some.
        """
        self.stage, self.visits = stage, visits
        self.people: dict[str, Person] = {ANONYMOUS.name: ANONYMOUS}
        self.things: dict[str, int] = {}
        self.exchanges: list[Exchange] = []
        self.noted: dict[str, Any] = {}  # what the steps of one area hand on to each other
        self.mail: Mail | None = None
        self.tasks: dict[str, QueuedTask] = {}  # by name, the last of each that a step spoke of
        self.clock: time_machine.Traveller | None = None
        self.password: str = factories.PASSWORD
        self.operation: Operation | None = None
        self._outcome: Outcome | None = None
        self._before: State | None = None
        factories.reset_sequences()

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

    def person(self, name: str) -> Person:
        """Return who is called so; a persona appears when it is first spoken of.

        Raises KeyError for a name that no step has introduced.
        """
        if name not in self.people:
            if name not in PERSONAS:
                known = ", ".join([*self.people, *PERSONAS])
                raise KeyError(f"Nobody here is called {name!r}. Known are: {known}.")
            self.join(name, **PERSONAS[name])
        return self.people[name]

    def account(self, name: str) -> int:
        """Return the id of the account that somebody has or had.

        :raises AssertionError: for whoever never had one.
        """
        if (number := self.person(name).id) is None:
            raise AssertionError(f"{name} never had an account.")
        return number

    def thing(self, name: str) -> int:
        """Return the id of what is called so. Raises KeyError for what no step has introduced."""
        if name not in self.things:
            raise KeyError(f"Nothing here is called {name!r}. Known are: {', '.join(self.things) or 'none'}.")
        return self.things[name]

    # acting

    def do(self, who: str, action: str | Operation, **said: Any) -> Outcome:
        """Let somebody do an operation, as a plain verb says it.

        :raises AssertionError: with the exchange, if it does not succeed.
        """
        return self.attempt(who, action, **said).must_succeed()

    def attempt(self, who: str, action: str | Operation, **said: Any) -> Outcome:
        """Let somebody try an operation, as "tries to" says it: a Then names what comes of it.

        The state before is noted, so that a later step can tell what has changed.
        """
        self.person(who)
        self.remember()
        return self.act(who, action, **said)

    def act(self, who: str, action: str | Operation, **said: Any) -> Outcome:
        """Let somebody do an operation, or the one known by its action, with what `request` takes.

        For what belongs to another step, such as the look of a Then; a step that acts uses `do` or `attempt`.
        Raises KeyError for an unknown person or action.
        """
        request = self.request(who, action, **said)
        return self.answered(who, action, request, self.stage.send(request))

    def request(
        self,
        who: str,
        action: str | Operation,
        *,
        json: Any = None,
        query: dict[str, str | list[str]] | None = None,
        form: dict[str, File | str | list[File | str]] | None = None,
        body: bytes | None = None,
        content_type: str | None = None,
        headers: dict[str, str] | None = None,
        **ids: object,
    ) -> Request:
        """Return what somebody sends who does an operation; `ids` fill the path. Raises KeyError as `act`."""
        operation = action if isinstance(action, Operation) else _operation(action)
        return Request(
            operation.method,
            filled(operation.path, ids),
            {**operation.headers(self.person(who)), **(headers or {})},
            query or {},
            json,
            body,
            content_type,
            form,
        )

    def answered(self, who: str, action: str | Operation, request: Request, response: Response) -> Outcome:
        """Take an answer to somebody's request as the outcome."""
        operation = action if isinstance(action, Operation) else _operation(action)
        exchange = Exchange(who, request, response)
        self.exchanges.append(exchange)
        self.operation, self._outcome = operation, operation.outcome(exchange)
        return self._outcome

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

    def remember(self) -> None:
        """Note the state of everything, for `changes` to compare with."""
        self._before = self.stage.state()

    @property
    def outcome(self) -> Outcome:
        """The outcome of the last action. Raises AssertionError if nobody has acted yet."""
        if self._outcome is None:
            raise AssertionError("Nobody has done anything yet: the scenario needs a When.")
        return self._outcome

    def outcome_of(self, who: str) -> Outcome:
        """Return the outcome of the last action.

        :raises AssertionError: if it was somebody else's, or nobody has acted yet.
        """
        if self.outcome.exchange.who != who:
            raise AssertionError(f"The last to act was {self.outcome.exchange.who}, not {who}.")
        return self.outcome

    # looking

    def changes(self) -> set[str]:
        """Return the names of what an attempt has changed: tables, files, mails, tasks, outside calls."""
        if self._before is None:
            raise AssertionError("The state was not noted before the action: use `attempt`.")
        return changed(self._before, self.stage.state())

    def email_of(self, who: str) -> str:
        """Return the address of a person, or the address that was given as it is."""
        return who if "@" in who else self.person(who).email or ""

    def pass_time(self, span: timedelta) -> None:
        """Let time pass. Raises AssertionError if the scenario has no clock of its own."""
        if self.clock is None:
            raise AssertionError("Time can only pass under a clock: tag the scenario @fixture.clock.")
        self.clock.shift(span)

    def report(self, said: str = "") -> str:
        """Return what a person needs to understand a failure: people, things, and the last exchange.

        :param said: what the failure itself says, so that nothing is said twice.
        """
        people = ", ".join(f"{p.name} (user {p.id})" for p in self.people.values() if p.id) or "nobody"
        things = ", ".join(f"{name} ({number})" for name, number in self.things.items()) or "nothing"
        last = [text for exchange in self.exchanges[-1:] if (text := str(exchange)) not in said]
        return "\n".join(
            [f"People: {people}", f"Things: {things}", f"Time: {datetime.now(UTC):%c} UTC", *last]
        )


def _operation(action: str) -> Operation:
    if action not in OPERATIONS:
        raise KeyError(f"There is no operation {action!r}. Known are: {', '.join(sorted(OPERATIONS))}.")
    return OPERATIONS[action]
