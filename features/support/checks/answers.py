"""What a person is told: the outcome of the last action, checked from several sides."""

from datetime import timedelta

from behave_flask.ledgers.snapshots import TIMESTAMP, Snapshots, masked
from features.support.inputs.words import FIELDS
from features.support.world.world import World

# What differs from run to run, or between databases, by its place in an answer.
VOLATILE = masked(
    {
        "id": int,
        "*_id": int,
        "created_at": TIMESTAMP,
        "updated_at": TIMESTAMP,
        "expires_at": TIMESTAMP,
        "data.*.id": int,
        "data.*.*_id": int,
        "data.*.created_at": TIMESTAMP,
        "data.*.updated_at": TIMESTAMP,
        "*.id": int,
        "data.*.*.id": int,
        "token": r"[\w-]{43}",
    }
)


def outcome_is(world: World, who: str, word: str) -> None:
    """Check what the last action came to, and that it was this person's."""
    world.outcome_of(who).must_be(word)


def retry_after_is(world: World, who: str, span: timedelta) -> None:
    """Check the pause that the answer asks for (Retry-After, in seconds); one of minutes may have begun."""
    pause = float(world.outcome_of(who).response.headers.get("retry-after", "nan"))
    expected = span.total_seconds()
    running = expected > 60
    if not expected - 2 * running <= pause <= expected + running:
        raise AssertionError(f"{who} was told to wait {pause} s, not {expected} s.\n{world.outcome.exchange}")


def field_error_is(world: World, field: str, message: str) -> None:
    """Check that the answer blames a field, and how it says so; "current password" is `current_password`."""
    found = world.outcome.errors
    if message not in found.get(FIELDS.get(field, field.replace(" ", "_")), []):
        raise AssertionError(f"No fault in the {field}: {message!r}. The faults are {found}.")


def reason_is(world: World, text: str) -> None:
    """Check the reason that the answer gives."""
    found = world.outcome.reason
    if found != text:
        raise AssertionError(f"The reason given is {found!r}, not {text!r}.")


def nothing_has_changed(world: World, *, but: frozenset[str] = frozenset()) -> None:
    """Check that the attempt has left everything as it was.

    :param but: the names of what may have changed, as in `Stage.state`.
    """
    if found := world.changes() - but:
        last = "".join(f"\n{exchange}" for exchange in world.exchanges[-1:])  # none after a command
        raise AssertionError(f"Changed: {', '.join(sorted(found))}.{last}")


def as_recorded(snapshots: Snapshots, title: str, world: World) -> None:
    """Compare the answer with its snapshot, but for what differs from run to run."""
    snapshots.check(title, world.outcome.body, VOLATILE)
