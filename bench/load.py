"""A busy day at the shop in half a minute: `python -m bench.load [SECONDS]`.

The shop runs as in production on this machine (`features.support.shop.local`): two gunicorns of two processes
each, a worker, PostgreSQL, Redis, and providers that answer at once. Customers ask what customers ask, in the
shares of `DAY`, each as soon as the answer before is there. It ends by itself, after so many seconds or
`AT_MOST` requests. Red for an answer that was not to be expected, an error in a log, and a mail that did not
go out once.
"""

import json
import os
import random
import re
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import urllib3
from argon2 import PasswordHasher
from PIL import Image
from sqlalchemy import create_engine, event, insert, select
from sqlalchemy.orm import Session

from app import create_app
from app.config import Production
from app.extensions import db
from app.models import AccessToken, Order, Post, Product, User, digest_of, utcnow
from behave_flask.ledgers.mailbox import RecordingEmailService
from behave_flask.stages.servers import free_port
from behave_flask.stages.services.stand_ins import HOST, MailServer, ServedOutsideWorld
from features.support.shop import local
from features.support.shop.local import Process
from features.support.world.providers import PAYMENTS, payments_in_order

AT_MOST = 100_000  # requests
CUSTOMERS = 8  # at the same time
WARM_UP = 2.0  # seconds, which are not counted
WORKER_TIMEOUT_S = 60.0  # seconds for the worker, when all have gone
ADMIN = 0  # of the people, who have these numbers
PEOPLE, PRODUCTS, POSTS, ORDERS = 500, 200, 2_000, 5_000
PASSWORD = "a long enough password"  # noqa: S105
GOODS = ("Apple juice", "Bread", "Candles", "Cheese", "Coffee", "Honey", "Matches", "Tea")
REPORTS = Path("reports")

TROUBLE = re.compile(r"\b(ERROR|CRITICAL|Traceback)\b")
Asked = tuple[str, str, int, dict[str, Any]]  # method, path, status to expect, and what urllib3 takes


@dataclass
class Customer:
    """Somebody who asks one thing after another.

    :ivar times: the seconds of each answer, by what was asked, once all is warm.
    :ivar answered: how often there was the answer that was to be expected.
    :ivar errors: and what else came, how often.
    """

    number: int
    addresses: list[str]
    begin: float
    end: float
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    answered: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = random.Random(self.number)
        self._line = urllib3.PoolManager(retries=False, timeout=30)

    def go(self) -> None:
        """Ask until the end, or until this customer's part of all requests is asked."""
        names, shares = zip(*((name, share) for name, (share, _) in DAY.items()), strict=True)
        for name in self.random.choices(names, shares, k=AT_MOST // CUSTOMERS):
            if (now := time.monotonic()) >= self.end:
                return
            taken = self._ask(name, *DAY[name][1](self))
            if now >= self.begin:
                self.times[name].append(taken)

    def _ask(self, name: str, method: str, path: str, status: int, what: dict[str, Any]) -> float:
        begun = time.perf_counter()
        token = token_of(ADMIN if path == "/admin" else self.number)
        headers = {"Authorization": f"Bearer {token}", "Cookie": f"shop_token={token}"}
        address = self.random.choice(self.addresses)
        try:
            answer = self._line.request(method, address + path, headers=headers, **what)
        except urllib3.exceptions.HTTPError as error:
            self.errors[f"{name}: {type(error).__name__} {error}"] += 1
        else:
            if answer.status == status:
                self.answered[name] += 1
            else:
                self.errors[f"{name}: {answer.status} {answer.data[:200]!r}"] += 1
        return time.perf_counter() - begun


def _get(path: str) -> Callable[[Customer], Asked]:
    """Give a request for a path; {} in it is any of so many."""
    return lambda customer: ("GET", path.format(customer.random.randint(1, PRODUCTS)), 200, {})


def _send(path: str, status: int, body: Callable[[Customer], dict[str, Any]]) -> Callable[[Customer], Asked]:
    return lambda customer: ("POST", path, status, {"json": body(customer)})


def _picture(_customer: Customer) -> Asked:
    return "POST", "/api/profile/avatar", 200, {"fields": {"avatar": ("me.jpeg", PICTURE, "image/jpeg")}}


def _make_picture() -> bytes:
    file = BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(file, "JPEG")
    return file.getvalue()


PICTURE = _make_picture()
NEWCOMERS = count(1)
# What is asked, each with its share in the day: customers look more than they buy, and seldom sign in.
DAY: dict[str, tuple[int, Callable[[Customer], Asked]]] = {
    "look around (page)": (25, _get("/")),
    "look at a product": (15, _get("/api/products/{}")),
    "search": (12, _get("/api/products?q=tea")),
    "read the posts": (10, _get("/api/posts")),
    "read a post": (8, _get("/api/posts/{}")),
    "my dashboard (page)": (8, _get("/dashboard")),
    "my orders": (6, _get("/api/orders")),
    "order": (
        6,
        _send("/api/orders", 201, lambda c: {"product_id": c.random.randint(1, PRODUCTS), "quantity": 1}),
    ),
    "write a post": (3, _send("/api/posts", 201, lambda c: {"title": "News", "body": f"From {c.number}."})),
    "who is here": (3, _get("/api/users")),
    "admin (page)": (1, _get("/admin")),
    "sign in": (1, _send("/api/tokens", 201, lambda c: {"email": email_of(c.number), "password": PASSWORD})),
    "join": (
        1,
        _send(
            "/register",
            201,
            lambda _: {"name": "New", "email": f"new{next(NEWCOMERS)}@example.com", "password": PASSWORD},
        ),
    ),
    "show a picture": (1, _picture),
}


def email_of(number: int) -> str:
    """Return the e-mail of one of the people."""
    return f"member{number}@example.com"


def token_of(number: int) -> str:
    """Return the token of one of the people."""
    return f"the-token-of-member-{number}"


def fill(database_url: str) -> None:
    """Fill the shop, as it is after a good year."""
    random_of = random.Random(0)
    costs = {
        name: Production.model_fields[name].default for name in ("password_time_cost", "password_memory_kib")
    }
    hasher = PasswordHasher(costs["password_time_cost"], costs["password_memory_kib"], parallelism=1)
    secret, then = hasher.hash(PASSWORD), utcnow() + timedelta(days=1)
    engine = create_engine(database_url)
    with Session(engine) as session, session.begin():
        session.execute(
            insert(User),
            [
                {
                    "name": f"Member {n}",
                    "email": email_of(n),
                    "password_hash": secret,
                    "role": "user" if n else "admin",
                    "welcomed_at": utcnow(),
                }
                for n in range(PEOPLE)
            ],
        )
        users = dict(session.execute(select(User.email, User.id)).all())
        session.execute(
            insert(AccessToken),
            [
                {"user_id": users[email_of(n)], "digest": digest_of(token_of(n)), "expires_at": then}
                for n in range(CUSTOMERS + 1)
            ],
        )
        session.execute(
            insert(Product),
            [
                {
                    "name": f"{random_of.choice(GOODS)} no. {n}",
                    "description": "Good things from around the corner. " * 3,
                    "price_cents": random_of.randint(90, 5_000),
                    "stock": 1_000_000,
                }
                for n in range(PRODUCTS)
            ],
        )
        ids = list(users.values())
        session.execute(
            insert(Post),
            [
                {"author_id": random_of.choice(ids), "title": f"News {n}", "body": "What is new. " * 40}
                for n in range(POSTS)
            ],
        )
        session.execute(insert(Order), [_order(n, random_of.choice(ids), random_of) for n in range(ORDERS)])
    engine.dispose()


def _order(number: int, user_id: int, random_of: random.Random) -> dict[str, Any]:
    price, quantity = random_of.randint(90, 5_000), random_of.randint(1, 3)
    return {
        "user_id": user_id,
        "customer_name": "Member",
        "customer_email": "member@example.com",
        "product_id": random_of.randint(1, PRODUCTS),
        "product_name": "Tea",
        "unit_price_cents": price,
        "quantity": quantity,
        "total_cents": price * quantity,
        "status": "paid",
        "charge_id": f"ch_{number}",
        "confirmed_at": utcnow(),
    }


@contextmanager
def shop() -> Iterator[tuple[dict[str, Process], RecordingEmailService, dict[str, str]]]:
    """Run the shop, filled, until the end of the block; give its processes, its mailbox and its settings."""
    mailbox, outside = RecordingEmailService(), ServedOutsideWorld()
    mail = MailServer(mailbox)
    with ExitStack() as parts:
        on = parts.enter_context(local.servers(None, None))
        for each in (mail, outside):
            each.serve()
            parts.callback(each.shut)
        outside.activate()
        parts.callback(outside.deactivate)
        payments_in_order(outside)
        settings = {
            **on,
            "SHOP_CONFIG": "production",
            "SECRET_KEY": "of no use to anybody",
            "PAYMENTS_URL": outside.address_of(PAYMENTS),
            "PAYMENTS_KEY": "key",
            "WEATHER_KEY": "key",
            "MAIL_SERVER": HOST,
            "REGISTRATIONS_PER_HOUR": "100000",  # all customers come from one address
            "MAIL_PORT": str(mail.port),
        }
        processes = parts.enter_context(local.running(settings, [free_port(), free_port()], beat=True))
        fill(on["DATABASE_URL"])
        yield processes, mailbox, settings


def lost(mailbox: RecordingEmailService, answered: Counter[str]) -> Counter[str]:
    """Wait until every mail has gone out, and return what is wrong: one to each who joined or ordered."""
    wanted = Counter({"Welcome!": answered["join"], "Order confirmed": answered["order"]})
    end = time.monotonic() + WORKER_TIMEOUT_S
    while (sent := Counter(mail.subject for mail in mailbox.sent)) != wanted and time.monotonic() < end:
        time.sleep(0.05)
    wrong = Counter({f"mails “{subject}” that were lost": n for subject, n in (wanted - sent).items()})
    return wrong + Counter({f"mails “{subject}” too many": n for subject, n in (sent - wanted).items()})


def complaints(logs: dict[str, str]) -> Counter[str]:
    """Return which processes told of errors, in how many lines of their logs."""
    lines = ((name, line) for name, log in logs.items() for line in log.splitlines())
    return Counter(f"errors in the log of {name}" for name, line in lines if TROUBLE.search(line))


def queries(settings: dict[str, str]) -> dict[str, int]:
    """Return how many SQL statements are behind one request of each kind, in a shop in this process."""
    statements: list[str] = []
    with patch.dict(os.environ, settings):
        app = create_app()
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda _, __, sql, *___: statements.append(sql))
    customer, client, found = Customer(1, [], 0, 0), app.test_client(), {}
    for name, (_, asked) in DAY.items():
        method, path, _, what = asked(customer)
        token = token_of(ADMIN if path == "/admin" else customer.number)
        client.set_cookie("shop_token", token)
        if fields := what.pop("fields", None):
            what["data"] = {key: (BytesIO(data), file) for key, (file, data, _) in fields.items()}
        statements.clear()
        client.open(path, method=method, headers={"Authorization": f"Bearer {token}"}, **what)
        found[name] = len(statements)
    return found


def table(
    times: dict[str, list[float]], seconds: float, statements: dict[str, int] | None = None
) -> list[str]:
    """Return the figures as lines of a table: milliseconds and statements, by what was asked and of all."""
    everything = [each for taken in times.values() for each in taken]
    rows = sorted(times.items(), key=lambda row: -statistics.fmean(row[1]))
    lines = ["| asked | requests | p50 ms | p95 ms | p99 ms | queries |", "|---|---|---|---|---|---|"]
    for name, taken in [*rows, (f"**all: {len(everything) / seconds:.0f} a second**", everything)]:
        milliseconds = [each * 1000 for each in taken]
        parts = statistics.quantiles(milliseconds, n=100) if len(taken) > 1 else milliseconds * 99
        of_one = (statements or {}).get(name, "")
        middle, high, highest = (f"{parts[percent - 1]:.0f}" for percent in (50, 95, 99))
        lines.append(f"| {name} | {len(taken)} | {middle} | {high} | {highest} | {of_one} |")
    return lines


def main(seconds: float) -> int:
    """Load the shop for so long, tell, and write it down. Returns 1 if anything went wrong."""
    with shop() as (processes, mailbox, settings):
        addresses = [process.url for name, process in processes.items() if name.startswith("web")]
        begin = time.monotonic() + WARM_UP
        customers = [
            Customer(number, addresses, begin, begin + seconds) for number in range(1, CUSTOMERS + 1)
        ]
        with ThreadPoolExecutor(CUSTOMERS) as them:
            list(them.map(Customer.go, customers))
        ended = time.monotonic()
        answered = sum((customer.answered for customer in customers), Counter[str]())
        wrong = sum((customer.errors for customer in customers), lost(mailbox, answered))
        caught_up = time.monotonic() - ended
        logs = {name: process.printed() for name, process in processes.items()}
        wrong += complaints(logs)
        statements = queries(settings)
    times = {name: [each for customer in customers for each in customer.times[name]] for name in DAY}
    lines = table({name: taken for name, taken in times.items() if taken}, ended - begin, statements)
    lines += [
        "",
        f"{ended - begin:.1f} s, {wrong.total()} errors; the worker was done {caught_up:.1f} s later.",
    ]
    write(lines, times, wrong, logs)
    print("\n".join([*lines, *(f"{n} times: {what}" for what, n in wrong.most_common())]))
    if wrong:
        print(f"What the processes printed: {REPORTS / 'load.log'}")
    return 1 if wrong else 0


def write(lines: list[str], times: dict[str, list[float]], wrong: Counter[str], logs: dict[str, str]) -> None:
    """Keep the table, each time, and what the processes printed in `REPORTS`."""
    REPORTS.mkdir(exist_ok=True)
    (REPORTS / "load.md").write_text("\n".join(lines) + "\n")
    (REPORTS / "load.json").write_text(json.dumps({"seconds": times, "errors": wrong}))
    (REPORTS / "load.log").write_text("".join(f"== {name}\n{log}\n" for name, log in logs.items()))


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if sys.argv[1:] else 30.0))
