"""One's own account."""

from typing import Any

from behave_flask import Outcome
from features.support.inputs.field_values import ABSENT, with_field
from features.support.world.world import World


def change(world: World, who: str, field: str, entered: Any, password: Any = ABSENT) -> Outcome:
    """Let somebody change one field of themselves, or try to, giving a current password or none."""
    sent = with_field({field: entered}, "current password", password)
    return world.attempt(who, "change one's own profile", json=sent)
