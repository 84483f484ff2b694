"""Who may do what to a thing, beyond the roles that a view names: one function a rule.

Each is called by its module's name (`permissions.change_post(...)`), so that a test can switch it off.
"""

from app.models import Order, Post, User
from app.problems import problem


def change_post(user: User, post: Post) -> None:
    """Only the author or an admin changes a post: 403 otherwise."""
    if not (user.is_admin or post.author_id == user.id):
        problem(403, "Only its author or an admin may change a post.")


def see_order(user: User, order: Order | None) -> Order:
    """An order of another customer does not exist for you: 404, as for one that never was."""
    if order is None or not (user.is_admin or order.user_id == user.id):
        problem(404, "There is no such order.")
    return order


def sees_private_fields(viewer: User, user: User) -> bool:
    """An admin and oneself see all of a user; others see the public fields."""
    return viewer.is_admin or viewer.id == user.id
