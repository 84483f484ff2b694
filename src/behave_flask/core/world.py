"""What a scenario has and knows: its stage, its people and things, and what the last action came to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Self, TypeVar
from urllib.parse import urlsplit

from behave_flask.core import forms
from behave_flask.core.cookies import Cookies
from behave_flask.core.form_filling import FormFilling
from behave_flask.core.http import Exchange, File, Request, Response
from behave_flask.core.operations import Operation, Person
from behave_flask.core.outcomes import Outcome, PlainOutcome
from behave_flask.core.routes import filled
from behave_flask.core.stage import Stage, State, changed

T = TypeVar("T")


class World(FormFilling):
    """The world of one scenario; a suite has a subclass with its own operations and people.

    For example::

        class LibraryWorld(World):
            personas = (Person("a visitor"), Person("Ann", token="the token of Ann"))
            operations = (Operation("list books", "GET /books"), Operation("add a book", "POST /books", 201))
            sign_in = ["/login"]

        world.attempt("a visitor", "list books").must_succeed()

    :cvar operations: everything that features let somebody do, or a mapping of that by what it is called.
    :cvar personas: who features may name without a step that introduces them: people, or the names of those
        whom `introduce` makes. The first one has not signed in.
    :cvar words: what statuses mean that mean something else here, as `{400: "invalid"}`.
    :cvar sign_in: the paths to which somebody is sent who has to sign in. With neither this nor `words`, an
        error has to be a problem (RFC 9457).
    :cvar keeps_cookies: whether each person has a browser that keeps cookies.
    """

    operations: ClassVar[Mapping[str, Operation] | Collection[Operation]] = ()
    personas: ClassVar[Collection[str | Person]] = ()
    words: ClassVar[Mapping[int, str] | None] = None
    sign_in: ClassVar[Collection[str] | None] = None
    keeps_cookies: ClassVar[bool] = True

    def __init__(self, stage: Stage) -> None:
        """Begin with nobody and nothing.

        :param stage: where the scenario is played; it has begun the scenario.
        """
        super().__init__(stage)
        self.people: dict[str, Person] = {}
        self.things: dict[str, int] = {}
        self.exchanges: list[Exchange] = []
        self.operation: Operation | None = None
        self._outcome: Outcome | None = None
        self._state: State | None = None
        self._facts: dict[type, Any] = {}

    # people, things and facts

    @classmethod
    def furnished(cls, stage: Stage) -> Self:
        """Return a world in which every row of the permission matrix can be played.

        :param stage: where the scenario is played; it has begun the scenario.
        """
        world = cls(stage)
        world.furnish()
        return world

    def furnish(self) -> None:
        """Introduce all personas; a suite adds what the rows of its permission matrix are about."""
        for name in self.persona_names():
            self.person(name)

    @classmethod
    def persona_names(cls) -> list[str]:
        """Return the names of all `personas`."""
        return [each.name if isinstance(each, Person) else each for each in cls.personas]

    def introduce(self, name: str) -> Person:
        """Return a persona when it is first named, for a suite whose `personas` are names.

        :param name: one of `personas`.
        """
        raise NotImplementedError(
            f'{type(self).__name__} does not say how {name} is introduced: put Person("{name}") with what'
            " shows who it is into `personas`, or define `introduce`."
        )

    def person(self, name: str) -> Person:
        """Return a person of the scenario.

        :param name: what features call them.
        :raises KeyError: for a name that no step has introduced.
        """
        if name not in self.people:
            if name not in (names := self.persona_names()):
                known = _listed([*self.people, *names])
                raise KeyError(f"Nobody here is called {name!r}. Known are: {known}.")
            person = next(
                (each for each in self.personas if isinstance(each, Person) and each.name == name), None
            )
            self.people[name] = person or self.introduce(name)
            self._sign_in(self.people[name])
        return self.people[name]

    def _sign_in(self, person: Person) -> None:
        """Sign somebody in who does so by a form. Raises AssertionError if that leads to the form again."""
        if person.form is None:
            return
        path, filled_in = person.form
        answer = self.submit(person.name, path, **filled_in)
        is_asked_again = any(filled_in.keys() <= form.fields.keys() for form in forms.of(answer.text))
        is_sent_back = urlsplit(answer.headers.get("location", "")).path == path
        if answer.status >= 400 or is_asked_again or is_sent_back:
            again = ", which leads to the form again" if is_asked_again or is_sent_back else ""
            raise AssertionError(
                f"{person.name} could not sign in by the form of {path}, with {' and '.join(filled_in)}: the"
                f" answer is {answer.status}{again}."
            )

    def create(self, record: T, name: str | None = None) -> T:
        """Add a record of one of the service's models, and return it, with its id and attached to no session.

        For example, in a step: `context.world.create(Book(title="Emma"), "Emma")`.

        :param record: for a service whose data are in SQLAlchemy.
        :param name: what features call it, for `thing`.
        :returns: the record.
        """
        with self.stage.data() as session:
            session.add(record)
        if name is not None:
            self.things[name] = record.id  # type: ignore[attr-defined] # whatever model it is
        return record

    def thing(self, name: str) -> int:
        """Return the id of a thing of the scenario.

        :param name: what features call it.
        :raises KeyError: for what no step has introduced.
        """
        if name not in self.things:
            raise KeyError(f"Nothing here is called {name!r}. Known are: {_listed(self.things)}.")
        return self.things[name]

    def note(self, fact: object) -> None:
        """Keep a fact for a later step of this scenario, in the place of the last one of its class.

        :param fact: an instance of a small class of the suite's own.
        """
        self._facts[type(fact)] = fact

    def noted(self, kind: type[T]) -> T:
        """Return the last fact of a class that a step has noted.

        :param kind: the class.
        :raises AssertionError: if there is none: the scenario lacks a step.
        """
        if kind not in self._facts:
            raise AssertionError(f"No step of this scenario has noted {kind.__name__} yet.")
        fact: T = self._facts[kind]
        return fact

    # acting

    def do(self, who: str, action: str | Operation, **arguments: Any) -> Outcome:
        """Do an operation as somebody, as a plain verb says it.

        :param who: the name of a person.
        :param action: an operation, or what `operations` calls it.
        :param arguments: as `request` takes them.
        :returns: the outcome, a success.
        :raises AssertionError: with the exchange, if it does not succeed.
        """
        return self.attempt(who, action, **arguments).must_succeed()

    def attempt(self, who: str, action: str | Operation, **arguments: Any) -> Outcome:
        """Try an operation as somebody, as "tries to" says it: a Then names what comes of it.

        The state before is noted, so that a later step can see what has changed.

        :param who: the name of a person.
        :param action: an operation, or what `operations` calls it.
        :param arguments: as `request` takes them.
        :returns: the outcome, whatever it is.
        """
        self.person(who)
        self.note_state()
        return self.act(who, action, **arguments)

    def act(self, who: str, action: str | Operation, **arguments: Any) -> Outcome:
        """Do an operation as somebody for what belongs to another step, such as the look of a Then.

        A step that acts uses `do` or `attempt`.

        :param who: the name of a person.
        :param action: an operation, or what `operations` calls it.
        :param arguments: as `request` takes them.
        :returns: the outcome, whatever it is.
        :raises KeyError: for an unknown person or action.
        """
        request = self.request(who, action, **arguments)
        return self.receive(who, action, request, self.stage.send(request))

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
        ids: Mapping[str, object] | None = None,
        **more_ids: object,
    ) -> Request:
        """Return what somebody sends who does an operation.

        :param who: the name of a person.
        :param action: an operation, or what `operations` calls it.
        :param json: the body, to be encoded as JSON.
        :param query: the query parameters.
        :param form: the fields of a form.
        :param body: the body in bytes, as it is.
        :param content_type: the media type of `body`.
        :param headers: further headers.
        :param ids: what fills the names in the path, where one is called as something above is.
        :param more_ids: what fills the others.
        :raises KeyError: for an unknown person or action.
        """
        operation = self._operation(action)
        path = filled(operation.path, {**(ids or {}), **more_ids})
        return Request(
            operation.method,
            path,
            {**self._cookie(who, path), **operation.headers(self.person(who)), **(headers or {})},
            query or {},
            json,
            body,
            content_type,
            form,
        )

    def receive(self, who: str, action: str | Operation, request: Request, response: Response) -> Outcome:
        """Take the answer to somebody's request as the outcome of the last action.

        :param who: the name of a person.
        :param action: an operation, or what `operations` calls it.
        :param request: what was sent.
        :param response: what came back.
        :returns: the outcome.
        """
        self.operation = self._operation(action)
        self.exchanges.append(Exchange(who, request, response))
        if self.keeps_cookies:
            self._cookies.setdefault(who, Cookies()).keep(request, response)
        self._outcome = self.understand(self.operation, self.exchanges[-1])
        return self._outcome

    def understand(self, operation: Operation, exchange: Exchange) -> Outcome:
        """Return what an answer means: by `words` and `sign_in`, and by what has changed, or as a problem.

        A suite overrides it that reads more of an answer, as with a subclass of `PlainOutcome`.

        :param operation: what was asked for.
        :param exchange: the request and its answer.
        """
        if self.words is None and self.sign_in is None:
            return operation.outcome(exchange)
        return PlainOutcome(
            exchange,
            operation.success,
            words=self.words,
            sign_in=self.sign_in or (),
            in_vain=self.in_vain(operation),
        )

    def _operation(self, action: str | Operation) -> Operation:
        if isinstance(action, Operation):
            return action
        known = self.known_operations()
        if action not in known:
            raise KeyError(f"There is no operation {action!r}. Known are: {_listed(sorted(known))}.")
        return known[action]

    @classmethod
    def known_operations(cls) -> Mapping[str, Operation]:
        """Return all `operations`, by what they are called."""
        given = cls.operations
        return given if isinstance(given, Mapping) else {each.action: each for each in given}

    @classmethod
    def operation_of(cls, request: str) -> Operation | None:
        """Return the first operation with a request; None if there is none.

        :param request: such as ``GET /posts/{id}``.
        """
        return next((each for each in cls.known_operations().values() if each.request == request), None)

    def describe(self, request: str, action: str = "") -> Operation:
        """Return a guess at the operation of a request that `operations` lacks, for a row that is proposed.

        The row itself is red until `operations` has it; one of your own may say what is valid instead.

        :param request: such as ``GET /posts``.
        :param action: what a row of the permission matrix calls it.
        :raises KeyError: if its path has something to be filled in.
        """
        if "{" in request:
            raise KeyError(f"The suite's operations do not say what a valid {request} is.")
        return Operation(action or f"use {request.partition(' ')[2]}", request)

    # looking

    @property
    def outcome(self) -> Outcome:
        """The outcome of the last action. Raises AssertionError if nobody has acted yet."""
        if self._outcome is None:
            raise AssertionError("Nobody has done anything yet: the scenario needs a When.")
        return self._outcome

    def outcome_of(self, who: str) -> Outcome:
        """Return the outcome of the last action.

        :param who: whose it has to be.
        :raises AssertionError: if it was somebody else's, or nobody has acted yet.
        """
        if self.outcome.exchange.who != who:
            raise AssertionError(f"The last to act was {self.outcome.exchange.who}, not {who}.")
        return self.outcome

    def note_state(self) -> None:
        """Note the state of everything, for `changes` to compare with."""
        self._state = self.stage.state()

    def changes(self) -> set[str]:
        """Return the names of what an attempt has changed: tables, files, mails, tasks, outside calls."""
        if self._state is None:
            raise AssertionError("The state was not noted before the action: use `attempt`.")
        return changed(self._state, self.stage.state())

    def in_vain(self, operation: Operation) -> bool | None:
        """Return whether an attempt has changed nothing, though its success changes something.

        :param operation: what was tried.
        :returns: None where the changes tell nothing: of a success that has none.
        """
        return not self.changes() if self._state is not None and operation.changes else None

    def report(self, message: str = "") -> str:
        """Return what explains a failure: people, things, and the last exchange.

        :param message: that of the failure, of which nothing is repeated.
        """
        people = _listed(
            (f"{name} (user {each.id})" if each.id else name for name, each in self.people.items()), "nobody"
        )
        things = _listed((f"{name} ({number})" for name, number in self.things.items()), "nothing")
        last = [text for exchange in self.exchanges[-1:] if (text := str(exchange)) not in message]
        return "\n".join(
            [f"People: {people}", f"Things: {things}", f"Time: {datetime.now(UTC):%c} UTC", *last]
        )


def _listed(names: Iterable[str], none: str = "none") -> str:
    return ", ".join(names) or none
