"""A route that is guarded does not stand for another that Flask tells from it: the second needs rows, too."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from planting import replace

ACCESS = "features/access"
TABLE = "features/access/who_may_do_what.feature"
LAST = "        | Ann    | may             | borrow a book | POST /books/{id}/loan |\n"
COMPLETE = "The table is complete"


def library_with(folder: Path, routes: str, rows: str = "") -> Path:
    replace(folder, "library.py", '    @app.get("/books")\n', f'{routes}\n    @app.get("/books")\n')
    replace(folder, TABLE, LAST, LAST + rows)
    return folder


BY_ID = '    app.get("/books/<int:number>", endpoint="by id")(lambda number: abort(401))\n'
SECRETS = {
    "converter": (
        '    app.get("/books/<title>", endpoint="by title")(lambda title: {"secret": title})\n',
        "GET /books/{title}",
    ),
    "same name": (
        '    app.get("/books/<number>", endpoint="by title")(lambda number: {"secret": number})\n',
        "GET /books/{string:number}",
    ),
    "host": (
        """
    app.subdomain_matching = True
    app.config["SERVER_NAME"] = "example.com"
    app.get("/books/<int:number>", endpoint="s", subdomain="admin")(lambda number: {"secret": 1})
""",
        "GET //admin.example.com/books/{number}",
    ),
    "no method": (
        """
    from werkzeug.routing import Rule
    app.url_map.add(Rule("/secret", endpoint="secret"))
    app.endpoint("secret")(lambda: {"secret": 1})
""",
        "GET /secret",
    ),
}


def guarded(request: str, action: str = "see a book") -> str:
    return "".join(
        f"        | {who} | must sign in to | {action} | {request} |\n" for who in ("nobody", "Ann")
    )


@pytest.mark.parametrize(("secret", "request_"), SECRETS.values(), ids=SECRETS)
def test_a_route_beside_a_guarded_one(
    library: Path, play: Callable[..., Any], secret: str, request_: str
) -> None:
    first = "GET /books/{int:number}" if "{string:" in request_ else "GET /books/{number}"
    folder = library_with(library, BY_ID + secret, guarded(first))
    run = play(folder, ACCESS)
    assert run.code == 1, run.output
    lines = [" ".join(line.split()) for line in run.junit[COMPLETE].text.splitlines()]
    for who in ("nobody", "Ann"):
        assert f"| {who} | may | do something | {request_} |" in lines, run.junit[COMPLETE].text
    assert [title for title, case in run.junit.items() if case.verdict != "passed"] == [COMPLETE]


def test_the_rows_can_be_pasted(library: Path, play: Callable[..., Any]) -> None:
    folder = library_with(library, BY_ID + SECRETS["host"][0], guarded("GET /books/{number}"))
    pasted = [
        line
        for line in play(folder, ACCESS).junit[COMPLETE].text.splitlines()
        if "//admin.example.com" in line
    ]
    rows = "".join(f"{line}\n" for line in dict.fromkeys(pasted))
    assert rows.startswith("        | ")
    replace(folder, TABLE, LAST, LAST + rows)
    run = play(folder, ACCESS)
    assert run.code == 0, run.output
    assert "nobody may do something" in run.junit


def test_a_row_that_may_mean_two_is_told_how_to_be_written(library: Path, play: Callable[..., Any]) -> None:
    folder = library_with(library, BY_ID + SECRETS["same name"][0], guarded("GET /books/{number}"))
    run = play(folder, ACCESS)
    assert (
        "GET /books/{number} is ambiguous: write GET /books/{int:number} or GET /books/{string:number}"
        in run.junit[COMPLETE].text
    )


def test_a_row_that_reaches_another_route_shows_nothing_of_its_own(
    library: Path, play: Callable[..., Any]
) -> None:
    """Filled with a number, the row of the unguarded route would be refused by the guarded one beside it."""
    folder = library_with(
        library,
        BY_ID + SECRETS["converter"][0],
        guarded("GET /books/{number}") + guarded("GET /books/{title}", "find a book"),
    )
    replace(folder, "features/support/world.py", ' if converter.startswith("int") else BOOK', "")
    run = play(folder, ACCESS)
    assert run.code == 1, run.output
    texts = [case.text for case in run.junit.values() if case.verdict != "passed"]
    assert len(texts) == 2, run.output
    for text in texts:
        assert "GET /books/1 is answered by GET /books/{int:number}, and not by GET /books/{title}" in text


def test_what_one_has_deleted_is_there_for_the_next(library: Path, play: Callable[..., Any]) -> None:
    gone = """
    @app.delete("/books/<int:number>")
    def lose(number: int) -> Any:
        db.session.delete(db.get_or_404(Book, number))
        db.session.commit()
        return {}
"""
    run = play(library_with(library, gone), ACCESS)
    lines = [" ".join(line.split()) for line in run.junit[COMPLETE].text.splitlines()]
    for who in ("nobody", "Ann"):
        assert f"| {who} | may | do something | DELETE /books/{{number}} |" in lines, lines


@pytest.mark.parametrize("workers", [()])
def test_another_host_is_reached_on_real_parts(library: Path, play: Callable[..., Any]) -> None:
    rows = "".join(
        f"        | {who} | may | see a secret | {SECRETS['host'][1]} |\n" for who in ("nobody", "Ann")
    )
    folder = library_with(library, SECRETS["host"][0], rows)
    run = play(folder, ACCESS, "-D", "stage=services")
    assert run.code == 0, run.output
