"""The world of a scenario: whom and what it knows, what it notes, and what an attempt is judged by."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from flask import Flask

from behave_flask.core.cookies import Cookies
from behave_flask.core.http import Exchange, Request, Response
from behave_flask.core.operations import Operation, Person
from behave_flask.core.outcomes import PlainOutcome
from behave_flask.core.routes import answering, routes_of
from behave_flask.core.world import World
from behave_flask.permissions.matrix import Exemption, Legend
from behave_flask.permissions.permission_matrix import PermissionMatrix
from behave_flask.permissions.sweeps import Sweep, Swept, SweptPairs

FEATURE = """
Feature: Who may do what
  Scenario Outline: <who> <verdict> <action>
    Given <request>

    Examples: books
      | who    | verdict         | action | request           |
      | nobody | may             | look   | GET /books        |
      | nobody | must sign in to | lend   | POST /books/{id}  |
      | Ann    | may             | lend   | POST /books/{id}  |
"""


class Tasks:
    def verify_all(self) -> None:
        """Nothing is queued."""


class Shelf:
    """A stage with a single shelf, which answers 401 to whoever writes without a token."""

    tasks = mailbox = Tasks()

    def __init__(self) -> None:
        self.lent: list[str] = []
        self.app = Flask("shelf", static_folder=None)
        self.app.add_url_rule("/books", "look", lambda: "", methods=["GET"])
        self.app.add_url_rule("/books/<int:number>", "lend", lambda number: "", methods=["POST"])

    def send(self, request: Request) -> Response:
        if request.method == "POST" and "Authorization" not in request.headers:
            problem = b'{"status": 401, "title": "Unauthorized"}'
            return Response(
                401, {"content-type": "application/problem+json", "www-authenticate": "Bearer"}, problem
            )
        if request.method == "POST":
            self.lent.append(request.path)
        return Response(200, {}, b"")

    def state(self) -> dict[str, list[str]]:
        return {"books": list(self.lent)}

    def routes(self) -> Any:
        return [route for route in routes_of(self.app) if route.method != "OPTIONS"]

    def route_of(self, request: Request) -> Any:
        return answering(self.app, request)

    def begin_scenario(self) -> None: ...

    def end_scenario(self) -> None: ...


class Readers(World):
    operations: ClassVar = {
        "look": Operation("look", "GET /books"),
        "lend": Operation(
            "lend",
            "POST /books/{id}",
            200,
            frozenset({"books"}),
            lambda world, _who: {"id": world.thing("a book")},
        ),
    }
    personas = ("nobody", "Ann")

    def introduce(self, name: str) -> Person:
        return Person(name, None if name == "nobody" else name)


def furnished(stage: Any) -> Readers:
    world = Readers(stage)
    world.things["a book"] = 1
    return world


@pytest.fixture
def world() -> Readers:
    return furnished(Shelf())


@pytest.fixture
def matrix(tmp_path: Any) -> PermissionMatrix:
    (tmp_path / "books.feature").write_text(FEATURE)
    legend = Legend(
        {"nobody": "nobody", "Ann": "Ann"},
        {"may": ("allowed", "may"), "must sign in to": ("must sign in", "must sign in")},
    )
    return PermissionMatrix(tmp_path, legend, furnished, "nobody")


def test_a_persona_is_introduced_once(world: Readers) -> None:
    assert world.person("Ann") is world.person("Ann")
    assert world.person("Ann").headers == {"Authorization": "Bearer Ann"}


def test_who_and_what_no_step_has_introduced_is_named_with_those_that_are_there(world: Readers) -> None:
    with pytest.raises(KeyError, match=r"Nobody here is called 'Amm'\. Known are: nobody, Ann"):
        world.person("Amm")
    with pytest.raises(KeyError, match=r"Nothing here is called 'a bok'\. Known are: a book"):
        world.thing("a bok")
    with pytest.raises(KeyError, match=r"There is no operation 'lent'\. Known are: lend, look"):
        world.attempt("Ann", "lent")


@dataclass(frozen=True)
class Counted:
    number: int


def test_a_fact_takes_the_place_of_the_last_of_its_class(world: Readers) -> None:
    with pytest.raises(AssertionError, match=r"No step of this scenario has noted Counted yet"):
        world.noted(Counted)
    world.note(Counted(1))
    world.note(Counted(2))
    assert world.noted(Counted) == Counted(2)


def test_a_plain_verb_that_is_refused_fails(world: Readers) -> None:
    with pytest.raises(AssertionError, match="Expected: allowed\nGot: must sign in"):
        world.do("nobody", "lend", id=1)


def test_the_outcome_is_that_of_the_last_to_act(world: Readers) -> None:
    with pytest.raises(AssertionError, match="Nobody has done anything yet"):
        _ = world.outcome
    world.attempt("Ann", "look")
    with pytest.raises(AssertionError, match=r"The last to act was Ann, not nobody"):
        world.outcome_of("nobody")


def test_what_has_changed_is_told_since_the_attempt(world: Readers) -> None:
    with pytest.raises(AssertionError, match="The state was not noted before the action"):
        world.changes()
    world.attempt("Ann", "lend", id=1)
    assert world.changes() == {"books"}
    world.attempt("Ann", "look")
    assert world.changes() == set()


def test_a_row_is_judged_by_the_outcome_and_by_what_has_changed(
    world: Readers, matrix: PermissionMatrix
) -> None:
    matrix.attempt(world, "Ann", "lend", "POST /books/{id}")
    matrix.judge(world, "Ann", "may", "lend")
    with pytest.raises(AssertionError, match=r"Ann tried to lend, not to look"):
        matrix.judge(world, "Ann", "may", "look")
    with pytest.raises(AssertionError, match="Expected: must sign in\nGot: allowed"):
        matrix.judge(world, "Ann", "must sign in to", "lend")
    world.note_state()
    with pytest.raises(AssertionError, match=r"allowed, and books should have changed, but nothing did"):
        matrix.judge(world, "Ann", "may", "lend")


def test_a_row_that_calls_an_operation_otherwise_is_refused(world: Readers, matrix: PermissionMatrix) -> None:
    with pytest.raises(ValueError, match="'lend', not to 'borrow'"):
        matrix.attempt(world, "Ann", "borrow", "POST /books/{id}")
    with pytest.raises(KeyError, match=r"The service has no GET /book\. Nearest are: GET /books"):
        matrix.attempt(world, "Ann", "look", "GET /book")


def test_a_row_that_is_missing_is_asked_for_as_the_service_answers(
    world: Readers, matrix: PermissionMatrix
) -> None:
    needed = [
        {"who": "nobody", "request": "everything"},
        {"who": "Ann", "request": "everything under /books"},
    ]
    exempt = [{"request": "HEAD of everything", "who": "everybody", "reason": "is answered as GET is"}]
    with pytest.raises(AssertionError) as caught:
        matrix.completeness(world.stage, needed, exempt).check()
    assert "4 cells exempt by 1" not in str(caught.value)
    assert "| Ann | may     | look   | GET /books |" in str(caught.value)
    exempt.append({"request": "GET /books", "who": "Ann", "reason": "everybody may"})
    matrix.completeness(world.stage, needed, exempt).check()


def test_words_that_need_no_row_are_refused(world: Readers, matrix: PermissionMatrix) -> None:
    with pytest.raises(ValueError, match="A row cannot be needed for 'all'"):
        _ = matrix.completeness(world.stage, [{"who": "Ann", "request": "all"}], []).comparison


def test_a_sweep_tries_all_that_asks_to_sign_in(world: Readers, matrix: PermissionMatrix) -> None:
    world.people["a stranger"] = Person("a stranger")
    swept = Sweep(matrix, world).as_somebody("a stranger")
    swept.must_be("must sign in")
    with pytest.raises(AssertionError, match="1 of 1 answers are not 'allowed'"):
        swept.must_be("allowed")
    with pytest.raises(AssertionError, match=r"Nothing was tried at all"):
        Swept([]).must_be("allowed")


def test_a_sweep_compares_heads_and_refusals(world: Readers, matrix: PermissionMatrix) -> None:
    Sweep(matrix, world).heads("nobody").must_be_alike(body=False)
    Sweep(matrix, world).refusals("nobody", []).must_be_refused()
    with pytest.raises(AssertionError, match="The tables have no such row"):
        Sweep(matrix, world).refusals("Ann", [Exemption("POST /books/{id}", "Ann", "may")])


def refusal(reason: str, token: str) -> PlainOutcome:
    """A page that refuses something, with a form on it."""
    form = f'<form><input type="hidden" name="csrf_token" value="{token}"></form>'
    headers = {"content-type": "text/html; charset=utf-8"}
    response = Response(403, headers, f"<h1>{reason}</h1>{form}".encode())
    return PlainOutcome(Exchange("Ann", Request("POST", "/books/1"), response), 200)


def test_refusals_on_pages_are_alike_but_for_the_token_of_a_form() -> None:
    SweptPairs([(refusal("No", "IjY4.aS0.a"), refusal("No", "IjY4.aS1.b"))]).must_be_alike()
    with pytest.raises(AssertionError, match="1 answers differ"):
        SweptPairs([(refusal("No", "a"), refusal("Not there", "a"))]).must_be_alike()


def test_a_sweep_that_adds_a_field_passes_over_what_sends_nothing(
    world: Readers, matrix: PermissionMatrix
) -> None:
    with pytest.raises(AssertionError, match=r"Nothing was tried at all"):
        Sweep(matrix, world).add_field("Ann", "id", 1, []).must_be("invalid")


def test_what_a_path_calls_as_an_argument_is_called_can_be_filled_in_as_well() -> None:
    world = Readers(Shelf())
    search = Operation("search", "GET /search/{query}/{page}")
    sent = world.request("Ann", search, ids={"query": "tea"}, page=2, query={"order": "new"})
    assert (sent.path, sent.query) == ("/search/tea/2", {"order": "new"})


@pytest.mark.parametrize(
    ("in_vain", "word"), [(None, "must sign in"), (True, "must sign in"), (False, "allowed")]
)
def test_who_is_sent_to_sign_in_after_something_was_done_was_allowed_to_do_it(
    in_vain: bool | None, word: str
) -> None:
    answer = Response(302, {"location": "/login"}, b"")
    exchange = Exchange("a visitor", Request("POST", "/register"), answer)
    assert PlainOutcome(exchange, 302, sign_in=["/login"], in_vain=in_vain).word == word


def test_what_a_browser_keeps_is_copied_with_its_world() -> None:
    kept = Cookies()
    kept.keep(Request("GET", "/"), Response(200, {"set-cookie": "user=ann; Path=/"}, b""))
    copied = deepcopy(kept)
    copied.keep(Request("GET", "/"), Response(200, {"set-cookie": "user=ben; Path=/"}, b""))
    assert (kept.header("/"), copied.header("/")) == ("user=ann", "user=ben")


def test_a_redirect_where_success_is_none_is_neither_allowed_nor_refused() -> None:
    exchange = Exchange("Ann", Request("GET", "/login"), Response(302, {"location": "/"}, b""))
    outcome = PlainOutcome(exchange, 200, sign_in=["/login"])
    outcome.must_be("sent elsewhere")
    with pytest.raises(AssertionError, match="Got: sent elsewhere"):
        outcome.must_be("allowed")
    assert Legend.of("Ann").verdicts["is sent elsewhere when trying to"][0] == "sent elsewhere"


class Declared(World):
    personas = (Person("nobody"), Person("Ann", "ann"))
    operations = (Operation("look", "GET /books"), Operation("lend", "POST /books/{id}", 200, {"books"}))
    sign_in: ClassVar = ["/sign-in"]
    words: ClassVar = {400: "invalid"}

    def furnish(self) -> None:
        super().furnish()
        self.things["a book"] = 1


def test_operations_and_people_may_be_listed() -> None:
    world = Declared(Shelf())
    assert world.do("Ann", "lend", id=1).response.status == 200
    assert world.changes() == {"books"}
    assert [*world.known_operations()] == ["look", "lend"]
    assert world.operation_of("GET /books") is world.known_operations()["look"]


@pytest.mark.parametrize(
    ("status", "location", "word"),
    [
        (400, "", "invalid"),
        (302, "/sign-in", "must sign in"),
        (302, "/", "sent elsewhere"),
        (200, "", "allowed"),
    ],
)
def test_what_an_answer_means_may_be_declared(status: int, location: str, word: str) -> None:
    world = Declared(Shelf())
    asked = Exchange("Ann", Request("GET", "/books"), Response(status, {"location": location}, b""))
    assert world.understand(world.known_operations()["look"], asked).word == word


def test_with_one_of_them_nothing_else_is_asked_of_an_error() -> None:
    class Words(World):
        words: ClassVar = {400: "invalid"}

    class Problems(World):
        pass

    asked = Exchange("Ann", Request("GET", "/books"), Response(400, {}, b""))
    operation = Operation("look", "GET /books")
    Words(Shelf()).understand(operation, asked).must_be("invalid")
    with pytest.raises(AssertionError, match="not a problem"):
        Problems(Shelf()).understand(operation, asked).must_be("unreadable")


def test_a_success_that_has_changed_nothing_is_a_refusal_where_answers_are_declared() -> None:
    world = Declared(Shelf())
    world.stage.lent = []
    world.note_state()
    asked = Exchange("Ann", Request("POST", "/books/1"), Response(200, {}, b""))
    assert world.understand(world.known_operations()["lend"], asked).word == "forbidden"


def test_the_matrix_of_a_world_is_about_its_personas_of_whom_the_first_is_anonymous(tmp_path: Path) -> None:
    matrix = PermissionMatrix.of(Declared, tmp_path)
    assert [*matrix.legend.columns] == ["nobody", "Ann"]
    assert (matrix.anonymous, matrix.folder) == ("nobody", tmp_path)
    world = matrix.furnished(Shelf())
    assert ([*world.people], world.things) == (["nobody", "Ann"], {"a book": 1})


def test_what_is_created_has_its_id_and_is_known_by_a_name() -> None:
    class Kept(Shelf):
        @contextmanager
        def data(self) -> Iterator[Any]:
            added: list[Any] = []
            yield SimpleNamespace(add=added.append)
            added[0].id = 7

    world = Declared(Kept())
    book = SimpleNamespace(title="Emma")
    assert world.create(book, "Emma") is book
    assert (world.thing("Emma"), world.create(SimpleNamespace()).id) == (7, 7)
    assert [*world.things] == ["Emma"]
