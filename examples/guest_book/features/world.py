from pathlib import Path

from behave_flask import Legend, Operation, PermissionMatrix, Person, PlainOutcome
from behave_flask import World as AnyWorld
from guest_book import GUESTS


def writing(world, who):
    return {"form": {**world.form(who, "/"), "text": "A fine evening."}}


def striking(world, who):
    return {"form": world.form(who, "/"), "id": world.thing("the entry of Ann")}


OPERATIONS = (
    Operation("read the book", "GET /"),
    Operation("see the form to sign in", "GET /sign-in"),
    Operation("sign in", "POST /sign-in", 302, valid=lambda world, who: {"form": world.credentials(who)}),
    Operation("write in the book", "POST /entries", 302, frozenset({"entry"}), writing),
    Operation("strike an entry", "POST /entries/{id}/strike", 302, frozenset({"entry"}), striking),
)


class World(AnyWorld):
    operations = {operation.action: operation for operation in OPERATIONS}
    personas = ("a visitor", "Ann", "Ben")

    def introduce(self, name):
        if name.lower() in GUESTS:
            self.submit(name, "/sign-in", name=name.lower(), password=GUESTS[name.lower()])
        return Person(name)

    def understand(self, operation, exchange):
        return PlainOutcome(
            exchange, operation.success, sign_in=["/sign-in"], in_vain=self.in_vain(operation)
        )

    def credentials(self, who):
        name = who.lower() if who.lower() in GUESTS else "ann"
        return {**self.form(who, "/sign-in"), "name": name, "password": GUESTS[name]}

    def add(self, guest, text):
        with self.stage.data() as database:
            added = database.execute(
                "INSERT INTO entry (guest, text) VALUES (?, ?) RETURNING id", (guest.lower(), text)
            )
            self.things[f"the entry of {guest}"] = added.fetchone()["id"]


def furnished(stage):
    world = World(stage)
    world.add("Ann", "It was dark.")
    return world


PERMISSIONS = PermissionMatrix(
    Path(__file__).parent / "access", Legend.of("a visitor", "Ann", "Ben"), furnished, anonymous="a visitor"
)
