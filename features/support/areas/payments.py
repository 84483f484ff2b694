"""What the payment provider was asked for."""

from collections.abc import Mapping

from behave_flask.core.protocols import Call
from features.support.areas import orders
from features.support.inputs import field_values
from features.support.inputs.words import euros
from features.support.world.providers import PAYMENTS
from features.support.world.world import World


def charged(world: World, times: int, cents: int, order: str) -> None:
    """Check that an order's money was asked for so often, each time in full and under the order's own key."""
    stored = orders.read(world, order)
    body = {"amount_cents": cents, "currency": "EUR", "reference": f"order {stored.id}"}
    _check(world, _calls(world, "charges", reference=body["reference"]), times, body, stored.payment_key)


def all_charged(world: World, count: int) -> None:
    """Check that money was asked for, at least once, for so many different orders."""
    asked = {call.json["reference"] for call in _calls(world, "charges")}
    if len(asked) != count:
        raise AssertionError(f"The payment provider was asked for the money of {len(asked)} orders.")


def taken(world: World, cents: int, times: int) -> None:
    """Check how often the provider has taken money: once for each key, whatever was asked how often."""
    calls = _calls(world, "charges")
    keys = {call.headers.get("Idempotency-Key") for call in calls}
    if len(keys) != times or any(call.json["amount_cents"] != cents for call in calls):
        raise AssertionError(
            f"Expected: {euros(cents)}, {times} times\nGot: {len(keys)} times{_listed(calls)}"
        )


def given_back(world: World, times: int, cents: int, order: str) -> None:
    """Check that an amount of an order, and no other, was to be given back so often, under one key.

    The key is the order's own, a space and that of the refund: tried again from wherever, it is the same.
    """
    stored = orders.read(world, order)
    body = {"charge_id": stored.charge_id, "amount_cents": cents}
    calls = _calls(world, "refunds", charge_id=stored.charge_id)
    made = [each.idempotency_key for each in stored.refunds if each.amount_cents == cents]
    refund = made[-1] if made else f"{cents} after {stored.refunded_cents}"
    _check(world, calls, times, body, f"{stored.payment_key} {refund}")


def declined_in_short(world: World, who: str, letters: int) -> None:
    """Check that somebody was told so many letters of the reason why their payment was declined."""
    outcome = world.outcome_of(who)
    outcome.must_be("declined")
    detail = outcome.body["detail"]
    expected = f"The payment was declined: {field_values.entry(f'{letters} letters')}."
    if detail != expected:
        raise AssertionError(f"{who} was told {detail!r}, not {expected!r}.")


def voided(world: World, times: int, order: str) -> None:
    """Check that an order's charge was to be made void so often."""
    key = orders.read(world, order).payment_key
    calls = [call for call in _calls(world, "voids") if call.headers.get("Idempotency-Key") == key]
    _check(world, calls, times, {}, key)


def keys_differ(world: World, *names: str) -> None:
    """Check that these orders were charged, each under a key of its own."""
    charges = [_calls(world, "charges", reference=f"order {world.thing(name)}") for name in names]
    keys = [{call.headers.get("Idempotency-Key") for call in calls} for calls in charges]
    if any(len(own) != 1 for own in keys) or len(set.union(*keys)) != len(names):
        raise AssertionError(f"{' and '.join(names)} were charged under the keys {keys}.")


def not_asked(world: World) -> None:
    """Check that the payment provider was not asked for anything."""
    if found := _calls(world, ""):
        raise AssertionError(f"The payment provider was asked:{_listed(found)}")


def _calls(world: World, what: str, **members: object) -> list[Call]:
    calls = [call for call in world.stage.outside.calls if call.url.startswith(f"{PAYMENTS}/{what}")]
    return [call for call in calls if members.items() <= call.json.items()]


def _check(world: World, calls: list[Call], times: int, body: Mapping[str, object], key: str | None) -> None:
    if len(calls) != times:
        raise AssertionError(
            f"Found: {len(calls)} calls; expected: {times}, each with {body}."
            f" All that the payment provider was asked:{_listed(_calls(world, ''))}"
        )
    for call in calls:
        ours = call.headers.get("Authorization", "").startswith("Bearer ")
        if call.json != body or not key or call.headers.get("Idempotency-Key") != key or not ours:
            raise AssertionError(
                f"Expected: {body} under the key {key}. The provider was asked:{_listed(calls)}"
            )


def _listed(calls: list[Call]) -> str:
    lines = (f"\n  - {c.method} {c.url} {c.text}, key {c.headers.get('Idempotency-Key')}" for c in calls)
    return "".join(lines) or " nothing"
