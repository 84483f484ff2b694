"""The rows to paste: each observed in a scenario of its own, all people at once, in order and in line."""

from collections.abc import Collection
from pathlib import Path
from typing import Any, cast

from behave_flask.core.routes import Route
from behave_flask.core.stage import Stage
from behave_flask.permissions.matrix import Comparison, Row
from behave_flask.permissions.observing import pasteable, rows_to_paste

ROUTES = [Route("/things", "GET"), Route("/things/{id}", "DELETE", "", ("int",))]


class Shelf:
    """A stage with one thing a scenario; it notes how its scenarios begin and end."""

    def __init__(self) -> None:
        self.things, self.calls = 1, list[str]()

    def begin_scenario(self) -> None:
        self.things = 1
        self.calls.append("begin")

    def end_scenario(self) -> list[str]:
        self.calls.append("end")
        return ["left over"]


def needs(rows: Collection[Row]) -> Any:
    """Whoever is suspended needs a row where visitors are asked to sign in."""
    guarded = {row.request for row in rows if (row.who, row.verdict) == ("a visitor", "must sign in to")}
    return lambda route: ["a visitor", "a user", *(["who is suspended"] if str(route) in guarded else [])]


def observed(shelf: Shelf) -> list[Row]:
    def compare(rows: Collection[Row]) -> Comparison:
        return Comparison(ROUTES, rows, (), needs(rows))

    def observe(who: str, route: Route) -> tuple[str, str, str]:
        if route.method == "GET":
            return "may", "look", str(route)
        if who == "a visitor":
            return "must sign in to", "lose it", str(route)
        shelf.things -= 1
        return ("may" if shelf.things == 0 else "finds nothing when trying to"), "lose it", str(route)

    return rows_to_paste(cast("Stage", shelf), compare, observe)


def test_each_cell_has_a_scenario_of_its_own_and_all_come_at_once_and_in_order() -> None:
    shelf = Shelf()
    assert [(row.who, row.verdict, row.request) for row in observed(shelf)] == [
        ("a visitor", "may", "GET /things"),
        ("a user", "may", "GET /things"),
        ("a visitor", "must sign in to", "DELETE /things/{id}"),
        ("a user", "may", "DELETE /things/{id}"),
        ("who is suspended", "may", "DELETE /things/{id}"),
    ]
    assert shelf.calls == ["end", "begin", "end", "begin"] * 5
    assert shelf.things == 1


def test_they_are_indented_as_the_feature_is(tmp_path: Path) -> None:
    (tmp_path / "a.feature").write_text(
        "Feature: a\n  Examples:\n    | who |\n    | Ann |\n\t| Ben |\n    | Cid |\n"
    )
    written = [Row("Ann", "may", "look", "GET /a", f"a.feature:{line}") for line in (4, 5, 6)]
    new = [Row("Dan", "may", "look", "GET /things")]
    assert pasteable(new, tmp_path, written).splitlines() == [
        "    | who | verdict | action | request     |",
        "    | Dan | may     | look   | GET /things |",
    ]
    assert pasteable(new, tmp_path, []).startswith("        | who |")
