"""Several people at one moment, or one twice, and what they are told while something happens."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http.client import HTTPException
from threading import Event
from typing import Any, TypeVar

from sqlalchemy import Select, select

from behave_flask import Outcome, Request, Response
from behave_flask.core.waiting import until
from features.support.areas import background, orders
from features.support.inputs.words import TASKS
from features.support.shop import models, stages
from features.support.world import providers
from features.support.world.people import ANONYMOUS
from features.support.world.world import World

CUSTOMERS = 2  # who look around all the time, beside those who order; the shop serves four at once
T = TypeVar("T")
LOOKING = "list products"
WORK_TIMEOUT_S = 60.0
ANOTHER_WORKER = """
import time_machine
from features.support.shop.building import build
with time_machine.travel({}, tick=False):
    build()[2].tasks[{!r}].apply([{}], throw=True)
"""
# What the tasks are about, and what those need who act.
ABOUT: dict[str, Any] = {
    TASKS["the welcome"]: models.User,
    TASKS["the order confirmation"]: models.Order,
    TASKS["the news of the refund"]: models.Refund,
    TASKS["the news of the dispatch"]: models.Order,
    TASKS["the news of the declined payment"]: models.Order,
}
NEEDED: dict[str, Callable[[World], Select[Any]]] = {
    "cancel an order": lambda world: select(models.Order.id).where(models.Order.id == world.thing("order")),
    "delete a product": lambda world: select(models.Product.id).where(
        models.Product.id == world.thing("product")
    ),
    "upload an avatar": lambda world: select(models.User.id).where(models.User.id == world.thing("member")),
}


@dataclass(frozen=True)
class Simultaneous:
    """What those were told who acted at one moment."""

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
    world.note(Simultaneous(outcomes))
    for who, request, answer in zip(people, sent, coming, strict=True):
        outcome = world.receive(who, action, request, _of(who, answer))
        outcomes.append(orders.remember(world, who, outcome))


def order_at_once(
    world: World, people: Sequence[str], quantity: int, product: str, *, slip: str | None = None
) -> None:
    """Let people order at one moment; who is named twice does so twice."""
    with ordering(world, people, quantity, product, slip=slip):
        pass


def act_just_before(world: World, first: tuple[str, str], second: tuple[str, str]) -> None:
    """Let somebody act just before somebody else, on what both need: they wait for it in this order.

    :param first: who, and the name of what they do; its valid request is sent.
    """
    sent = []
    for who, action in (first, second):
        sent.append(
            (who, action, world.request(who, action, **world.known_operations()[action].valid(world, who)))
        )
    _in_turn(world, NEEDED[first[1]](world), sent)


def delete_each_other(world: World, one: str, other: str) -> None:
    """Let two admins delete each other's account at one moment."""
    action = "delete a user"
    sent = [
        (who, action, world.request(who, action, id=world.account(whose)))
        for who, whose in ((one, other), (other, one))
    ]
    _in_turn(world, select(models.User.id).where(models.User.role == "admin"), sent)


def _in_turn(world: World, rows: Select[Any], sent: Sequence[tuple[str, str, Request]]) -> None:
    """Let requests wait for the same rows, one behind the other, and go on."""
    coming = _queue_up(world, rows, [partial(world.stage.send, request) for _, _, request in sent])
    outcomes = [
        world.receive(who, action, request, _of(who, answer))
        for (who, action, request), answer in zip(sent, coming, strict=True)
    ]
    world.note(Simultaneous(outcomes))


def _queue_up(world: World, rows: Select[Any], deeds: Sequence[Callable[[], T]]) -> list[Future[T]]:
    """Begin each deed as soon as the one before waits for the rows; all go on when the last one waits."""
    coming: list[Future[T]] = []

    def is_there() -> bool:
        return waiting() + sum(each.done() for each in coming) >= len(coming)

    with ThreadPoolExecutor(len(deeds)) as pool, stages.rows_held(world.stage, rows) as waiting:
        for deed in deeds:
            coming.append(pool.submit(deed))
            until(is_there, "what is done at one moment does not come to what it is to change")
    return coming


def work_twice(world: World, task: str) -> None:
    """Let two do at one moment a task that a step spoke of last: the worker, and another one."""
    identity, now = world.tasks[task].args[0], datetime.now(UTC).timestamp()
    row = select(ABOUT[task].id).where(ABOUT[task].id == identity)
    another = [sys.executable, "-c", ANOTHER_WORKER.format(now, task, identity)]
    work = partial(subprocess.run, another, check=True, timeout=WORK_TIMEOUT_S)
    deeds: list[Callable[[], object]] = [world.stage.tasks.run_due, work]
    for each in _queue_up(world, row, deeds):
        each.result()


@contextmanager
def mail_under_way(world: World) -> Iterator[None]:
    """Let the next e-mail be on its way as long as the block lasts, and arrive after it."""
    outages = world.stage.outages
    task = outages.begin_mail()
    try:
        yield
    finally:
        outages.end_mail(task)


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
    """Check that of those who acted at one moment one succeeds, and the others were told why not."""
    outcomes = world.noted(Simultaneous).outcomes
    words = sorted(outcome.word for outcome in outcomes)
    reasons = {outcome.reason for outcome in outcomes if outcome.word == "in conflict"}
    if words != ["allowed", "in conflict"] or reasons != {reason}:
        raise AssertionError(f"Expected: one succeeds, one is told {reason!r}\nGot: {words}, {reasons}")


def both_succeed(world: World) -> None:
    """Check that all who acted at one moment succeed."""
    for outcome in world.noted(Simultaneous).outcomes:
        outcome.must_succeed()


def all_got_one_order(world: World) -> None:
    """Check that all who ordered at one moment were told of the same order."""
    responses = [outcome.response for outcome in world.noted(Simultaneous).outcomes]
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
