"""What becomes of the shop when somebody leaves it."""

from features.support.world import World


def leave(world: World, name: str) -> None:
    """Let an admin delete somebody's account."""
    gone = world.act("an admin", "delete a user", id=world.person(name).id)
    gone.must_be("allowed")
