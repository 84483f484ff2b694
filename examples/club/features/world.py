from behave_flask import Operation, Person, World
from club import Member

NEW = {"name": "Zoe", "email": "zoe@example.com", "token": "zoe"}


class Club(World):
    personas = ("a visitor", "a member", "the chair")
    operations = (
        Operation("see who is in", "GET /members"),
        Operation("admit somebody", "POST /members", 201, {"members", "mails"}, lambda *_: {"json": NEW}),
    )
    words = {400: "invalid"}

    def introduce(self, name):
        if name == "a visitor":
            return Person(name)
        token = name.split()[-1]
        member = Member(name=name, email=f"{token}@club.example", token=token, is_chair=token == "chair")
        return Person(name, token, self.create(member))
