from behave_flask import Operation, Person, World
from library import Book


def a_book(world, who):
    return {"id": world.create(Book(title="Moby-Dick")).id}


class Library(World):
    personas = (Person("nobody"), Person("Ann", token="ann"))
    operations = (
        Operation("look around", "GET /books"),
        Operation("borrow a book", "POST /books/{id}/loan", 201, {"book", "tasks"}, a_book),
    )
