"""The comparison of a permission matrix with a service's routes: each way of being incomplete is planted."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from behave_flask.core.routes import (
    AmbiguousRequest,
    NoSuchRoute,
    Route,
    filled,
    find,
    request_of,
    routes_of,
)
from behave_flask.permissions.matrix import Comparison, Exemption, Row, rows_in, table

FEATURE = """
Feature: Who may do what
  Scenario Outline: <who> <verdict> <action>
    When <who> tries to <action> by <request>
    Then <who> <verdict> <action>

    Examples: things
      | who    | verdict | action      | request             |
      | a user | may     | see a thing | GET /things/{id}    |
      | a user | may not | lose it     | DELETE /things/{id} |

  Scenario Outline: another table
    Given <number>

    Examples: of no matrix
      | number |
      | one    |
"""


def service() -> Flask:
    app = Flask("planted", static_folder=None)
    app.add_url_rule("/things/<int:thing_id>", "see", lambda thing_id: "", methods=["GET"])
    app.add_url_rule("/things/<int(min=1):thing_id>", "lose", lambda thing_id: "", methods=["DELETE"])
    return app


def row(request: str, who: str = "a user", place: str = "things.feature:1") -> Row:
    return Row(who, "may", "do it", request, place)


def compare(*rows: Row, exemptions: tuple[Exemption, ...] = ()) -> Comparison:
    routes = [route for route in routes_of(service()) if route.method in ("DELETE", "GET")]
    return Comparison(routes, rows, exemptions, needs=lambda route: ["a user"])


WHOLE = row("GET /things/{id}"), row("DELETE /things/{id}")


def test_routes_are_every_rule_with_each_of_its_methods() -> None:
    assert list(map(str, routes_of(service()))) == [
        "DELETE /things/{thing_id}",
        "GET /things/{thing_id}",
        "HEAD /things/{thing_id}",
        "OPTIONS /things/{thing_id}",  # of each of the two rules
        "OPTIONS /things/{thing_id}",
    ]


def test_two_rules_of_one_view_are_two_routes() -> None:
    app = service()
    app.add_url_rule("/old/<int:thing_id>", "see")
    assert "GET /old/{thing_id}" in map(str, routes_of(app))


def test_a_service_without_routes_is_not_taken_for_complete() -> None:
    with pytest.raises(AssertionError, match="no routes at all"):
        routes_of(Flask("empty", static_folder=None))


def test_a_view_that_no_route_leads_to_is_named() -> None:
    app = service()
    app.view_functions["hidden"] = lambda: ""
    with pytest.raises(AssertionError, match="hidden"):
        routes_of(app)


def test_rows_are_read_from_tables_with_the_headings_of_a_matrix(tmp_path: Path) -> None:
    (tmp_path / "things.feature").write_text(FEATURE)
    rows = rows_in(tmp_path)
    assert [(row.who, row.verdict, row.request, row.place) for row in rows] == [
        ("a user", "may", "GET /things/{id}", "things.feature:9"),
        ("a user", "may not", "DELETE /things/{id}", "things.feature:10"),
    ]


def test_a_whole_matrix_has_no_faults() -> None:
    comparison = compare(*WHOLE)
    assert (comparison.missing, comparison.faults) == ([], [])
    assert comparison.counts == "2 routes, 2 cells, 2 rows, 0 cells exempt by 0 exemptions"


def test_a_route_without_a_row_is_missing() -> None:
    (missing,) = compare(WHOLE[0]).missing
    assert (missing[0], str(missing[1])) == ("a user", "DELETE /things/{thing_id}")


def test_a_row_of_another_person_does_not_count() -> None:
    assert len(compare(WHOLE[0], row("DELETE /things/{id}", who="an admin")).missing) == 1


def test_a_row_without_a_route_is_named() -> None:
    comparison = compare(*WHOLE, row("GET /gone", place="things.feature:7"))
    assert comparison.faults == ["things.feature:7: there is no GET /gone any more"]


def test_a_row_written_twice_is_named_in_both_places() -> None:
    comparison = compare(*WHOLE, row("GET /things/{number}", place="others.feature:3"))
    assert comparison.faults == [
        "things.feature:1: a user and GET /things/{id} stand in 2 rows",
        "others.feature:3: a user and GET /things/{number} stand in 2 rows",
    ]


@pytest.mark.parametrize("request_", ["DELETE /things/{id}", "DELETE of everything"])
@pytest.mark.parametrize("who", ["a user", "everybody"])
def test_an_exemption_takes_the_place_of_a_row(request_: str, who: str) -> None:
    comparison = compare(WHOLE[0], exemptions=(Exemption(request_, who, "nobody uses it"),))
    assert (comparison.missing, comparison.faults) == ([], [])
    assert "1 cells exempt by 1 exemptions" in comparison.counts


def test_an_exemption_needs_a_reason() -> None:
    comparison = compare(WHOLE[0], exemptions=(Exemption("DELETE /things/{id}", "a user", " "),))
    assert comparison.faults == ["the exemption of DELETE /things/{id} gives no reason"]


def test_an_exemption_that_exempts_nothing_is_named() -> None:
    comparison = compare(*WHOLE, exemptions=(Exemption("GET /gone", "a user", "it was slow"),))
    assert comparison.faults == ["the exemption of GET /gone for a user exempts nothing"]


@pytest.mark.parametrize("request_", ["get /things", "GET things", "/things", ""])
def test_what_is_no_request_is_refused(request_: str) -> None:
    with pytest.raises(ValueError, match="is no request"):
        Route.parse(request_)


def test_the_rows_to_paste_are_a_table_in_line() -> None:
    assert table([("a user", "may", "see", "GET /things/{id}")]).splitlines() == [
        "        | who    | verdict | action | request          |",
        "        | a user | may     | see    | GET /things/{id} |",
    ]


# what Flask routes by


def answers_to(*rules: str | tuple[str, dict[str, Any]], **of_the_app: Any) -> list[Route]:
    """The routes of a service with these rules, but for HEAD and OPTIONS."""
    app = Flask("planted", static_folder=None, **of_the_app)
    app.config["SERVER_NAME"] = "example.com"
    for number, rule in enumerate(rules):
        path, options = (rule, {}) if isinstance(rule, str) else rule
        app.add_url_rule(path, f"view {number}", lambda **_: "", **options)
    return [route for route in routes_of(app) if route.method not in ("HEAD", "OPTIONS")]


BY_NAME = "/users/<int:id>", "/users/<username>"
BY_CONVERTER = "/users/<int:id>", "/users/<id>"
BY_ARGUMENT = "/users/<int:id>", "/users/<int(min=1):id>"
SUBDOMAINS = "/users", ("/users", {"subdomain": "admin"}), ("/users", {"subdomain": "<tenant>"})


@pytest.mark.parametrize(
    ("rules", "requests"),
    [
        (BY_NAME, ["GET /users/{id}", "GET /users/{username}"]),
        (BY_CONVERTER, ["GET /users/{int:id}", "GET /users/{string:id}"]),
        (BY_ARGUMENT, ["GET /users/{int:id}", "GET /users/{int(min=1):id}"]),
        (SUBDOMAINS, ["GET /users", "GET //admin.example.com/users", "GET //{tenant}.example.com/users"]),
        (("/a/<x>/<int:y>", "/a/<x>/<y>"), ["GET /a/{string:x}/{int:y}", "GET /a/{string:x}/{string:y}"]),
        (("/users", "/users/"), ["GET /users", "GET /users/"]),
        (("/page/<any(about, help):name>",), ["GET /page/{name}"]),
        ((("/page/", {"defaults": {"page": 1}}), "/page/<int:page>"), ["GET /page/", "GET /page/{page}"]),
        ((("/chat", {"websocket": True}), "/chat"), ["GET /chat", "WEBSOCKET /chat"]),
    ],
)
def test_what_flask_tells_apart_is_told_apart(rules: Any, requests: list[str]) -> None:
    routes = answers_to(*rules, subdomain_matching=True)
    assert [request_of(route, routes) for route in routes] == requests or sorted(
        request_of(route, routes) for route in routes
    ) == sorted(requests)
    assert sorted(find(request, routes) for request in requests) == routes


@pytest.mark.parametrize("rules", [BY_NAME, BY_CONVERTER, BY_ARGUMENT, SUBDOMAINS])
def test_each_needs_rows_of_its_own(rules: Any) -> None:
    routes = answers_to(*rules, subdomain_matching=True)
    found = [request_of(route, routes) for route in routes]
    all_but_one = Comparison(routes, [row(each) for each in found[1:]], (), lambda _: ["a user"])
    assert all_but_one.missing == [("a user", routes[0])]
    exempt = Comparison(routes, (), [Exemption(found[0], "everybody", "why")], lambda _: ["a user"])
    assert exempt.missing == [("a user", route) for route in routes[1:]]
    whole = Comparison(routes, [row(each) for each in found], (), lambda _: ["a user"])
    assert (whole.missing, whole.faults) == ([], [])


@pytest.mark.parametrize(
    ("rules", "request_", "written"),
    [
        (BY_NAME, "GET /users/{number}", "GET /users/{int:id} or GET /users/{string:username}"),
        (BY_CONVERTER, "GET /users/{id}", "GET /users/{int:id} or GET /users/{string:id}"),
        (BY_ARGUMENT, "GET /users/{id}", "GET /users/{int(min=1):id} or GET /users/{int:id}"),
    ],
)
def test_what_is_ambiguous_says_how_to_write_it(rules: Any, request_: str, written: str) -> None:
    routes = answers_to(*rules)
    with pytest.raises(AmbiguousRequest) as found:
        find(request_, routes)
    assert set(str(found.value).removeprefix(f"{request_} is ambiguous: write ").split(" or ")) == set(
        written.split(" or ")
    )
    comparison = Comparison(
        routes, [row(request_)], [Exemption(request_, "everybody", "why")], lambda _: ["a user"]
    )
    assert comparison.faults == [f"things.feature:1: {found.value}", f"the exemption of {found.value}"]
    assert len(comparison.missing) == 2


@pytest.mark.parametrize(
    ("rules", "request_", "near"),
    [
        (("/users/",), "GET /users", "; there is GET /users/"),
        ((("/users", {"subdomain": "admin"}),), "GET /users", "; there is GET //admin.example.com/users"),
        (("/users",), "GET //admin.example.com/users", "; there is GET /users"),
        (BY_CONVERTER, "GET /users/{uuid:id}", "; there is GET /users/{int:id} or GET /users/{string:id}"),
        (("/users",), "POST /users", ""),
    ],
)
def test_a_request_that_is_near_says_what_there_is(rules: Any, request_: str, near: str) -> None:
    with pytest.raises(NoSuchRoute) as found:
        find(request_, answers_to(*rules, subdomain_matching=True))
    assert str(found.value) == f"there is no {request_} any more{near}"


def test_hosts_are_told_where_the_service_matches_hosts() -> None:
    app = Flask("planted", static_folder=None, host_matching=True)
    app.add_url_rule("/users", "one", lambda: "", host="admin.example.com")
    app.add_url_rule("/users", "other", lambda: "", host="<tenant>.example.com:5000")
    requests = [str(route) for route in routes_of(app) if route.method == "GET"]
    assert requests == ["GET //admin.example.com/users", "GET //{tenant}.example.com:5000/users"]


def test_a_rule_that_names_no_method_has_every_one_and_one_that_only_builds_none() -> None:
    app = Flask("planted", static_folder=None)
    app.url_map.add(Rule("/any", endpoint="any"))
    app.url_map.add(Rule("/elsewhere", endpoint="elsewhere", build_only=True))
    assert [str(route) for route in routes_of(app)] == [
        f"{method} /any" for method in ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
    ]


def test_a_rule_that_the_one_before_it_hides_is_no_route_of_its_own() -> None:
    assert len(answers_to("/users/<int:id>", "/users/<int:number>", "/users/<string:x>", "/users/<y>")) == 2


def test_a_request_is_filled_in_whatever_it_says_of_the_converter() -> None:
    assert filled(
        "GET //{tenant}.example.com/a/{int(min=1):id}/{name}", {"tenant": "x", "id": 3, "name": "y"}
    ) == ("GET //x.example.com/a/3/y")
    with pytest.raises(KeyError, match="id"):
        filled("GET /a/{id}", {})


def test_slashes_that_werkzeug_makes_one_are_one() -> None:
    app = Flask("joined", static_folder=None)
    app.add_url_rule("//login/<int:number>", "login", lambda number: "", methods=["POST"])
    (route,) = (each for each in routes_of(app) if each.method == "POST")
    assert str(route) == "POST /login/{number}"
    assert find("POST /login/{number}", routes_of(app)) == route
