from pathlib import Path

from behave_flask import Legend, Operation, PermissionMatrix, Person, PlainOutcome
from behave_flask import World as AnyWorld
from club import Member

NEW = {"name": "Zoe", "email": "zoe@example.com", "token": "zoe"}
OPERATIONS = (
    Operation("see who is in", "GET /members"),
    Operation(
        "admit somebody", "POST /members", 201, frozenset({"members", "mails"}), lambda *_: {"json": NEW}
    ),
)


class World(AnyWorld):
    operations = {operation.action: operation for operation in OPERATIONS}
    personas = ("a visitor", "a member", "the chair")

    def introduce(self, name):
        if name == "a visitor":
            return Person(name)
        token = name.split()[-1]
        with self.stage.data() as session:
            member = Member(
                name=name, email=f"{token}@example.com", token=token, is_chair=name == "the chair"
            )
            session.add(member)
        return Person(name, token, member)

    def understand(self, operation, exchange):
        return PlainOutcome(exchange, operation.success, words={400: "invalid"})


PERMISSIONS = PermissionMatrix(
    Path(__file__).parent / "access",
    Legend.of("a visitor", "a member", "the chair"),
    World,
    anonymous="a visitor",
)
