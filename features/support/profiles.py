"""One's own account."""

from typing import Any

from features.support.entries import ABSENT, with_field
from features.support.world import World


def change(world: World, who: str, field: str, entered: Any, password: Any = ABSENT) -> None:
    """Let somebody change one field of themselves, giving a current password or none."""
    sent = with_field({field: entered}, "current password", password)
    world.attempt(who, "change one's own profile", json=sent)
