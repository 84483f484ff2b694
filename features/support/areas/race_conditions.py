"""What somebody else does at the same moment: just before a statement of the shop's, on its connection."""

from typing import Any

from features.support.shop.stages import before_statement
from features.support.world.world import World

_CANCELLED = "UPDATE orders SET status = 'cancelled' WHERE id = {}"
_GONE = "DELETE FROM {} WHERE id = {{}}"
# What happens, before which statement of the shop's, the first or a later one, and to which thing.
EVENTS = {
    "the post is deleted": ("UPDATE posts", 1, _GONE.format("posts"), "post"),
    "the post is deleted before it can be shown": ("SELECT posts", 2, _GONE.format("posts"), "post"),
    "the product goes off sale": ("INSERT INTO orders", 1, _GONE.format("products"), "product"),
    "the account is deleted": ("SELECT users", 2, _GONE.format("users"), "member"),
    "the account is deleted before it can change": ("UPDATE users", 1, _GONE.format("users"), "member"),
    "the account is deleted before it can publish": ("INSERT INTO posts", 1, _GONE.format("users"), "member"),
    "the account is deleted at once": ("SELECT users", 1, _GONE.format("users"), "member"),
    "the order is cancelled": ("DELETE FROM claims", 1, _CANCELLED, "order"),
    "the token is revoked": ("SELECT access_tokens", 2, "DELETE FROM access_tokens", "member"),
}


def let_happen(world: World, what: str) -> None:
    """Let one of EVENTS happen once, while the shop does what is asked of it next."""
    begins, turn, deed, thing = EVENTS[what]
    sql, count = deed.format(world.thing(thing)), 0

    def before(cursor: Any, statement: str) -> None:
        nonlocal count
        count += statement.startswith(begins)
        if statement.startswith(begins) and count == turn:
            cursor.connection.execute(sql)

    before_statement(world.stage, before)
