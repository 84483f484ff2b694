"""A table with a heading that its step does not know would prove nothing in that column: it is refused."""

import pytest
from behave.model import Table

from behave_flask.core.step_tables import refuse_unknown_headings, rows_of


def table(*headings: str) -> Table:
    return Table(list(headings), rows=[[heading.upper() for heading in headings]])


def test_rows_are_given_by_heading_in_any_order() -> None:
    assert rows_of(table("verdict", "who"), "who", "verdict") == [{"who": "WHO", "verdict": "VERDICT"}]


@pytest.mark.parametrize(
    ("headings", "found"),
    [
        (["who", "verdcit"], "who, verdcit"),
        (["who"], "who"),
        (["who", "verdict", "reason"], "who, verdict, reason"),
        (["who", "who", "verdict"], "who, who, verdict"),
    ],
)
def test_a_heading_that_is_wrong_is_refused(headings: list[str], found: str) -> None:
    with pytest.raises(ValueError, match=f"has the headings {found}; the step takes who, verdict"):
        rows_of(table(*headings), "who", "verdict")


def test_a_table_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="headings of no table; the step takes who"):
        rows_of(None, "who")


def test_a_step_that_takes_some_of_many_refuses_another() -> None:
    refuse_unknown_headings(["who"], ["who", "verdict"])
    with pytest.raises(ValueError, match="has the headings reason; the step knows who, verdict"):
        refuse_unknown_headings(["who", "reason"], ["who", "verdict"])
