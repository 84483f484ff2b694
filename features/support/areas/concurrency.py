"""Several customers at one moment, or one twice, and what they are told while something happens."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPException
from threading import Event
from typing import TypeVar

from sqlalchemy import select

from behave_flask.core.http import Response
from behave_flask.core.outcomes import Outcome
from features.support.areas import background, orders
from features.support.shop import models
from features.support.world import providers
from features.support.world.people import ANONYMOUS
from features.support.world.world import World

CUSTOMERS = 2  # who look around all the time, beside those who order; the shop serves four at once
T = TypeVar("T")
LOOKING = "list products"


@dataclass(frozen=True)
class SimultaneousOrders:
    """What those were told who ordered at one moment."""

    outcomes: list[Outcome]


@dataclass(frozen=True)
class Browsing:
    """What those were answered who looked around meanwhile."""

    answers: list[Response]


@contextmanager
def ordering(
    world: World, people: Sequence[str], quantity: int, product: str, *, slip: str | None = None
) -> Iterator[None]:
    """Let people order at one moment; what is done in the block happens while they all reach for the product.

    What they are told is noted.
    """
    action = "place an order"
    sent = [
        world.request(who, action, **orders.order_arguments(world, quantity, product, slip)) for who in people
    ]
    shelf = select(models.Product.id).where(models.Product.id == world.thing(product))
    with world.stage.outages.under_way(sent, shelf) as coming:
        yield
    outcomes: list[Outcome] = []
    world.note(SimultaneousOrders(outcomes))
    for who, request, answer in zip(people, sent, coming, strict=True):
        outcome = world.receive(who, action, request, _of(who, answer))
        outcomes.append(orders.remember(world, who, outcome))


def order_at_once(
    world: World, people: Sequence[str], quantity: int, product: str, *, slip: str | None = None
) -> None:
    """Let people order at one moment; who is named twice does so twice."""
    with ordering(world, people, quantity, product, slip=slip):
        pass


@contextmanager
def looking_around(world: World) -> Iterator[None]:
    """Let some look at what is for sale again and again, as long as the block lasts and a little longer."""
    request, over = world.request(ANONYMOUS.name, LOOKING), Event()

    def look() -> list[Response]:
        answers = [world.stage.send(request)]
        while not over.is_set():
            answers.append(world.stage.send(request))
        return answers

    with ThreadPoolExecutor(CUSTOMERS) as pool:
        looking = [pool.submit(look) for _ in range(CUSTOMERS)]
        try:
            yield
        finally:
            over.set()
    world.note(Browsing([answer for each in looking for answer in _of("Somebody", each)]))


def _of(who: str, answer: Future[T]) -> T:
    """Return what somebody was answered. Raises AssertionError if the line was cut."""
    try:
        return answer.result()
    except (OSError, HTTPException) as error:
        raise AssertionError(f"{who} was given no answer: {error}") from error


def chores_while_paying(world: World) -> None:
    """Let the shop do its chores while the payment provider thinks about a customer's charge, two minutes."""

    def meanwhile() -> None:
        world.pass_time(timedelta(minutes=2))
        background.do_chores(world)

    providers.charge_answered_twice(world.stage.outside, meanwhile)


def one_succeeds(world: World, reason: str) -> None:
    """Check that of those who ordered at one moment one has the order, and the others were told why not."""
    words = sorted(outcome.word for outcome in world.noted(SimultaneousOrders).outcomes)
    reasons = {
        outcome.reason
        for outcome in world.noted(SimultaneousOrders).outcomes
        if outcome.word == "in conflict"
    }
    if words != ["allowed", "in conflict"] or reasons != {reason}:
        raise AssertionError(f"Expected: one succeeds, one is told {reason!r}\nGot: {words}, {reasons}")


def both_succeed(world: World) -> None:
    """Check that all who ordered at one moment have their orders."""
    for outcome in world.noted(SimultaneousOrders).outcomes:
        outcome.must_succeed()


def all_got_one_order(world: World) -> None:
    """Check that all who ordered at one moment were told of the same order."""
    responses = [outcome.response for outcome in world.noted(SimultaneousOrders).outcomes]
    numbers = {answer.json.get("id") for answer in responses if answer.status < 300}
    if len(numbers) != 1 or any(answer.status >= 300 for answer in responses):
        shown = "\n".join(map(str, responses))
        raise AssertionError(f"Expected: the same order each time\nGot: something else\n{shown}")


def were_served(world: World) -> None:
    """Check that all who looked around were shown something."""
    answers = world.noted(Browsing).answers
    if away := [answer for answer in answers if answer.status != 200]:
        shown = "\n".join(map(str, away))
        raise AssertionError(f"Expected: {len(answers)} are served\nGot: {len(away)} are not\n{shown}")
