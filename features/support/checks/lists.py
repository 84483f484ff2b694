"""What people are shown: lists and single things, compared by columns in the owner's words."""

from collections.abc import Callable, Iterable
from typing import Any

from behave_flask.core.step_tables import refuse_unknown_headings
from features.support.checks import answers
from features.support.inputs.words import ORDER_STATUSES, euros
from features.support.world.world import World

_STATUS_WORDS = {status: word for word, status in ORDER_STATUSES.items()}


# How the text of a column is read from a thing as the service shows it.
COLUMNS: dict[str, Callable[[dict[str, Any]], str]] = {
    "title": lambda post: post["title"],
    "text": lambda post: post["body"],
    "author": lambda post: post["author"]["name"] if post["author"] else "nobody",
    "product": lambda thing: thing["product_name"] if "product_name" in thing else thing["name"],
    "description": lambda product: product["description"],
    "stock": lambda product: str(product["stock"]),
    "price": lambda thing: euros(thing["unit_price_cents" if "quantity" in thing else "price_cents"]),
    "pieces": lambda order: str(order["quantity"]),
    "total": lambda order: euros(order["total_cents"]),
    "given back": lambda order: euros(order["refunded_cents"]),
    "state": lambda order: _STATUS_WORDS[order["status"]],
    "customer": lambda order: order["customer"]["name"],
}


def shown(world: World, who: str, headings: list[str], rows: Iterable[Iterable[str]]) -> None:
    """Check what somebody is shown, row by row, in this order.

    Raises ValueError for a heading that is not in COLUMNS.
    """
    refuse_unknown_headings(headings, COLUMNS)
    expected = [list(row) for row in rows]
    found = [[COLUMNS[heading](thing) for heading in headings] for thing in _things(world, who)]
    if found != expected:
        listed = "".join(f"\n  | {' | '.join(row)} |" for row in [headings, *found])
        raise AssertionError(f"{who} is shown something else:{listed}\n{world.outcome.exchange}")


def shown_nothing(world: World, who: str) -> None:
    """Check that the list is empty, and says so."""
    if _things(world, who) or world.outcome.body["total"] != 0:
        raise AssertionError(f"{who} is shown something.\n{world.outcome.exchange}")


def shown_page(world: World, who: str, page: int, pages: int, count: int, total: int) -> None:
    """Check which part of a list is shown, and how much there is in all."""
    found = (
        world.outcome.body["page"],
        world.outcome.body["pages"],
        len(_things(world, who)),
        world.outcome.body["total"],
    )
    if found != (page, pages, count, total):
        text = "{} is shown page {} of {}, {} of {} in all, not page {} of {}, {} of {} in all.\n{}"
        raise AssertionError(text.format(who, *found, page, pages, count, total, world.outcome.exchange))


def _things(world: World, who: str) -> list[dict[str, Any]]:
    answers.outcome_is(world, who, "allowed")
    body = world.outcome.body
    return list(body["data"]) if "data" in body else [body]
