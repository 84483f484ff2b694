"""What a scenario has and knows; the steps find it as `context.world`."""

from pathlib import Path

from behave_flask import Legend, Operation, Outcome, PermissionMatrix, Person, Stage
from behave_flask import World as AnyWorld
from behave_flask.core import routes
from library import MEMBERS, Book

BOOK = "Moby-Dick"  # of which the permission matrix speaks
SUCCESS = {"POST": 201}
OPERATIONS = (
    Operation("look around", "GET /books"),
    Operation(
        "borrow a book",
        "POST /books/{id}/loan",
        201,
        frozenset({"book", "tasks"}),
        lambda world, _who: {"id": world.thing(BOOK)},
    ),
)


class World(AnyWorld):
    operations = {operation.action: operation for operation in OPERATIONS}
    personas = ("nobody", "somebody", "Ann", "Ben")

    def introduce(self, name: str) -> Person:
        """Return a visitor, or the member of this name."""
        return Person(name, name.lower() if name.lower() in MEMBERS else None)

    def add(self, title: str) -> None:
        """Let the library have a book."""
        with self.stage.data() as session:
            book = Book(title=title)
            session.add(book)
            session.flush()
            self.things[title] = book.id

    def describe(self, request: str, action: str = "") -> Operation:
        """Return an operation that is not listed: about the book, by its number or by its title."""
        route = routes.find(request, self.stage.routes())
        values = {
            name: self.thing(BOOK) if converter.startswith("int") else BOOK
            for name, converter in zip(routes.Route.parse(request).names, route.converters, strict=True)
        }
        return Operation(
            action or "do something", request, SUCCESS.get(route.method, 200), valid=lambda *_: values
        )

    def ask(self, who: str, request: str) -> Outcome:
        """Let somebody try an address, as in "GET /books"."""
        return self.attempt(who, Operation(f"ask for {request}", request))


def furnished(stage: Stage) -> World:
    """Return a world in which every row of the permission matrix can be played."""
    world = World(stage)
    world.add(BOOK)
    return world


PERMISSIONS = PermissionMatrix(
    Path(__file__).parents[1] / "access",
    Legend(
        columns={"nobody": "a visitor", "Ann": "a member"},
        verdicts={"may": ("allowed", "may"), "must sign in to": ("must sign in", "must sign in")},
    ),
    furnished,
    anonymous="nobody",
)
