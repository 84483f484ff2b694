"""The comparison of a permission matrix with a service's routes: each way of being incomplete is planted."""

from pathlib import Path

import pytest
from flask import Flask

from features.harness.matrix import Comparison, Exemption, Route, Row, routes_of, rows_in, table

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
    return Row(who, "may", "do it", request, "Things", place)


def compare(*rows: Row, exemptions: tuple[Exemption, ...] = ()) -> Comparison:
    routes = [Route("/things/{thing_id}", "DELETE"), Route("/things/{thing_id}", "GET")]
    return Comparison(routes, rows, exemptions, needs=lambda route: ["a user"])


WHOLE = row("GET /things/{id}"), row("DELETE /things/{id}")


def test_routes_are_every_rule_with_each_of_its_methods() -> None:
    assert list(map(str, routes_of(service()))) == [
        "DELETE /things/{thing_id}",
        "GET /things/{thing_id}",
        "HEAD /things/{thing_id}",
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
