"""Tables that a step is given: a heading that the step does not know is refused, and never passed over."""

from collections.abc import Iterable, Mapping

from behave.model import Table


def rows_of(table: Table | None, *headings: str) -> list[Mapping[str, str]]:
    """Return the rows of a table that has these headings, in any order.

    Raises ValueError if there is no table, or if one of its headings is missing, unknown or there twice.
    """
    found = list(table.headings) if table is not None else []
    if sorted(found) != sorted(headings):
        raise ValueError(f"The table has the headings {_listed(found)}; the step takes {_listed(headings)}.")
    return [row.as_dict() for row in table.rows] if table is not None else []


def refuse_unknown_headings(found: Iterable[str], known: Iterable[str]) -> None:
    """Raise ValueError for headings that a step does not know, for one that takes some of many."""
    if unknown := [heading for heading in found if heading not in set(known)]:
        raise ValueError(f"The table has the headings {_listed(unknown)}; the step knows {_listed(known)}.")


def _listed(headings: Iterable[str]) -> str:
    return ", ".join(headings) or "of no table"
